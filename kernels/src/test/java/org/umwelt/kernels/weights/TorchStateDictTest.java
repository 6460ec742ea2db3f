package org.umwelt.kernels.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.settings.BadRequestException;

class TorchStateDictTest {
  private static final String NOT_EXECUTED =
      "; nothing was executed (torch.save(model.state_dict(), path) writes what is read here)";

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("t.pt");
  }

  private void assertRefused(TorchFile torch, String message) throws IOException {
    assertRefused(torch.write(file()), message);
  }

  private static void assertRefused(Path file, String message) {
    assertThatThrownBy(() -> TorchStateDict.read(file))
        .isInstanceOf(BadRequestException.class)
        .hasMessage(file + ": " + message);
  }

  private static byte[] twoLayers() throws IOException {
    try (InputStream in = TorchStateDictTest.class.getResourceAsStream("two-layers.pt")) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }

  /** A dict with one vector, up to the SETITEM. */
  private static TorchFile vector() {
    return new TorchFile().op('}').text("w").vector("FloatStorage", "0", 3);
  }

  @Test
  void aFileOfPyTorchIsRead() throws IOException {
    // Written by torch 2.15:
    //   net = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.BatchNorm1d(3))
    //   with torch.no_grad():
    //       for i, p in enumerate(net.parameters()):
    //           p.copy_(torch.arange(p.numel()).reshape(p.shape) + i / 4)
    //   torch.save(net.state_dict(), "two-layers.pt")
    WeightFile read = TorchStateDict.read(Files.write(file(), twoLayers()));

    assertThat(read.metadata()).isEmpty();
    assertThat(read.tensors().sequencedKeySet())
        .containsExactly(
            "0.weight",
            "0.bias",
            "1.weight",
            "1.bias",
            "1.running_mean",
            "1.running_var",
            "1.num_batches_tracked");
    assertThat(read.tensors())
        .containsEntry("0.weight", StoredTensor.of(new float[] {0, 1, 2, 3, 4, 5}, 3, 2))
        .containsEntry("0.bias", StoredTensor.of(new float[] {0.25f, 1.25f, 2.25f}, 3))
        .containsEntry("1.weight", StoredTensor.of(new float[] {0.5f, 1.5f, 2.5f}, 3))
        .containsEntry("1.bias", StoredTensor.of(new float[] {0.75f, 1.75f, 2.75f}, 3))
        .containsEntry("1.running_mean", StoredTensor.of(new float[] {0, 0, 0}, 3))
        .containsEntry("1.running_var", StoredTensor.of(new float[] {1, 1, 1}, 3))
        .containsEntry("1.num_batches_tracked", StoredTensor.of(new long[] {0}));
  }

  @Test
  void viewsAreMadeRowMajor() throws IOException {
    TorchFile torch = new TorchFile().op('}').floats("0", 0, 1, 2, 3, 4, 5);
    long[] transposed = {1, 3};
    torch.text("whole").tensor("FloatStorage", "0", 6, 0, new long[] {2, 3}, new long[] {3, 1});
    torch.op('s').text("turned");
    torch.tensor("FloatStorage", "0", 6, 0, new long[] {3, 2}, transposed).op('s');
    torch.text("last").tensor("FloatStorage", "0", 6, 4, new long[] {2}, new long[] {1}).op('s');
    torch.text("column").tensor("FloatStorage", "0", 6, 2, new long[] {2, 1}, transposed);
    torch.op('s').text("repeated");
    torch.tensor("FloatStorage", "0", 6, 5, new long[] {2, 2}, new long[] {0, 0}).op('s');
    torch.text("scalar").tensor("FloatStorage", "0", 6, 3, new long[0], new long[0]).op('s');
    torch.text("none").tensor("FloatStorage", "0", 6, 9, new long[] {0, 4}, new long[] {4, 1});
    Map<String, StoredTensor> read = TorchStateDict.read(torch.ops("s.").write(file())).tensors();

    assertThat(read)
        .hasSize(7)
        .containsEntry("whole", StoredTensor.of(new float[] {0, 1, 2, 3, 4, 5}, 2, 3))
        .containsEntry("turned", StoredTensor.of(new float[] {0, 3, 1, 4, 2, 5}, 3, 2))
        .containsEntry("last", StoredTensor.of(new float[] {4, 5}, 2))
        .containsEntry("column", StoredTensor.of(new float[] {2, 3}, 2, 1))
        .containsEntry("repeated", StoredTensor.of(new float[] {5, 5, 5, 5}, 2, 2))
        .containsEntry("scalar", StoredTensor.of(new float[] {3}))
        .containsEntry("none", StoredTensor.of(new float[0], 0, 4));
    // Contiguous views of one storage share it.
    assertThat(Objects.requireNonNull(read.get("last")).data().address())
        .isEqualTo(Objects.requireNonNull(read.get("whole")).data().address() + 16);
  }

  @Test
  void dictsInsideAreFlattenedAndScalarsAreMetadata() throws IOException {
    TorchFile torch = new TorchFile().op('}', 'q', 0, '(');
    torch.text("model").op('}', 'q', 1).text("w").vector("FloatStorage", "0", 1).op('s');
    torch.text("epoch").whole(600).text("steps").whole(1L << 40).text("below").whole(-1L << 40);
    torch.text("done").op(0x88).text("open").op(0x89).text("name").text("Pong");
    torch.text("zero").op(0x8a, 0).text("short").op('M', 1, 2);
    torch.text("lr").op('G', 0x3f, 0xf8, 0, 0, 0, 0, 0, 0).ops("u.");
    WeightFile read = TorchStateDict.read(torch.floats("0", 2.5f).write(file()));

    assertThat(read.tensors()).isEqualTo(Map.of("model.w", StoredTensor.of(new float[] {2.5f}, 1)));
    assertThat(read.metadata())
        .containsExactly(
            Map.entry("below", "-1099511627776"),
            Map.entry("done", "true"),
            Map.entry("epoch", "600"),
            Map.entry("lr", "1.5"),
            Map.entry("name", "Pong"),
            Map.entry("open", "false"),
            Map.entry("short", "513"),
            Map.entry("steps", "1099511627776"),
            Map.entry("zero", "0"));
  }

  @Test
  void parametersAreTheirTensorsAndMetadataOfModulesIsIgnored() throws IOException {
    TorchFile torch = new TorchFile().global("collections", "OrderedDict").ops(")R");
    torch.text("w").global("torch._utils", "_rebuild_parameter").vector("FloatStorage", "0", 3);
    torch.op(0x88).global("collections", "OrderedDict").ops(")R").op(0x87).ops("Rs");
    torch.op('}').text("_metadata").ops("}sb.").floats("0", 1, 2, 3);
    WeightFile read = TorchStateDict.read(torch.write(file()));
    assertThat(read.tensors()).isEqualTo(Map.of("w", StoredTensor.of(new float[] {1, 2, 3}, 3)));
    assertThat(read.metadata()).isEmpty();
  }

  @Test
  void everyTypeOfStorageIsRead() throws IOException {
    Map<String, ElementType> types =
        Map.of(
            "DoubleStorage", ElementType.F64,
            "FloatStorage", ElementType.F32,
            "HalfStorage", ElementType.F16,
            "BFloat16Storage", ElementType.BF16,
            "LongStorage", ElementType.I64,
            "IntStorage", ElementType.I32,
            "ShortStorage", ElementType.I16,
            "CharStorage", ElementType.I8,
            "ByteStorage", ElementType.U8,
            "BoolStorage", ElementType.BOOL);
    TorchFile torch = new TorchFile().op('}').entry("t/data/0", new byte[16]);
    types.forEach(
        (storage, type) -> torch.text(storage).vector(storage, "0", 16 / type.bytes()).op('s'));
    Map<String, StoredTensor> read = TorchStateDict.read(torch.op('.').write(file())).tensors();
    types.forEach((storage, type) ->
        assertThat(read.get(storage)).hasToString("%s [%d]", type, 16 / type.bytes()));
  }

  @Test
  void byteOrderMustBeLittle() throws IOException {
    byte[] little = "little".getBytes(StandardCharsets.US_ASCII);
    byte[] big = "big".getBytes(StandardCharsets.US_ASCII);
    TorchFile torch = new TorchFile().ops("}.");
    assertThat(TorchStateDict.read(torch.entry("t/byteorder", little).write(file())).tensors())
        .isEmpty();
    assertRefused(
        torch.entry("t/byteorder", big),
        "entry t/byteorder: expected little, found big; save the file on a little-endian machine");
  }

  @Test
  void theFormatBeforeVersion16IsNamed() throws IOException {
    byte[] magic = HexFormat.of().parseHex("80028a0a6cfc9c46f9206aa850192e");
    assertRefused(
        Files.write(file(), magic),
        "expected a ZIP archive, found the format before PyTorch 1.6; save it anew with"
            + " torch.save(torch.load(path), path) in a newer PyTorch");
  }

  @Test
  void whatIsNoArchiveOfPyTorchIsNamed() throws IOException {
    assertRefused(folder.resolve("missing.pt"), "expected a file of torch.save, found none");
    assertRefused(folder, "expected a file of torch.save, found none");
    Files.write(file(), new byte[0]);
    assertThatThrownBy(() -> TorchStateDict.read(file()))
        .isInstanceOf(BadRequestException.class)
        .hasMessageStartingWith(file() + ": expected a ZIP archive of torch.save, found a file");
    TorchFile two = vector().op('s', '.').entry("u/data.pkl", new byte[1]);
    assertRefused(two, "expected one <name>/data.pkl as torch.save writes it, found 2");
    assertRefused(
        new TorchFile().whole(3).op('.'),
        "expected a dict of tensors, found an int; save a state dict");
  }

  @Test
  void namesOfPythonOutsideTheListAreRefused() throws IOException {
    assertRefused(
        new TorchFile().global("os", "system").text("true").op(0x85).ops("R."),
        "GLOBAL os.system has no place in a state dict" + NOT_EXECUTED);
    assertRefused(
        new TorchFile().op('}', '(').text("w").global("torch", "_utils._rebuild_tensor_v2"),
        "entry w: GLOBAL torch._utils._rebuild_tensor_v2 has no place in a state dict"
            + NOT_EXECUTED);
    assertRefused(
        new TorchFile().op('}', '(').text("a").op('}', '(').text("b").whole(1).text("c").ops("cx"),
        "entry a.c: expected 1 bytes at GLOBAL, found 0; the pickle is cut short" + NOT_EXECUTED);
    assertRefused(
        new TorchFile().op('}').text("w").ops("c" + "x".repeat(201)),
        "entry w: expected at most 200 characters at GLOBAL" + NOT_EXECUTED);
  }

  @Test
  void otherOpcodesAreRefusedByName() throws IOException {
    assertRefused(
        new TorchFile().op('}', '(').text("v").whole(1).text("w").op(0x93),
        "entry w: opcode STACK_GLOBAL (0x93) at byte 18 has no place in a state dict"
            + NOT_EXECUTED);
    assertRefused(
        new TorchFile().op(0xff),
        "opcode unknown (0xff) at byte 2 has no place in a state dict" + NOT_EXECUTED);
    assertRefused(
        new TorchFile().op(0x80, 4),
        "expected pickle protocol 2, found 4; save it with torch.save's own pickle_protocol"
            + NOT_EXECUTED);
  }

  @Test
  void onlyWhatMakesTensorsIsCalled() throws IOException {
    assertRefused(
        new TorchFile().global("torch", "FloatStorage").ops(")R"),
        "expected no call of torch.FloatStorage at REDUCE" + NOT_EXECUTED);
    assertRefused(
        new TorchFile().text("os.system").ops(")R"),
        "expected a GLOBAL to call at REDUCE, found text" + NOT_EXECUTED);
    assertRefused(
        new TorchFile().global("collections", "OrderedDict").ops("}R"),
        "expected a tuple of arguments at REDUCE, found a dict" + NOT_EXECUTED);
    assertRefused(
        new TorchFile().global("collections", "OrderedDict").ops(")").op(0x85).ops("R"),
        "expected other arguments for collections.OrderedDict at REDUCE" + NOT_EXECUTED);
    assertRefused(
        new TorchFile().global("torch._utils", "_rebuild_tensor_v2").ops(")R"),
        "expected other arguments for torch._utils._rebuild_tensor_v2 at REDUCE" + NOT_EXECUTED);
    assertRefused(
        new TorchFile().text("storage").op('Q'),
        "expected ('storage', type, key, device, count) at BINPERSID" + NOT_EXECUTED);
    assertRefused(
        new TorchFile().storage("FloatStorage", "0", -1),
        "expected ('storage', type, key, device, count) at BINPERSID" + NOT_EXECUTED);
    assertRefused(
        new TorchFile().ops("})b"),
        "expected BUILD of a dict from a dict, found a dict and a tuple" + NOT_EXECUTED);
  }

  @Test
  void theStackIsGuarded() throws IOException {
    assertRefused(new TorchFile().op('.'), "stack underflow at STOP" + NOT_EXECUTED);
    assertRefused(new TorchFile().ops(")(R"), "stack underflow at REDUCE" + NOT_EXECUTED);
    assertRefused(new TorchFile().op('q', 0), "stack underflow at BINPUT" + NOT_EXECUTED);
    assertRefused(new TorchFile().ops("}u"), "stack without a mark at SETITEMS" + NOT_EXECUTED);
    assertRefused(new TorchFile().ops("((u"), "stack underflow at SETITEMS" + NOT_EXECUTED);
    assertRefused(new TorchFile().ops("}}."), "expected one value at STOP, found 2" + NOT_EXECUTED);
    assertRefused(
        new TorchFile().ops("}()u"), "expected a value for every key of a dict" + NOT_EXECUTED);
    assertRefused(
        new TorchFile().ops("}))s"),
        "expected text as key of a dict, found a tuple" + NOT_EXECUTED);
    assertRefused(
        new TorchFile().ops(")))s"), "expected a dict to fill, found a tuple" + NOT_EXECUTED);
    assertRefused(
        new TorchFile().ops("(".repeat(100_000)),
        "expected at most 65536 values on the stack" + NOT_EXECUTED);
  }

  @Test
  void memoIndicesAndLengthsMayBeAnything() throws IOException {
    assertThat(TorchStateDict.read(new TorchFile().ops("}r").number(4, -1).op('.').write(file())))
        .isNotNull();
    assertRefused(
        new TorchFile().op('j').number(4, -1), "memo 4294967295 holds nothing" + NOT_EXECUTED);
    assertRefused(
        new TorchFile().op('X').number(4, 0xfffffff0L),
        "expected 4294967280 bytes at BINUNICODE, found 0; the pickle is cut short" + NOT_EXECUTED);
    assertRefused(
        new TorchFile().op(0x8a, 9),
        "expected an int of at most 8 bytes at LONG1, found 9" + NOT_EXECUTED);
    assertRefused(
        new TorchFile().op('X').number(4, 1).op(0xff),
        "expected UTF-8 at BINUNICODE" + NOT_EXECUTED);
  }

  @Test
  void deepSharedAndCyclicDictsAreRefused() throws IOException {
    String deepest = "expected dicts at most 64 deep, each in one place";
    TorchFile deep = new TorchFile();
    for (int depth = 0; depth < 10_000; depth++) {
      deep.op('}').text("k");
    }
    assertRefused(
        deep.op('}').ops("s".repeat(10_000) + "."), "entry " + "k.".repeat(64) + ": " + deepest);

    TorchFile cyclic = new TorchFile().op('}', 'q', 0).text("self").op('h', 0).ops("s.");
    assertRefused(cyclic, "entry self.: " + deepest);

    // 2^40 paths lead to the innermost dict: every dict holds the next one twice.
    TorchFile shared = new TorchFile().op('}', 'q', 0);
    for (int depth = 1; depth <= 40; depth++) {
      shared.text("a").op('}', 'q', depth);
    }
    for (int depth = 40; depth > 0; depth--) {
      shared.op('s').text("b").op('h', depth, 's');
    }
    assertRefused(shared.op('.'), "entry " + "a.".repeat(39) + "b.: " + deepest);
  }

  @Test
  void tuplesInsideTuplesAreNoTensor() throws IOException {
    TorchFile torch = new TorchFile().op('}').text("w").op(')');
    for (int depth = 0; depth < 100_000; depth++) {
      torch.op(0x85);
    }
    assertRefused(torch.ops("s."), "entry w: expected a tensor, found a tuple");
  }

  @Test
  void storagesMustHoldWhatIsDeclared() throws IOException {
    assertRefused(vector().ops("s."), "entry w: expected its storage as t/data/0, found none");
    assertRefused(
        vector().ops("s.").floats("0", 1, 2),
        "entry w: expected 3 elements of F32 in t/data/0, found 8 bytes");
    assertRefused(
        vector().ops("s.").entry("t/data/0", new byte[13]),
        "entry w: expected 3 elements of F32 in t/data/0, found 13 bytes");
    assertRefused(
        new TorchFile()
            .op('}')
            .text("w")
            .vector("DoubleStorage", "0", 1L << 62)
            .ops("s.")
            .floats("0"),
        "entry w: expected 4611686018427387904 elements of F64 in t/data/0, found 0 bytes");
    assertRefused(
        vector().ops("s.").floats("0", 1, 2, 3).compressed(),
        "entry t/data.pkl: expected it stored, found it compressed; save it with torch.save");
  }

  @Test
  void viewsMustLieWithinTheirStorage() throws IOException {
    long[][][] views = {
      {{1}, {3}, {1}},
      {{3}, {1}, {1}},
      {{0}, {2, 2}, {2, 1}},
      {{0}, {2}, {Long.MAX_VALUE}},
      {{Long.MAX_VALUE}, {2}, {1}},
      {{0}, {1L << 62, 4}, {0, 0}},
    };
    for (long[][] view : views) {
      TorchFile torch = new TorchFile().op('}').text("w").floats("0", 1, 2, 3);
      torch.tensor("FloatStorage", "0", 3, view[0][0], view[1], view[2]).ops("s.");
      assertRefused(
          torch,
          "entry w: expected a view within 3 elements, found offset %d, size %s, stride %s"
              .formatted(view[0][0], Arrays.toString(view[1]), Arrays.toString(view[2])));
    }
    assertRefused(
        new TorchFile()
            .op('}')
            .text("w")
            .tensor("FloatStorage", "0", 3, 0, new long[] {3}, new long[0]),
        "entry w: expected a view with a stride per dimension, found offset 0, size [3], stride []"
            + NOT_EXECUTED);
    assertRefused(
        new TorchFile()
            .op('}')
            .text("w")
            .tensor("FloatStorage", "0", 3, 0, new long[] {-3}, new long[] {-1}),
        "entry w: expected sizes and strides that are ints from 0 on" + NOT_EXECUTED);
    assertRefused(
        new TorchFile()
            .op('}')
            .text("w")
            .tensor("FloatStorage", "0", 3, 0, new long[65], new long[65]),
        "entry w: expected at most 64 dimensions, found 65" + NOT_EXECUTED);
  }

  @Test
  void repeatedElementsStayInProportionToTheFile() throws IOException {
    TorchFile torch = new TorchFile().op('}').text("w").floats("0", 1);
    torch.tensor("FloatStorage", "0", 1, 0, new long[] {1L << 40}, new long[] {0}).ops("s.");
    assertRefused(
        torch,
        "entry w: expected views in proportion to the file, found one of shape [1099511627776];"
            + " save it contiguous");
  }

  @Test
  void namesAreUniqueAndShort() throws IOException {
    TorchFile twice = new TorchFile().op('}').text("a.b").vector("FloatStorage", "0", 1).op('s');
    twice.text("a").op('}').text("b").vector("FloatStorage", "0", 1).ops("ss.").floats("0", 1);
    assertRefused(twice, "entry a.b: expected one tensor of this name, found two");
    assertRefused(
        new TorchFile().op('}').text("x".repeat(1001)).ops(")s."),
        "entry %s...: expected a name of at most 1000 characters".formatted("x".repeat(200)));
  }

  @Test
  void damagedDataIsNoticed() throws IOException {
    byte[] whole = twoLayers();
    // The bytes of 0.25f, 1.25f: the bias.
    byte[] bias = {0, 0, (byte) 0x80, 0x3e, 0, 0, (byte) 0xa0, 0x3f};
    whole[indexOf(whole, bias)] ^= 1;
    Path file = Files.write(file(), whole);
    assertThatThrownBy(() -> TorchStateDict.read(file))
        .isInstanceOf(BadRequestException.class)
        .hasMessageMatching(
            ".*: entry two-layers/data/1: expected CRC-32 \\w{8}, found \\w{8};"
                + " the file is damaged, copy it again");
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    for (int at = 0; at <= bytes.length - part.length; at++) {
      if (Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
        return at;
      }
    }
    throw new AssertionError("not there");
  }

  @Test
  void everyShorterFileIsRefused() throws IOException {
    byte[] whole = twoLayers();
    for (int length = 0; length < whole.length; length += 7) {
      Path file = Files.write(file(), Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> TorchStateDict.read(file)).isInstanceOf(BadRequestException.class);
    }
  }

  /** Reads a file that may be damaged: nothing but a result or a refusal may come of it. */
  private static boolean reads(Path file) throws IOException {
    try {
      for (StoredTensor tensor : TorchStateDict.read(file).tensors().values()) {
        assertThat(tensor.data().byteSize()).isLessThanOrEqualTo((1 << 20) + 4 * Files.size(file));
      }
      return true;
    } catch (BadRequestException e) {
      assertThat(e.getMessage()).startsWith(file + ": ").doesNotContain("\n");
      return false;
    }
  }

  private static byte[] damage(byte[] whole, RandomStream random) {
    byte[] damaged = whole.clone();
    for (int flip = random.nextInt(4); flip >= 0; flip--) {
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
    }
    return damaged;
  }

  @Test
  void flippedBytesOfTheFileAreRefusedOrRead() throws IOException {
    byte[] whole = twoLayers();
    RandomStream random = new RandomStream(2026);
    for (int trial = 0; trial < 1000; trial++) {
      reads(Files.write(file(), damage(whole, random)));
    }
  }

  @Test
  void flippedBytesOfThePickleAreRefusedOrRead() throws IOException {
    TorchFile torch =
        new TorchFile().global("collections", "OrderedDict").ops(")R").op('q', 0, '(');
    torch.text("w").tensor("FloatStorage", "0", 6, 0, new long[] {3, 2}, new long[] {1, 3});
    torch.text("model").op('}', 'q', 1).text("b").vector("LongStorage", "1", 2).op('s');
    torch.text("epoch").whole(7).op('u').ops("}b.");
    torch.floats("0", 1, 2, 3, 4, 5, 6).entry("t/data/1", new byte[16]);
    assertThat(reads(torch.write(file()))).isTrue();
    RandomStream random = new RandomStream(2027);
    int read = 0;
    for (int trial = 0; trial < 1000; trial++) {
      read += reads(torch.write(file(), damage(torch.pickle(), random))) ? 1 : 0;
    }
    // Both ways are taken; names and counts may change, opcodes seldom.
    assertThat(read).isBetween(5, 995);
  }
}
