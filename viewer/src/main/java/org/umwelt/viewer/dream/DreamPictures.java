package org.umwelt.viewer.dream;

import atlantafx.base.theme.Styles;
import java.util.List;
import javafx.geometry.Insets;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.Background;
import javafx.scene.layout.BackgroundFill;
import javafx.scene.layout.CornerRadii;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.scene.paint.Color;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.iris.Dream;
import org.umwelt.agents.iris.Moment;
import org.umwelt.envs.Frame;
import org.umwelt.viewer.plots.Palette;
import org.umwelt.viewer.plots.PictureTile;
import org.umwelt.viewer.plots.Pixels;

/** One step beside itself: real, reconstructed, imagined, and in tokens. */
final class DreamPictures extends HBox {
  /** Number of the colour of what is real. */
  static final int REAL = 0;

  /** Number of the colour of what is imagined. */
  static final int IMAGINED = 1;

  private static final double BAR = 4;

  private final PictureTile real = new PictureTile(new Pixels());
  private final PictureTile reconstruction = new PictureTile(new Pixels());
  private final PictureTile imagined = new PictureTile(new Pixels());
  private final TokenGrid tokens = new TokenGrid();
  private final Label realCaption = caption("real-caption");
  private final Label reconstructionCaption = caption("reconstruction-caption");
  private final Label imaginedCaption = caption("imagined-caption");
  private final Label tokenCaption = caption("token-caption");
  private final Region[] bars = {new Region(), new Region(), new Region(), new Region()};

  DreamPictures() {
    super(12);
    real.setId("real");
    reconstruction.setId("reconstruction");
    imagined.setId("imagined");
    tokens.setId("tokens");
    getChildren()
        .setAll(
            box(bars[0], "Real", real, realCaption),
            box(bars[1], "Reconstruction", reconstruction, reconstructionCaption),
            box(bars[2], "Imagined", imagined, imaginedCaption),
            box(bars[3], "Imagined tokens", tokens, tokenCaption));
  }

  private static Label caption(String id) {
    Label label = new Label();
    label.setId(id);
    label.setMinHeight(18);
    label.setTooltip(new Tooltip());
    label.getTooltip().textProperty().bind(label.textProperty());
    label.getStyleClass().addAll(Styles.TEXT_MUTED, Styles.TEXT_SMALL);
    return label;
  }

  private static Node box(Region bar, String title, Region picture, Label caption) {
    bar.setMinHeight(BAR);
    bar.setMaxHeight(BAR);
    Label name = new Label(title);
    name.getStyleClass().add(Styles.TEXT_BOLD);
    VBox.setVgrow(picture, Priority.ALWAYS);
    VBox box = new VBox(3, bar, name, picture, caption);
    box.setPrefWidth(10); // of equal width, whatever their titles
    box.setMinWidth(0);
    HBox.setHgrow(box, Priority.ALWAYS);
    return box;
  }

  /**
   * Shows a step.
   *
   * @param step of the dream; before it where negative
   * @param realSteps before the dream
   * @param meanings of actions
   */
  void show(DreamState state, int step, int realSteps, List<String> meanings) {
    Moment moment = step >= 0 && step <= state.last() ? state.moments().get(step) : null;
    Dream.Real now = realAt(state, step, realSteps);
    paint(real, now == null ? null : now.frame());
    paint(reconstruction, now == null ? null : now.reconstruction());
    paint(imagined, moment == null ? null : moment.frame());
    realCaption.setText(DreamWords.real(state, step, now));
    reconstructionCaption.setText(now == null ? "" : "reality in tokens and back");
    imaginedCaption.setText(DreamWords.imagined(step, moment, meanings));
    showTokens(state, step, moment);
  }

  private static Dream.@Nullable Real realAt(DreamState state, int step, int realSteps) {
    if (step < 0 || state.moments().isEmpty()) {
      int at = step + realSteps;
      return at >= 0 && at < state.before().size() ? state.before().get(at) : null;
    }
    return step < state.reality().size() ? state.reality().get(step) : null;
  }

  private void showTokens(DreamState state, int step, @Nullable Moment moment) {
    if (moment == null) {
      tokens.show(new long[0], new long[0], new long[0]);
      tokenCaption.setText("");
      return;
    }
    boolean known = step < state.reality().size();
    tokens.show(
        moment.tokens(),
        step > 0 ? state.moments().get(step - 1).tokens() : new long[0],
        known ? state.reality().get(step).tokens() : new long[0]);
    tokenCaption.setText(
        DreamWords.tokens(step, tokens.changedCells(), known, tokens.differingCells()));
  }

  private static void paint(PictureTile tile, @Nullable Frame frame) {
    if (frame == null) {
      tile.pixels().clear();
    } else {
      tile.pixels().paint(frame);
    }
  }

  /** Draws what changed. */
  void refresh() {
    real.refresh();
    reconstruction.refresh();
    imagined.refresh();
    tokens.refresh();
  }

  void setPalette(Palette colours) {
    tokens.setPalette(colours);
    Color[] fills = {
      colours.series(REAL), colours.series(REAL), colours.series(IMAGINED), colours.series(IMAGINED)
    };
    for (int i = 0; i < bars.length; i++) {
      bars[i].setBackground(
          new Background(new BackgroundFill(fills[i], CornerRadii.EMPTY, Insets.EMPTY)));
    }
  }
}
