package org.umwelt.kernels.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.umwelt.kernels.settings.BadRequestException;

/**
 * The JSON header of a safetensors file: for every tensor its type, shape and place in the data.
 *
 * @param entries entries by name, in the order of the header
 * @param metadata remarks by name
 */
record SafetensorsHeader(SequencedMap<String, Entry> entries, Map<String, String> metadata) {
  /** Name of the header's entry that holds the remarks. */
  static final String METADATA = "__metadata__";

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /**
   * One tensor.
   *
   * @param type type of the elements
   * @param shape dimensions, outermost first
   * @param begin where its data begins, in bytes from the end of the header
   * @param end where its data ends
   */
  record Entry(ElementType type, List<Long> shape, long begin, long end) {}

  /** Returns the header as UTF-8, padded with spaces to a multiple of 8 bytes. */
  byte[] toBytes() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart(METADATA);
        for (var remark : metadata.entrySet()) {
          json.writeStringField(remark.getKey(), remark.getValue());
        }
        json.writeEndObject();
      }
      for (var named : entries.entrySet()) {
        Entry entry = named.getValue();
        json.writeObjectFieldStart(named.getKey());
        json.writeStringField("dtype", entry.type.name());
        writeLongs(json, "shape", entry.shape);
        writeLongs(json, "data_offsets", List.of(entry.begin, entry.end));
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    while (bytes.size() % Long.BYTES != 0) {
      bytes.write(' ');
    }
    return bytes.toByteArray();
  }

  private static void writeLongs(JsonGenerator json, String name, List<Long> values)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (long value : values) {
      json.writeNumber(value);
    }
    json.writeEndArray();
  }

  /**
   * Reads a header and checks it against the length of the data behind it.
   *
   * @throws BadRequestException where it is no header, or its tensors do not fill the data exactly
   */
  static SafetensorsHeader read(Path file, ByteBuffer utf8, long dataBytes) throws IOException {
    SafetensorsHeader header = new Reader(file).read(utf8);
    long filled = 0;
    List<Map.Entry<String, Entry>> inOrder = new ArrayList<>(header.entries.entrySet());
    inOrder.sort(
        Comparator.comparingLong((Map.Entry<String, Entry> named) -> named.getValue().begin)
            .thenComparingLong(named -> named.getValue().end));
    for (var named : inOrder) {
      Entry entry = named.getValue();
      if (entry.begin != filled) {
        throw Refusal.of(
            file,
            named.getKey(),
            "expected data from byte %d on, where the tensor before it ends, found %d (%s)"
                .formatted(filled, entry.begin, entry.begin < filled ? "an overlap" : "a hole"));
      }
      filled = entry.end;
      if (filled > dataBytes) {
        throw Refusal.of(
            file,
            named.getKey(),
            "expected data up to byte %d, found %d bytes; the file is cut short, copy it again"
                .formatted(filled, dataBytes));
      }
    }
    if (filled != dataBytes) {
      throw Refusal.of(
          file,
          "expected %d bytes of tensors, found %d; the rest belongs to no tensor"
              .formatted(filled, dataBytes));
    }
    return header;
  }

  /** Reads the JSON of one file's header. */
  private record Reader(Path file) {
    SafetensorsHeader read(ByteBuffer utf8) throws IOException {
      try (JsonParser json =
          JSON.createParser(StandardCharsets.UTF_8.newDecoder().decode(utf8).toString())) {
        expect(json.nextToken(), JsonToken.START_OBJECT, "an object as header");
        SequencedMap<String, Entry> entries = new LinkedHashMap<>();
        Map<String, String> metadata = new TreeMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          String name = json.currentName();
          if (name.equals(METADATA)) {
            readMetadata(json, metadata);
          } else {
            entries.put(name, readEntry(json, name));
          }
        }
        if (json.nextToken() != null) {
          throw Refusal.of(file, "expected only spaces after the header's object");
        }
        return new SafetensorsHeader(entries, metadata);
      } catch (CharacterCodingException e) {
        throw Refusal.of(file, "expected a header in UTF-8; is this a safetensors file?", e);
      } catch (JsonProcessingException e) {
        throw Refusal.of(
            file, "expected a header in JSON: " + Refusal.word(e.getOriginalMessage()), e);
      }
    }

    private void readMetadata(JsonParser json, Map<String, String> metadata) throws IOException {
      expect(json.nextToken(), JsonToken.START_OBJECT, "an object as " + METADATA);
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        expect(json.nextToken(), JsonToken.VALUE_STRING, "text for each name of " + METADATA);
        metadata.put(name, json.getText());
      }
    }

    private Entry readEntry(JsonParser json, String name) throws IOException {
      expect(json.nextToken(), JsonToken.START_OBJECT, "an object for entry " + Refusal.word(name));
      ElementType type = null;
      List<Long> shape = null;
      List<Long> offsets = null;
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        switch (json.currentName()) {
          case "dtype" -> type = readType(json, name);
          case "shape" -> shape = readLongs(json, name);
          case "data_offsets" -> offsets = readLongs(json, name);
          default -> {
            json.nextToken();
            json.skipChildren();
          }
        }
      }
      if (type == null || shape == null || offsets == null || offsets.size() != 2) {
        throw Refusal.of(file, name, "expected dtype, shape and two data_offsets");
      }
      Entry entry = new Entry(type, shape, offsets.getFirst(), offsets.getLast());
      if (entry.end - entry.begin != bytes(entry, name)) {
        throw Refusal.of(
            file,
            name,
            "expected %d bytes for %s %s, found data_offsets %s"
                .formatted(bytes(entry, name), type, shape, offsets));
      }
      return entry;
    }

    private long bytes(Entry entry, String name) {
      try {
        return entry.type.bytes(entry.shape);
      } catch (ArithmeticException e) {
        throw Refusal.of(file, name, "no file holds a tensor of shape " + entry.shape);
      }
    }

    private ElementType readType(JsonParser json, String name) throws IOException {
      expect(json.nextToken(), JsonToken.VALUE_STRING, "text as dtype of " + Refusal.word(name));
      for (ElementType type : ElementType.values()) {
        if (type.name().equals(json.getText())) {
          return type;
        }
      }
      throw Refusal.of(
          file,
          name,
          "expected a dtype of %s, found %s"
              .formatted(List.of(ElementType.values()), Refusal.word(json.getText())));
    }

    private List<Long> readLongs(JsonParser json, String name) throws IOException {
      expect(json.nextToken(), JsonToken.START_ARRAY, "lists of numbers in " + Refusal.word(name));
      List<Long> values = new ArrayList<>();
      while (json.nextToken() != JsonToken.END_ARRAY) {
        expect(
            json.currentToken(), JsonToken.VALUE_NUMBER_INT, "integers in " + Refusal.word(name));
        if (json.getLongValue() < 0) {
          throw Refusal.of(file, name, "expected no negative number, found " + json.getText());
        }
        values.add(json.getLongValue());
      }
      return values;
    }

    private void expect(@Nullable JsonToken found, JsonToken wanted, String what) {
      if (found != wanted) {
        throw Refusal.of(
            file, "expected %s, found %s in the header".formatted(what, describe(found)));
      }
    }

    private static String describe(@Nullable JsonToken token) {
      return token == null
          ? "nothing"
          : switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "a list";
            case VALUE_STRING -> "text";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "a truth value";
            case VALUE_NULL -> "null";
            default -> "something else";
          };
    }
  }
}
