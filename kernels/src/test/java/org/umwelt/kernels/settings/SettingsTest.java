package org.umwelt.kernels.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
  private static final List<Setting> DECLARED =
      List.of(
          Setting.integer("lives", 3, 1, 9, "Lives."),
          Setting.number("speed", 1.5, 0, 4, "Speed."),
          Setting.bool("sound", false, "Sound."),
          Setting.choice("colour", "red", List.of("red", "blue"), "Colour."),
          Setting.text("title", "", "Title."));

  private static Settings settings(Map<String, String> given) {
    return new Settings("game", DECLARED, given);
  }

  @Test
  void defaultsHoldWhereNothingIsGiven() {
    Settings settings = settings(Map.of());

    assertThat(settings.integer("lives")).isEqualTo(3);
    assertThat(settings.intValue("lives")).isEqualTo(3);
    assertThat(settings.number("speed")).isEqualTo(1.5);
    assertThat(settings.bool("sound")).isFalse();
    assertThat(settings.text("colour")).isEqualTo("red");
    assertThat(settings.text("title")).isEmpty();
    assertThat(settings.isGiven("lives")).isFalse();
    assertThat(settings.resolved().keySet())
        .containsExactly("lives", "speed", "sound", "colour", "title");
  }

  @Test
  void givenValuesReplaceDefaults() {
    Settings settings = settings(Map.of("sound", "true", "lives", "9", "speed", "0.25"));

    assertThat(settings.integer("lives")).isEqualTo(9);
    assertThat(settings.number("speed")).isEqualTo(0.25);
    assertThat(settings.bool("sound")).isTrue();
    assertThat(settings.isGiven("lives")).isTrue();
    assertThat(settings.given()).hasSize(3);
    assertThat(settings.join("&")).isEqualTo("lives=9&sound=true&speed=0.25");
  }

  @ParameterizedTest
  @CsvSource({
    "lives, 0, 'game: lives must be a whole number from 1 to 9, got 0'",
    "lives, 10, 'game: lives must be a whole number from 1 to 9, got 10'",
    "lives, 2.5, 'game: lives must be a whole number from 1 to 9, got 2.5'",
    "speed, NaN, 'game: speed must be a number from 0.0 to 4.0, got NaN'",
    "speed, fast, 'game: speed must be a number from 0.0 to 4.0, got fast'",
    "sound, yes, 'game: sound must be true or false, got yes'",
    "colour, green, 'game: colour must be one of red, blue, got green'",
    "live, 1, 'game: unknown setting live; did you mean lives? (it takes lives, speed, sound, colour, title)'",
    "zzzzzz, 1, 'game: unknown setting zzzzzz (it takes lives, speed, sound, colour, title)'"
  })
  void wrongValuesAreRefusedInOneLine(String name, String value, String message) {
    assertThatThrownBy(() -> settings(Map.of(name, value)))
        .isInstanceOf(BadRequestException.class)
        .hasMessage(message);
  }

  @Test
  void wordsAreParsedInOrderAndAnEqualsSignMayStandInAValue() {
    assertThat(Settings.parse("x", List.of("b=1", "a=p=q", "c=")).entrySet())
        .extracting(entry -> entry.getKey() + ":" + entry.getValue())
        .containsExactly("b:1", "a:p=q", "c:");
  }

  @ParameterizedTest
  @CsvSource({"lives", "=3", "''"})
  void wordsWithoutANameAndAnEqualsSignAreRefused(String word) {
    assertThatThrownBy(() -> Settings.parse("x", List.of(word)))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("expected name=value");
  }

  @Test
  void aNameGivenTwiceIsRefused() {
    assertThatThrownBy(() -> Settings.parse("x", List.of("a=1", "a=1")))
        .isInstanceOf(BadRequestException.class)
        .hasMessage("x: a is given twice");
  }

  @Test
  void askingForAnUndeclaredSettingIsAProgrammingError() {
    assertThatThrownBy(() -> settings(Map.of()).text("nothing"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
