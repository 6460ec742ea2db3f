package org.umwelt.viewer.runs;

import atlantafx.base.theme.Styles;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.runs.ConfigDifference.Entry;
import org.umwelt.agents.runs.ConfigDifference.Relation;
import org.umwelt.viewer.runs.Selection.Comparison;

/** The settings of one run, or of two beside each other with what differs marked. */
final class SettingsPanel {
  private static final String MARKED =
      "-fx-background-color: -color-warning-subtle; -fx-font-weight: bold;";
  private static final String ABSENT = "\u2013";

  private final TableView<Entry> table = new TableView<>();
  private final TableColumn<Entry, Entry> first;
  private final TableColumn<Entry, Entry> second;
  private final CheckBox only = new CheckBox("differences only");
  private final Label words = new Label();
  private final Label whose = new Label();
  private final VBox view;
  private @Nullable Comparison shown;

  SettingsPanel() {
    table.setId("settings");
    table.getStyleClass().add(Styles.DENSE);
    table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
    table.setPlaceholder(new Label("Select a run to see its settings"));
    TableColumn<Entry, Entry> mark =
        column(34, entry -> entry.relation() == Relation.EQUAL ? "" : "\u2260");
    mark.setMinWidth(34);
    mark.setMaxWidth(34);
    TableColumn<Entry, Entry> key = column(170, Entry::key);
    key.setText("Setting");
    first = column(130, entry -> entry.first().orElse(ABSENT));
    second = column(130, entry -> entry.second().orElse(ABSENT));
    table.getColumns().setAll(List.of(mark, key, first, second));
    only.setId("differences-only");
    only.setTooltip(new Tooltip("Hide the settings that both runs share"));
    only.setOnAction(_ -> fill());
    words.setId("differences");
    whose.getStyleClass().add(Styles.TEXT_MUTED);
    FlowPane bar = new FlowPane(10, 4, only, words, whose);
    bar.setAlignment(Pos.CENTER_LEFT);
    view = new VBox(4, bar, table);
    view.setPadding(new Insets(6, 0, 0, 0));
    VBox.setVgrow(table, Priority.ALWAYS);
  }

  private TableColumn<Entry, Entry> column(double width, Function<Entry, String> text) {
    TableColumn<Entry, Entry> column = new TableColumn<>();
    column.setPrefWidth(width);
    column.setSortable(false);
    column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(row.getValue()));
    column.setCellFactory(_ ->
        new TableCell<>() {
          @Override
          protected void updateItem(@Nullable Entry entry, boolean isEmpty) {
            super.updateItem(entry, isEmpty);
            String shownText = entry == null || isEmpty ? null : text.apply(entry);
            setText(shownText);
            setTooltip(shownText == null || shownText.isEmpty() ? null : new Tooltip(shownText));
            setStyle(isMarked(entry) ? MARKED : "");
          }
        });
    return column;
  }

  private boolean isMarked(@Nullable Entry entry) {
    return entry != null && entry.relation() != Relation.EQUAL;
  }

  Node view() {
    return view;
  }

  /** Shows settings; none where there is nothing to compare. */
  void show(
      @Nullable Comparison next, int selected, Function<Path, String> names, Colours colours) {
    boolean isNew = next == null || !next.equals(shown);
    shown = next;
    boolean two = next != null && next.isOfTwo();
    Path other = next != null && next.isOfTwo() ? next.second() : null;
    only.setDisable(!two);
    first.setText(next == null ? "" : names.apply(next.first()));
    second.setText(other == null ? "" : names.apply(other));
    second.setVisible(two);
    first.setGraphic(next == null ? null : colours.mark(next.first()));
    second.setGraphic(other == null ? null : colours.mark(other));
    words.setText(words(next));
    whose.setText(two && selected > 2 ? "the first two of %d runs".formatted(selected) : "");
    if (isNew) {
      fill();
    }
  }

  private static String words(@Nullable Comparison comparison) {
    if (comparison == null) {
      return "";
    }
    List<Entry> entries = comparison.difference().entries();
    if (!comparison.isOfTwo()) {
      return "Select a second run to compare";
    }
    long differing = entries.stream().filter(e -> e.relation() != Relation.EQUAL).count();
    return "%d of %d settings differ".formatted(differing, entries.size());
  }

  private void fill() {
    boolean hidesEqual = only.isSelected() && !only.isDisabled();
    table
        .getItems()
        .setAll(
            Optional.ofNullable(shown).stream()
                .flatMap(comparison -> comparison.difference().entries().stream())
                .filter(entry -> !hidesEqual || entry.relation() != Relation.EQUAL)
                .toList());
  }
}
