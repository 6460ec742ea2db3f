package org.umwelt.viewer.runs;

import atlantafx.base.theme.Styles;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Consumer;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.umwelt.viewer.Shell;
import org.umwelt.viewer.runs.RunWatch.Listing;

/** Which folder's runs are listed, which of them, and how many that are. */
final class RunsBar {
  /** Where commands put runs, if they are not told where. */
  static final Path RUNS = Path.of("runs");

  private static final double LEAST_FILTER = 90;
  private static final double HINT_WIDTH = 560;

  private final Shell shell;
  private final Consumer<Path> chosen;
  private final TextField folder = new TextField();
  private final TextField filter = new TextField();
  private final Label count = new Label();
  private final Button open;
  private final HBox view;

  /**
   * A bar.
   *
   * @param chosen is told the folder that was chosen
   * @param filtered is told the words of the filter
   * @param opened is told that the selected run is to be opened
   */
  RunsBar(Shell shell, Consumer<Path> chosen, Consumer<String> filtered, Runnable opened) {
    this.shell = shell;
    this.chosen = chosen;
    Label name = new Label("Folder");
    name.setMinWidth(Label.USE_PREF_SIZE);
    folder.setId("folder");
    folder.setPromptText("folder with runs, then Enter");
    folder.setOnAction(_ -> typed());
    HBox.setHgrow(folder, Priority.ALWAYS);
    filter.setId("filter");
    filter.setPromptText("filter");
    filter.setTooltip(
        new Tooltip("Runs that have all of these words (Ctrl+F): name, kind, state, seed 3"));
    filter.textProperty().addListener((_, _, words) -> filtered.accept(words));
    filter.setPrefColumnCount(16);
    filter.setMinWidth(LEAST_FILTER);
    count.setId("count");
    count.setMinWidth(Label.USE_PREF_SIZE);
    count.getStyleClass().add(Styles.TEXT_MUTED);
    open = button("open", "Open", "The selected run in its room (Enter, double click)", opened);
    open.setDisable(true);
    Button browse = button("browse", "Browse \u2026", "Choose the folder", this::browse);
    view = new HBox(6, name, folder, browse, filter, count, open);
    view.setAlignment(Pos.CENTER_LEFT);
    view.setPadding(new Insets(0, 0, 8, 0));
  }

  private static Button button(String id, String text, String tip, Runnable action) {
    Button button = new Button(text);
    button.setId(id);
    button.setMinWidth(Button.USE_PREF_SIZE);
    button.setTooltip(new Tooltip(tip));
    button.setOnAction(_ -> action.run());
    return button;
  }

  Node view() {
    return view;
  }

  TextField folder() {
    return folder;
  }

  TextField filter() {
    return filter;
  }

  Button open() {
    return open;
  }

  private void typed() {
    String text = folder.getText().strip();
    try {
      chosen.accept(text.isEmpty() ? RUNS : Path.of(text));
    } catch (InvalidPathException e) {
      shell.problem("expected a path, got " + text);
    }
  }

  private void browse() {
    shell.chooseFolder("A folder with runs", Path.of(folder.getText()), chosen);
  }

  /** Says how many runs there are, and how many of them are listed. */
  void count(int listed, Listing listing) {
    int all = listing.runs().size();
    String some = listed == all ? "%d runs".formatted(all) : "%d of %d runs".formatted(listed, all);
    String more = listing.isReading() ? ", reading \u2026" : "";
    count.setText(some + (listing.isComplete() ? more : ", and more: too many folders"));
  }

  /** Returns what stands in place of runs where there are none. */
  Node nothing(Listing listing) {
    Label words =
        new Label(
            (listing.isThere() ? "There are no runs in %s yet" : "There is no folder %s yet")
                .formatted(listing.root()));
    Label hint =
        new Label(
            "Commands put what they do into runs/<date>/<name>, or where --out says,"
                + " as in: umwelt evaluate --env umwelt/Catch-v0 --agent scripted");
    hint.getStyleClass().add(Styles.TEXT_MUTED);
    hint.setWrapText(true);
    VBox box =
        new VBox(
            8,
            words,
            hint,
            button("choose", "Choose a folder \u2026", "A folder with runs", this::browse));
    box.setAlignment(Pos.CENTER);
    box.setMaxWidth(HINT_WIDTH);
    return box;
  }
}
