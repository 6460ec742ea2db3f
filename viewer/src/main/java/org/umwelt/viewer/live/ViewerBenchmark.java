package org.umwelt.viewer.live;

import atlantafx.base.theme.PrimerLight;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javafx.animation.AnimationTimer;
import javafx.application.Application;
import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.scene.control.SplitPane;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;
import org.jspecify.annotations.Nullable;
import org.umwelt.kernels.bench.Benchmark;
import org.umwelt.kernels.bench.CpuClock;
import org.umwelt.kernels.bench.Measurement;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.viewer.Toolkit;
import org.umwelt.viewer.loop.Loop;
import org.umwelt.viewer.loop.Work;
import org.umwelt.viewer.plots.History;
import org.umwelt.viewer.plots.Palette;
import org.umwelt.viewer.plots.PictureTile;
import org.umwelt.viewer.plots.Pixels;
import org.umwelt.viewer.plots.TileGrid;
import org.umwelt.viewer.plots.TimeLine;

/**
 * {@code umwelt bench viewer}: how often a window of 160x210 tiles beside a time line is drawn
 * anew, and what that costs.
 *
 * <p>Every tile is painted anew for every update, by a thread as a simulation would, whose time
 * counts. The window is without a display and drawn in software unless the JVM is started with
 * {@code -Dglass.platform} and {@code -Dprism.order} of another kind. Boards take turns in each
 * round.
 */
public final class ViewerBenchmark implements Benchmark {
  private static final int[] TILES = {1, 16, 64};
  private static final int WIDTH = 160;
  private static final int HEIGHT = 210;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Override
  public String name() {
    return "viewer";
  }

  @Override
  public String summary() {
    return "updates/s, CPU and heap of the viewer's window for 1, 16 and 64 tiles; no peer";
  }

  @Override
  public List<Setting> settings() {
    return List.of(
        Setting.integer("rounds", 5, 5, 1000, "Rounds measured."),
        Setting.number("seconds", 2, 0.1, 600, "Seconds per board and round."));
  }

  @Override
  public List<Measurement> run(Settings settings, Consumer<String> progress) {
    int rounds = settings.intValue("rounds");
    long milliseconds = Math.round(1000 * settings.number("seconds"));
    Toolkit.withoutDisplay();
    try {
      Window window = Window.open();
      List<Board> boards = Arrays.stream(TILES).mapToObj(Board::new).toList();
      try {
        for (int round = -1; round < rounds; round++) {
          progress.accept(round < 0 ? "warming up" : "round %d of %d".formatted(round + 1, rounds));
          for (Board board : boards) {
            window.measure(board, milliseconds, round >= 0);
          }
        }
      } finally {
        boards.forEach(Board::close);
      }
      return boards.stream().flatMap(board -> board.measurements().stream()).toList();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BadRequestException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      Platform.exit();
    }
  }

  private static void onFx(Runnable what) throws InterruptedException, ExecutionException {
    CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
    Platform.runLater(() -> {
      try {
        what.run();
        done.complete(null);
      } catch (RuntimeException | Error e) {
        done.completeExceptionally(e);
      }
    });
    done.get();
  }

  /** The window, in which one board is at a time. */
  private static final class Window {
    private final StackPane place = new StackPane();
    private final AtomicLong updates = new AtomicLong();
    private @Nullable Board board; // of the FX thread

    static Window open() throws InterruptedException, ExecutionException {
      CompletableFuture<Window> opened = new CompletableFuture<>();
      Toolkit.start(() -> {
        try {
          opened.complete(new Window());
        } catch (RuntimeException | Error e) {
          opened.completeExceptionally(e);
        }
      });
      return opened.get();
    }

    private Window() {
      Application.setUserAgentStylesheet(new PrimerLight().getUserAgentStylesheet());
      Stage stage = new Stage();
      stage.setScene(new Scene(place, 1280, 820));
      stage.show();
      new AnimationTimer() {
        @Override
        public void handle(long now) {
          if (board != null && board.refresh()) {
            updates.incrementAndGet();
          }
        }
      }.start();
    }

    void measure(Board next, long milliseconds, boolean counts)
        throws InterruptedException, ExecutionException {
      onFx(() -> {
        board = next;
        place.getChildren().setAll(next.view);
      });
      next.loop.play();
      Thread.sleep(milliseconds / 4); // laid out and on its way
      long bytes = THREADS.getTotalThreadAllocatedBytes();
      double cpu = CpuClock.seconds();
      long before = updates.get();
      long start = System.nanoTime();
      Thread.sleep(milliseconds);
      double frames = Math.max(1, updates.get() - before);
      double seconds = (System.nanoTime() - start) / 1e9;
      double cpuSeconds = CpuClock.seconds() - cpu;
      double allocated = THREADS.getTotalThreadAllocatedBytes() - bytes;
      next.loop.pause();
      if (counts) {
        next.rates.add(frames / seconds);
        next.cpu.add(1000 * cpuSeconds / frames);
        next.heap.add(allocated / frames / 1000);
      }
    }
  }

  /** Tiles beside a time line. */
  private static final class Board implements AutoCloseable {
    final int count;
    final SplitPane view;
    final Loop loop;
    final List<Double> rates = new ArrayList<>();
    final List<Double> cpu = new ArrayList<>();
    final List<Double> heap = new ArrayList<>();
    private final List<PictureTile> tiles = new ArrayList<>();
    private final TimeLine timeLine = new TimeLine();

    Board(int count) {
      this.count = count;
      List<Pixels> pixels = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        Pixels each = new Pixels();
        pixels.add(each);
        tiles.add(new PictureTile(each));
      }
      TileGrid grid = new TileGrid();
      grid.show(tiles);
      grid.setAspect((double) WIDTH / HEIGHT);
      History history = new History(2, 400);
      timeLine.setPalette(Palette.LIGHT);
      timeLine.setHistory(history);
      timeLine.addStrip("Reward", List.of(new TimeLine.Series("", 0)));
      timeLine.addStrip("Return", List.of(new TimeLine.Series("", 1)));
      view = new SplitPane(grid, timeLine);
      view.setDividerPositions(0.6);
      loop =
          new Loop(
              "umwelt-viewer-bench",
              line -> {
                throw new IllegalStateException(line);
              });
      loop.open(() -> new Painting(pixels, history));
    }

    /** Draws what is new; whether every tile was. */
    boolean refresh() {
      int fresh = 0;
      for (PictureTile tile : tiles) {
        fresh += tile.refresh() ? 1 : 0;
      }
      timeLine.refresh();
      return fresh == tiles.size();
    }

    List<Measurement> measurements() {
      String what = count == 1 ? "1 tile" : count + " tiles";
      return List.of(
          Measurement.alone(what + ": rate", "updates/s", rates, "at most 60"),
          Measurement.alone(what + ": CPU", "ms/update", cpu, "all threads of the process"),
          Measurement.alone(what + ": heap", "kB/update", heap, "all threads of the JVM"));
    }

    @Override
    public void close() {
      loop.close();
    }
  }

  /** A simulation that does nothing but paint. */
  private record Painting(List<Pixels> pixels, History history) implements Work {
    private static final double PAINTED_PER_SECOND = 60;

    @Override
    public boolean step() {
      long t = history.rows();
      for (Pixels each : pixels) {
        each.paint(
            WIDTH,
            HEIGHT,
            argb -> {
              for (int y = 0; y < HEIGHT; y++) {
                Arrays.fill(argb, y * WIDTH, (y + 1) * WIDTH, 0xff000000 | (int) (t * 8 + y));
              }
            });
      }
      history.append(t % 7 == 0 ? 1 : 0, t % 100);
      return true;
    }

    @Override
    public double stepsPerSecond() {
      return PAINTED_PER_SECOND;
    }

    @Override
    public void close() {}
  }
}
