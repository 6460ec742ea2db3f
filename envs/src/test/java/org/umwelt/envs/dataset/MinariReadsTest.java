package org.umwelt.envs.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Discrete;
import org.umwelt.envs.spaces.Leaf;
import org.umwelt.envs.spaces.MultiBinary;
import org.umwelt.envs.spaces.MultiDiscrete;
import org.umwelt.envs.spaces.Space;
import org.umwelt.envs.spaces.SpaceJson;
import org.umwelt.envs.spaces.Text;
import org.umwelt.envs.spaces.Tuple;
import org.umwelt.envs.spaces.Value;

/** Python's Minari opens what was recorded and finds the same bytes. */
@Tag("python")
class MinariReadsTest {
  private static final String LIST_ARRAYS =
      """
      import sys, zlib, minari, numpy as np
      def show(path, value):
          if isinstance(value, dict):
              for key in sorted(value): show(path + "/" + key, value[key])
          elif isinstance(value, tuple):
              for i, item in enumerate(value): show(path + "/" + str(i), item)
          elif isinstance(value, list):
              print(path, "text", "|".join(value))
          else:
              a = np.ascontiguousarray(value)
              print(path, len(a), a.nbytes, zlib.crc32(a.tobytes()))
      data = minari.load_dataset(sys.argv[1])
      print("total", data.total_episodes, data.total_steps)
      for episode in data.iterate_episodes():
          meta = next(iter(data.storage.get_episode_metadata([episode.id])))
          print("episode", episode.id, int(meta["seed"]), int(meta["total_steps"]))
          for name in ("observations", "actions", "rewards", "terminations", "truncations", "infos"):
              show(name, getattr(episode, name))
          observations = episode.observations
          if isinstance(observations, np.ndarray):
              assert all(row in data.observation_space for row in observations)
      """;

  @TempDir Path folder;

  private static String python() {
    String named = System.getenv("UMWELT_PYTHON");
    return named == null ? "python3" : named;
  }

  private record Answer(int status, List<String> lines) {}

  private static Answer run(Path datasets, String script, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(python(), "-c", script));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("MINARI_DATASETS_PATH", datasets.toString());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Answer(process.waitFor(), output.lines().toList());
  }

  @BeforeAll
  static void needsMinari(@TempDir Path nowhere) throws InterruptedException {
    String script =
        "import minari, h5py, pyarrow; "
            + "assert tuple(map(int, minari.__version__.split('.')[:3])) >= (0, 5, 4)";
    try {
      Answer answer = run(nowhere, script);
      Assumptions.assumeTrue(
          answer.status() == 0,
          () -> python() + " has no minari >= 0.5.4 with h5py and pyarrow (see UMWELT_PYTHON)");
    } catch (IOException e) {
      Assumptions.abort("no Python: " + e.getMessage());
    }
  }

  private static void addText(
      Text space, Column column, ColumnReader reader, int rows, List<String> lines) {
    Value value = Value.allocate(space);
    List<String> texts = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      reader.read(row, value.tensor());
      texts.add(space.decode(value.tensor()));
    }
    lines.add(column.path() + " text " + String.join("|", texts));
  }

  private static List<String> arrays(Dataset dataset, List<Text> texts) {
    List<String> lines = new ArrayList<>();
    int total = dataset.episodes().stream().mapToInt(EpisodeSummary::steps).sum();
    lines.add("total %d %d".formatted(dataset.episodes().size(), total));
    Columns columns = Columns.of(dataset.description());
    for (EpisodeSummary summary : dataset.episodes()) {
      lines.add("episode %d %d %d".formatted(summary.index(), summary.seed(), summary.steps()));
      try (Episode episode = dataset.episode(summary.index())) {
        for (int i = 0; i < columns.all().size(); i++) {
          Column column = columns.all().get(i);
          // The last row of the infos and observations is there too, of the others it is not.
          int rows = column.rows(summary.steps());
          if (column.path().endsWith("words")) {
            addText(texts.getFirst(), column, episode.reader(i), rows, lines);
            continue;
          }
          Value row =
              Value.allocate(
                  new Box(
                      column.dtype(),
                      column.shape(),
                      List.of(Math.max(column.dtype().minimum(), -1e300)),
                      List.of(column.dtype().maximum())));
          CRC32 checksum = new CRC32();
          for (int t = 0; t < rows; t++) {
            episode.reader(i).read(t, row.tensor());
            checksum.update(row.tensor().asByteBuffer());
          }
          lines.add(
              "%s %d %d %d"
                  .formatted(
                      column.path(), rows, (long) rows * column.rowBytes(), checksum.getValue()));
        }
      }
    }
    return lines;
  }

  private void assertMinariAgrees(SampledWorld world, List<Text> texts, String format)
      throws Exception {
    DatasetDescription description = world.description();
    Path home = folder.resolve(description.datasetId());
    DatasetWriter writer = DatasetWriter.create(home, description);
    world.record(writer, 0);
    world.record(writer, 1);
    // Minari returns nested infos of the Arrow layout as arrays of objects.
    if (description.infoSpace().spaces().values().stream().noneMatch(Dict.class::isInstance)) {
      assertPythonFinds(home, texts);
    }
    world.record(writer, 2);
    writer.close();
    assertPythonFinds(home, texts);
    assertThat(Files.readString(home.resolve("data/metadata.json")))
        .contains("\"data_format\":\"%s\"".formatted(format));
  }

  private void assertPythonFinds(Path home, List<Text> texts) throws Exception {
    Answer answer = run(folder, LIST_ARRAYS, "umwelt/sampled-v0");
    try (Dataset dataset = Dataset.open(home)) {
      assertThat(answer.lines()).containsExactlyElementsOf(arrays(dataset, texts));
    }
  }

  @Test
  void picturesAreEqual() throws Exception {
    assertMinariAgrees(SampledWorld.pictures(5), List.of(), "arrow");
  }

  @Test
  void statesAreEqual() throws Exception {
    assertMinariAgrees(SampledWorld.states(50), List.of(), "hdf5");
  }

  @Test
  void nestedSpacesAreEqualInTheHdf5Layout() throws Exception {
    Dict nested =
        Dict.empty()
            .with("a", MultiDiscrete.of(3L, 4L))
            .with("b", new Tuple(List.of(Discrete.of(5), Box.of(DType.BOOL, 0, 1, 3, 5))))
            .with("c", Box.of(DType.UINT16, 0, 65535, 2, 3, 4));
    assertMinariAgrees(
        new SampledWorld(
            nested,
            new Tuple(List.of(Discrete.of(3), new MultiBinary(List.of(4)))),
            Dict.empty().with("part", Dict.empty().with("x", Box.of(DType.INT8, -5, 5))),
            30),
        List.of(),
        "hdf5");
  }

  @Test
  void nestedSpacesAreEqualInTheArrowLayout() throws Exception {
    Text words = new Text(0, 9, "abcäß€");
    Dict nested =
        Dict.empty()
            .with("a", Box.image(32, 32))
            .with("b", new Tuple(List.of(Discrete.of(5), Box.of(DType.BOOL, 0, 1, 3, 5))))
            .with("half", Box.of(DType.FLOAT16, -1, 1, 7))
            .with("words", words);
    assertMinariAgrees(
        new SampledWorld(
            nested,
            new Tuple(List.of(Discrete.of(3), new MultiBinary(List.of(4)))),
            Dict.empty()
                .with("flag", Box.of(DType.BOOL, 0, 1))
                .with("grid", Box.of(DType.INT32, -5, 5, 2, 3)),
            30),
        List.of(words),
        "arrow");
  }

  @Test
  void manyFramesOfOneColumnAreOneArrowBuffer() throws Exception {
    assertMinariAgrees(SampledWorld.pictures(700), List.of(), "arrow");
  }

  @Test
  void spacesAreReadByMinari() throws Exception {
    for (long seed = 0; seed < 12; seed++) {
      SampledWorld world = SampledWorld.ofSeed(seed);
      for (Space space : List.of(world.observationSpace(), world.actionSpace())) {
        Answer answer =
            run(
                folder,
                """
                import sys, json
                from minari.serialization import deserialize_space, serialize_space
                space = deserialize_space(sys.argv[1])
                print(serialize_space(space))
                """,
                SpaceJson.write(space));
        assertThat(answer.status()).as(answer.lines().toString()).isZero();
        assertThat(SpaceJson.read(answer.lines().getFirst())).isEqualTo(space);
      }
    }
  }

  @Test
  void leavesOfUmweltAreThoseOfGymnasium() throws Exception {
    Box box = Box.of(DType.FLOAT32, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, 2, 3);
    Leaf leaf = box.leaves().getFirst();
    Answer answer =
        run(
            folder,
            """
            import sys
            from minari.serialization import deserialize_space
            space = deserialize_space(sys.argv[1])
            print(space.dtype, list(space.shape), space.low.min(), space.high.max())
            """,
            SpaceJson.write(box));
    assertThat(answer.lines())
        .containsExactly("%s %s -inf inf".formatted(leaf.dtype().numpyName(), leaf.shape()));
  }
}
