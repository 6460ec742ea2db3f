package org.umwelt.viewer.plots;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ColorScaleTest {
  private static double lightness(int argb) {
    return 0.2126 * ((argb >> 16) & 0xff) + 0.7152 * ((argb >> 8) & 0xff) + 0.0722 * (argb & 0xff);
  }

  private static ColorScale scale(boolean dark) {
    return ColorScale.of(dark ? Palette.DARK : Palette.LIGHT);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void belowIsBlueAboveIsRed(boolean dark) {
    for (double value = 0.2; value <= 0.8; value += 0.1) {
      int above = scale(dark).argb(value);
      int below = scale(dark).argb(-value);
      assertThat((above >> 16) & 0xff).isGreaterThan(above & 0xff);
      assertThat(below & 0xff).isGreaterThan((below >> 16) & 0xff);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void lightnessGoesOneWayFromTheMiddleOutwards(boolean dark) {
    int sign = dark ? 1 : -1;
    for (int side = -1; side <= 1; side += 2) {
      double last = lightness(scale(dark).argb(0));
      for (double value = 0.02; value <= 1; value += 0.02) {
        double next = lightness(scale(dark).argb(side * value));
        assertThat(sign * (next - last)).isGreaterThanOrEqualTo(0);
        last = next;
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsBeyondTheScaleHasTheColourOfItsEnd(boolean dark) {
    assertThat(scale(dark).argb(7)).isEqualTo(scale(dark).argb(1));
    assertThat(scale(dark).argb(-7)).isEqualTo(scale(dark).argb(-1));
    assertThat(scale(dark).argb(Double.NaN)).isEqualTo(0xff808080);
  }
}
