package org.umwelt.agents.training;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.umwelt.agents.runs.RunFolder;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;

/** Runs the epochs of an experiment that are not finished yet. */
public final class Training implements AutoCloseable {
  private final Experiment experiment;
  private final Trainer trainer;
  private volatile boolean stopped;

  /**
   * Makes the trainer; writes nothing.
   *
   * @param run the folder the run will be in
   * @throws BadRequestException where the settings do not go together or something they need is not
   *     there
   */
  public Training(Experiment experiment, Settings settings, Path run) {
    this.experiment = experiment;
    trainer = experiment.start(settings, new TrainingContext(run));
  }

  /** Returns the configuration as the run folder holds it: every setting, with its type. */
  public static ObjectNode configJson(Experiment experiment, Settings settings) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("kind", experiment.kind());
    node.put("experiment", experiment.name());
    for (Setting setting : experiment.settings()) {
      String name = setting.name();
      if (node.has(name)) {
        throw new IllegalArgumentException("a setting cannot be named " + name);
      }
      String text = settings.text(name);
      switch (setting.type()) {
        case INTEGER -> node.put(name, settings.integer(name));
        case NUMBER -> node.put(name, settings.number(name));
        case BOOLEAN -> node.put(name, settings.bool(name));
        case CHOICE, TEXT -> node.put(name, text);
      }
    }
    return node;
  }

  /** Returns lines to show before the start. */
  public List<String> preamble() {
    return trainer.preamble();
  }

  /** Returns how many epochs the whole training has. */
  public int epochs() {
    return trainer.epochs();
  }

  /** Makes {@link #run} return soon; what the last checkpoint does not hold will be run again. */
  public void stop() {
    stopped = true;
  }

  /**
   * Runs what is missing and writes the result. Called once.
   *
   * @param checkpointEvery how many epochs lie between two checkpoints; at least 1. The last epoch
   *     always has one
   * @return the result; empty where it was {@linkplain #stop stopped}
   * @throws EpochFailedException where an epoch could not be brought to its end
   * @throws DivergedException where the trainer gave up
   * @throws BadRequestException where the run cannot be gone on with; nothing is changed then
   */
  public Optional<ObjectNode> run(RunFolder run, int checkpointEvery, TrainingListener listener)
      throws IOException {
    Checkpoints checkpoints = new Checkpoints(run.path());
    int last = load(checkpoints, TrainingJournal.finishedEpochs(run));
    checkpoints.removeAfter(last);
    try (TrainingJournal journal = TrainingJournal.open(run, last)) {
      RemainingTime remaining = new RemainingTime(last, trainer.epochs(), trainer::typical);
      listener.started(last, remaining);
      for (int epoch = last + 1; epoch <= trainer.epochs(); epoch++) {
        if (stopped) {
          return Optional.empty();
        }
        long start = System.nanoTime();
        EpochRecord record = new EpochRecord(epoch, listener, () -> stopped);
        try {
          trainer.epoch(epoch, record);
          journal.finished(record, secondsSince(start));
          if (epoch % checkpointEvery == 0 || epoch == trainer.epochs()) {
            // A checkpoint is worth nothing without the lines of its epochs.
            journal.force();
            checkpoints.add(epoch, trainer::save);
          }
        } catch (TrainingStopped _) {
          return Optional.empty();
        } catch (DivergedException e) {
          throw e;
        } catch (IOException | RuntimeException | Error e) {
          throw new EpochFailedException(epoch, e);
        }
        remaining.finished(secondsSince(start));
        listener.finished(epoch);
      }
      ObjectNode result = result(journal);
      run.writeResult(result);
      return Optional.of(result);
    }
  }

  /** Returns the epoch behind which the trainer stands now. */
  private int load(Checkpoints checkpoints, int finished) throws IOException {
    List<Checkpoint> all = checkpoints.all();
    if (all.isEmpty()) {
      return 0;
    }
    Checkpoint newest =
        all.reversed().stream()
            .filter(checkpoint -> checkpoint.epoch() <= finished)
            .findFirst()
            .orElseThrow(() ->
                new BadRequestException(
                    "expected metrics.jsonl to hold the lines of epochs 1 to %d as %s does, got %d;"
                            .formatted(all.getLast().epoch(), all.getLast().folder(), finished)
                        + " put them back, or start over in another folder"));
    try {
      trainer.load(newest.folder());
    } catch (IOException e) {
      throw new BadRequestException(
          "cannot read the checkpoint %s (%s); move it away to go on from the one before it"
              .formatted(newest.folder(), e),
          e);
    }
    return newest.epoch();
  }

  private ObjectNode result(TrainingJournal journal) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.put("experiment", experiment.name());
    result.setAll(trainer.result());
    result.put("epochs", trainer.epochs());
    result.set("scalars", journal.latest());
    result.put("seconds", journal.seconds());
    return result;
  }

  private static double secondsSince(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  @Override
  public void close() {
    trainer.close();
  }
}
