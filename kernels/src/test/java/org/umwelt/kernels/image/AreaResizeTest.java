package org.umwelt.kernels.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class AreaResizeTest {
  private static byte[] oraclePicture() {
    byte[] picture = new byte[210 * 160];
    for (int y = 0, i = 0; y < 210; y++) {
      for (int x = 0; x < 160; x++) {
        picture[i++] = (byte) (7 * y + 13 * x + (x * y) % 17);
      }
    }
    return picture;
  }

  @Test
  void wholeScaleIsThePlainMean() {
    byte[] output = new byte[2];
    new AreaResize(4, 2, 2, 1).resize(new byte[] {1, 2, 10, 20, 3, 6, 30, 41}, output);
    assertThat(output).containsExactly(3, 25);
  }

  @Test
  void partlyCoveredPixelsCountByTheirShare() {
    byte[] output = new byte[2];
    // 3 to 2: (90 + 30/2) / 1.5 = 70 and (30/2 + 60) / 1.5 = 50.
    new AreaResize(3, 1, 2, 1).resize(new byte[] {90, 30, 60}, output);
    assertThat(output).containsExactly(70, 50);
  }

  @Test
  void equalsOpenCvOnTheOraclePicture() {
    byte[] output = new byte[84 * 84];
    new AreaResize(160, 210, 84, 84).resize(oraclePicture(), output);
    CRC32 crc = new CRC32();
    crc.update(output);
    assertThat(crc.getValue()).isEqualTo(0x5f09630cL);
  }

  @Test
  void constantPicturesStayConstant() {
    for (int value : new int[] {0, 1, 127, 254, 255}) {
      byte[] picture = new byte[160 * 250];
      Arrays.fill(picture, (byte) value);
      byte[] output = new byte[84 * 84];
      new AreaResize(160, 250, 84, 84).resize(picture, output);
      assertThat(output).containsOnly(value);
    }
  }

  @Test
  void givingOnlyChangedRowsEqualsGivingAll() {
    byte[] picture = oraclePicture();
    byte[] output = new byte[84 * 84];
    AreaResize sparse = new AreaResize(160, 210, 84, 84);
    sparse.resize(picture, output);
    for (int y = 3; y < 210; y += 23) {
      picture[y * 160 + y % 160] += (byte) 77;
      sparse.putRow(y, picture, y * 160);
      new AreaResize(160, 210, 84, 84).resize(picture, output);
      assertThat(sparse.result()).isEqualTo(output);
    }
  }
}
