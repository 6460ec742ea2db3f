package org.umwelt.envs.dataset;

import com.google.flatbuffers.FlatBufferBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flatbuf.Block;
import org.apache.arrow.flatbuf.BodyCompression;
import org.apache.arrow.flatbuf.BodyCompressionMethod;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.CompressionType;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.flatbuf.Schema;

/**
 * Puts an episode's compressed columns together into an Arrow IPC file with one record batch.
 *
 * <p>See the Arrow columnar format, version 1.5: file magic, schema, record batch, end of stream,
 * (our index), footer. Buffers are compressed with ZSTD, each with its plain size in front.
 */
final class ArrowFile {
  private static final byte[] MAGIC = "ARROW1".getBytes(StandardCharsets.US_ASCII);
  private static final int CONTINUATION = -1;
  private static final int ALIGNMENT = 8;

  private final List<ArrowField> fields;
  private final long rows;

  private ArrowFile(List<ArrowField> fields, long rows) {
    this.fields = fields;
    this.rows = rows;
  }

  /**
   * Writes an episode.
   *
   * @param file created
   * @param names the columns
   * @param columns a flushed writer per column, each with T + 1 rows
   */
  static void write(
      Path file,
      DatasetDescription description,
      byte[] packedDescription,
      List<Column> names,
      List<TableColumn> columns,
      EpisodeSummary summary)
      throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      new ArrowFile(ArrowField.table(description, columns), summary.steps() + 1L)
          .write(channel, packedDescription, names, columns, summary);
    }
  }

  private void write(
      FileChannel channel,
      byte[] packedDescription,
      List<Column> names,
      List<TableColumn> columns,
      EpisodeSummary summary)
      throws IOException {
    ByteBuffer schema = message(MessageHeader.Schema, 0);
    List<ColumnWriter> buffers = fields.stream().flatMap(ArrowField::data).toList();
    List<Long> offsets = new ArrayList<>();
    long bodyBytes = 0;
    for (ColumnWriter buffer : buffers) {
      offsets.add(bodyBytes);
      bodyBytes = align(bodyBytes + prefixed(buffer));
    }
    ByteBuffer batch = message(MessageHeader.RecordBatch, bodyBytes);
    ByteBuffer start = ByteBuffer.allocate(ALIGNMENT).put(MAGIC).position(0);
    long batchStart = (long) ALIGNMENT + schema.remaining();
    int batchBytes = batch.remaining();
    long bodyStart = batchStart + batchBytes;
    for (ByteBuffer bytes : List.of(start, schema, batch)) {
      ColumnWriter.writeFully(channel, bytes);
    }
    for (ColumnWriter buffer : buffers) {
      if (buffer.plainBytes() > 0) {
        ColumnWriter.writeFully(channel, little(Long.BYTES).putLong(0, buffer.plainBytes()));
        buffer.transferTo(channel);
        channel.position(align(channel.position()));
      }
    }
    channel.position(bodyStart + bodyBytes);
    ColumnWriter.writeFully(channel, little(ALIGNMENT).putInt(0, CONTINUATION));

    List<StoredColumn> stored = new ArrayList<>();
    for (int column = 0; column < columns.size(); column++) {
      ColumnWriter rowWriter = columns.get(column).rows();
      int buffer = buffers.indexOf(rowWriter);
      long offset = channel.position();
      if (buffer >= 0) {
        offset = bodyStart + offsets.get(buffer) + Long.BYTES;
      } else {
        rowWriter.transferTo(channel);
      }
      stored.add(rowWriter.stored(names.get(column).path(), offset));
    }
    ByteBuffer footer = footer(batchStart, batchBytes, bodyBytes);
    int footerBytes = footer.remaining();
    FileIndex index =
        new FileIndex(
            0,
            channel.position(),
            0,
            packedDescription,
            List.of(new FileIndex.Entry(summary, stored)));
    channel.position(index.start() + 2L * index.encode().length);
    ColumnWriter.writeFully(channel, footer);
    ColumnWriter.writeFully(channel, little(Integer.BYTES).putInt(0, footerBytes));
    ColumnWriter.writeFully(channel, ByteBuffer.wrap(MAGIC));
    index.write(channel);
  }

  private static long prefixed(ColumnWriter buffer) {
    return buffer.plainBytes() == 0 ? 0 : Long.BYTES + buffer.storedBytes();
  }

  private static long align(long offset) {
    return (offset + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns an encapsulated message: continuation, padded length, flat buffer, padding. */
  private ByteBuffer message(byte header, long bodyBytes) {
    FlatBufferBuilder builder = new FlatBufferBuilder(1 << 10);
    int content = header == MessageHeader.Schema ? schema(builder) : recordBatch(builder);
    Message.finishMessageBuffer(
        builder, Message.createMessage(builder, MetadataVersion.V5, header, content, bodyBytes, 0));
    ByteBuffer flat = builder.dataBuffer();
    int padded = (int) align(flat.remaining());
    ByteBuffer message = little(2 * Integer.BYTES + padded);
    message.putInt(CONTINUATION).putInt(padded).put(flat);
    return message.position(0);
  }

  private int schema(FlatBufferBuilder builder) {
    int[] children = fields.stream().mapToInt(field -> field.write(builder)).toArray();
    return Schema.createSchema(
        builder,
        ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? Endianness.Little : Endianness.Big,
        Schema.createFieldsVector(builder, children),
        0,
        0);
  }

  private int recordBatch(FlatBufferBuilder builder) {
    List<long[]> nodes = new ArrayList<>();
    List<ArrowField.BufferSlot> slots = new ArrayList<>();
    fields.forEach(field -> field.layOut(rows, nodes, slots));
    int compression =
        BodyCompression.createBodyCompression(
            builder, CompressionType.ZSTD, BodyCompressionMethod.BUFFER);
    RecordBatch.startNodesVector(builder, nodes.size());
    for (long[] node : nodes.reversed()) {
      FieldNode.createFieldNode(builder, node[0], 0);
    }
    int nodeVector = builder.endVector();
    long offset = 0;
    List<long[]> buffers = new ArrayList<>();
    for (ArrowField.BufferSlot slot : slots) {
      long bytes = slot.data() == null ? 0 : prefixed(slot.data());
      buffers.add(new long[] {offset, bytes});
      offset = align(offset + bytes);
    }
    RecordBatch.startBuffersVector(builder, buffers.size());
    for (long[] buffer : buffers.reversed()) {
      Buffer.createBuffer(builder, buffer[0], buffer[1]);
    }
    int bufferVector = builder.endVector();
    return RecordBatch.createRecordBatch(builder, rows, nodeVector, bufferVector, compression, 0);
  }

  private ByteBuffer footer(long batchStart, int batchBytes, long bodyBytes) {
    FlatBufferBuilder builder = new FlatBufferBuilder(1 << 10);
    int schema = schema(builder);
    Footer.startDictionariesVector(builder, 0);
    int dictionaries = builder.endVector();
    Footer.startRecordBatchesVector(builder, 1);
    Block.createBlock(builder, batchStart, batchBytes, bodyBytes);
    int batches = builder.endVector();
    Footer.finishFooterBuffer(
        builder,
        Footer.createFooter(builder, MetadataVersion.V5, schema, dictionaries, batches, 0));
    return builder.dataBuffer();
  }
}
