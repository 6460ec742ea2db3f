package org.umwelt.agents.media;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_rescale_ts;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_from_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avformat.AVFMT_GLOBALHEADER;
import static org.bytedeco.ffmpeg.global.avformat.AVIO_FLAG_WRITE;
import static org.bytedeco.ffmpeg.global.avformat.av_interleaved_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_trailer;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_output_context2;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_new_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_write_header;
import static org.bytedeco.ffmpeg.global.avformat.avio_close;
import static org.bytedeco.ffmpeg.global.avformat.avio_open;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_PRI_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_MPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_TRC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_ERROR;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.av_make_q;
import static org.bytedeco.ffmpeg.global.avutil.av_opt_set;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;
import static org.bytedeco.ffmpeg.global.swscale.SWS_ACCURATE_RND;
import static org.bytedeco.ffmpeg.global.swscale.SWS_CS_ITU709;
import static org.bytedeco.ffmpeg.global.swscale.SWS_POINT;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCoefficients;
import static org.bytedeco.ffmpeg.global.swscale.sws_getContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale_frame;
import static org.bytedeco.ffmpeg.global.swscale.sws_setColorspaceDetails;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.jspecify.annotations.Nullable;
import org.umwelt.envs.Frame;
import org.umwelt.kernels.files.AtomicFile;
import org.umwelt.kernels.settings.BadRequestException;

/**
 * A film in an MP4 (H.264 by OpenH264) or WebM (VP9) file, yuv420p, BT.709.
 *
 * <p>FFmpeg's libraries are called in this process: the program of the same distribution would need
 * libpulse, libasound and libxcb on the machine, the libraries do not.
 *
 * <p>Chroma is held at half the resolution, so colours are as sharp as the pixels where the scale
 * is even. Quantisers are bounded low enough that no difference is seen.
 */
final class VideoFilm implements Film {
  private static final String H264 = "libopenh264";
  private static final String VP9 = "libvpx-vp9";

  private final Path file;
  private final Path partial;
  private final int scale;
  private final int width;
  private final int height;
  private final AVFormatContext container;
  private final AVCodecContext encoder;
  private final AVStream stream;
  private final AVRational frameTime;
  private final AVFrame source;
  private final AVFrame picture;
  private final AVPacket packet;
  private final SwsContext converter;
  private @Nullable AVIOContext output;
  private long frames;
  private boolean closed;

  /** Starts a film; format is MP4 or WEBM. */
  VideoFilm(Path file, ExportFormat format, Shape shape) throws IOException {
    this.file = file;
    this.partial = AtomicFile.partial(file);
    this.scale = shape.scale();
    this.width = shape.width() * scale;
    this.height = shape.height() * scale;
    int fps = shape.fps();
    if (width % 2 != 0 || height % 2 != 0) {
      throw new BadRequestException(
          "%s needs even sizes, %dx%d is odd: give --scale an even number"
              .formatted(format.word(), width, height));
    }
    av_log_set_level(AV_LOG_ERROR);
    boolean webm = format == ExportFormat.WEBM;
    String encoderName = webm ? VP9 : H264;
    AVCodec codec = avcodec_find_encoder_by_name(encoderName);
    if (codec == null) {
      throw new IOException("this FFmpeg has no encoder " + encoderName);
    }
    // With its protocol named, a colon in the path is a colon.
    String url = "file:" + partial;
    container = new AVFormatContext(null);
    check(
        avformat_alloc_output_context2(container, null, format.word(), url),
        "open a " + format.word());
    stream = avformat_new_stream(container, null);
    encoder = avcodec_alloc_context3(codec);
    frameTime = av_make_q(1, fps);
    encoder.width(width);
    encoder.height(height);
    encoder.pix_fmt(AV_PIX_FMT_YUV420P);
    encoder.time_base(frameTime);
    encoder.framerate(av_make_q(fps, 1));
    encoder.color_range(AVCOL_RANGE_MPEG);
    encoder.colorspace(AVCOL_SPC_BT709);
    encoder.color_primaries(AVCOL_PRI_BT709);
    encoder.color_trc(AVCOL_TRC_BT709);
    encoder.gop_size(4 * fps);
    encoder.max_b_frames(0);
    Map<String, String> options = webm ? vp9() : h264(fps);
    for (var option : options.entrySet()) {
      check(
          av_opt_set(encoder.priv_data(), option.getKey(), option.getValue(), 0),
          "set " + option.getKey());
    }
    if ((container.oformat().flags() & AVFMT_GLOBALHEADER) != 0) {
      encoder.flags(encoder.flags() | AV_CODEC_FLAG_GLOBAL_HEADER);
    }
    picture = av_frame_alloc();
    packet = av_packet_alloc();
    source = av_frame_alloc();
    converter =
        sws_getContext(
            width,
            height,
            AV_PIX_FMT_RGB24,
            width,
            height,
            AV_PIX_FMT_YUV420P,
            SWS_POINT | SWS_ACCURATE_RND,
            null,
            null,
            (DoublePointer) null);
    try {
      check(avcodec_open2(encoder, codec, (AVDictionary) null), "start " + encoderName);
      check(avcodec_parameters_from_context(stream.codecpar(), encoder), "describe the film");
      stream.time_base(frameTime);
      stream.avg_frame_rate(av_make_q(fps, 1));
      allocate(source, AV_PIX_FMT_RGB24);
      allocate(picture, AV_PIX_FMT_YUV420P);
      check(
          sws_setColorspaceDetails(
              converter,
              sws_getCoefficients(SWS_CS_ITU709),
              1,
              sws_getCoefficients(SWS_CS_ITU709),
              0,
              0,
              1 << 16,
              1 << 16),
          "choose BT.709");
      AVIOContext opened = new AVIOContext(null);
      check(avio_open(opened, url, AVIO_FLAG_WRITE), "write " + partial);
      output = opened;
      container.pb(opened);
      AVDictionary muxing = new AVDictionary(null);
      if (!webm) {
        // The index first: players start before the whole file has come.
        av_dict_set(muxing, "movflags", "+faststart", 0);
      }
      check(avformat_write_header(container, muxing), "write the header");
      av_dict_free(muxing);
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private Map<String, String> h264(int fps) {
    encoder.qmin(8);
    encoder.qmax(18);
    encoder.bit_rate(Math.max(2_000_000L, (long) width * height * fps / 2));
    encoder.thread_count(1);
    return Map.of("rc_mode", "quality", "profile", "high");
  }

  private Map<String, String> vp9() {
    encoder.bit_rate(0);
    encoder.qmin(0);
    encoder.qmax(30);
    return Map.of(
        "crf", "12", "deadline", "good", "cpu-used", "4", "row-mt", "1", "auto-alt-ref", "0");
  }

  private void allocate(AVFrame frame, int format) throws IOException {
    frame.format(format);
    frame.width(width);
    frame.height(height);
    check(av_frame_get_buffer(frame, 0), "allocate a frame");
  }

  @Override
  public void write(Frame frame) throws IOException {
    Frame large = FrameImages.enlarge(frame, scale);
    if (large.width() != width || large.height() != height) {
      throw new IllegalArgumentException(
          "expected frames of %dx%d, got %dx%d"
              .formatted(width / scale, height / scale, frame.width(), frame.height()));
    }
    check(av_frame_make_writable(picture), "reuse a picture");
    check(av_frame_make_writable(source), "reuse a frame");
    BytePointer rgb = source.data(0);
    for (int y = 0; y < height; y++) {
      rgb.position((long) y * source.linesize(0)).put(large.rgb(), y * width * 3, width * 3);
    }
    check(sws_scale_frame(converter, picture, source), "convert a frame");
    picture.pts(frames++);
    check(avcodec_send_frame(encoder, picture), "encode a frame");
    drain();
  }

  private void drain() throws IOException {
    while (true) {
      int code = avcodec_receive_packet(encoder, packet);
      if (code == AVERROR_EOF || code == AVERROR_EAGAIN()) {
        return;
      }
      check(code, "encode a frame");
      packet.duration(1);
      av_packet_rescale_ts(packet, frameTime, stream.time_base());
      packet.stream_index(stream.index());
      check(av_interleaved_write_frame(container, packet), "write " + partial);
    }
  }

  @Override
  public void finish() throws IOException {
    check(avcodec_send_frame(encoder, null), "finish the film");
    drain();
    check(av_write_trailer(container), "write " + partial);
    release();
    AtomicFile.publish(partial, file);
  }

  @Override
  public void close() throws IOException {
    release();
    Files.deleteIfExists(partial);
  }

  private void release() {
    if (closed) {
      return;
    }
    closed = true;
    if (output != null) {
      avio_close(output);
    }
    avcodec_free_context(encoder);
    avformat_free_context(container);
    av_frame_free(source);
    av_frame_free(picture);
    av_packet_free(packet);
    sws_freeContext(converter);
  }

  private static void check(int code, String what) throws IOException {
    if (code < 0) {
      byte[] text = new byte[128];
      av_strerror(code, text, text.length);
      String reason = new String(text, StandardCharsets.UTF_8);
      throw new IOException(
          "FFmpeg could not %s: %s".formatted(what, reason.substring(0, reason.indexOf('\0'))));
    }
  }
}
