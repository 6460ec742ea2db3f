package org.umwelt.kernels.backend;

import java.util.ArrayList;
import java.util.List;
import org.umwelt.kernels.api.KernelContext;
import org.umwelt.kernels.parallel.WorkerTeam;

/** Runs kernels on the processor. */
public final class CpuBackend implements Backend {
  private static final int PIECES = 4; // of a range per thread, so that threads end together
  private static final int LEAST_PIECE = 256;

  private final WorkerTeam team;
  private final boolean asWritten;

  private CpuBackend(WorkerTeam team, boolean asWritten) {
    this.team = team;
    this.asWritten = asWritten;
  }

  /** Creates the back end. */
  public CpuBackend(int threads) {
    this(new WorkerTeam(threads), false);
  }

  /**
   * Creates one that runs kernels as they are written, groups emulated, even where there is a tuned
   * implementation: to compare the two.
   */
  public static CpuBackend asWritten(int threads) {
    return new CpuBackend(new WorkerTeam(threads), true);
  }

  /** Finds it through the {@link java.util.ServiceLoader}. */
  public static final class Provider implements BackendProvider {
    @Override
    public String name() {
      return "cpu";
    }

    @Override
    public Availability availability() {
      return new Availability(
          true, "%d threads".formatted(Runtime.getRuntime().availableProcessors()));
    }

    @Override
    public boolean preferred() {
      return false;
    }

    @Override
    public Backend open(int threads) {
      return new CpuBackend(threads);
    }
  }

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public String device() {
    return "%d threads%s".formatted(team.threads(), asWritten ? ", groups emulated" : "");
  }

  @Override
  public Launch prepare(Call... calls) {
    List<Runnable> all = new ArrayList<>();
    for (int from = 0, to; from < calls.length; from = to) {
      Kernel kernel = calls[from].kernel();
      for (to = from + 1; to < calls.length && calls[to].kernel().equals(kernel); ) {
        to++;
      }
      List<Call> run = List.of(calls).subList(from, to);
      Kernel.TunedSequence sequence = kernel.sequence();
      if (sequence != null && run.size() > 1 && !asWritten) {
        List<Object[]> arguments = run.stream().map(Call::arguments).toList();
        all.add(() -> sequence.run(team, arguments));
      } else {
        run.forEach(call -> all.add(() -> run(call)));
      }
    }
    return new Launch() {
      @Override
      public void run() {
        all.forEach(Runnable::run);
      }

      @Override
      public void close() {}
    };
  }

  private void run(Call call) {
    Kernel.Tuned tuned = call.kernel().tuned();
    if (tuned != null && !asWritten) {
      tuned.run(team, call.arguments());
    } else if (call.kernel().grouped()) {
      emulate(call);
    } else {
      split(call);
    }
  }

  private void split(Call call) {
    int count = call.work().x();
    int piece = Math.max(LEAST_PIECE, Math.ceilDiv(count, PIECES * team.threads()));
    team.run(
        Math.ceilDiv(count, piece),
        i -> {
          Object[] all = with(2, call.arguments());
          all[0] = i * piece;
          all[1] = Math.min(count, (i + 1) * piece);
          invoke(call.kernel(), all);
        });
  }

  private static void emulate(Call call) {
    Work work = call.work();
    for (int y = 0; y < work.y(); y++) {
      for (int x = 0; x < work.x(); x++) {
        KernelContext.runGroup(
            x,
            y,
            work.x(),
            work.groupX(),
            work.groupY(),
            context -> {
              Object[] all = with(1, call.arguments());
              all[0] = context;
              invoke(call.kernel(), all);
            });
      }
    }
  }

  private static Object[] with(int before, Object[] arguments) {
    Object[] all = new Object[before + arguments.length];
    System.arraycopy(arguments, 0, all, before, arguments.length);
    return all;
  }

  private static void invoke(Kernel kernel, Object[] all) {
    try {
      kernel.invoke(all);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("kernel " + kernel.name() + " failed", e);
    }
  }

  @Override
  public void close() {
    team.close();
  }
}
