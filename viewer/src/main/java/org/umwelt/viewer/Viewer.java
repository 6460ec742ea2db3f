package org.umwelt.viewer;

import atlantafx.base.theme.Styles;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import javafx.animation.AnimationTimer;
import javafx.application.Application;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.geometry.Rectangle2D;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.stage.DirectoryChooser;
import javafx.stage.Screen;
import javafx.stage.Stage;
import javafx.stage.Window;
import org.jspecify.annotations.Nullable;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.kernels.settings.Suggestions;
import org.umwelt.viewer.loop.OneLine;
import org.umwelt.viewer.plots.Palette;

/** The window: navigation on the left, one room, a line of news below. Of the FX thread. */
public final class Viewer implements Shell, AutoCloseable {
  private static final double WIDTH = 1280;
  private static final double HEIGHT = 820;

  /** Of a screen too small for these. */
  private static final double SHARE = 0.92;

  /** A line of news. */
  private record News(String line, boolean isProblem) {}

  /** A room that is in the navigation, and may have been made. */
  private static final class Entry {
    final RoomProvider provider;
    final ToggleButton button;
    @Nullable Room room;

    Entry(RoomProvider provider, ToggleButton button) {
      this.provider = provider;
      this.button = button;
    }
  }

  private final Stage stage;
  private final ReadOnlyObjectWrapper<Palette> palette;
  private final List<Entry> entries = new ArrayList<>();
  private final StackPane place = new StackPane();
  private final Label status = new Label();
  private final AtomicReference<@Nullable News> news = new AtomicReference<>();
  private final AnimationTimer timer;
  private Theme theme;
  private @Nullable Entry present;

  /** Builds the window, without a room yet and not shown. */
  public Viewer(Stage stage, Theme theme) {
    this.stage = stage;
    this.theme = theme;
    this.palette = new ReadOnlyObjectWrapper<>(theme.palette());
    Application.setUserAgentStylesheet(theme.stylesheet());

    ToggleGroup group = new ToggleGroup();
    VBox navigation = new VBox(4);
    navigation.setPadding(new Insets(10, 8, 10, 8));
    navigation.setPrefWidth(124);
    navigation.setMinWidth(Region.USE_PREF_SIZE);
    Rectangle2D screen = Screen.getPrimary().getVisualBounds();
    double share = Toolkit.isWithoutDisplay() ? Double.POSITIVE_INFINITY : SHARE;
    Scene scene =
        new Scene(
            frame(navigation),
            Math.min(WIDTH, share * screen.getWidth()),
            Math.min(HEIGHT, share * screen.getHeight()));
    for (RoomProvider provider : ServiceLoader.load(RoomProvider.class)) {
      int number = entries.size() + 1;
      ToggleButton button = new ToggleButton(provider.name());
      button.setId("room-" + provider.name().toLowerCase(Locale.ROOT));
      button.setMaxWidth(Double.MAX_VALUE);
      button.setAlignment(Pos.CENTER_LEFT);
      button.setToggleGroup(group);
      button.setTooltip(new Tooltip("%s (Ctrl+%d)".formatted(provider.summary(), number)));
      Entry entry = new Entry(provider, button);
      button.setOnAction(_ -> go(entry));
      entries.add(entry);
      navigation.getChildren().add(button);
      scene
          .getAccelerators()
          .put(
              new KeyCodeCombination(
                  KeyCode.getKeyCode(Integer.toString(number)), KeyCombination.SHORTCUT_DOWN),
              () -> go(entry));
    }
    Region space = new Region();
    VBox.setVgrow(space, Priority.ALWAYS);
    Button light = new Button("Light / dark");
    light.setId("theme");
    light.getStyleClass().addAll(Styles.FLAT, Styles.SMALL);
    light.setTooltip(new Tooltip("The other theme (Ctrl+L)"));
    light.setOnAction(_ -> setTheme(this.theme.other()));
    navigation.getChildren().addAll(space, light);
    scene
        .getAccelerators()
        .put(
            new KeyCodeCombination(KeyCode.L, KeyCombination.SHORTCUT_DOWN),
            () -> setTheme(this.theme.other()));

    stage.setTitle("Umwelt");
    stage.setMinWidth(720);
    stage.setMinHeight(480);
    stage.setScene(scene);
    timer =
        new AnimationTimer() {
          @Override
          public void handle(long now) {
            refresh();
          }
        };
    timer.start();
  }

  private BorderPane frame(VBox navigation) {
    BorderPane frame = new BorderPane(place);
    frame.setLeft(navigation);
    status.setId("status");
    status.setMaxWidth(Double.MAX_VALUE);
    HBox.setHgrow(status, Priority.ALWAYS);
    HBox bar = new HBox(status);
    bar.setPadding(new Insets(4, 12, 6, 12));
    frame.setBottom(bar);
    place.setPadding(new Insets(10, 12, 4, 4));
    return frame;
  }

  /** Returns the names of the rooms, in order. */
  public static List<String> rooms() {
    return ServiceLoader.load(RoomProvider.class).stream()
        .map(provider -> provider.get().name())
        .toList();
  }

  /** Returns the name of the room for what is at a path; empty where no room knows it. */
  static @Nullable String roomFor(Path path) {
    return ServiceLoader.load(RoomProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(provider -> provider.opens(path))
        .map(RoomProvider::name)
        .findFirst()
        .orElse(null);
  }

  /**
   * Goes to a room.
   *
   * @throws BadRequestException where there is none of this name
   */
  public void go(String name) {
    go(find(name));
  }

  @Override
  public void open(String room, Path path) {
    go(room);
    Room opened = find(room).room;
    if (opened != null) {
      opened.open(path);
    }
  }

  /**
   * Returns what the command line asks of a room.
   *
   * @param words {@code key=value} each
   * @throws BadRequestException where the room takes no such setting
   */
  static Settings settings(String room, List<String> words) {
    String owner = "room " + room;
    RoomProvider provider =
        ServiceLoader.load(RoomProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(each -> each.name().equals(room))
            .findFirst()
            .orElseThrow();
    return new Settings(owner, provider.settings(), Settings.parse(owner, words));
  }

  /** Returns the room in view; null where there is none. */
  public @Nullable Room room() {
    return present == null ? null : present.room;
  }

  /**
   * Returns the name of a room as it is written in the navigation.
   *
   * @throws BadRequestException where there is none of this name
   */
  static String roomNamed(String name) {
    List<String> rooms = rooms();
    return rooms.stream()
        .filter(name::equalsIgnoreCase)
        .findFirst()
        .orElseThrow(() ->
            new BadRequestException(
                "unknown room %s%s (there are %s)"
                    .formatted(
                        name, Suggestions.didYouMean(name, rooms), String.join(", ", rooms))));
  }

  private Entry find(String name) {
    String known = roomNamed(name);
    return entries.stream()
        .filter(entry -> entry.provider.name().equals(known))
        .findFirst()
        .orElseThrow();
  }

  private void go(Entry entry) {
    entry.button.setSelected(true);
    if (entry == present) {
      return;
    }
    if (present != null && present.room != null) {
      present.room.visible(false);
    }
    present = entry;
    try {
      Room room = entry.room;
      if (room == null) {
        room = entry.provider.make(this);
        entry.room = room;
      }
      place.getChildren().setAll(room.view());
      room.visible(true);
    } catch (RuntimeException | LinkageError e) {
      place.getChildren().clear();
      problem(OneLine.of(e));
    }
  }

  private void refresh() {
    News latest = news.getAndSet(null);
    if (latest != null) {
      status.setText(latest.line());
      status.setTooltip(new Tooltip(latest.line()));
      status.getStyleClass().removeAll(Styles.DANGER, Styles.TEXT_MUTED);
      status.getStyleClass().add(latest.isProblem() ? Styles.DANGER : Styles.TEXT_MUTED);
    }
    Room room = room();
    if (room != null) {
      try {
        room.refresh();
      } catch (RuntimeException e) {
        problem(OneLine.of(e));
      }
    }
  }

  /** Changes the theme. */
  public void setTheme(Theme next) {
    theme = next;
    Application.setUserAgentStylesheet(next.stylesheet());
    palette.set(next.palette());
  }

  @Override
  public void problem(String line) {
    news.set(new News(line, true));
  }

  @Override
  public void note(String line) {
    news.set(new News(line, false));
  }

  @Override
  public ReadOnlyObjectProperty<Palette> palette() {
    return palette.getReadOnlyProperty();
  }

  @Override
  public void chooseFolder(String title, Path start, Consumer<Path> then) {
    DirectoryChooser chooser = new DirectoryChooser();
    chooser.setTitle(title);
    File folder = start.toAbsolutePath().toFile();
    if (folder.isDirectory()) {
      chooser.setInitialDirectory(folder);
    }
    File chosen = chooser.showDialog(stage);
    if (chosen != null) {
      then.accept(chosen.toPath());
    }
  }

  @Override
  public Window window() {
    return stage;
  }

  /** Ends every room. */
  @Override
  public void close() {
    timer.stop();
    List<Thread> closing = new ArrayList<>();
    for (Entry entry : entries) {
      Room room = entry.room;
      if (room != null) {
        entry.room = null;
        closing.add(Thread.ofPlatform().daemon().name("umwelt-viewer-close").start(room::close));
      }
    }
    try {
      for (Thread thread : closing) {
        thread.join(1000);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
