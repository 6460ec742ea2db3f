package org.umwelt.agents.runs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.umwelt.agents.media.FrameImages;
import org.umwelt.envs.Frame;
import org.umwelt.kernels.random.RandomStream;

class EventFileTest {
  private static final Frame FRAME = new Frame(2, 1, new byte[] {1, 2, 3, -1, -2, -3});

  @TempDir private Path folder;

  private Path only() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList().getFirst();
    }
  }

  @Test
  void bytesAreThoseOfTensorBoardsOwnWriter() throws IOException {
    try (EventFile events = EventFile.create(folder, 1.5)) {
      events.scalar(2.25, 300, "episode/return", -1.5);
    }
    // Written by tensorboard 2.21: RecordWriter with two Event messages of the same content.
    assertThat(HexFormat.of().formatHex(Files.readAllBytes(only())))
        .isEqualTo(
            "1800000000000000a37f4b2209000000000000f83f1a0d627261696e2e4576656e743a322a28646c"
                + "2500000000000000eabc36f309000000000000024010ac022a170a150a0e657069736f64652f"
                + "72657475726e150000c0bfb79918f7");
  }

  @Test
  void secondFileOfTheSameSecondStandsBesideTheFirst() throws IOException {
    EventFile.create(folder, 1.5).close();
    EventFile.create(folder, 1.75).close();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "events.out.tfevents.0000000001.umwelt", "events.out.tfevents.0000000001.umwelt.1");
    }
  }

  @Test
  void moreThanTheBufferHoldsIsWritten() throws IOException {
    try (EventFile events = EventFile.create(folder, 1)) {
      for (int step = 0; step < 5000; step++) {
        events.scalar(1, step, "a", step);
      }
    }
    // 40 for the version; 16 of frame, 9 of time, 2 to 3 of step, 2 + 2 + 3 + 5 of summary.
    assertThat(Files.size(only())).isEqualTo(40 + 5000L * (16 + 9 + 12 + 3) - 128);
  }

  @Test
  void imageIsAPngWithItsSizeInTheFieldsOfTensorBoard() throws IOException {
    byte[] png = FrameImages.png(FRAME);
    try (EventFile events = EventFile.create(folder, 1.5)) {
      events.image(2.25, 300, "a", FRAME);
    }
    byte[] file = Files.readAllBytes(only());
    // Event.summary (5), Summary.value (1), Value.tag (1) and Value.image (4) with height, width,
    // colour space RGB and the PNG: 2 + 2 + 2 + 2 + 3 bytes around it, all lengths below 128.
    String expected =
        "090000000000000240"
            + "10ac02"
            + "2a%02x".formatted(png.length + 15)
            + "0a%02x".formatted(png.length + 13)
            + "0a0161"
            + "22%02x".formatted(png.length + 8)
            + "0801"
            + "1002"
            + "1803"
            + "22%02x".formatted(png.length)
            + HexFormat.of().formatHex(png);
    assertThat(png.length).isLessThan(112);
    assertThat(HexFormat.of().formatHex(file, 40 + 12, file.length - 4)).isEqualTo(expected);
  }

  @Test
  void messageLargerThanTheBufferIsWritten() throws IOException {
    Frame noise = noise();
    try (EventFile events = EventFile.create(folder, 1.5)) {
      events.scalar(2, 1, "a", 1);
      events.image(2, 1, "noise", noise);
      events.scalar(2, 2, "a", 1);
    }
    long size = Files.size(only());
    assertThat(FrameImages.png(noise).length).isGreaterThan(1 << 16);
    EventFile.reopen(only(), 2).close(); // keeps what its lengths and checksums agree with
    assertThat(Files.size(only())).isEqualTo(size);
  }

  @Test
  void laterStepsAreCutOffAndWritingGoesOn() throws IOException {
    try (EventFile events = EventFile.create(folder, 1.5)) {
      for (int step = 1; step <= 300; step++) {
        events.image(2, step, "a", FRAME);
        events.scalar(2, step, "b", step);
      }
    }
    byte[] whole = Files.readAllBytes(only());
    for (int last : new int[] {0, 1, 127, 128, 200, 300}) {
      try (EventFile events = EventFile.reopen(only(), last)) {
        for (int step = last + 1; step <= 300; step++) {
          events.image(2, step, "a", FRAME);
          events.scalar(2, step, "b", step);
        }
      }
      assertThat(only()).hasBinaryContent(whole);
    }
  }

  @Test
  void tornRecordIsCutOff() throws IOException {
    try (EventFile events = EventFile.create(folder, 1.5)) {
      events.scalar(2, 1, "a", 1);
    }
    long whole = Files.size(only());
    for (int torn = 1; torn < 40; torn += 3) {
      byte[] bytes = Files.readAllBytes(only());
      // A record without its end, and zeros as a file system may leave them behind a crash.
      Files.write(only(), Arrays.copyOf(bytes, torn), StandardOpenOption.APPEND);
      EventFile.reopen(only(), 9).close();
      assertThat(Files.size(only())).isEqualTo(whole);
      Files.write(only(), new byte[torn], StandardOpenOption.APPEND);
      EventFile.reopen(only(), 9).close();
      assertThat(Files.size(only())).isEqualTo(whole);
    }
    Files.write(only(), new byte[7]);
    EventFile.reopen(only(), 9).close();
    assertThat(Files.size(only())).isEqualTo(40); // the version alone
  }

  @Test
  @Tag("python")
  void tensorBoardReadsTheScalars() throws Exception {
    try (EventFile events = EventFile.create(folder, 1.5)) {
      for (int step = 0; step < 200; step++) {
        events.scalar(2 + step, step, "episode/return", 0.5 * step);
      }
    }
    String program =
        """
        import sys
        from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
        for event in EventFileLoader(sys.argv[1]).Load():
            for value in event.summary.value:
                print(event.step, event.wall_time, value.tag, value.tensor.float_val[0])
        """;
    List<String> lines = python(program, only());
    assertThat(lines).hasSize(200);
    assertThat(lines.get(199)).isEqualTo("199 201.0 episode/return 99.5");
  }

  @Test
  @Tag("python")
  void tensorBoardReadsTheImagesOfARunBesideItsScalars() throws Exception {
    Path run = folder.resolve("run");
    Frame noise = noise();
    ObjectNode config = JsonNodeFactory.instance.objectNode();
    try (RunFolder open = RunFolder.create(run, config, config.objectNode());
        EventFile scalars = open.events();
        EventFile images = open.imageEvents()) {
      for (int step = 1; step <= 3; step++) {
        images.image(2, step, "rollout", step == 3 ? noise : FRAME);
        scalars.scalar(2, step, "loss", 0.5 * step);
      }
    }
    String program =
        """
        import hashlib, io, sys
        from PIL import Image
        from tensorboard.backend.event_processing import plugin_event_multiplexer
        multiplexer = plugin_event_multiplexer.EventMultiplexer()
        multiplexer.AddRunsFromDirectory(sys.argv[1]).Reload()
        for run in sorted(multiplexer.Runs()):
            events = multiplexer.GetAccumulator(run)
            for tag in events.Tags()["tensors"]:
                for event in events.Tensors(tag):
                    tensor = event.tensor_proto
                    if tensor.string_val:
                        width, height, png = tensor.string_val
                        pixels = Image.open(io.BytesIO(png)).convert("RGB").tobytes()
                        value = f"{int(width)}x{int(height)} {hashlib.sha256(pixels).hexdigest()}"
                    else:
                        value = tensor.float_val[0]
                    print(run, event.step, tag, value)
        """;
    assertThat(python(program, run))
        .containsExactly(
            ". 1 loss 0.5",
            ". 2 loss 1.0",
            ". 3 loss 1.5",
            "images 1 rollout 2x1 " + sha256(FRAME.rgb()),
            "images 2 rollout 2x1 " + sha256(FRAME.rgb()),
            "images 3 rollout 200x150 " + sha256(noise.rgb()));
  }

  private static Frame noise() {
    byte[] rgb = new byte[200 * 150 * 3];
    RandomStream random = new RandomStream(1);
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) random.nextInt();
    }
    return new Frame(200, 150, rgb);
  }

  private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static List<String> python(String program, Path argument) throws Exception {
    Process python =
        new ProcessBuilder(python(), "-c", program, argument.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    List<String> lines = python.inputReader(StandardCharsets.UTF_8).readAllLines();
    Assumptions.assumeTrue(
        python.waitFor() == 0, "needs a Python with tensorboard, named by UMWELT_PYTHON");
    return lines;
  }

  private static String python() {
    String python = System.getenv("UMWELT_PYTHON");
    return python == null ? "python3" : python;
  }
}
