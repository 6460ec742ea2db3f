package org.umwelt.envs.dataset;

import com.google.flatbuffers.FlatBufferBuilder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.arrow.flatbuf.Bool;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.FixedSizeList;
import org.apache.arrow.flatbuf.FloatingPoint;
import org.apache.arrow.flatbuf.Int;
import org.apache.arrow.flatbuf.KeyValue;
import org.apache.arrow.flatbuf.Precision;
import org.apache.arrow.flatbuf.Struct_;
import org.apache.arrow.flatbuf.Type;
import org.apache.arrow.flatbuf.Utf8;
import org.jspecify.annotations.Nullable;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Discrete;
import org.umwelt.envs.spaces.Leaf;
import org.umwelt.envs.spaces.Space;
import org.umwelt.envs.spaces.Text;
import org.umwelt.envs.spaces.Tuple;

/** A field of the table's schema, with the writers that hold its data; typed as Minari does. */
sealed interface ArrowField {
  String name();

  /** Adds this field to a schema and returns its offset. */
  int write(FlatBufferBuilder builder);

  /** Adds array lengths and buffers, depth first, each field's validity buffer (empty) first. */
  void layOut(long rows, List<long[]> nodes, List<BufferSlot> buffers);

  /** Returns the writers of the data buffers, in the order of {@link #layOut}. */
  Stream<ColumnWriter> data();

  /** A place in the list of buffers; null data for a validity buffer, which is left out. */
  record BufferSlot(@Nullable ColumnWriter data) {
    static final BufferSlot VALIDITY = new BufferSlot(null);
  }

  /** Children side by side: a Dict or a Tuple. */
  record Struct(String name, List<ArrowField> children) implements ArrowField {
    @Override
    public int write(FlatBufferBuilder builder) {
      int[] offsets = children.stream().mapToInt(child -> child.write(builder)).toArray();
      int names = builder.createString(name);
      Struct_.startStruct_(builder);
      int type = Struct_.endStruct_(builder);
      int vector = Field.createChildrenVector(builder, offsets);
      return Field.createField(builder, names, true, Type.Struct_, type, 0, vector, 0);
    }

    @Override
    public void layOut(long rows, List<long[]> nodes, List<BufferSlot> buffers) {
      nodes.add(new long[] {rows});
      buffers.add(BufferSlot.VALIDITY);
      children.forEach(child -> child.layOut(rows, nodes, buffers));
    }

    @Override
    public Stream<ColumnWriter> data() {
      return children.stream().flatMap(ArrowField::data);
    }
  }

  /**
   * A flattened tensor in each row.
   *
   * @param shape Minari's field metadata for infos; null elsewhere
   */
  record Tensor(String name, Scalar item, int elements, @Nullable String shape)
      implements ArrowField {
    @Override
    public int write(FlatBufferBuilder builder) {
      int child = item.write(builder);
      int names = builder.createString(name);
      int type = FixedSizeList.createFixedSizeList(builder, elements);
      int children = Field.createChildrenVector(builder, new int[] {child});
      int metadata = 0;
      if (shape != null) {
        int key = builder.createString("shape");
        int value = builder.createString(shape);
        int pair = KeyValue.createKeyValue(builder, key, value);
        metadata = Field.createCustomMetadataVector(builder, new int[] {pair});
      }
      return Field.createField(
          builder, names, true, Type.FixedSizeList, type, 0, children, metadata);
    }

    @Override
    public void layOut(long rows, List<long[]> nodes, List<BufferSlot> buffers) {
      nodes.add(new long[] {rows});
      buffers.add(BufferSlot.VALIDITY);
      item.layOut(rows * elements, nodes, buffers);
    }

    @Override
    public Stream<ColumnWriter> data() {
      return item.data();
    }
  }

  /** One number in each row. */
  record Scalar(String name, DType dtype, ColumnWriter writer) implements ArrowField {
    @Override
    public int write(FlatBufferBuilder builder) {
      int names = builder.createString(name);
      byte kind;
      int type;
      if (dtype == DType.BOOL) {
        kind = Type.Bool;
        Bool.startBool(builder);
        type = Bool.endBool(builder);
      } else if (dtype.isFloat()) {
        kind = Type.FloatingPoint;
        type =
            FloatingPoint.createFloatingPoint(
                builder,
                switch (dtype) {
                  case FLOAT16 -> Precision.HALF;
                  case FLOAT32 -> Precision.SINGLE;
                  default -> Precision.DOUBLE;
                });
      } else {
        kind = Type.Int;
        type = Int.createInt(builder, dtype.bytes() * Byte.SIZE, dtype.minimum() < 0);
      }
      return Field.createField(builder, names, true, kind, type, 0, noChildren(builder), 0);
    }

    @Override
    public void layOut(long rows, List<long[]> nodes, List<BufferSlot> buffers) {
      nodes.add(new long[] {rows});
      buffers.add(BufferSlot.VALIDITY);
      buffers.add(new BufferSlot(writer));
    }

    @Override
    public Stream<ColumnWriter> data() {
      return Stream.of(writer);
    }
  }

  /** A string in each row. */
  record StringField(String name, TableColumn.Strings strings) implements ArrowField {
    @Override
    public int write(FlatBufferBuilder builder) {
      int names = builder.createString(name);
      Utf8.startUtf8(builder);
      int type = Utf8.endUtf8(builder);
      return Field.createField(builder, names, true, Type.Utf8, type, 0, noChildren(builder), 0);
    }

    @Override
    public void layOut(long rows, List<long[]> nodes, List<BufferSlot> buffers) {
      nodes.add(new long[] {rows});
      buffers.add(BufferSlot.VALIDITY);
      buffers.add(new BufferSlot(strings.offsets()));
      buffers.add(new BufferSlot(strings.bytes()));
    }

    @Override
    public Stream<ColumnWriter> data() {
      return Stream.of(strings.offsets(), strings.bytes());
    }
  }

  private static int noChildren(FlatBufferBuilder builder) {
    return Field.createChildrenVector(builder, new int[0]);
  }

  /** Returns the fields of an episode's table, infos only where there are any. */
  static List<ArrowField> table(DatasetDescription description, List<TableColumn> columns) {
    Iterator<TableColumn> next = columns.iterator();
    List<ArrowField> fields = new ArrayList<>();
    fields.add(field("observations", description.observationSpace(), false, next));
    fields.add(field("actions", description.actionSpace(), false, next));
    fields.add(new Scalar("rewards", DType.FLOAT64, next.next().rows()));
    fields.add(new Scalar("terminations", DType.BOOL, next.next().rows()));
    fields.add(new Scalar("truncations", DType.BOOL, next.next().rows()));
    if (next.hasNext()) {
      fields.add(field("infos", description.infoSpace(), true, next));
    }
    return fields;
  }

  private static ArrowField field(
      String name, Space space, boolean info, Iterator<TableColumn> columns) {
    return switch (space) {
      case Dict dict ->
          new Struct(
              name,
              dict.spaces().entrySet().stream()
                  .map(entry -> field(entry.getKey(), entry.getValue(), info, columns))
                  .toList());
      case Tuple tuple -> {
        List<ArrowField> children = new ArrayList<>();
        for (Space child : tuple.spaces()) {
          children.add(field(Integer.toString(children.size()), child, info, columns));
        }
        yield new Struct(name, children);
      }
      case Discrete _ -> new Scalar(name, DType.INT64, columns.next().rows());
      case Text _ -> {
        TableColumn.Strings strings = columns.next().strings();
        if (strings == null) {
          throw new IllegalStateException("text without strings");
        }
        yield new StringField(name, strings);
      }
      default -> {
        Leaf leaf = space.leaves().getFirst();
        ColumnWriter writer = columns.next().rows();
        // Minari stores info numbers as they are and every Box of a space as a list, of one if
        // need be.
        yield info && space instanceof Box && leaf.shape().isEmpty()
            ? new Scalar(name, leaf.dtype(), writer)
            : new Tensor(
                name,
                new Scalar("item", leaf.dtype(), writer),
                Math.toIntExact(leaf.elements()),
                info
                    ? leaf.shape().stream()
                        .map(extent -> Integer.toString(extent))
                        .collect(Collectors.joining(","))
                    : null);
      }
    };
  }
}
