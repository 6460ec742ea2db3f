package org.umwelt.agents.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.umwelt.kernels.settings.BadRequestException;

/**
 * A YAML file of settings: nested maps, whose keys joined by dots are the names, and one value
 * each.
 *
 * <p>Values are taken as they are written, so that {@code 1e-4} and {@code 007} reach the setting's
 * own check.
 */
public final class SettingsFile {
  private static final YAMLFactory YAML = new YAMLFactory();

  private final Path file;
  private final SequencedMap<String, String> values = new LinkedHashMap<>();

  private SettingsFile(Path file) {
    this.file = file;
  }

  /**
   * Reads a file.
   *
   * @return values by name, in the order of the file
   * @throws BadRequestException where it cannot be read or holds something else
   */
  public static SequencedMap<String, String> read(Path file) {
    SettingsFile settings = new SettingsFile(file);
    try (YAMLParser parser = YAML.createParser(Files.readString(file))) {
      JsonToken first = parser.nextToken();
      if (first == JsonToken.START_OBJECT) {
        settings.map(parser, "");
        first = parser.nextToken();
      }
      if (first != null) {
        throw settings.wrong(parser, "expected one map of settings");
      }
    } catch (JsonProcessingException e) {
      throw new BadRequestException(
          "%s is not YAML: %s".formatted(file, e.getOriginalMessage().strip()), e);
    } catch (IOException e) {
      throw new BadRequestException("cannot read the settings in %s (%s)".formatted(file, e), e);
    }
    return settings.values;
  }

  private void map(YAMLParser parser, String prefix) throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = prefix + parser.currentName();
      JsonToken token = parser.nextToken();
      if (token == JsonToken.START_OBJECT) {
        map(parser, name + ".");
      } else if (!token.isScalarValue()
          || token == JsonToken.VALUE_NULL
          || parser.isCurrentAlias()) {
        throw wrong(parser, "expected a value of %s or a map below it".formatted(name));
      } else if (values.put(name, parser.getText()) != null) {
        throw wrong(parser, "%s is given twice".formatted(name));
      }
    }
  }

  private BadRequestException wrong(YAMLParser parser, String message) {
    return new BadRequestException(
        "%s:%d: %s".formatted(file, parser.currentTokenLocation().getLineNr(), message));
  }
}
