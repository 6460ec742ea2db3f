package org.umwelt.viewer.runs;

import atlantafx.base.theme.Styles;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.collections.ListChangeListener;
import javafx.scene.control.SelectionMode;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import org.umwelt.agents.runs.KeyResult;
import org.umwelt.agents.runs.RunSummary;
import org.umwelt.viewer.runs.RunWatch.Listing;

/**
 * The table of runs. It orders and filters by itself, so that rows which change under it leave the
 * selection as it is.
 */
final class RunTable {
  private final TableView<RunRow> table = new TableView<>();
  private final Map<Path, RunRow> rows = new HashMap<>();
  private final Colours colours;
  private final Consumer<List<Path>> selected;
  private Path root = Path.of("");
  private List<String> filter = List.of();
  private boolean arranging;

  /**
   * An empty table.
   *
   * @param colours of the selected runs
   * @param selected is told which runs are selected, in the order of the table
   * @param opened is told which run a double click or Enter means
   */
  RunTable(Colours colours, Consumer<List<Path>> selected, Consumer<RunSummary> opened) {
    this.colours = colours;
    this.selected = selected;
    table.setId("runs");
    table.getStyleClass().add(Styles.DENSE);
    table.getSelectionModel().setSelectionMode(SelectionMode.MULTIPLE);
    table.setRowFactory(_ -> row(opened));
    columns();
    table.setSortPolicy(_ -> {
      arrange();
      return true;
    });
    table
        .getSelectionModel()
        .getSelectedItems()
        .addListener((ListChangeListener<RunRow>) _ -> tellSelected());
    table.addEventHandler(
        KeyEvent.KEY_PRESSED,
        event -> {
          RunRow row = table.getSelectionModel().getSelectedItem();
          if (event.getCode() == KeyCode.ENTER && row != null) {
            opened.accept(row.run());
            event.consume();
          }
        });
  }

  private static TableRow<RunRow> row(Consumer<RunSummary> opened) {
    TableRow<RunRow> row = new TableRow<>();
    row.setOnMouseClicked(event -> {
      RunRow item = row.getItem();
      if (item != null && event.getButton() == MouseButton.PRIMARY && event.getClickCount() == 2) {
        opened.accept(item.run());
      }
    });
    return row;
  }

  private void columns() {
    TableColumn<RunRow, RunSummary> colour = column("", 26, _ -> "", byText(_ -> ""));
    colour.setSortable(false);
    colour.setCellFactory(_ -> new ColourCell(colours));
    add(colour);
    add(column("Run", 170, this::name, byText(this::name)));
    add(column("What", 210, RunSummary::title, byText(RunSummary::title)));
    add(column("Kind", 98, RunSummary::kind, byText(RunSummary::kind)));
    TableColumn<RunRow, RunSummary> state =
        column(
            "State", 104, run -> run.state().toString(), Comparator.comparing(RunSummary::state));
    state.setCellFactory(_ ->
        new RunCell(
            run -> run.state().toString(),
            RunSummary::evidence,
            run ->
                switch (run.state()) {
                  case IN_PROGRESS -> RunCell.ACCENT;
                  case STOPPED -> RunCell.WARNING;
                  case FINISHED, UNKNOWN -> RunCell.MUTED;
                }));
    add(state);
    add(
        column(
            "Progress",
            140,
            run -> RunText.progress(run.progress()),
            Comparator.comparingDouble(run -> run.progress().share())));
    TableColumn<RunRow, RunSummary> results =
        column("Results", 300, RunTable::results, Comparator.comparing(RunTable::first));
    results.setCellFactory(_ ->
        new RunCell(
            RunTable::results, RunTable::results, run -> run.hasProblem() ? RunCell.DANGER : ""));
    add(results);
    TableColumn<RunRow, RunSummary> started =
        column(
            "Started",
            126,
            run -> run.started().map(RunText::time).orElse("\u2013"),
            Comparator.comparing(run -> run.started().orElse(Instant.EPOCH)));
    add(started);
    add(
        column(
            "Took",
            94,
            run -> RunText.duration(run.seconds()),
            Comparator.comparingDouble(RunSummary::seconds)));
    add(
        column(
            "Seed",
            60,
            run -> run.seed().isPresent() ? Long.toString(run.seed().getAsLong()) : "\u2013",
            Comparator.comparingLong(run -> run.seed().orElse(-1))));
    add(column("Revision", 100, RunSummary::revision, byText(RunSummary::revision)));
    started.setSortType(TableColumn.SortType.DESCENDING);
    table.getSortOrder().add(started);
  }

  private void add(TableColumn<RunRow, RunSummary> column) {
    table.getColumns().add(column);
  }

  private String name(RunSummary run) {
    return RunText.name(root, run.path());
  }

  private static String results(RunSummary run) {
    return run.hasProblem() ? run.problem() : RunText.results(run.results());
  }

  /** Orders runs by what their best result is, and then by how good it is. */
  private record First(String name, double value) implements Comparable<First> {
    @Override
    public int compareTo(First other) {
      int names = name.compareTo(other.name);
      return names != 0 ? names : Double.compare(value, other.value);
    }
  }

  private static First first(RunSummary run) {
    if (run.results().isEmpty()) {
      return new First("", Double.NaN);
    }
    KeyResult best = run.results().getFirst();
    return new First(best.name(), best.value());
  }

  private static Comparator<RunSummary> byText(Function<RunSummary, String> text) {
    return Comparator.comparing(text, String.CASE_INSENSITIVE_ORDER);
  }

  private static TableColumn<RunRow, RunSummary> column(
      String name, double width, Function<RunSummary, String> text, Comparator<RunSummary> order) {
    TableColumn<RunRow, RunSummary> column = new TableColumn<>(name);
    column.setPrefWidth(width);
    column.setCellValueFactory(row -> row.getValue().summary());
    column.setCellFactory(_ -> new RunCell(text, text, _ -> ""));
    column.setComparator(order);
    return column;
  }

  TableView<RunRow> view() {
    return table;
  }

  /** Returns how many runs there are, listed or not. */
  int size() {
    return rows.size();
  }

  /** Shows what was found. */
  void show(Listing listing) {
    boolean changed = false;
    if (!root.equals(listing.root())) {
      root = listing.root();
      rows.clear();
      changed = true;
    }
    Set<Path> found = new HashSet<>();
    for (RunSummary run : listing.runs()) {
      found.add(run.path());
      RunRow row = rows.get(run.path());
      if (row == null) {
        rows.put(run.path(), new RunRow(root, run));
        changed = true;
      } else {
        changed |= row.set(run);
      }
    }
    changed |= rows.keySet().retainAll(found);
    if (changed) {
      arrange();
    }
  }

  /** Lists the runs that have all words of a text. */
  void filter(String words) {
    filter = List.of(words.strip().toLowerCase(Locale.ROOT).split("\\s+"));
    arrange();
  }

  /** Selects runs by their folders. */
  void select(List<Path> paths) {
    selectRows(new HashSet<>(paths));
    tellSelected();
    if (!table.getSelectionModel().isEmpty()) {
      table.scrollTo(table.getSelectionModel().getSelectedIndices().getFirst());
    }
  }

  /** Selects the uppermost run. */
  void selectFirst() {
    table.getSelectionModel().selectFirst();
  }

  private void arrange() {
    Comparator<RunRow> order = table.getComparator();
    List<RunRow> listed = new ArrayList<>(rows.values());
    listed.removeIf(row -> !row.has(filter));
    Comparator<RunRow> byName = Comparator.comparing(RunRow::name);
    listed.sort(order == null ? byName : order.thenComparing(byName));
    if (listed.equals(table.getItems())) {
      return;
    }
    Set<Path> before = new HashSet<>();
    table.getSelectionModel().getSelectedItems().forEach(row -> before.add(row.path()));
    RunRow focused = table.getFocusModel().getFocusedItem();
    arranging = true;
    table.getItems().setAll(listed);
    selectRows(before);
    if (focused != null) {
      table.getFocusModel().focus(listed.indexOf(focused));
    }
    arranging = false;
    tellSelected();
  }

  private void selectRows(Set<Path> paths) {
    boolean outer = arranging;
    arranging = true;
    table.getSelectionModel().clearSelection();
    List<RunRow> items = table.getItems();
    for (int i = 0; i < items.size(); i++) {
      if (paths.contains(items.get(i).path())) {
        table.getSelectionModel().select(i);
      }
    }
    arranging = outer;
  }

  private void tellSelected() {
    if (!arranging) {
      selected.accept(
          table.getSelectionModel().getSelectedItems().stream().map(RunRow::path).toList());
    }
  }

  /** Draws the colours of the selected runs again. */
  void refreshColours() {
    table.refresh();
  }

  /** Returns whether a run is listed or filtered out. */
  boolean has(Path run) {
    return rows.containsKey(run);
  }

  /** Returns the first of the selected runs. */
  Optional<RunSummary> first() {
    return table.getSelectionModel().getSelectedItems().stream().map(RunRow::run).findFirst();
  }
}
