package org.umwelt.kernels.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionsTest {
  @ParameterizedTest
  @CsvSource({
    "'', '', 0",
    "'', abc, 3",
    "kitten, sitting, 3",
    "ab, ba, 1",
    "abcd, acbd, 1",
    "ca, abc, 3"
  })
  void distanceCountsEditsAndAdjacentSwaps(String a, String b, int expected) {
    assertThat(Suggestions.distance(a, b)).isEqualTo(expected);
    assertThat(Suggestions.distance(b, a)).isEqualTo(expected);
  }

  @Test
  void theNearestNameIsSuggestedWhateverItsCase() {
    List<String> known = List.of("umwelt/Catch-v0", "umwelt/Bricks-v0", "ALE/Pong-v5");

    assertThat(Suggestions.nearest("umwelt/catc-v0", known)).contains("umwelt/Catch-v0");
    assertThat(Suggestions.didYouMean("ale/pogn-v5", known))
        .isEqualTo("; did you mean ALE/Pong-v5?");
  }

  @Test
  void nothingIsSuggestedWhereNothingIsNear() {
    assertThat(Suggestions.nearest("zebra", List.of("umwelt/Catch-v0"))).isEmpty();
    assertThat(Suggestions.didYouMean("zebra", List.of())).isEmpty();
  }

  @Test
  void aSharedNamespaceAndVersionMakeNothingNear() {
    assertThat(Suggestions.nearest("ALE/Combat-v5", List.of("ALE/Pooyan-v5"))).isEmpty();
    assertThat(Suggestions.nearest("ALE/Braekout-v5", List.of("ALE/Breakout-v5")))
        .contains("ALE/Breakout-v5");
  }
}
