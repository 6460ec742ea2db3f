package org.umwelt.viewer.runs;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javafx.beans.value.ChangeListener;
import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.SplitPane;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.BorderPane;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.runs.RunCatalogue;
import org.umwelt.agents.runs.RunSummary;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.viewer.Room;
import org.umwelt.viewer.Shell;
import org.umwelt.viewer.loop.Loop;
import org.umwelt.viewer.loop.OneLine;
import org.umwelt.viewer.plots.Palette;
import org.umwelt.viewer.runs.RunWatch.Listing;
import org.umwelt.viewer.runs.Selection.Request;
import org.umwelt.viewer.runs.Selection.Shown;

/** The room: a table of runs, and of those selected one metric, their settings, their results. */
final class RunsRoom implements Room {
  private static final KeyCombination FIND =
      new KeyCodeCombination(KeyCode.F, KeyCombination.SHORTCUT_DOWN);

  private final Shell shell;
  private final Loop loop;
  private final Colours colours;
  private final RunTable table;
  private final MetricPanel metrics;
  private final SettingsPanel settings = new SettingsPanel();
  private final ResultsPanel results = new ResultsPanel();
  private final RunsBar bar;
  private final BorderPane view = new BorderPane();
  private final ChangeListener<Palette> recolour = (_, _, next) -> recolour(next);

  // Handed over by the loop's thread.
  private final AtomicReference<@Nullable Listing> listed = new AtomicReference<>();
  private final AtomicReference<@Nullable Shown> shown = new AtomicReference<>();

  private final AtomicReference<Request> wanted = new AtomicReference<>(Request.NONE);
  private final AtomicBoolean asking = new AtomicBoolean();
  private final Selection selection = new Selection(shown);
  private Path root = RunsBar.RUNS;
  private List<Path> selected = List.of();
  private List<Path> toSelect = List.of(); // as soon as they are found
  private boolean wantsFirst = true;
  private @Nullable Listing latest;

  RunsRoom(Shell shell) {
    this.shell = shell;
    colours = new Colours(shell.palette().get());
    table = new RunTable(colours, this::selected, this::openRun);
    metrics = new MetricPanel(colours, this::ask);
    bar =
        new RunsBar(shell, this::open, this::filter, () -> table.first().ifPresent(this::openRun));
    loop = new Loop("umwelt-viewer-runs", shell::problem);
    layOut();
    shell.palette().addListener(recolour);
    recolour(shell.palette().get());
    list(RunsBar.RUNS, List.of());
  }

  private void layOut() {
    view.setTop(bar.view());
    TabPane tabs = new TabPane(tab("Settings", settings.view()), tab("Results", results.view()));
    tabs.setId("tabs");
    tabs.setTabClosingPolicy(TabPane.TabClosingPolicy.UNAVAILABLE);
    SplitPane below = new SplitPane(metrics.view(), tabs);
    below.setDividerPositions(0.58);
    SplitPane split = new SplitPane(table.view(), below);
    split.setOrientation(Orientation.VERTICAL);
    split.setDividerPositions(0.46);
    view.setCenter(split);
    view.addEventHandler(
        KeyEvent.KEY_PRESSED,
        event -> {
          if (FIND.match(event)) {
            bar.filter().requestFocus();
            event.consume();
          } else if (event.getCode() == KeyCode.ESCAPE && bar.filter().isFocused()) {
            bar.filter().clear();
            table.view().requestFocus();
            event.consume();
          }
        });
  }

  private static Tab tab(String name, Node content) {
    Tab tab = new Tab(name, content);
    tab.setId("tab-" + name.toLowerCase(Locale.ROOT));
    return tab;
  }

  @Override
  public void open(Path path) {
    Path parent = path.toAbsolutePath().getParent();
    if (RunCatalogue.isRun(path) && parent != null) {
      list(parent, List.of(parent.resolve(path.getFileName())));
    } else {
      list(path, List.of());
    }
  }

  private void list(Path path, List<Path> runs) {
    root = path;
    toSelect = runs;
    wantsFirst = true;
    bar.folder().setText(path.toString());
    table.view().setPlaceholder(new Label("looking for runs \u2026"));
    loop.open(() -> new RunWatch(path, selection, listed));
    loop.play();
  }

  private void selected(List<Path> runs) {
    if (runs.equals(selected)) {
      return;
    }
    wantsFirst &= runs.isEmpty();
    selected = runs;
    colours.give(runs);
    table.refreshColours();
    bar.open().setDisable(runs.isEmpty());
    if (runs.size() > colours.size()) {
      shell.note("%d runs are selected, %d are drawn".formatted(runs.size(), colours.size()));
    }
    ask();
  }

  /** Has the selected runs read; what is asked for faster than it is answered is left out. */
  private void ask() {
    wanted.set(new Request(colours.runs(), metrics.metric(), metrics.smoothing()));
    if (!asking.getAndSet(true)) {
      loop.submit(() -> {
        asking.set(false);
        selection.ask(wanted.get());
      });
    }
  }

  private void openRun(RunSummary run) {
    String room = Destination.of(run);
    if (room.isEmpty()) {
      shell.note(
          "%s has no room of its own: its metrics, settings and results are here"
              .formatted(RunText.name(root, run.path())));
      return;
    }
    try {
      shell.open(room, run.path());
    } catch (BadRequestException e) {
      shell.problem(OneLine.of(e));
    }
  }

  private String name(Path run) {
    return RunText.name(root, run);
  }

  @Override
  public void set(Settings asked) {
    String typed = asked.text("root");
    if (!typed.isEmpty()) {
      open(Path.of(typed));
    }
    metrics.setMetric(asked.text("metric"));
    bar.filter().setText(asked.text("filter"));
    if (!asked.text("selected").isBlank()) {
      toSelect =
          Stream.of(asked.text("selected").split(","))
              .map(String::strip)
              .map(root::resolve)
              .toList();
    }
  }

  @Override
  public Node view() {
    return view;
  }

  @Override
  public void visible(boolean isVisible) {
    if (isVisible) {
      loop.play();
    } else {
      loop.pause();
    }
  }

  @Override
  public void refresh() {
    Listing listing = listed.getAndSet(null);
    if (listing != null && listing.root().equals(root)) {
      boolean isFirst = latest == null || !latest.root().equals(root);
      latest = listing;
      table.show(listing);
      selectFound(listing.isReading());
      count();
      if (isFirst && bar.folder().isFocused()) {
        table.view().requestFocus();
      }
      if (listing.runs().isEmpty() && !listing.isReading()) {
        table.view().setPlaceholder(bar.nothing(listing));
      }
    }
    Shown next = shown.getAndSet(null);
    if (next != null) {
      metrics.show(next, this::name);
      settings.show(next.settings(), selected.size(), this::name, colours);
      results.show(next.runs(), this::name, colours);
    }
    metrics.refresh();
  }

  /** Selects what was asked for as it is found; where nothing was, the first run. */
  private void selectFound(boolean isReading) {
    List<Path> found = toSelect.stream().filter(table::has).toList();
    if (!found.isEmpty()) {
      toSelect = toSelect.stream().filter(path -> !found.contains(path)).toList();
      table.select(Stream.concat(selected.stream(), found.stream()).distinct().toList());
    } else if (!isReading && !toSelect.isEmpty()) {
      shell.problem(
          "expected runs to select, there is no run %s below %s"
              .formatted(
                  toSelect.stream().map(this::name).collect(Collectors.joining(", ")), root));
      toSelect = List.of();
    } else if (!isReading && wantsFirst) {
      table.selectFirst();
    }
  }

  private void filter(String words) {
    table.filter(words);
    count();
  }

  private void count() {
    if (latest != null) {
      bar.count(table.view().getItems().size(), latest);
    }
  }

  private void recolour(Palette palette) {
    colours.setPalette(palette);
    metrics.recolour(palette);
    table.refreshColours();
  }

  @Override
  public void close() {
    loop.close();
  }
}
