package org.umwelt.kernels.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.weights.PickleValue.Dict;
import org.umwelt.kernels.weights.PickleValue.Mark;
import org.umwelt.kernels.weights.PickleValue.Real;
import org.umwelt.kernels.weights.PickleValue.Storage;
import org.umwelt.kernels.weights.PickleValue.Text;
import org.umwelt.kernels.weights.PickleValue.Truth;
import org.umwelt.kernels.weights.PickleValue.Tuple;
import org.umwelt.kernels.weights.PickleValue.View;
import org.umwelt.kernels.weights.PickleValue.Whole;

/**
 * A stack machine for the part of pickle protocol 2 that a state dict needs.
 *
 * <p>It knows the opcodes that {@code torch.save} writes for dicts of tensors and the names of
 * {@link PickleGlobal}, and refuses everything else. Nothing is executed: what Python would call
 * becomes a {@link Dict}, a {@link Storage} or a {@link View}. Source: the opcodes' descriptions in
 * CPython's {@code pickletools}; {@code torch/_utils.py} for the arguments.
 */
final class PickleMachine {
  private static final int PROTOCOL = 2;
  // A pickler hands over dicts in batches of 1000; nothing genuine comes near.
  private static final int DEEPEST_STACK = 1 << 16;
  private static final int LONGEST_GLOBAL = 200;
  // PyTorch's own limit.
  private static final int MOST_DIMENSIONS = 64;

  private final Path file;
  private final ByteBuffer pickle;
  private final List<PickleValue> stack = new ArrayList<>();
  private final Map<Integer, PickleValue> memo = new HashMap<>();

  private PickleMachine(Path file, byte[] pickle) {
    this.file = file;
    this.pickle = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Runs a pickle up to its STOP and returns the one value it leaves.
   *
   * @throws BadRequestException naming the opcode or GLOBAL that has no place in a state dict
   */
  static PickleValue run(Path file, byte[] pickle) {
    return new PickleMachine(file, pickle).run();
  }

  private PickleValue run() {
    while (true) {
      int opcode = unsigned(1, "STOP");
      switch (opcode) {
        case 0x80 -> protocol();
        case '(' -> push(Mark.MARK);
        case ')' -> push(new Tuple(List.of()));
        case 't' -> push(new Tuple(popToMark("TUPLE")));
        case 0x85 -> push(new Tuple(pop(1, "TUPLE1")));
        case 0x86 -> push(new Tuple(pop(2, "TUPLE2")));
        case 0x87 -> push(new Tuple(pop(3, "TUPLE3")));
        case '}' -> push(new Dict(new LinkedHashMap<>()));
        case 's' -> setItems(pop(2, "SETITEM"));
        case 'u' -> setItems(popToMark("SETITEMS"));
        case 'X' -> push(new Text(text(unsigned(4, "BINUNICODE"))));
        case 'J' -> push(new Whole(need(4, "BININT").getInt()));
        case 'K' -> push(new Whole(unsigned(1, "BININT1")));
        case 'M' -> push(new Whole(unsigned(2, "BININT2")));
        case 0x8a -> push(new Whole(longNumber()));
        // Alone among the numbers, this one is big-endian.
        case 'G' ->
            push(
                new Real(
                    Double.longBitsToDouble(Long.reverseBytes(need(8, "BINFLOAT").getLong()))));
        case 0x88 -> push(new Truth(true));
        case 0x89 -> push(new Truth(false));
        case 'q' -> memo.put(unsigned(1, "BINPUT"), top("BINPUT"));
        case 'r' -> memo.put(unsigned(4, "LONG_BINPUT"), top("LONG_BINPUT"));
        case 'h' -> push(recall(unsigned(1, "BINGET")));
        case 'j' -> push(recall(unsigned(4, "LONG_BINGET")));
        case 'c' -> push(global());
        case 'Q' -> push(storage(pop(1, "BINPERSID").getFirst()));
        case 'R' -> push(call());
        case 'b' -> ignoreAttributes();
        case '.' -> {
          PickleValue result = pop(1, "STOP").getFirst();
          if (!stack.isEmpty()) {
            throw refusal("expected one value at STOP, found " + (stack.size() + 1));
          }
          return result;
        }
        default ->
            throw refusal(
                "opcode %s at byte %d has no place in a state dict"
                    .formatted(name(opcode), pickle.position() - 1));
      }
    }
  }

  private void protocol() {
    int version = unsigned(1, "PROTO");
    if (version != PROTOCOL) {
      throw refusal(
          "expected pickle protocol %d, found %d; save it with torch.save's own pickle_protocol"
              .formatted(PROTOCOL, version));
    }
  }

  private PickleGlobal global() {
    String module = line();
    String name = line();
    PickleGlobal global = PickleGlobal.find(module, name);
    if (global == null) {
      throw refusal(
          "GLOBAL %s.%s has no place in a state dict"
              .formatted(Refusal.word(module), Refusal.word(name)));
    }
    return global;
  }

  /** Reads ('storage', type, key, device, number of elements). */
  private Storage storage(PickleValue id) {
    if (id instanceof Tuple(List<PickleValue> items)
        && items.size() == 5
        && items.getFirst() instanceof Text(String tag)
        && tag.equals("storage")
        && items.get(1) instanceof PickleGlobal global
        && items.get(2) instanceof Text(String key)
        && items.get(3) instanceof Text
        && items.get(4) instanceof Whole(long elements)
        && elements >= 0) {
      ElementType type = global.elements();
      if (type != null) {
        return new Storage(type, key, elements);
      }
    }
    throw refusal("expected ('storage', type, key, device, count) at BINPERSID");
  }

  private PickleValue call() {
    List<PickleValue> operands = pop(2, "REDUCE");
    if (!(operands.getLast() instanceof Tuple(List<PickleValue> arguments))) {
      throw refusal("expected a tuple of arguments at REDUCE, found " + operands.getLast().kind());
    }
    if (operands.getFirst() instanceof PickleGlobal callable) {
      switch (callable) {
        case ORDERED_DICT -> {
          if (arguments.isEmpty()) {
            return new Dict(new LinkedHashMap<>());
          }
        }
        case REBUILD_TENSOR -> {
          // storage, offset, size, stride, requires_grad, backward_hooks
          if (arguments.size() == 6
              && arguments.getFirst() instanceof Storage storage
              && arguments.get(1) instanceof Whole(long offset)
              && arguments.get(2) instanceof Tuple size
              && arguments.get(3) instanceof Tuple stride) {
            return view(storage, offset, dimensions(size), dimensions(stride));
          }
        }
        case REBUILD_PARAMETER -> {
          // data, requires_grad, backward_hooks
          if (arguments.size() == 3 && arguments.getFirst() instanceof View view) {
            return view;
          }
        }
        default -> throw refusal("expected no call of " + callable + " at REDUCE");
      }
      throw refusal("expected other arguments for " + callable + " at REDUCE");
    }
    throw refusal("expected a GLOBAL to call at REDUCE, found " + operands.getFirst().kind());
  }

  private View view(Storage storage, long offset, List<Long> size, List<Long> stride) {
    if (offset < 0 || size.size() != stride.size()) {
      throw refusal(
          "expected a view with a stride per dimension, found offset %d, size %s, stride %s"
              .formatted(offset, size, stride));
    }
    return new View(storage, offset, size, stride);
  }

  private List<Long> dimensions(Tuple tuple) {
    if (tuple.items().size() > MOST_DIMENSIONS) {
      throw refusal(
          "expected at most %d dimensions, found %d"
              .formatted(MOST_DIMENSIONS, tuple.items().size()));
    }
    List<Long> dimensions = new ArrayList<>();
    for (PickleValue item : tuple.items()) {
      if (!(item instanceof Whole(long number)) || number < 0) {
        throw refusal("expected sizes and strides that are ints from 0 on");
      }
      dimensions.add(number);
    }
    return dimensions;
  }

  private void setItems(List<PickleValue> items) {
    if (!(top("SETITEMS") instanceof Dict(var dict))) {
      throw refusal("expected a dict to fill, found " + top("SETITEMS").kind());
    }
    if (items.size() % 2 != 0) {
      throw refusal("expected a value for every key of a dict");
    }
    for (int i = 0; i < items.size(); i += 2) {
      if (!(items.get(i) instanceof Text(String key))) {
        throw refusal("expected text as key of a dict, found " + items.get(i).kind());
      }
      dict.put(key, items.get(i + 1));
    }
  }

  /** Drops what BUILD would set on a dict: {@code _metadata}, the versions of PyTorch's modules. */
  private void ignoreAttributes() {
    List<PickleValue> operands = pop(2, "BUILD");
    if (!(operands.getFirst() instanceof Dict) || !(operands.getLast() instanceof Dict)) {
      throw refusal(
          "expected BUILD of a dict from a dict, found %s and %s"
              .formatted(operands.getFirst().kind(), operands.getLast().kind()));
    }
    push(operands.getFirst());
  }

  private PickleValue recall(int index) {
    PickleValue value = memo.get(index);
    if (value == null) {
      throw refusal("memo %s holds nothing".formatted(Integer.toUnsignedString(index)));
    }
    return value;
  }

  private void push(PickleValue value) {
    if (stack.size() == DEEPEST_STACK) {
      throw refusal("expected at most %d values on the stack".formatted(DEEPEST_STACK));
    }
    stack.add(value);
  }

  private PickleValue top(String opcode) {
    if (stack.isEmpty() || stack.getLast() == Mark.MARK) {
      throw refusal("stack underflow at " + opcode);
    }
    return stack.getLast();
  }

  /** Pops values and returns them in the order in which they were pushed. */
  private List<PickleValue> pop(int count, String opcode) {
    List<PickleValue> items = stack.subList(Math.max(stack.size() - count, 0), stack.size());
    if (items.size() < count || items.contains(Mark.MARK)) {
      throw refusal("stack underflow at " + opcode);
    }
    return moveOut(items);
  }

  private List<PickleValue> popToMark(String opcode) {
    int mark = stack.lastIndexOf(Mark.MARK);
    if (mark < 0) {
      throw refusal("stack without a mark at " + opcode);
    }
    List<PickleValue> items = moveOut(stack.subList(mark + 1, stack.size()));
    stack.removeLast();
    return items;
  }

  private static List<PickleValue> moveOut(List<PickleValue> items) {
    List<PickleValue> copy = List.copyOf(items);
    items.clear();
    return copy;
  }

  private ByteBuffer need(int bytes, String opcode) {
    // Counts of the file are unsigned; one beyond an int is longer than any pickle.
    if (bytes < 0 || bytes > pickle.remaining()) {
      throw refusal(
          "expected %s bytes at %s, found %d; the pickle is cut short"
              .formatted(Integer.toUnsignedString(bytes), opcode, pickle.remaining()));
    }
    return pickle;
  }

  /** Reads a little-endian number; one of 4 bytes keeps its bits, unsigned. */
  private int unsigned(int bytes, String opcode) {
    ByteBuffer source = need(bytes, opcode);
    return switch (bytes) {
      case 1 -> Byte.toUnsignedInt(source.get());
      case 2 -> Short.toUnsignedInt(source.getShort());
      default -> source.getInt();
    };
  }

  /** Reads a little-endian two's complement number of up to 8 bytes behind its length. */
  private long longNumber() {
    int bytes = unsigned(1, "LONG1");
    if (bytes > Long.BYTES) {
      throw refusal("expected an int of at most 8 bytes at LONG1, found " + bytes);
    }
    ByteBuffer source = need(bytes, "LONG1");
    long number = 0;
    for (int i = 0; i < bytes; i++) {
      number |= Byte.toUnsignedLong(source.get()) << (Byte.SIZE * i);
    }
    int unused = Long.SIZE - Byte.SIZE * bytes;
    return bytes == 0 ? 0 : number << unused >> unused;
  }

  private String text(int bytes) {
    ByteBuffer source = need(bytes, "BINUNICODE");
    ByteBuffer utf8 = source.slice(source.position(), bytes);
    source.position(source.position() + bytes);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
    } catch (CharacterCodingException e) {
      throw refusal("expected UTF-8 at BINUNICODE");
    }
  }

  private String line() {
    StringBuilder line = new StringBuilder();
    while (true) {
      int character = unsigned(1, "GLOBAL");
      if (character == '\n') {
        return line.toString();
      }
      if (line.length() == LONGEST_GLOBAL) {
        throw refusal("expected at most %d characters at GLOBAL".formatted(LONGEST_GLOBAL));
      }
      line.append((char) character);
    }
  }

  private BadRequestException refusal(String text) {
    String end =
        text
            + "; nothing was executed"
            + " (torch.save(model.state_dict(), path) writes what is read here)";
    String entry = entry();
    return entry.isEmpty() ? Refusal.of(file, end) : Refusal.of(file, entry, end);
  }

  /**
   * Returns the keys, joined by dots, of the items that are being built on the stack: behind a dict
   * stand its next key, or a mark and pairs of keys and values.
   */
  private String entry() {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i + 1 < stack.size(); i++) {
      if (!(stack.get(i) instanceof Dict)) {
        continue;
      }
      int first = stack.get(i + 1) == Mark.MARK ? i + 2 : i + 1;
      String key = null;
      for (int j = first; j < stack.size() && stack.get(j) != Mark.MARK; j += 2) {
        key = stack.get(j) instanceof Text(String text) ? text : key;
      }
      if (key != null) {
        keys.add(key);
      }
    }
    return String.join(".", keys);
  }

  /** Returns an opcode's name in {@code pickletools} and its byte. */
  private static String name(int opcode) {
    String name =
        switch (opcode) {
          case 'N' -> "NONE";
          case ']' -> "EMPTY_LIST";
          case 'l' -> "LIST";
          case 'a' -> "APPEND";
          case 'e' -> "APPENDS";
          case 'd' -> "DICT";
          case 'i' -> "INST";
          case 'o' -> "OBJ";
          case 'I' -> "INT";
          case 'L' -> "LONG";
          case 'F' -> "FLOAT";
          case 'S' -> "STRING";
          case 'T' -> "BINSTRING";
          case 'U' -> "SHORT_BINSTRING";
          case 'V' -> "UNICODE";
          case 'B' -> "BINBYTES";
          case 'C' -> "SHORT_BINBYTES";
          case 'P' -> "PERSID";
          case 'p' -> "PUT";
          case 'g' -> "GET";
          case '0' -> "POP";
          case '1' -> "POP_MARK";
          case '2' -> "DUP";
          case 0x81 -> "NEWOBJ";
          case 0x82, 0x83, 0x84 -> "EXT";
          case 0x8b -> "LONG4";
          case 0x8c -> "SHORT_BINUNICODE";
          case 0x8d -> "BINUNICODE8";
          case 0x8e -> "BINBYTES8";
          case 0x8f -> "EMPTY_SET";
          case 0x90 -> "ADDITEMS";
          case 0x91 -> "FROZENSET";
          case 0x92 -> "NEWOBJ_EX";
          case 0x93 -> "STACK_GLOBAL";
          case 0x94 -> "MEMOIZE";
          case 0x95 -> "FRAME";
          default -> "unknown";
        };
    return "%s (0x%02x)".formatted(name, opcode);
  }
}
