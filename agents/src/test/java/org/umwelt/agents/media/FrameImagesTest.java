package org.umwelt.agents.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.umwelt.envs.Frame;

final class FrameImagesTest {
  @Test
  void pngDecodesToTheSameFrame() {
    Frame frame = TestFrames.noise(5, 37, 23);
    Frame decoded = FrameImages.fromPng(FrameImages.png(frame));
    assertThat(decoded.width()).isEqualTo(37);
    assertThat(decoded.height()).isEqualTo(23);
    assertThat(decoded.rgb()).isEqualTo(frame.rgb());
  }

  @Test
  void imageHoldsRedInTheHighByte() {
    Frame frame = new Frame(1, 1, new byte[] {(byte) 200, 72, 1});
    assertThat(FrameImages.toImage(frame).getRGB(0, 0)).isEqualTo(0xFFC84801);
  }

  @Test
  void enlargingRepeatsEveryPixelInBothDirections() {
    Frame frame = new Frame(2, 1, new byte[] {1, 2, 3, 4, 5, 6});
    assertThat(FrameImages.enlarge(frame, 2).rgb())
        .containsExactly(
            1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6, //
            1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6);
  }

  @Test
  void bytesThatAreNoPictureAreRefused() {
    assertThatThrownBy(() -> FrameImages.fromPng(new byte[] {1, 2, 3}))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
