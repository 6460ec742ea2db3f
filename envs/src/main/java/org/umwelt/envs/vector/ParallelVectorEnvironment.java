package org.umwelt.envs.vector;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.umwelt.envs.AutoresetMode;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.StepBatch;
import org.umwelt.envs.VectorEnvironment;
import org.umwelt.envs.spaces.Batch;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Space;
import org.umwelt.kernels.parallel.WorkerTeam;

/**
 * n environments of this process, stepped by a team of threads.
 *
 * <p>Results do not depend on the number of threads. Stepping allocates nothing on the heap as long
 * as the environments allocate nothing. A row that throws does not stop the others: all rows are
 * stepped, then the failure of the lowest row is thrown, with the row in its message, and the rows
 * that failed must be reset before the next step.
 */
public final class ParallelVectorEnvironment implements VectorEnvironment {
  private enum RowState {
    UNSTARTED,
    RUNNING,
    ENDED,
    FAILED
  }

  private final Environment[] environments;
  private final AutoresetMode autoresetMode;
  private final Space observationSpace;
  private final Space actionSpace;
  private final Dict infoSpace;
  private final Batch actions;
  private final StepBatch steps;
  private final WorkerTeam team;
  private final RowState[] states;
  private final boolean[] seeded;
  private final @Nullable Throwable[] failures;
  private final IntConsumer stepRow = this::stepRow;
  private boolean closed;

  /**
   * Takes over environments, which are closed with this one.
   *
   * @param environments at least one; all with the same spaces
   * @param threads how many threads step them, the caller included; at least 1
   * @throws IllegalArgumentException where spaces differ
   */
  public ParallelVectorEnvironment(
      List<? extends Environment> environments, int threads, AutoresetMode autoresetMode) {
    this(environments, threads, autoresetMode, null, null);
  }

  /**
   * Takes over environments that read actions from, and write into, memory of the caller.
   *
   * @param actions [n, ...]; allocated where null
   * @param steps n rows; allocated where null
   */
  public ParallelVectorEnvironment(
      List<? extends Environment> environments,
      int threads,
      AutoresetMode autoresetMode,
      @Nullable Batch actions,
      @Nullable StepBatch steps) {
    if (environments.isEmpty()) {
      throw new IllegalArgumentException("expected at least 1 environment, got none");
    }
    int size = environments.size();
    this.environments = environments.toArray(Environment[]::new);
    this.autoresetMode = autoresetMode;
    this.observationSpace = this.environments[0].observationSpace();
    this.actionSpace = this.environments[0].actionSpace();
    this.infoSpace = this.environments[0].infoSpace();
    for (int row = 1; row < size; row++) {
      requireSame(row, observationSpace, this.environments[row].observationSpace());
      requireSame(row, actionSpace, this.environments[row].actionSpace());
      requireSame(row, infoSpace, this.environments[row].infoSpace());
    }
    this.actions = actions == null ? Batch.allocate(actionSpace, size) : actions;
    this.steps = steps == null ? StepBatch.allocate(observationSpace, infoSpace, size) : steps;
    this.states = new RowState[size];
    Arrays.fill(states, RowState.UNSTARTED);
    this.seeded = new boolean[size];
    this.failures = new Throwable[size];
    this.team = new WorkerTeam(Math.min(threads, size));
  }

  private static void requireSame(int row, Space expected, Space found) {
    if (!expected.equals(found)) {
      throw new IllegalArgumentException(
          "expected the spaces of row 0 in every row, got %s and in row %d %s"
              .formatted(expected, row, found));
    }
  }

  @Override
  public int size() {
    return environments.length;
  }

  @Override
  public Space singleObservationSpace() {
    return observationSpace;
  }

  @Override
  public Space singleActionSpace() {
    return actionSpace;
  }

  @Override
  public Dict singleInfoSpace() {
    return infoSpace;
  }

  @Override
  public AutoresetMode autoresetMode() {
    return autoresetMode;
  }

  @Override
  public Batch actions() {
    return actions;
  }

  @Override
  public StepBatch steps() {
    return steps;
  }

  /**
   * {@inheritDoc}
   *
   * <p>A row that was never seeded takes its row number as seed at its first unseeded reset, so
   * that rows differ.
   */
  @Override
  public StepBatch reset(Reset reset, boolean @Nullable [] mask) {
    requireOpen();
    if (mask != null && mask.length != environments.length) {
      throw new IllegalArgumentException(
          "expected a mask of length %d, got %d".formatted(environments.length, mask.length));
    }
    runRows(row -> {
      if (mask == null || mask[row]) {
        Reset own = reset;
        if (reset.seed().isPresent() || !seeded[row]) {
          own = new Reset(OptionalLong.of(reset.seed().orElse(0) + row), reset.options());
        }
        resetRow(row, own);
      }
    });
    return steps;
  }

  /**
   * Starts new episodes, each row as its own reset says.
   *
   * @param resets length n; null leaves a row as it is
   */
  public StepBatch resetEach(@Nullable Reset[] resets) {
    requireOpen();
    if (resets.length != environments.length) {
      throw new IllegalArgumentException(
          "expected resets for %d rows, got %d".formatted(environments.length, resets.length));
    }
    runRows(row -> {
      Reset own = resets[row];
      if (own != null) {
        resetRow(row, own);
      }
    });
    return steps;
  }

  private void resetRow(int row, Reset reset) {
    try {
      environments[row].reset(reset, steps.row(row));
      seeded[row] = true;
      states[row] = RowState.RUNNING;
    } catch (RuntimeException | Error failure) {
      fail(row, failure);
    }
  }

  @Override
  public StepBatch step() {
    requireOpen();
    for (int row = 0; row < states.length; row++) {
      RowState state = states[row];
      if (state == RowState.RUNNING
          || (state == RowState.ENDED && autoresetMode == AutoresetMode.NEXT_STEP)) {
        continue;
      }
      throw new IllegalStateException(
          "row %d: expected a running episode, but it %s; reset it first"
              .formatted(
                  row,
                  switch (state) {
                    case UNSTARTED -> "was never reset";
                    case ENDED -> "has ended";
                    case FAILED -> "has failed";
                    case RUNNING -> throw new AssertionError();
                  }));
    }
    runRows(stepRow);
    return steps;
  }

  private void stepRow(int row) {
    try {
      Environment environment = environments[row];
      Step step = steps.row(row);
      if (states[row] == RowState.ENDED) { // NEXT_STEP only
        environment.reset(Reset.unseeded(), step);
        states[row] = RowState.RUNNING;
        return;
      }
      environment.step(actions.row(row), step);
      if (!step.ended()) {
        return;
      }
      steps.finalObservations().row(row).copyFrom(step.observation());
      steps.finalInfos().row(row).copyFrom(step.info());
      if (autoresetMode != AutoresetMode.SAME_STEP) {
        states[row] = RowState.ENDED;
        return;
      }
      double reward = step.reward();
      boolean terminated = step.terminated();
      boolean truncated = step.truncated();
      environment.reset(Reset.unseeded(), step);
      step.set(reward, terminated, truncated);
    } catch (RuntimeException | Error failure) {
      fail(row, failure);
    }
  }

  private void fail(int row, Throwable failure) {
    states[row] = RowState.FAILED;
    failures[row] = failure;
  }

  private void runRows(IntConsumer body) {
    team.run(environments.length, body);
    for (int row = 0; row < failures.length; row++) {
      Throwable failure = failures[row];
      if (failure != null) {
        Arrays.fill(failures, null);
        String message = "row %d: %s".formatted(row, failure.getMessage());
        switch (failure) {
          case Error error -> throw error;
          case IllegalArgumentException _ -> throw new IllegalArgumentException(message, failure);
          case IllegalStateException _ -> throw new IllegalStateException(message, failure);
          default -> throw new RuntimeException("row %d: %s".formatted(row, failure), failure);
        }
      }
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the vector environment is closed");
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    team.close();
    for (Environment environment : environments) {
      environment.close();
    }
  }
}
