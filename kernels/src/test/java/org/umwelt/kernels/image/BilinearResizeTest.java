package org.umwelt.kernels.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.umwelt.kernels.random.RandomStream;

class BilinearResizeTest {
  private static byte[] oraclePicture() {
    byte[] picture = new byte[210 * 160 * 3];
    for (int y = 0, i = 0; y < 210; y++) {
      for (int x = 0; x < 160; x++) {
        for (int c = 0; c < 3; c++) {
          picture[i++] = (byte) (7 * y + 13 * x + 101 * c + (x * y) % 17);
        }
      }
    }
    return picture;
  }

  private static int[] pixel(byte[] picture, int y, int x) {
    int at = (y * 64 + x) * 3;
    return new int[] {picture[at] & 0xFF, picture[at + 1] & 0xFF, picture[at + 2] & 0xFF};
  }

  @Test
  void equalsPillowOnTheOraclePicture() {
    byte[] output = new byte[64 * 64 * 3];
    new BilinearResize(160, 210, 64, 64, 3).resize(oraclePicture(), output);
    long sum = 0;
    for (byte value : output) {
      sum += value & 0xFF;
    }
    assertThat(sum).isEqualTo(1_564_729);
    assertThat(pixel(output, 0, 0)).containsExactly(25, 126, 219);
    assertThat(pixel(output, 10, 20)).containsExactly(133, 205, 79);
    assertThat(pixel(output, 31, 5)).containsExactly(131, 205, 77);
    assertThat(pixel(output, 63, 63)).containsExactly(188, 38, 134);
  }

  @Test
  void channelsAreResizedIndependently() {
    byte[] colour = oraclePicture();
    byte[] together = new byte[64 * 64 * 3];
    new BilinearResize(160, 210, 64, 64, 3).resize(colour, together);
    BilinearResize single = new BilinearResize(160, 210, 64, 64, 1);
    for (int c = 0; c < 3; c++) {
      byte[] plane = new byte[210 * 160];
      for (int i = 0; i < plane.length; i++) {
        plane[i] = colour[i * 3 + c];
      }
      byte[] output = new byte[64 * 64];
      single.resize(plane, output);
      for (int i = 0; i < output.length; i++) {
        assertThat(output[i]).isEqualTo(together[i * 3 + c]);
      }
    }
  }

  @Test
  void sameSizeIsTheIdentity() {
    byte[] picture = oraclePicture();
    byte[] output = new byte[picture.length];
    new BilinearResize(160, 210, 160, 210, 3).resize(picture, output);
    assertThat(output).isEqualTo(picture);
  }

  @Test
  void constantPicturesStayConstant() {
    for (int[] size : new int[][] {{160, 210, 64, 64}, {7, 3, 19, 41}, {160, 250, 84, 84}}) {
      byte[] picture = new byte[size[0] * size[1] * 2];
      Arrays.fill(picture, (byte) 255);
      byte[] output = new byte[size[2] * size[3] * 2];
      new BilinearResize(size[0], size[1], size[2], size[3], 2).resize(picture, output);
      assertThat(output).containsOnly(255);
    }
  }

  @Test
  void givingOnlyChangedRowsEqualsGivingAll() {
    RandomStream random = new RandomStream(5);
    byte[] picture = oraclePicture();
    BilinearResize sparse = new BilinearResize(160, 210, 64, 64, 3);
    byte[] output = new byte[64 * 64 * 3];
    sparse.resize(picture, output);
    for (int round = 0; round < 20; round++) {
      int y = random.nextInt(210);
      picture[y * 480 + random.nextInt(480)] += (byte) 90;
      sparse.putRow(y, picture, y * 480);
      new BilinearResize(160, 210, 64, 64, 3).resize(picture, output);
      assertThat(sparse.result()).isEqualTo(output);
    }
  }
}
