package org.umwelt.agents.training;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.umwelt.envs.Frame;
import org.umwelt.kernels.files.AtomicFile;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;

/**
 * Fits y = 3 x - 1 by stochastic gradient descent on samples an epoch adds to a file in the run
 * folder, so that a wrong restart of any part shows in the weights.
 */
public final class LinearRegression implements Experiment {
  @Override
  public String name() {
    return "test-line";
  }

  @Override
  public String summary() {
    return "a line through noisy points";
  }

  @Override
  public List<Setting> settings() {
    return List.of(
        Setting.integer("epochs", 6, 1, 1_000_000, "How many epochs."),
        Setting.integer("seed", 0, 0, 1L << 31, "Of points and batches."),
        Setting.number("sgd.rate", 0.05, 0, 10, "Learning rate."),
        Setting.integer("sgd.steps", 4, 1, 1000, "Gradient steps per epoch."),
        Setting.number("data.noise", 0.125, 0, 10, "Standard deviation of the noise."),
        Setting.bool("data.centred", true, "Whether x comes from [-1, 1) rather than [0, 1)."),
        Setting.integer("warmup", 2, 0, 1000, "Epochs that are not typical."),
        Setting.integer("pause", 0, 0, 1000, "Milliseconds a gradient step takes."),
        Setting.choice(
            "fail", "none", List.of("none", "start", "diverge", "throw", "save"), "What breaks."),
        Setting.integer("fail_epoch", 3, 1, 1000, "Where it breaks."),
        Setting.text("remark", "", "Anything."));
  }

  @Override
  public Trainer start(Settings settings, TrainingContext context) {
    if (settings.text("fail").equals("start")) {
      throw new BadRequestException("expected a start that does not fail, got fail=start");
    }
    return new Fit(settings, context.run().resolve("points.bin"));
  }

  private static final class Fit implements Trainer {
    private static final int POINTS_PER_EPOCH = 8;
    private static final int POINT_BYTES = 2 * Double.BYTES;

    private final Settings settings;
    private final Path points;
    private final List<double[]> replay = new ArrayList<>();
    private final RandomStream random;
    private @Nullable FileChannel file;
    private double slope;
    private double offset;
    private int behind;

    Fit(Settings settings, Path points) {
      this.settings = settings;
      this.points = points;
      random = new RandomStream(settings.integer("seed"));
    }

    @Override
    public int epochs() {
      return settings.intValue("epochs");
    }

    @Override
    public List<String> preamble() {
      return List.of("2 parameters");
    }

    @Override
    public void epoch(int epoch, EpochLog log) throws IOException {
      fail("throw", epoch);
      collect();
      double loss = 0;
      int steps = settings.intValue("sgd.steps");
      for (int step = 0; step < steps; step++) {
        if (log.isStopped()) {
          throw new TrainingStopped();
        }
        loss += descend() / steps;
        log.progress("sgd", step + 1, steps);
      }
      if (fails("diverge", epoch)) {
        throw new DivergedException("loss is NaN in epoch %d; see batch.bin".formatted(epoch));
      }
      behind = epoch;
      log.scalar("loss/mean", loss);
      if (epoch % 2 == 0) {
        log.scalar("weights/slope", slope);
        log.image("weights", picture());
        log.note("slope " + slope);
      }
      log.scalar("loss/absent", Double.NaN);
    }

    private void collect() throws IOException {
      if (file == null) {
        file =
            FileChannel.open(points, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                .truncate(0);
      }
      ByteBuffer bytes = ByteBuffer.allocate(POINTS_PER_EPOCH * POINT_BYTES);
      for (int i = 0; i < POINTS_PER_EPOCH; i++) {
        double x =
            settings.bool("data.centred") ? 2 * random.nextDouble() - 1 : random.nextDouble();
        double y = 3 * x - 1 + settings.number("data.noise") * random.nextGaussian();
        replay.add(new double[] {x, y});
        bytes.putDouble(x).putDouble(y);
      }
      file.write(bytes.flip());
    }

    private double descend() {
      double[] point = replay.get(random.nextInt(replay.size()));
      double error = slope * point[0] + offset - point[1];
      slope -= settings.number("sgd.rate") * error * point[0];
      offset -= settings.number("sgd.rate") * error;
      try {
        Thread.sleep(settings.integer("pause"));
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return error * error;
    }

    private Frame picture() {
      byte[] rgb = new byte[8 * 4 * 3];
      Arrays.fill(rgb, (byte) (slope * 40));
      return new Frame(8, 4, rgb);
    }

    private boolean fails(String how, int epoch) {
      return settings.text("fail").equals(how) && settings.integer("fail_epoch") == epoch;
    }

    private void fail(String how, int epoch) throws IOException {
      if (fails(how, epoch)) {
        throw new IOException("No space left on device");
      }
    }

    @Override
    public void save(Path folder) throws IOException {
      Path state = folder.resolve("state.bin");
      try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(state))) {
        out.writeInt(behind);
        out.writeInt(replay.size());
        out.writeDouble(slope);
        fail("save", behind);
        out.writeDouble(offset);
        random.writeState(out);
      }
      AtomicFile.sync(state);
      AtomicFile.sync(points);
    }

    @Override
    public void load(Path folder) throws IOException {
      int size;
      try (DataInputStream in =
          new DataInputStream(Files.newInputStream(folder.resolve("state.bin")))) {
        behind = in.readInt();
        size = in.readInt();
        slope = in.readDouble();
        offset = in.readDouble();
        random.readState(in);
      }
      file = FileChannel.open(points, StandardOpenOption.READ, StandardOpenOption.WRITE);
      ByteBuffer bytes = ByteBuffer.allocate(size * POINT_BYTES);
      file.read(bytes, 0);
      bytes.flip();
      for (int i = 0; i < size; i++) {
        replay.add(new double[] {bytes.getDouble(), bytes.getDouble()});
      }
      file.truncate((long) size * POINT_BYTES).position((long) size * POINT_BYTES);
    }

    @Override
    public ObjectNode result() {
      return JsonNodeFactory.instance.objectNode().put("slope", slope).put("offset", offset);
    }

    @Override
    public boolean typical(int epoch) {
      return epoch > settings.intValue("warmup");
    }

    @Override
    public void close() {
      try {
        if (file != null) {
          file.close();
        }
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
