package org.umwelt.agents.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32C;

/** A JSON object on one line whose last field is the checksum of the line without it. */
final class CheckedLine {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String CHECKSUM = "crc32c";
  private static final String FIELD = ",\"" + CHECKSUM + "\":\"";
  private static final int TAIL = FIELD.length() + 8 + "\"}".length();

  private CheckedLine() {}

  /** Adds the checksum to an object that is not empty, and returns the line. */
  static String of(ObjectNode node) {
    return node.put(CHECKSUM, checksum(node.toString())).toString();
  }

  /** Reads a line; empty where it is torn or damaged. */
  static Optional<ObjectNode> read(String line) {
    int end = line.length() - TAIL;
    if (end < 0 || !line.startsWith(FIELD, end) || !line.endsWith("\"}")) {
      return Optional.empty();
    }
    String sum = line.substring(end + FIELD.length(), line.length() - 2);
    if (!sum.equals(checksum(line.substring(0, end) + "}"))) {
      return Optional.empty();
    }
    try {
      ObjectNode node = MAPPER.readValue(line, ObjectNode.class);
      node.remove(CHECKSUM);
      return Optional.of(node);
    } catch (JsonProcessingException _) {
      return Optional.empty();
    }
  }

  private static String checksum(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return String.format("%08x", crc.getValue());
  }
}
