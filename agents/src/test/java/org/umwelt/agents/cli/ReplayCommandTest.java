package org.umwelt.agents.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.umwelt.agents.media.FrameImages;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Frame;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.dataset.DatasetDescription;
import org.umwelt.envs.dataset.DatasetWriter;
import org.umwelt.envs.dataset.EpisodeRecorder;
import org.umwelt.envs.registry.Environments;
import org.umwelt.envs.spaces.Value;

final class ReplayCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path recordings;
  private static Path recording;
  private static Path vector;
  private static Path blind;

  @TempDir private Path folder;

  @BeforeAll
  static void record() {
    recording = record("recording", "test/Colour-v0", 3);
    vector = record("vector", "test/Colour-v0?show=vector&length=4", 2);
    blind = record("blind", "test/Colour-v0?show=blind&length=4", 1);
  }

  /** Records episodes with seeds 100, 101, ... whose action at step t is t mod 3. */
  private static Path record(String name, String id, int episodes) {
    Path path = recordings.resolve(name);
    try (Environment environment = Environments.make(id);
        DatasetWriter writer =
            DatasetWriter.create(
                path, DatasetDescription.of("test/colour/cycle-v0", id, "cycle", environment))) {
      Step step = Step.allocate(environment);
      Value action = Value.allocate(environment.actionSpace());
      for (int i = 0; i < episodes; i++) {
        try (EpisodeRecorder recorder = writer.record(i, 100 + i)) {
          environment.reset(Reset.seeded(100 + i), step);
          recorder.reset(step);
          for (int t = 0; !step.ended(); t++) {
            action.setLong(t % 3);
            environment.step(action, step);
            recorder.append(action, step);
          }
          recorder.finish(environment.episodeFrames());
        }
      }
    }
    return path;
  }

  private CommandLineRun replay(Object... words) {
    return CommandLineRun.of(
        Stream.concat(Stream.of("replay"), Stream.of(words).map(Object::toString))
            .toArray(String[]::new));
  }

  private CommandLineRun succeed(Object... words) {
    CommandLineRun run = replay(words);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).isEmpty();
    return run;
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  private static Frame picture(Path png) throws IOException {
    return FrameImages.fromPng(Files.readAllBytes(png));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void lsListsEveryEpisode() throws IOException {
    String out = succeed("ls", recording).out();
    assertThat(out)
        .containsPattern("environment +test/Colour-v0\n")
        .containsPattern("agent +cycle\n")
        .containsPattern("data set +test/colour/cycle-v0, Minari arrow, ")
        .containsPattern("episodes +3 with 30 steps\n")
        .endsWith(
            """
            episode  return  steps  frames  seed  ended
            0        1       10     40      100   terminated
            1        1       10     40      101   terminated
            2        1       10     40      102   terminated
            """);

    JsonNode object = JSON.readTree(succeed("ls", recording, "--json").out());
    assertThat(object.get("episodes").get(2).toString())
        .isEqualTo(
            "{\"episode\":2,\"seed\":102,\"return\":1.0,\"length\":10,\"frames\":40,"
                + "\"terminated\":true,\"truncated\":false}");
    assertThat(object.get("losses")).isEmpty();
  }

  @Test
  void showPrintsOneStep() {
    assertThat(succeed("show", recording, "--episode", 1, "--step", 5).out())
        .isEqualTo(
            """
            environment  test/Colour-v0
            episode      1, seed 101, by cycle
            step         5 of 10
            observation  uint8 [32, 40, 3], 1 to 101, mean 35.67, crc32 %s
            info lives   2
            info place   [2.5, 7.0]
            action       2 right
            reward       1, 1 so far
            ended        no
            """
                .formatted(crcOfColour(101, 5, 1)));
  }

  private static String crcOfColour(int red, int green, int blue) {
    CRC32 crc = new CRC32();
    for (int i = 0; i < 1280; i++) {
      crc.update(new byte[] {(byte) red, (byte) green, (byte) blue});
    }
    return "%08x".formatted(crc.getValue());
  }

  @Test
  void showOfTheLastStepHasNoAction() throws IOException {
    JsonNode last = JSON.readTree(succeed("show", recording, "--step", 10, "--json").out());
    assertThat(last.has("action")).isFalse();
    assertThat(last.get("return").asDouble()).isEqualTo(1);
    JsonNode first = JSON.readTree(succeed("show", recording, "--json").out());
    assertThat(first.get("action").asInt()).isZero();
    assertThat(first.get("action_meaning").asText()).isEqualTo("left");
    assertThat(first.get("reward").asDouble()).isEqualTo(-0.5);
    assertThat(first.get("info").toString()).isEqualTo("{\"lives\":3,\"place\":[0.0,7.0]}");
    assertThat(first.get("observation").get("crc32").asText()).isEqualTo(crcOfColour(100, 0, 1));
  }

  @Test
  void showWritesTheFrame() throws IOException {
    succeed("show", recording, "--step", 4, "--png", file("step.png"), "--scale", 2);
    Frame frame = picture(file("step.png"));
    assertThat(frame.width()).isEqualTo(80);
    assertThat(frame.height()).isEqualTo(64);
    assertThat(frame.rgb()).startsWith(100, 4, 0).endsWith(100, 4, 0);
  }

  @Test
  void stripHasOneRowPerPath() throws IOException {
    String out =
        succeed(
                "show",
                recording,
                vector,
                "--strip",
                "..",
                "--count",
                3,
                "--scale",
                2,
                "--png",
                file("strip.png"))
            .out();
    assertThat(out).startsWith(file("strip.png") + ": 6 frames, ");
    Frame sheet = picture(file("strip.png"));
    // Steps 0, 5, 10 and 0, 2, 4: margin 12, title 20, cells 80 wide with 8 between.
    assertThat(colour(sheet, 12, 32)).containsExactly(100, 0, 1);
    assertThat(colour(sheet, 100, 32)).containsExactly(100, 5, 1);
    assertThat(colour(sheet, 188, 32)).containsExactly(100, 10, 0);
    int second = 12 + (20 + 64 + 18) + 16 + 20;
    assertThat(colour(sheet, 100, second)).containsExactly(100, 2, 1);
    assertThat(colour(sheet, 188, second)).containsExactly(100, 4, 0);
  }

  private static byte[] colour(Frame frame, int x, int y) {
    int at = (y * frame.width() + x) * 3;
    return Arrays.copyOfRange(frame.rgb(), at, at + 3);
  }

  @Test
  void verifyAgreesWithWhatWasRecorded() throws IOException {
    assertThat(succeed("verify", recording).out())
        .isEqualTo("3 episodes, 30 steps: every observation, info, reward and flag agrees\n");
    JsonNode object = JSON.readTree(succeed("verify", recording, "--episode", 1, "--json").out());
    assertThat(object.get("verified").asBoolean()).isTrue();
    assertThat(object.get("episodes").toString())
        .isEqualTo("[{\"episode\":1,\"agrees\":true,\"steps\":10}]");
  }

  @Test
  void verifyNamesEpisodeAndStepOfAnotherWorld() {
    // The same world, recorded as if it were one of half the length.
    Path lie = folder.resolve("lie");
    try (Environment environment = Environments.make("test/Colour-v0");
        DatasetWriter writer =
            DatasetWriter.create(
                lie,
                DatasetDescription.of(
                    "test/lie/cycle-v0", "test/Colour-v0?length=5", "cycle", environment))) {
      Step step = Step.allocate(environment);
      Value action = Value.allocate(environment.actionSpace());
      try (EpisodeRecorder recorder = writer.record(0, 1)) {
        environment.reset(Reset.seeded(1), step);
        recorder.reset(step);
        while (!step.ended()) {
          environment.step(action, step);
          recorder.append(action, step);
        }
        recorder.finish(environment.episodeFrames());
      }
    }
    CommandLineRun run = replay("verify", lie);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .isEqualTo(
            """
            episode 0 diverges at step 5: terminated: recorded false, simulated true
            1 episode, 1 of them diverges
            """);
  }

  @Test
  void verifyFailsWhereAnEpisodeIsMissing() throws IOException {
    Path copy = copyOfRecording();
    try (Stream<Path> files = Files.walk(copy.resolve("data/1"))) {
      for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
    CommandLineRun run = replay("verify", copy);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).isEqualTo("umwelt: episode 1: missing\n");
    assertThat(run.out()).contains("2 episodes, 20 steps").contains("the data set is damaged");
    assertThat(replay("show", copy, "--episode", 1).err())
        .contains("has no episode 1; it has episodes 0, 2");
  }

  private Path copyOfRecording() throws IOException {
    Path copy = folder.resolve("copy");
    try (Stream<Path> files = Files.walk(recording)) {
      for (Path path : files.toList()) {
        Files.copy(path, copy.resolve(recording.relativize(path).toString()));
      }
    }
    return copy;
  }

  @Test
  void flippedByteOfAFrameIsNamedWithItsEpisodeAndStep() throws IOException {
    Path copy = copyOfRecording();
    Path data = copy.resolve("data/2/part-0.arrow");
    byte[] bytes = Files.readAllBytes(data);
    // Observations are the first column, in compressed blocks that begin with Zstandard's magic.
    int block = 0;
    while (bytes[block] != 0x28 || bytes[block + 1] != (byte) 0xB5 || bytes[block + 2] != 0x2F) {
      block++;
    }
    bytes[block + 20] ^= 1;
    Files.write(data, bytes);
    CommandLineRun run = replay("verify", copy);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("episode 2 diverges at step ").contains("unreadable");
  }

  @Test
  void csvHasOneLinePerStep() throws IOException {
    String out = succeed("export", recording, "--to", 5, "--out", file("steps.csv")).out();
    assertThat(out).startsWith(file("steps.csv") + ": 6 steps, ");
    assertThat(file("steps.csv"))
        .hasContent(
            """
            step,action,reward,return,terminated,truncated,lives,place[0],place[1]
            0,0,-0.5,-0.5,0,0,3,0.5,7.0
            1,1,0.0,-0.5,0,0,3,1.0,7.0
            2,2,1.0,0.5,0,0,3,1.5,7.0
            3,0,-0.5,0.0,0,0,2,2.0,7.0
            4,1,0.0,0.0,0,0,2,2.5,7.0
            5,2,1.0,1.0,0,0,2,3.0,7.0
            """);
    succeed("export", recording, "--from", 8, "--out", file("end.csv"));
    assertThat(file("end.csv"))
        .hasContent(
            """
            step,action,reward,return,terminated,truncated,lives,place[0],place[1]
            8,2,1.0,1.5,0,0,1,4.5,7.0
            9,0,-0.5,1.0,1,0,1,5.0,7.0
            """);
  }

  @Test
  void pngExportIsAFolderOfExactFrames() throws IOException {
    succeed(
        "export", recording, "--from", 3, "--to", 5, "--format", "png", "--out", file("frames"));
    assertThat(picture(file("frames/000005.png")).rgb()).startsWith(100, 5, 1).hasSize(3840);
    assertThat(file("frames/000003.png")).exists();
    assertThat(file("frames/000002.png")).doesNotExist();
    assertThat(file("frames/000006.png")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "film.mp4, '11 frames, 480x384, 15 frames/s, 0.7 s'",
    "film.webm, '11 frames, 480x384, 15 frames/s, 0.7 s'",
    "film.gif, '11 frames, 320x256, 15 frames/s, 0.7 s'"
  })
  void filmsPlayAtTheSpeedOfTheGame(String name, String said) {
    assertThat(succeed("export", recording, "--out", file(name)).out())
        .startsWith(file(name) + ": " + said);
    assertThat(file(name)).isNotEmptyFile();
  }

  @Test
  void vectorsAreRenderedBySimulation() throws IOException {
    succeed(
        "export",
        vector,
        "--episode",
        1,
        "--from",
        4,
        "--to",
        4,
        "--format",
        "png",
        "--out",
        file("frames"));
    assertThat(picture(file("frames/000004.png")).rgb()).startsWith(101, 4, 0);
  }

  @Test
  void nothingIsReplacedWithoutForce() throws IOException {
    Files.writeString(file("steps.csv"), "mine");
    CommandLineRun run = replay("export", recording, "--out", file("steps.csv"));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .isEqualTo(
            "umwelt: %s is there already; --force replaces it, or name another file\n"
                .formatted(file("steps.csv")));
    assertThat(file("steps.csv")).hasContent("mine");
    succeed("export", recording, "--out", file("steps.csv"), "--force");
    assertThat(file("steps.csv")).content().startsWith("step,");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ls NOWHERE | there is no",
        "ls | Missing required parameter",
        "frobnicate | unknown argument frobnicate",
        "show REC --episode 3 | has no episode 3; it has episodes 0 to 2",
        "show REC --step 11 | --step 11 is outside the episode, which has steps 0 to 10",
        "show REC --step -1 | --step -1 is outside the episode, which has steps 0 to 10",
        "show REC --strip 0..5 | --strip needs --png FILE",
        "show REC --strip 5..2 --png OUT.png | expected the first step before the last, got 5 and 2",
        "show REC --strip 0..99 --png OUT.png | 99 is outside the episode, which has steps 0 to 10",
        "show REC --strip 0-5 --png OUT.png | takes a range of steps such as 0..160",
        "show REC --strip .. --every 0 --png OUT.png | --every must be at least 1, got 0",
        "show REC --strip .. --every 2 --count 2 --png OUT.png | give --every or --count",
        "show REC REC | several PATHs",
        "show REC --png NOWHERE/x.png | there is no folder",
        "verify REC --episode 9 | has no episode 9; it has episodes 0 to 2",
        "export REC | Missing required option",
        "export REC --out OUT.avi | expected --out to end in .mp4, .webm, .gif or .csv",
        "export REC --out OUT.png | png exports a folder",
        "export REC --out OUT.mp4 --to 11 | --to 11 is outside the episode, which has steps 0 to 10",
        "export REC --out OUT.csv --to 10 | --to 10 is outside the episode, which has steps 0 to 9",
        "export REC --out OUT.mp4 --from 6 --to 5 | the first step before the last, got 6 and 5",
        "export REC --out OUT.gif --fps 60 | --fps of a gif must be 1 to 50, got 60",
        "export REC --out OUT.mp4 --fps 0 | --fps of a mp4 must be 1 to 240, got 0",
        "export REC --out OUT.mp4 --scale 0 | --scale of 40x32 frames must be 1 to 204, got 0",
        "export REC --out OUT.csv --fps 5 | a csv has no --fps",
        "export BLIND --out OUT.mp4 | cannot be rendered",
        "export REC --format tiff --out OUT | tiff",
      })
  void wrongRequestsAreRefusedInOneLineAndWriteNothing(String words, String reason)
      throws IOException {
    List<String> before = names();
    CommandLineRun run =
        replay(
            Stream.of(words.split(" "))
                .map(word ->
                    word.replaceFirst("^REC$", recording.toString())
                        .replaceFirst("^BLIND$", blind.toString())
                        .replaceFirst("^OUT", file("out").toString())
                        .replaceFirst("^NOWHERE", file("nowhere").toString()))
                .toArray());
    assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
    assertThat(run.err().lines()).as(run.err()).hasSize(1);
    assertThat(run.err()).contains(reason);
    assertThat(run.out()).isEmpty();
    assertThat(names()).isEqualTo(before);
  }
}
