package org.umwelt.agents.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.umwelt.envs.Frame;

final class StripTest {
  private static Frame plain(int width, int height, int level) {
    byte[] rgb = new byte[width * height * 3];
    Arrays.fill(rgb, (byte) level);
    return new Frame(width, height, rgb);
  }

  private static int pixel(Frame frame, int x, int y) {
    int at = (y * frame.width() + x) * 3;
    return ((frame.rgb()[at] & 0xFF) << 16)
        | ((frame.rgb()[at + 1] & 0xFF) << 8)
        | (frame.rgb()[at + 2] & 0xFF);
  }

  /** Whether anything but white stands in the rectangle. */
  private static boolean inked(Frame frame, int left, int top, int width, int height) {
    for (int y = top; y < top + height; y++) {
      for (int x = left; x < left + width; x++) {
        if (pixel(frame, x, y) != 0xFFFFFF) {
          return true;
        }
      }
    }
    return false;
  }

  @Test
  void cellsStandInAGridWithCaptionsBelow() {
    List<Strip.Cell> cells =
        List.of(
            new Strip.Cell(plain(30, 20, 10), 0, 0),
            new Strip.Cell(plain(30, 20, 20), 5, 1),
            new Strip.Cell(plain(30, 20, 30), 10, 0));
    Frame sheet = Strip.sheet(List.of(new Strip.Row("", cells, 2, 2)));

    // Margin 12, cells of 60x40 with 18 for the caption, gap 8.
    assertThat(sheet.width()).isEqualTo(12 + 60 + 8 + 60 + 12);
    assertThat(sheet.height()).isEqualTo(12 + 58 + 8 + 58 + 12);
    assertThat(pixel(sheet, 11, 12)).isEqualTo(0xFFFFFF);
    assertThat(pixel(sheet, 12, 12)).isEqualTo(0x0A0A0A);
    assertThat(pixel(sheet, 71, 51)).isEqualTo(0x0A0A0A);
    assertThat(pixel(sheet, 72, 51)).isEqualTo(0xFFFFFF);
    assertThat(pixel(sheet, 80, 12)).isEqualTo(0x141414);
    assertThat(pixel(sheet, 12, 78)).isEqualTo(0x1E1E1E);
    assertThat(inked(sheet, 80, 78, 60, 58)).isFalse();
    assertThat(inked(sheet, 12, 54, 48, 16)).isTrue();
    assertThat(inked(sheet, 60, 54, 12, 16)).isFalse();
    assertThat(inked(sheet, 80, 54, 8, 16)).isTrue();
    assertThat(inked(sheet, 88, 54, 36, 16)).isFalse();
    assertThat(inked(sheet, 124, 54, 16, 16)).isTrue();
  }

  @Test
  void rowsStandBelowEachOtherInCommonColumnsUnderTheirTitles() {
    Strip.Row small =
        new Strip.Row(
            "ab",
            List.of(new Strip.Cell(plain(20, 20, 1), 0, 0), new Strip.Cell(plain(20, 20, 3), 9, 0)),
            2,
            1);
    Strip.Row large =
        new Strip.Row("a title", List.of(new Strip.Cell(plain(50, 40, 2), 0, 0)), 1, 2);
    Frame sheet = Strip.sheet(List.of(small, large));

    assertThat(sheet.width()).isEqualTo(12 + 108 + 20 + 12);
    assertThat(sheet.height()).isEqualTo(12 + (20 + 38) + 16 + (20 + 98) + 12);
    assertThat(inked(sheet, 12, 12, 16, 16)).isTrue();
    assertThat(inked(sheet, 28, 12, 120, 16)).isFalse();
    assertThat(pixel(sheet, 12, 32)).isEqualTo(0x010101);
    assertThat(pixel(sheet, 120, 32)).isEqualTo(0x030303);
    assertThat(pixel(sheet, 12, 106)).isEqualTo(0x020202);
  }

  @Test
  void narrowCellsKeepTheRewardAndDropTheStep() {
    List<Strip.Cell> cells = List.of(new Strip.Cell(plain(24, 20, 0), 100, 1));
    Frame sheet = Strip.sheet(List.of(new Strip.Row("", cells, 1, 1)));
    assertThat(inked(sheet, 12, 34, 8, 16)).isFalse();
    assertThat(inked(sheet, 20, 34, 16, 16)).isTrue();
  }

  @Test
  void stepsAreSpreadEvenlyWithBothEnds() {
    assertThat(Strip.evenly(0, 100, 5)).containsExactly(0, 25, 50, 75, 100);
    assertThat(Strip.evenly(3, 10, 3)).containsExactly(3, 7, 10);
    assertThat(Strip.evenly(3, 5, 9)).containsExactly(3, 4, 5);
    assertThat(Strip.evenly(3, 9, 1)).containsExactly(3);
    assertThat(Strip.everyStep(3, 10, 3)).containsExactly(3, 6, 9);
    assertThat(Strip.everyStep(3, 10, Integer.MAX_VALUE)).containsExactly(3);
  }

  @Test
  void rewardsAreWrittenWithTheirSign() {
    assertThat(Strip.signed(1)).isEqualTo("+1");
    assertThat(Strip.signed(-0.25)).isEqualTo("-0.25");
    assertThat(Strip.signed(0.1 + 0.2)).isEqualTo("+0.3");
  }
}
