package org.umwelt.kernels.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Python's torch and safetensors find the same bits as we do, in their files and in ours. */
@Tag("python")
class PythonReadsTest {
  private static final String PRELUDE =
      """
      import collections, sys, torch, safetensors, safetensors.torch
      torch.manual_seed(3)
      names = {torch.float64: "F64", torch.float32: "F32", torch.float16: "F16",
               torch.bfloat16: "BF16", torch.int64: "I64", torch.int32: "I32",
               torch.int16: "I16", torch.int8: "I8", torch.uint8: "U8", torch.bool: "BOOL"}
      def show(prefix, tensors):
          for key, value in tensors.items():
              if isinstance(value, dict):
                  show(prefix + key + ".", value)
              elif isinstance(value, torch.Tensor):
                  row_major = value.detach().contiguous().reshape(-1).view(torch.uint8)
                  print(prefix + key, names[value.dtype], list(value.shape),
                        row_major.numpy().tobytes().hex())
      def every_type():
          return {"all." + name: torch.randn(5, 3).mul(50).to(dtype)
                  for dtype, name in names.items()}
      """;

  @TempDir Path folder;

  private static String python() {
    String named = System.getenv("UMWELT_PYTHON");
    return named == null ? "python3" : named;
  }

  private record Answer(int status, List<String> lines) {}

  private static Answer run(String program, Path... files)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(python(), "-c", PRELUDE + program));
    for (Path file : files) {
      command.add(file.toString());
    }
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Answer(process.waitFor(), output.lines().toList());
  }

  @BeforeAll
  static void needsTorch() throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(python(), "-c", "import torch, numpy, safetensors.torch")
              .redirectErrorStream(true)
              .start();
      process.getInputStream().readAllBytes();
      Assumptions.assumeTrue(
          process.waitFor() == 0,
          () -> python() + " has no torch with numpy and safetensors (see UMWELT_PYTHON)");
    } catch (IOException e) {
      Assumptions.abort("no Python: " + e.getMessage());
    }
  }

  private static List<String> show(WeightFile weights) {
    List<String> lines = new ArrayList<>();
    weights
        .tensors()
        .forEach((name, tensor) ->
            lines.add(
                "%s %s %s %s"
                    .formatted(
                        name,
                        tensor.type(),
                        tensor.shape(),
                        HexFormat.of().formatHex(tensor.data().toArray(ValueLayout.JAVA_BYTE)))));
    return lines;
  }

  /** Lets Python save what the expression names and compares what both make of the file. */
  private WeightFile assertAgrees(String definition) throws Exception {
    Path file = folder.resolve("saved.pt");
    Answer answer =
        run(
            definition
                + """

                torch.save(saved, sys.argv[1])
                show("", torch.load(sys.argv[1], weights_only=True))
                """,
            file);
    assertThat(answer.status()).isZero();
    WeightFile read = TorchStateDict.read(file);
    assertThat(show(read)).isNotEmpty().containsExactlyElementsOf(answer.lines());
    return read;
  }

  @Test
  void stateDictsOfModulesAreEqual() throws Exception {
    assertAgrees(
        """
        class Net(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.embedding = torch.nn.Embedding(7, 4)
                self.conv = torch.nn.Conv2d(3, 8, 3)
                self.norm = torch.nn.BatchNorm2d(8)
                self.lstm = torch.nn.LSTMCell(4, 5)
                self.attention = torch.nn.MultiheadAttention(4, 2)
                self.head = torch.nn.Linear(4, 7, bias=False)
                self.head.weight = self.embedding.weight
                self.register_buffer("mask", torch.tril(torch.ones(6, 6)))
                self.register_buffer("none", None)
        saved = Net().state_dict()
        """);
  }

  @Test
  void everyTypeIsEqual() throws Exception {
    assertAgrees("saved = every_type()");
  }

  @Test
  void parametersAndViewsAreEqual() throws Exception {
    assertAgrees(
        """
        x = torch.randn(4, 5, 6)
        saved = {
            "parameter": torch.nn.Parameter(torch.randn(3, 2)),
            "frozen": torch.nn.Parameter(torch.randn(3), requires_grad=False),
            "needs": torch.randn(2, requires_grad=True),
            "whole": x, "slice": x[2], "tied": x.view(20, 6), "permuted": x.permute(2, 0, 1),
            "stepped": x[1:, ::2, 3], "expanded": x[0, 0, :1].expand(3, 7), "scalar": x[1, 2, 3],
            "channels": torch.randn(2, 3, 4, 5).contiguous(
                memory_format=torch.channels_last),
            "empty": torch.empty(0, 3), "many": torch.arange(3000), "turned": torch.eye(3).T,
        }
        """);
  }

  @Test
  void checkpointsWithDictsInsideAreEqual() throws Exception {
    WeightFile read =
        assertAgrees(
            """
            saved = {"model": torch.nn.Linear(2, 2).state_dict(), "epoch": 12, "loss": 0.25,
                     "frames": 10 ** 12, "game": "Pong", "done": False,
                     "more": collections.OrderedDict(deep={"w": torch.ones(2).bfloat16()})}
            """);
    assertThat(read.metadata())
        .containsEntry("epoch", "12")
        .containsEntry("loss", "0.25")
        .containsEntry("frames", "1000000000000")
        .containsEntry("game", "Pong")
        .containsEntry("done", "false")
        .hasSize(5);
  }

  @Test
  void moreItemsThanOneBatchAreEqual() throws Exception {
    assertAgrees("saved = {'w%d' % i: torch.full((2,), i) for i in range(2500)}");
  }

  @Test
  void safetensorsReadsWhatWeWrite() throws Exception {
    Path torch = folder.resolve("saved.pt");
    Path ours = folder.resolve("ours.safetensors");
    Path theirs = folder.resolve("theirs.safetensors");
    String save =
        """
        saved = every_type() | {"empty": torch.empty(0, 2), "scalar": torch.tensor(1.5)}
        torch.save(saved, sys.argv[1])
        safetensors.torch.save_file(saved, sys.argv[2])
        """;
    assertThat(run(save, torch, theirs).status()).isZero();
    Safetensors.write(ours, TorchStateDict.read(torch));

    assertThat(ours).hasSameBinaryContentAs(theirs);
    Answer answer = run("show('', safetensors.torch.load_file(sys.argv[1]))", ours);
    assertThat(answer.lines())
        .hasSize(12)
        .containsExactlyInAnyOrderElementsOf(show(Safetensors.read(ours)));
  }

  @Test
  void metadataIsReadByBoth() throws Exception {
    Path file = folder.resolve("a.safetensors");
    String save =
        "safetensors.torch.save_file({'é': torch.ones(1)}, sys.argv[1], metadata={'φ': '\\n\"'})";
    assertThat(run(save, file).status()).isZero();
    WeightFile read = Safetensors.read(file);
    assertThat(read.metadata()).containsOnly(Map.entry("φ", "\n\""));
    assertThat(read.tensors()).containsOnlyKeys("é");

    Safetensors.write(file, read);
    Answer answer =
        run(
            """
            with safetensors.safe_open(sys.argv[1], "pt") as opened:
                print(ascii(opened.metadata()), ascii(list(opened.keys())))
            """,
            file);
    assertThat(answer.lines()).containsExactly("{'\\u03c6': '\\n\"'} ['\\xe9']");
  }
}
