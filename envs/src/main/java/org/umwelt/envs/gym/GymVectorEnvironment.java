package org.umwelt.envs.gym;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.umwelt.envs.AutoresetMode;
import org.umwelt.envs.Frame;
import org.umwelt.envs.Reset;
import org.umwelt.envs.StepBatch;
import org.umwelt.envs.VectorEnvironment;
import org.umwelt.envs.spaces.Batch;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Space;
import org.umwelt.envs.spaces.SpaceJson;
import org.umwelt.kernels.settings.BadRequestException;

/**
 * n environments of Gymnasium, in one or several Python processes that write into the same memory
 * as is read here.
 *
 * <p>What a row holds is what Gymnasium's {@code SyncVectorEnv} gives for the same seeds, actions
 * and autoreset mode, bit for bit; the final observation is kept in all three modes. Infos stay in
 * Python until asked for ({@link #infos}), but for the numbers named by the setting {@code info},
 * float64, NaN where a step has none.
 *
 * <p>Where Python raises, all rows must be reset before the next step. Where a process is lost, all
 * are ended, and this object can only be closed.
 */
public final class GymVectorEnvironment implements VectorEnvironment {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String id;
  private final AutoresetMode autoresetMode;
  private final List<PythonWorker> workers;
  private final int[] firstRows;
  private final JsonNode description;
  private final Space observationSpace;
  private final Space actionSpace;
  private final Dict infoSpace;
  private final BridgeMemory memory;
  private final boolean[] started;
  private final boolean[] seeded;
  private boolean lost;
  private boolean closed;

  private GymVectorEnvironment(
      GymRequest request,
      AutoresetMode autoresetMode,
      List<PythonWorker> workers,
      int[] firstRows,
      JsonNode description,
      BridgeMemory memory) {
    this.id = request.id();
    this.autoresetMode = autoresetMode;
    this.workers = workers;
    this.firstRows = firstRows;
    this.description = description;
    this.memory = memory;
    this.observationSpace = memory.steps().observations().space();
    this.actionSpace = memory.actions().space();
    this.infoSpace = request.infoSpace();
    int size = memory.actions().size();
    this.started = new boolean[size];
    this.seeded = new boolean[size];
  }

  /**
   * Starts the processes and makes the environments.
   *
   * @param size n; at least 1
   * @param processes how many processes at most, unless the request says
   * @throws BadRequestException where Gymnasium refuses the request or no Python can serve it
   * @throws GymException where Python fails otherwise
   */
  static GymVectorEnvironment open(
      GymRequest request, int size, int processes, AutoresetMode autoresetMode) {
    if (request.vector() != 0 && request.vector() != size) {
      throw new BadRequestException(
          "%s: it says vector=%d, but %d are asked for"
              .formatted(request.id(), request.vector(), size));
    }
    int wanted = request.workers() > 0 ? request.workers() : processes;
    int count = Math.clamp(wanted, 1, size);
    int[] firstRows = new int[count + 1];
    for (int worker = 0; worker <= count; worker++) {
      firstRows[worker] = (int) ((long) size * worker / count);
    }
    List<PythonWorker> workers = new ArrayList<>();
    try {
      workers.addAll(inParallel(count, _ -> PythonWorker.start(request.id(), request.timeout())));
      List<JsonNode> descriptions =
          inParallel(
              count,
              i -> {
                String body =
                    request.toJson(
                        i, firstRows[i], firstRows[i + 1] - firstRows[i], size, autoresetMode);
                return workers.get(i).call(control -> control.open(body));
              });
      BridgeMemory memory = connect(request, size, workers, descriptions);
      GymProvider.remember(request.id(), descriptions.getFirst().path("spec"));
      return new GymVectorEnvironment(
          request, autoresetMode, workers, firstRows, descriptions.getFirst(), memory);
    } catch (RuntimeException e) {
      workers.forEach(PythonWorker::close);
      throw e;
    }
  }

  private static BridgeMemory connect(
      GymRequest request, int size, List<PythonWorker> workers, List<JsonNode> descriptions) {
    Space observationSpace = space(request, descriptions.getFirst(), "observation_space");
    Space actionSpace = space(request, descriptions.getFirst(), "action_space");
    for (JsonNode description : descriptions) {
      if (!space(request, description, "observation_space").equals(observationSpace)
          || !space(request, description, "action_space").equals(actionSpace)) {
        throw new BadRequestException(
            "%s: expected the same spaces in every process, got %s and %s"
                .formatted(
                    request.id(),
                    observationSpace,
                    space(request, description, "observation_space")));
      }
    }
    try {
      BridgeMemory memory =
          BridgeMemory.create(
              observationSpace, actionSpace, request.infoSpace(), size, workers.size());
      try {
        String file = memory.file().toString();
        workers.forEach(worker -> worker.call(control -> control.attach(file)));
      } finally {
        memory.unlink();
      }
      return memory;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "%s: no room for the shared memory in %s".formatted(request.id(), BridgeMemory.folder()),
          e);
    }
  }

  private static Space space(GymRequest request, JsonNode description, String which) {
    try {
      return SpaceJson.fromJson(description.path(which));
    } catch (IllegalArgumentException e) {
      throw new BadRequestException(
          "%s: the %s is none we know: %s"
              .formatted(request.id(), which.replace('_', ' '), e.getMessage()),
          e);
    }
  }

  /** Runs a body once per worker, all at the same time; throws what the first threw that failed. */
  private static <T> List<T> inParallel(int count, IntFunction<T> body) {
    if (count == 1) {
      return List.of(body.apply(0));
    }
    List<Future<T>> futures = new ArrayList<>();
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      for (int i = 0; i < count; i++) {
        int worker = i;
        futures.add(threads.submit(() -> body.apply(worker)));
      }
    }
    List<T> results = new ArrayList<>();
    RuntimeException failure = null;
    for (Future<T> future : futures) {
      try {
        results.add(future.get());
      } catch (ExecutionException e) {
        if (failure == null) {
          failure =
              e.getCause() instanceof RuntimeException cause
                  ? cause
                  : new IllegalStateException(e.getCause());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        failure = new IllegalStateException(e);
      }
    }
    if (failure != null) {
      for (T result : results) {
        if (result instanceof PythonWorker worker) {
          worker.close();
        }
      }
      throw failure;
    }
    return results;
  }

  @Override
  public int size() {
    return started.length;
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
    return memory.actions();
  }

  @Override
  public StepBatch steps() {
    return memory.steps();
  }

  /**
   * Returns Gymnasium's {@code EnvSpec} of one environment, wrappers included; null in JSON where
   * it has none.
   */
  public JsonNode spec() {
    return description.path("spec");
  }

  /** Returns the metadata of one environment. */
  public JsonNode metadata() {
    return description.path("metadata");
  }

  /** Returns what the actions of a Discrete action space mean; empty where they have no names. */
  public List<String> actionMeanings() {
    List<String> words = new ArrayList<>();
    description.path("action_meanings").forEach(word -> words.add(word.asText()));
    return words;
  }

  /** Returns how many Python processes there are. */
  public int processes() {
    return workers.size();
  }

  /** Returns the processes. */
  List<ProcessHandle> handles() {
    return workers.stream().map(PythonWorker::handle).toList();
  }

  /** Returns the ports their Py4J servers listen on. */
  List<Integer> ports() {
    return workers.stream().map(PythonWorker::port).toList();
  }

  /**
   * {@inheritDoc}
   *
   * <p>A row that was never seeded takes its row number as seed at its first unseeded reset.
   * Options are handed on; what a row makes of keys it does not know is Gymnasium's affair.
   *
   * @throws GymException where Python raises, or a process is lost
   */
  @Override
  public StepBatch reset(Reset reset, boolean @Nullable [] mask) {
    requireAlive();
    if (mask != null && mask.length != size()) {
      throw new IllegalArgumentException(
          "expected a mask of length %d, got %d".formatted(size(), mask.length));
    }
    MemorySegment rows = memory.resetMask();
    MemorySegment seeds = memory.resetSeeds();
    for (int row = 0; row < size(); row++) {
      boolean wanted = mask == null || mask[row];
      long seed = reset.seed().isPresent() || !seeded[row] ? reset.seed().orElse(0) + row : -1;
      rows.set(ValueLayout.JAVA_BYTE, row, (byte) (wanted ? 1 : 0));
      seeds.setAtIndex(ValueLayout.JAVA_LONG, row, seed);
    }
    if (reset.options().isEmpty()) {
      exchange(PythonWorker.RESET);
    } else {
      String options = json(reset.options());
      for (PythonWorker worker : workers) {
        guarded(() -> worker.call(control -> control.reset(options)));
      }
    }
    for (int row = 0; row < size(); row++) {
      if (mask == null || mask[row]) {
        started[row] = true;
        seeded[row] = true;
      }
    }
    return steps();
  }

  private String json(Map<String, Object> options) {
    try {
      return JSON.writeValueAsString(options);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "%s: expected options that JSON has words for, got %s".formatted(id, options), e);
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException where an action is not in the space
   * @throws GymException where Python raises, or a process is lost
   */
  @Override
  public StepBatch step() {
    requireAlive();
    for (int row = 0; row < started.length; row++) {
      if (!started[row]) {
        throw new IllegalStateException(
            "row %d: expected a running episode, but it was never reset or has failed; reset it first"
                .formatted(row));
      }
      if (autoresetMode == AutoresetMode.DISABLED && steps().ended(row)) {
        throw new IllegalStateException(
            "row %d: expected a running episode, but it has ended; reset it first".formatted(row));
      }
      if (!actionSpace.contains(actions().row(row))) {
        throw new IllegalArgumentException(
            "row %d: expected an action in %s".formatted(row, actionSpace));
      }
    }
    exchange(PythonWorker.STEP);
    return steps();
  }

  /** Has all processes do the same at the same time. */
  private void exchange(byte command) {
    PythonWorker failed = null;
    try {
      for (PythonWorker worker : workers) {
        worker.send(command);
      }
      for (PythonWorker worker : workers) {
        if (worker.receive() != PythonWorker.DONE && failed == null) {
          failed = worker;
        }
      }
    } catch (GymException e) {
      giveUp();
      throw e;
    }
    if (failed != null) {
      Arrays.fill(started, false);
      throw failed.raised(memory.text(workers.indexOf(failed)));
    }
  }

  private <T> T guarded(Supplier<T> body) {
    try {
      return body.get();
    } catch (GymException e) {
      if (e.processLost()) {
        giveUp();
      } else {
        Arrays.fill(started, false);
      }
      throw e;
    }
  }

  private void giveUp() {
    lost = true;
    workers.forEach(PythonWorker::kill);
  }

  /** Returns the infos of the last reset or step of every row. */
  public GymInfos infos() {
    requireAlive();
    List<JsonNode> rows = new ArrayList<>();
    List<JsonNode> finals = new ArrayList<>();
    for (PythonWorker worker : workers) {
      JsonNode both = guarded(() -> worker.call(Control::infos));
      both.path(0).forEach(rows::add);
      both.path(1).forEach(finals::add);
    }
    return new GymInfos(rows, finals);
  }

  /**
   * Returns an attribute of every row, wherever in its wrappers it stands.
   *
   * @throws GymException where there is none of this name
   */
  public List<JsonNode> attribute(String name) {
    return attribute(name, "");
  }

  /** Sets an attribute of every row and returns what it then is. */
  public List<JsonNode> setAttribute(String name, JsonNode value) {
    return attribute(name, value.toString());
  }

  private List<JsonNode> attribute(String name, String value) {
    requireAlive();
    List<JsonNode> all = new ArrayList<>();
    for (PythonWorker worker : workers) {
      guarded(() -> worker.call(control -> control.attribute(name, value))).forEach(all::add);
    }
    return all;
  }

  /**
   * Renders a row in the render mode it was made with.
   *
   * @throws UnsupportedOperationException where it was made without one
   */
  public Rendering render(int row) {
    requireAlive();
    if (description.path("render_mode").isNull()) {
      throw new UnsupportedOperationException(
          "%s was made without a render mode; add render_mode=rgb_array".formatted(id));
    }
    int worker = 0;
    while (row >= firstRows[worker + 1]) {
      worker++;
    }
    PythonWorker python = workers.get(worker);
    String own = Integer.toString(row - firstRows[worker]);
    try {
      Path file = BridgeMemory.createFile();
      try {
        JsonNode result =
            guarded(() -> python.call(control -> control.render(own, file.toString())));
        return result.has("shape")
            ? new Rendering(frames(file, result.path("shape")), "")
            : new Rendering(List.of(), result.path("text").asText(""));
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Frame> frames(Path file, JsonNode shape) throws IOException {
    byte[] all = Files.readAllBytes(file);
    int height = shape.path(1).asInt();
    int width = shape.path(2).asInt();
    int bytes = height * width * 3;
    List<Frame> frames = new ArrayList<>();
    for (int from = 0; from < all.length; from += bytes) {
      frames.add(new Frame(width, height, Arrays.copyOfRange(all, from, from + bytes)));
    }
    return frames;
  }

  private void requireAlive() {
    if (closed) {
      throw new IllegalStateException("the vector environment is closed");
    }
    if (lost) {
      throw new IllegalStateException(id + ": its Python process is lost; make it anew");
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    workers.forEach(PythonWorker::close);
  }
}
