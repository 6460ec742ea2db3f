package org.umwelt.agents.media;

import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.FileImageOutputStream;
import javax.imageio.stream.ImageOutputStream;
import org.jspecify.annotations.Nullable;
import org.umwelt.envs.Frame;
import org.umwelt.kernels.files.AtomicFile;

/**
 * A film in an animated GIF that loops for ever.
 *
 * <p>Colours are exact where what changed since the frame before has at most 256 of them; otherwise
 * ImageIO chooses a palette. Only the rectangle that changed is stored. GIF counts time in
 * hundredths of a second: delays are rounded such that the whole film has the right length.
 */
final class GifFilm implements Film {
  /** Viewers take delays of less than 2/100 s for a mistake and play those films slowly. */
  static final int MAXIMUM_FPS = 50;

  private static final String METADATA = "javax_imageio_gif_image_1.0";

  private final Path file;
  private final Path partial;
  private final Shape shape;
  private final ImageWriter writer;
  private final ImageOutputStream output;
  private @Nullable Frame previous;
  private int frames;
  private boolean closed;

  GifFilm(Path file, Shape shape) throws IOException {
    this.file = file;
    this.partial = AtomicFile.partial(file);
    this.shape = shape;
    Files.deleteIfExists(partial);
    writer = ImageIO.getImageWritersByFormatName("gif").next();
    output = new FileImageOutputStream(partial.toFile());
    writer.setOutput(output);
    writer.prepareWriteSequence(null);
  }

  @Override
  public void write(Frame frame) throws IOException {
    if (frame.width() != shape.width() || frame.height() != shape.height()) {
      throw new IllegalArgumentException(
          "expected frames of %dx%d, got %dx%d"
              .formatted(shape.width(), shape.height(), frame.width(), frame.height()));
    }
    int scale = shape.scale();
    Rectangle changed = previous == null ? whole(frame) : changed(previous, frame);
    BufferedImage image = FrameImages.toImage(FrameImages.enlarge(crop(frame, changed), scale));
    BufferedImage indexed = indexed(image);
    IIOMetadata metadata =
        writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(indexed), null);
    IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree(METADATA);
    IIOMetadataNode place = child(root, "ImageDescriptor");
    place.setAttribute("imageLeftPosition", Integer.toString(changed.x * scale));
    place.setAttribute("imageTopPosition", Integer.toString(changed.y * scale));
    IIOMetadataNode control = child(root, "GraphicControlExtension");
    control.setAttribute("disposalMethod", "doNotDispose");
    control.setAttribute("userInputFlag", "FALSE");
    control.setAttribute("transparentColorFlag", "FALSE");
    control.setAttribute("transparentColorIndex", "0");
    control.setAttribute(
        "delayTime", Integer.toString(hundredths(frames + 1) - hundredths(frames)));
    if (frames == 0) {
      IIOMetadataNode loop = new IIOMetadataNode("ApplicationExtension");
      loop.setAttribute("applicationID", "NETSCAPE");
      loop.setAttribute("authenticationCode", "2.0");
      loop.setUserObject(new byte[] {1, 0, 0});
      child(root, "ApplicationExtensions").appendChild(loop);
    }
    metadata.setFromTree(METADATA, root);
    writer.writeToSequence(new IIOImage(indexed, null, metadata), null);
    previous = frame;
    frames++;
  }

  private int hundredths(int frame) {
    return Math.toIntExact(Math.round(frame * 100.0 / shape.fps()));
  }

  private static IIOMetadataNode child(IIOMetadataNode parent, String name) {
    for (int i = 0; i < parent.getLength(); i++) {
      if (parent.item(i).getNodeName().equals(name)) {
        return (IIOMetadataNode) parent.item(i);
      }
    }
    IIOMetadataNode child = new IIOMetadataNode(name);
    parent.appendChild(child);
    return child;
  }

  private static Rectangle whole(Frame frame) {
    return new Rectangle(0, 0, frame.width(), frame.height());
  }

  /** The smallest rectangle that holds every pixel that differs; one pixel where none does. */
  private static Rectangle changed(Frame before, Frame after) {
    Rectangle changed = null;
    for (int i = 0; i < after.rgb().length; i++) {
      if (before.rgb()[i] != after.rgb()[i]) {
        Rectangle pixel = new Rectangle(i / 3 % after.width(), i / 3 / after.width(), 1, 1);
        changed = changed == null ? pixel : changed.union(pixel);
      }
    }
    return changed == null ? new Rectangle(0, 0, 1, 1) : changed;
  }

  private static Frame crop(Frame frame, Rectangle part) {
    byte[] rgb = new byte[part.width * part.height * 3];
    for (int y = 0; y < part.height; y++) {
      System.arraycopy(
          frame.rgb(),
          ((part.y + y) * frame.width() + part.x) * 3,
          rgb,
          y * part.width * 3,
          part.width * 3);
    }
    return new Frame(part.width, part.height, rgb);
  }

  /** The same picture over a palette of its own colours, or as it is where they are too many. */
  private static BufferedImage indexed(BufferedImage image) {
    int width = image.getWidth();
    int[] pixels = image.getRGB(0, 0, width, image.getHeight(), null, 0, width);
    Map<Integer, Integer> palette = new LinkedHashMap<>();
    byte[] indices = new byte[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      Integer index = palette.get(pixels[i]);
      if (index == null) {
        index = palette.size();
        if (index == 256) {
          return image;
        }
        palette.put(pixels[i], index);
      }
      indices[i] = index.byteValue();
    }
    int[] colours = new int[palette.size()];
    palette.forEach((colour, index) -> colours[index] = colour);
    // GIF palettes have 2, 4, ..., 256 entries.
    int bits = Math.max(1, 32 - Integer.numberOfLeadingZeros(colours.length - 1));
    int[] padded = Arrays.copyOf(colours, 1 << bits);
    IndexColorModel model =
        new IndexColorModel(8, padded.length, padded, 0, false, -1, DataBuffer.TYPE_BYTE);
    BufferedImage indexed =
        new BufferedImage(width, image.getHeight(), BufferedImage.TYPE_BYTE_INDEXED, model);
    indexed.getRaster().setDataElements(0, 0, width, image.getHeight(), indices);
    return indexed;
  }

  @Override
  public void finish() throws IOException {
    writer.endWriteSequence();
    release();
    AtomicFile.publish(partial, file);
  }

  @Override
  public void close() throws IOException {
    release();
    Files.deleteIfExists(partial);
  }

  private void release() throws IOException {
    if (!closed) {
      closed = true;
      output.close();
      writer.dispose();
    }
  }
}
