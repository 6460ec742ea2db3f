package org.umwelt.agents.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;
import org.umwelt.envs.Frame;

/**
 * A film read back by FFmpeg; colours by the BT.709 formula of ITU-R BT.709-6, limited range.
 *
 * @param codec FFmpeg's number of the codec
 * @param frames every frame
 * @param fps frames per second the container states
 * @param seconds length the container states
 */
record DecodedFilm(int codec, List<Frame> frames, double fps, double seconds) {
  static DecodedFilm read(Path file) {
    AVFormatContext container = new AVFormatContext(null);
    assertThat(avformat_open_input(container, file.toString(), null, (AVDictionary) null)).isZero();
    assertThat(avformat_find_stream_info(container, (AVDictionary) null)).isGreaterThanOrEqualTo(0);
    assertThat(container.nb_streams()).isEqualTo(1);
    AVStream stream = container.streams(0);
    AVCodec codec = avcodec_find_decoder(stream.codecpar().codec_id());
    AVCodecContext decoder = avcodec_alloc_context3(codec);
    avcodec_parameters_to_context(decoder, stream.codecpar());
    assertThat(avcodec_open2(decoder, codec, (AVDictionary) null)).isZero();
    AVPacket packet = av_packet_alloc();
    AVFrame picture = av_frame_alloc();
    List<Frame> frames = new ArrayList<>();
    boolean more = true;
    while (more) {
      more = av_read_frame(container, packet) >= 0;
      avcodec_send_packet(decoder, more ? packet : null);
      while (avcodec_receive_frame(decoder, picture) == 0) {
        frames.add(rgb(picture));
      }
    }
    DecodedFilm film =
        new DecodedFilm(
            stream.codecpar().codec_id(),
            frames,
            (double) stream.avg_frame_rate().num() / stream.avg_frame_rate().den(),
            container.duration() / 1e6);
    av_frame_free(picture);
    av_packet_free(packet);
    avcodec_free_context(decoder);
    avformat_close_input(container);
    return film;
  }

  private static Frame rgb(AVFrame picture) {
    int width = picture.width();
    int height = picture.height();
    byte[] rgb = new byte[width * height * 3];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double luma = (plane(picture, 0, x, y) - 16) / 219.0;
        double blue = (plane(picture, 1, x / 2, y / 2) - 128) / 224.0;
        double red = (plane(picture, 2, x / 2, y / 2) - 128) / 224.0;
        int at = (y * width + x) * 3;
        rgb[at] = level(luma + 1.5748 * red);
        rgb[at + 1] = level(luma - 0.1873 * blue - 0.4681 * red);
        rgb[at + 2] = level(luma + 1.8556 * blue);
      }
    }
    return new Frame(width, height, rgb);
  }

  private static int plane(AVFrame picture, int plane, int x, int y) {
    BytePointer bytes = picture.data(plane);
    return bytes.get((long) y * picture.linesize(plane) + x) & 0xFF;
  }

  private static byte level(double value) {
    return (byte) Math.round(255 * Math.clamp(value, 0, 1));
  }

  /** Peak signal-to-noise ratio between two frames in dB; infinite where they are equal. */
  static double psnr(Frame a, Frame b) {
    double squares = 0;
    for (int i = 0; i < a.rgb().length; i++) {
      double difference = (a.rgb()[i] & 0xFF) - (b.rgb()[i] & 0xFF);
      squares += difference * difference;
    }
    return 10 * Math.log10(255 * 255 / (squares / a.rgb().length));
  }
}
