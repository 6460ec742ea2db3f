package org.umwelt.viewer.live;

import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.umwelt.agents.media.ObservationField;
import org.umwelt.agents.media.ObservationPicture;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Step;
import org.umwelt.envs.spaces.Value;
import org.umwelt.viewer.plots.Field;
import org.umwelt.viewer.plots.Pixels;
import org.umwelt.viewer.plots.Ticks;

/** How one environment is seen; painted by the simulation's thread, shown by the window's. */
sealed interface RowDisplay {

  /** Returns whether what was painted last was shown. */
  boolean isWanted();

  /** Paints the present state. */
  void paint(Environment environment, Step step);

  /** Returns how environments like this one are seen: as a field, a picture, or in words. */
  static RowDisplay of(Environment environment) {
    Optional<ObservationField> field = ObservationField.of(environment.observationSpace());
    if (field.isPresent()) {
      return new OfField(field.get(), new Field());
    }
    Optional<ObservationPicture> picture = ObservationPicture.of(environment.observationSpace());
    if (picture.isPresent()) {
      return new OfPicture(picture.get(), new Pixels());
    }
    return new OfRendering(new Pixels());
  }

  /** A field. */
  record OfField(ObservationField shape, Field field) implements RowDisplay {
    @Override
    public boolean isWanted() {
      return field.isWanted();
    }

    @Override
    public void paint(Environment environment, Step step) {
      field.write(
          shape.components(),
          shape.width(),
          shape.height(),
          values -> shape.copy(step.observation(), values));
    }
  }

  /** Observations that are pictures. */
  record OfPicture(ObservationPicture picture, Pixels pixels) implements RowDisplay {
    @Override
    public boolean isWanted() {
      return pixels.isWanted();
    }

    @Override
    public void paint(Environment environment, Step step) {
      pixels.paint(
          picture.width(), picture.height(), argb -> picture.paint(step.observation(), argb));
    }
  }

  /** An environment that draws itself; where it cannot, its first numbers in words. */
  final class OfRendering implements RowDisplay {
    private static final int NUMBERS = 24;

    private final Pixels pixels;
    private volatile String words = "";
    private boolean blind;

    OfRendering(Pixels pixels) {
      this.pixels = pixels;
    }

    Pixels pixels() {
      return pixels;
    }

    /** Returns the observation in words; empty where there is a picture. */
    String words() {
      return words;
    }

    @Override
    public boolean isWanted() {
      return blind || pixels.isWanted();
    }

    @Override
    public void paint(Environment environment, Step step) {
      if (!blind) {
        try {
          pixels.paint(environment.render());
          return;
        } catch (UnsupportedOperationException _) {
          blind = true;
        }
      }
      words = words(step.observation());
    }

    private static String words(Value observation) {
      var first = observation.layout().getFirst();
      int count = (int) Math.min(NUMBERS, first.byteSize() / first.dtype().bytes());
      return IntStream.range(0, count)
          .mapToObj(i -> Ticks.number(first.dtype().getDouble(observation.leaf(0), i)))
          .collect(Collectors.joining("\n"));
    }
  }
}
