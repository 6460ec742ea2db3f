package org.umwelt.agents.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP9;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.umwelt.envs.Frame;
import org.umwelt.kernels.settings.BadRequestException;

final class FilmTest {
  @TempDir private Path folder;

  private static void write(Path file, ExportFormat format, int fps, int scale, List<Frame> frames)
      throws IOException {
    Film.Shape shape =
        new Film.Shape(frames.getFirst().width(), frames.getFirst().height(), fps, scale, 0);
    try (Film film = Film.start(file, format, shape)) {
      for (Frame frame : frames) {
        film.write(frame);
      }
      film.finish();
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"MP4", "WEBM"})
  void videoHoldsEveryFrameVisuallyLossless(ExportFormat format) throws IOException {
    List<Frame> frames = TestFrames.movingBlock(40, 50, 30);
    Path file = folder.resolve("a:b." + format.word());
    write(file, format, 15, 4, frames);

    DecodedFilm film = DecodedFilm.read(file);

    assertThat(film.codec())
        .isEqualTo(format == ExportFormat.MP4 ? AV_CODEC_ID_H264 : AV_CODEC_ID_VP9);
    assertThat(film.frames()).hasSize(40);
    assertThat(film.fps()).isEqualTo(15);
    assertThat(film.seconds()).isCloseTo(40 / 15.0, within(0.01));
    for (int t = 0; t < 40; t++) {
      assertThat(DecodedFilm.psnr(FrameImages.enlarge(frames.get(t), 4), film.frames().get(t)))
          .isGreaterThan(38);
    }
    assertThat(names()).containsExactly("a:b." + format.word());
  }

  @ParameterizedTest
  @EnumSource(names = {"MP4", "WEBM"})
  void videoOfOddSizeIsRefusedWithTheMend(ExportFormat format) throws IOException {
    assertThatThrownBy(
            () -> write(folder.resolve("x"), format, 15, 1, TestFrames.movingBlock(1, 51, 30)))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("51x30 is odd: give --scale an even number");
    assertThat(names()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"MP4", "WEBM", "GIF", "PNG"})
  void abandonedFilmLeavesNothing(ExportFormat format) throws IOException {
    try (Film film = Film.start(folder.resolve("film"), format, new Film.Shape(50, 30, 15, 2, 0))) {
      film.write(TestFrames.movingBlock(1, 50, 30).getFirst());
    }
    assertThat(names()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"MP4", "WEBM", "GIF"})
  void framesOfAnotherSizeAreRefused(ExportFormat format) throws IOException {
    try (Film film = Film.start(folder.resolve("film"), format, new Film.Shape(50, 30, 15, 2, 0))) {
      film.write(TestFrames.movingBlock(1, 50, 30).getFirst());
      Frame turned = TestFrames.movingBlock(1, 30, 50).getFirst();
      assertThatThrownBy(() -> film.write(turned))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("expected frames of 50x30, got 30x50");
    }
  }

  @Test
  void gifHoldsEveryFrameExactlyWithDelaysThatAddUp() throws IOException {
    List<Frame> frames = new ArrayList<>(TestFrames.movingBlock(30, 50, 30));
    frames.add(frames.getLast());
    Path file = folder.resolve("film.gif");
    write(file, ExportFormat.GIF, 15, 2, frames);

    List<Integer> delays = new ArrayList<>();
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
      reader.setInput(in);
      assertThat(reader.getNumImages(true)).isEqualTo(31);
      BufferedImage canvas = new BufferedImage(100, 60, BufferedImage.TYPE_INT_RGB);
      Graphics2D graphics = canvas.createGraphics();
      for (int t = 0; t < 31; t++) {
        IIOMetadataNode root =
            (IIOMetadataNode) reader.getImageMetadata(t).getAsTree("javax_imageio_gif_image_1.0");
        IIOMetadataNode control =
            (IIOMetadataNode) root.getElementsByTagName("GraphicControlExtension").item(0);
        IIOMetadataNode place =
            (IIOMetadataNode) root.getElementsByTagName("ImageDescriptor").item(0);
        delays.add(Integer.parseInt(control.getAttribute("delayTime")));
        graphics.drawImage(
            reader.read(t),
            Integer.parseInt(place.getAttribute("imageLeftPosition")),
            Integer.parseInt(place.getAttribute("imageTopPosition")),
            null);
        assertThat(FrameImages.toFrame(canvas).rgb())
            .isEqualTo(FrameImages.enlarge(frames.get(t), 2).rgb());
        if (t == 0) {
          IIOMetadataNode loop =
              (IIOMetadataNode) root.getElementsByTagName("ApplicationExtension").item(0);
          assertThat(loop.getAttribute("applicationID")).isEqualTo("NETSCAPE");
          assertThat((byte[]) loop.getUserObject()).containsExactly(1, 0, 0);
        }
      }
    }
    assertThat(delays.subList(0, 6)).containsExactly(7, 6, 7, 7, 6, 7);
    assertThat(delays.stream().mapToInt(Integer::intValue).sum())
        .isEqualTo(Math.round(31 * 100f / 15));
  }

  @Test
  void gifOfUnchangedFramesCostsFewBytesPerFrame() throws IOException {
    Frame noise = TestFrames.noise(3, 16, 16);
    Path one = folder.resolve("one.gif");
    Path many = folder.resolve("many.gif");
    write(one, ExportFormat.GIF, 10, 4, List.of(noise));
    write(many, ExportFormat.GIF, 10, 4, java.util.Collections.nCopies(21, noise));
    assertThat((Files.size(many) - Files.size(one)) / 20).isLessThan(60);
  }

  @Test
  void pngFolderIsNumberedByStepAndReplacesOnlyItsLike() throws IOException {
    List<Frame> frames = TestFrames.movingBlock(3, 20, 16);
    Path out = folder.resolve("frames");
    Film.Shape shape = new Film.Shape(20, 16, 15, 1, 7);
    for (int round = 0; round < 2; round++) {
      try (Film film = Film.start(out, ExportFormat.PNG, shape)) {
        for (Frame frame : frames) {
          film.write(frame);
        }
        film.finish();
      }
    }
    try (Stream<Path> files = Files.list(out)) {
      assertThat(files.map(file -> file.getFileName().toString()).sorted())
          .containsExactly("000007.png", "000008.png", "000009.png");
    }
    assertThat(FrameImages.fromPng(Files.readAllBytes(out.resolve("000009.png"))).rgb())
        .isEqualTo(frames.get(2).rgb());

    Files.writeString(out.resolve("thesis.tex"), "work of years");
    assertThatThrownBy(() -> Film.start(out, ExportFormat.PNG, shape))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("holds thesis.tex, which is no exported frame");
    assertThat(out.resolve("000007.png")).exists();
  }

  @Test
  void defaultScaleIsEvenForVideo() {
    assertThat(Film.defaultScale(ExportFormat.MP4, 160, 210)).isEqualTo(2);
    assertThat(Film.defaultScale(ExportFormat.WEBM, 64, 64)).isEqualTo(6);
    assertThat(Film.defaultScale(ExportFormat.MP4, 84, 84)).isEqualTo(4);
    assertThat(Film.defaultScale(ExportFormat.MP4, 1920, 1080)).isEqualTo(2);
    assertThat(Film.defaultScale(ExportFormat.GIF, 160, 210)).isEqualTo(1);
    assertThat(Film.defaultScale(ExportFormat.PNG, 64, 64)).isEqualTo(1);
  }
}
