package org.umwelt.agents.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.umwelt.envs.dataset.Dataset;
import org.umwelt.envs.dataset.EpisodeSummary;
import org.umwelt.envs.dataset.ReplayVerifier;
import org.umwelt.envs.dataset.ReplayVerifier.Agreement;
import org.umwelt.envs.dataset.ReplayVerifier.Divergence;
import org.umwelt.envs.dataset.ReplayVerifier.Verdict;
import org.umwelt.envs.registry.Environments;
import org.umwelt.kernels.settings.BadRequestException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code umwelt replay verify}: simulates recorded episodes again and compares bit for bit. */
@Command(
    name = "verify",
    description = {
      "Simulate every episode again from its seed and actions, and compare all observations,",
      "infos, rewards and flags bit for bit. Exit code 1 where anything differs or is damaged."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ReplayVerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "PATH", description = "Run folder or data set.")
  private Path path;

  @Option(names = "--episode", paramLabel = "I", description = "Only this episode.")
  private @Nullable Integer index;

  @Option(
      names = "--workers",
      paramLabel = "W",
      description = "Threads; as many as processors by default.")
  private int workers = Runtime.getRuntime().availableProcessors();

  @Option(names = "--json", description = "One JSON object on stdout.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    if (workers < 1) {
      throw new BadRequestException("expected --workers of at least 1, got " + workers);
    }
    PrintWriter out = spec.commandLine().getOut();
    try (Recording recording = Recording.open(path, spec.commandLine().getErr())) {
      Dataset dataset = recording.dataset();
      List<EpisodeSummary> episodes = dataset.episodes();
      if (index != null) {
        recording.requireEpisode(index);
        episodes = episodes.stream().filter(episode -> episode.index() == index).toList();
      }
      SortedMap<Integer, Verdict> verdicts = verify(dataset, episodes);
      boolean agree = verdicts.values().stream().allMatch(Agreement.class::isInstance);
      boolean verified = agree && !dataset.isDamaged() && !verdicts.isEmpty();
      if (json) {
        out.println(json(dataset, verdicts, verified));
      } else {
        print(out, dataset, verdicts);
      }
      return verified ? ExitCode.OK : ExitCode.SOFTWARE;
    }
  }

  private SortedMap<Integer, Verdict> verify(Dataset dataset, List<EpisodeSummary> episodes)
      throws InterruptedException {
    SortedMap<Integer, Verdict> verdicts = new TreeMap<>();
    long steps = episodes.stream().mapToLong(EpisodeSummary::steps).sum();
    AtomicInteger next = new AtomicInteger();
    int threads = Math.min(workers, Math.max(1, episodes.size()));
    try (Progress progress =
            new Progress("verify", "steps", 0, steps, spec.commandLine().getErr());
        ExecutorService team = Executors.newFixedThreadPool(threads)) {
      Callable<@Nullable Void> work =
          () -> {
            try (ReplayVerifier verifier =
                new ReplayVerifier(Environments.make(dataset.description().environment()))) {
              for (int i = next.getAndIncrement();
                  i < episodes.size();
                  i = next.getAndIncrement()) {
                EpisodeSummary episode = episodes.get(i);
                Verdict verdict = verifier.verify(dataset, episode.index());
                synchronized (verdicts) {
                  verdicts.put(episode.index(), verdict);
                  progress.add(episode.steps());
                }
              }
            }
            return null;
          };
      List<Future<@Nullable Void>> running = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        running.add(team.submit(work));
      }
      for (Future<@Nullable Void> worker : running) {
        worker.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
    return verdicts;
  }

  private static void print(PrintWriter out, Dataset dataset, Map<Integer, Verdict> verdicts) {
    long steps = 0;
    int diverging = 0;
    for (Verdict verdict : verdicts.values()) {
      switch (verdict) {
        case Agreement agreement -> steps += agreement.steps();
        case Divergence divergence -> {
          diverging++;
          out.println(
              "episode %d diverges at step %d: %s"
                  .formatted(divergence.episode(), divergence.step(), divergence.what()));
        }
      }
    }
    if (verdicts.isEmpty()) {
      out.println("no episode to verify");
    } else if (diverging == 0) {
      out.println(
          "%s, %,d steps: every observation, info, reward and flag agrees"
              .formatted(episodes(verdicts.size()), steps));
    } else {
      out.println(
          "%s, %d of them %s"
              .formatted(
                  episodes(verdicts.size()), diverging, diverging == 1 ? "diverges" : "diverge"));
    }
    if (dataset.isDamaged()) {
      out.println("the data set is damaged (what was lost stands above)");
    }
  }

  private static String episodes(int count) {
    return count == 1 ? "1 episode" : "%,d episodes".formatted(count);
  }

  private static ObjectNode json(
      Dataset dataset, Map<Integer, Verdict> verdicts, boolean verified) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put("environment", dataset.description().environment());
    object.put("verified", verified);
    ArrayNode rows = object.putArray("episodes");
    for (Verdict verdict : verdicts.values()) {
      ObjectNode row = rows.addObject().put("episode", verdict.episode());
      switch (verdict) {
        case Agreement agreement -> row.put("agrees", true).put("steps", agreement.steps());
        case Divergence divergence ->
            row.put("agrees", false).put("step", divergence.step()).put("what", divergence.what());
      }
    }
    ArrayNode losses = object.putArray("losses");
    dataset.losses().forEach(losses::add);
    return object;
  }
}
