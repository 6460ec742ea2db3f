package org.umwelt.viewer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javafx.application.Platform;
import javafx.stage.Stage;
import org.jspecify.annotations.Nullable;
import org.umwelt.kernels.files.AtomicFile;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.viewer.loop.OneLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code umwelt view}: the window. */
@Command(
    name = "view",
    description = "Open the viewer: live rollouts, dreams, replays, samples, runs.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ViewCommand implements Callable<Integer> {
  private static final Pattern KEY_VALUE = Pattern.compile("[a-z][a-z_]*=.*");

  @Parameters(
      paramLabel = "PATH|key=value",
      description = "A run or data set to open, and settings of the room it is opened in.")
  private List<String> words = List.of();

  @Option(names = "--room", paramLabel = "NAME", description = "The room to start in.")
  private @Nullable String room;

  @Option(names = "--theme", paramLabel = "light|dark", description = "How it looks; light.")
  private Theme theme = Theme.LIGHT;

  @Option(
      names = "--screenshot",
      paramLabel = "FILE.png",
      description = "Write a picture of the window and end; needs no display.")
  private @Nullable Path screenshot;

  @Option(
      names = "--after",
      paramLabel = "SECONDS",
      description = "When the picture is taken; ${DEFAULT-VALUE} by default.")
  private double after = 5;

  @Override
  public Integer call() throws Exception {
    List<String> paths = words.stream().filter(word -> !isSetting(word)).toList();
    if (paths.size() > 1) {
      throw new BadRequestException(
          "expected one run or data set, got %s".formatted(String.join(", ", paths)));
    }
    Path path = paths.isEmpty() ? null : Path.of(paths.getFirst());
    String first = firstRoom(path);
    Settings settings =
        Viewer.settings(first, words.stream().filter(ViewCommand::isSetting).toList());
    requireDisplay();
    requireWritable();
    CountDownLatch ended = new CountDownLatch(1);
    CompletableFuture<Viewer> started = new CompletableFuture<>();
    Toolkit.start(() -> show(first, path, settings, started, ended));
    try {
      Viewer viewer = started.get();
      if (screenshot == null) {
        ended.await();
      } else {
        Thread.sleep(Math.round(after * 1000));
        picture(viewer, screenshot);
      }
      viewer.close();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } finally {
      Platform.exit();
    }
    return ExitCode.OK;
  }

  private static boolean isSetting(String word) {
    return KEY_VALUE.matcher(word).matches();
  }

  private String firstRoom(@Nullable Path path) {
    if (path != null && !Files.exists(path)) {
      throw new BadRequestException("expected a run or a data set, there is no " + path);
    }
    if (room != null) {
      return Viewer.roomNamed(room);
    }
    String own = path == null ? null : Viewer.roomFor(path);
    if (path != null && own == null) {
      throw new BadRequestException(
          "expected a run or a data set, found neither in %s".formatted(path));
    }
    return own == null ? Viewer.rooms().getFirst() : own;
  }

  private void show(
      String first,
      @Nullable Path path,
      Settings settings,
      CompletableFuture<Viewer> started,
      CountDownLatch ended) {
    try {
      Stage stage = new Stage();
      Viewer viewer = new Viewer(stage, theme);
      Thread.currentThread()
          .setUncaughtExceptionHandler((_, failure) -> viewer.problem(OneLine.of(failure)));
      stage.setOnHidden(_ -> ended.countDown());
      stage.show();
      if (path == null) {
        viewer.go(first);
      } else {
        viewer.open(first, path);
      }
      Room shown = viewer.room();
      if (shown != null && !settings.given().isEmpty()) {
        shown.set(settings);
      }
      started.complete(viewer);
    } catch (RuntimeException | Error e) {
      started.completeExceptionally(e);
    }
  }

  private void requireDisplay() {
    if (screenshot != null) {
      Toolkit.withoutDisplay();
    } else if (System.getProperty("os.name", "").startsWith("Linux")
        && System.getProperty("glass.platform") == null
        && System.getenv("DISPLAY") == null
        && System.getenv("WAYLAND_DISPLAY") == null) {
      throw new BadRequestException(
          "cannot open a window: no display is named by DISPLAY or WAYLAND_DISPLAY;"
              + " --screenshot FILE.png needs none");
    }
  }

  private void requireWritable() {
    if (screenshot != null) {
      Path folder = screenshot.toAbsolutePath().getParent();
      if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(screenshot)) {
        throw new BadRequestException(
            "cannot write %s: expected the name of a file in a folder that is there"
                .formatted(screenshot));
      }
    }
    if (!(after >= 0 && after <= 3600)) {
      throw new BadRequestException("expected --after of 0 to 3600 seconds, got " + after);
    }
  }

  private static void picture(Viewer viewer, Path file)
      throws IOException, InterruptedException, ExecutionException {
    CompletableFuture<byte[]> png = new CompletableFuture<>();
    Platform.runLater(() -> {
      try {
        png.complete(Screenshot.png(viewer.window().getScene()));
      } catch (RuntimeException | Error e) {
        png.completeExceptionally(e);
      }
    });
    try {
      AtomicFile.write(file, png.get(30, TimeUnit.SECONDS));
    } catch (TimeoutException e) {
      throw new IOException("the window did not answer in 30 seconds", e);
    }
  }
}
