package org.umwelt.agents.policies;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.umwelt.agents.Agent;
import org.umwelt.agents.AgentContext;
import org.umwelt.agents.AgentFactory;
import org.umwelt.agents.EpisodeStart;
import org.umwelt.envs.StepBatch;
import org.umwelt.envs.spaces.Batch;
import org.umwelt.envs.spaces.Value;
import org.umwelt.kernels.settings.BadRequestException;

/**
 * Takes the actions of a file, one per line, carried on across episodes and started again when the
 * file ends.
 *
 * <p>Blank lines and what follows a {@code #} are left out.
 */
final class ActionList implements AgentFactory {
  private record Line(int number, String text) {}

  private final Path file;
  private final String digest;
  private final List<Line> lines = new ArrayList<>();

  private ActionList(Path file, byte[] bytes) {
    this.file = file;
    this.digest = sha256(bytes);
    int number = 0;
    for (String line : new String(bytes, StandardCharsets.UTF_8).lines().toList()) {
      number++;
      int comment = line.indexOf('#');
      String text = (comment < 0 ? line : line.substring(0, comment)).strip();
      if (!text.isEmpty()) {
        lines.add(new Line(number, text));
      }
    }
    if (lines.isEmpty()) {
      throw new BadRequestException(
          "agent actions: expected one action per line in %s, found none".formatted(file));
    }
  }

  /** Reads a file of actions. */
  static ActionList read(String file) {
    try {
      Path path = Path.of(file);
      return new ActionList(path, Files.readAllBytes(path));
    } catch (IOException | IllegalArgumentException e) {
      throw new BadRequestException(
          "agent actions: expected a readable file with one action per line, got " + file, e);
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return "sha256:"
          + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public boolean needsEpisodesInOrder() {
    return true;
  }

  @Override
  public String digest() {
    return digest;
  }

  @Override
  public Agent make(AgentContext context) {
    List<Value> actions = new ArrayList<>();
    for (Line line : lines) {
      actions.add(ActionText.parse(context.actionSpace(), line.text(), file + ":" + line.number()));
    }
    return new Player(actions, context.rows());
  }

  private static final class Player implements Agent {
    private final List<Value> actions;
    private final int[] cursor;

    Player(List<Value> actions, int rows) {
      this.actions = actions;
      this.cursor = new int[rows];
    }

    @Override
    public void begin(int row, EpisodeStart start) {
      cursor[row] = (int) (start.stepsBefore() % actions.size());
    }

    @Override
    public void act(StepBatch steps, Batch batch) {
      for (int row = 0; row < cursor.length; row++) {
        if (!steps.ended(row)) {
          batch.row(row).copyFrom(actions.get(cursor[row]));
          cursor[row] = cursor[row] + 1 == actions.size() ? 0 : cursor[row] + 1;
        }
      }
    }
  }
}
