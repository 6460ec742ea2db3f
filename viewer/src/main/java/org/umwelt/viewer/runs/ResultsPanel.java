package org.umwelt.viewer.runs;

import atlantafx.base.theme.Styles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import org.umwelt.agents.runs.KeyResult;
import org.umwelt.viewer.runs.Selection.Detail;

/** What the selected runs came to, side by side. */
final class ResultsPanel {
  private static final String ABSENT = "\u2013";

  /** One result of all selected runs. */
  private record Row(String name, List<String> values) {}

  private final TableView<Row> table = new TableView<>();
  private List<Path> columns = List.of();

  ResultsPanel() {
    table.setId("results");
    table.getStyleClass().add(Styles.DENSE);
    table.setPlaceholder(new Label("Select runs to see their results"));
  }

  Node view() {
    return table;
  }

  /** Shows the results of runs. */
  void show(List<Detail> runs, Function<Path, String> names, Colours colours) {
    List<Path> paths = runs.stream().map(Detail::path).toList();
    if (!paths.equals(columns)) {
      columns = paths;
      List<TableColumn<Row, String>> all = new ArrayList<>();
      all.add(column("Result", 200, Row::name));
      for (int i = 0; i < paths.size(); i++) {
        int number = i;
        all.add(column(names.apply(paths.get(i)), 140, row -> row.values().get(number)));
      }
      table.getColumns().setAll(all);
    }
    for (int i = 0; i < paths.size(); i++) {
      table.getColumns().get(i + 1).setGraphic(colours.mark(paths.get(i)));
    }
    List<Row> rows = rows(runs);
    if (!rows.equals(table.getItems())) {
      table.getItems().setAll(rows);
    }
  }

  private static TableColumn<Row, String> column(
      String name, double width, Function<Row, String> text) {
    TableColumn<Row, String> column = new TableColumn<>(name);
    column.setPrefWidth(width);
    column.setSortable(false);
    column.setCellValueFactory(row -> new ReadOnlyStringWrapper(text.apply(row.getValue())));
    return column;
  }

  private static List<Row> rows(List<Detail> runs) {
    Set<String> names = new LinkedHashSet<>();
    List<Map<String, String>> values = new ArrayList<>();
    for (Detail run : runs) {
      Map<String, String> own = new LinkedHashMap<>();
      for (KeyResult result : run.results()) {
        own.put(result.name(), RunText.value(result));
      }
      names.addAll(own.keySet());
      values.add(own);
    }
    return names.stream()
        .map(name ->
            new Row(name, values.stream().map(own -> own.getOrDefault(name, ABSENT)).toList()))
        .toList();
  }
}
