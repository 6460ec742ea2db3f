package org.umwelt.kernels.tornado;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.backend.Call;
import org.umwelt.kernels.backend.Launch;
import org.umwelt.kernels.backend.Work;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.WorkerGrid2D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;

/** Runs kernels on the device that TornadoVM chooses. */
final class TornadoBackend implements Backend {
  private static final AtomicInteger GRAPHS = new AtomicInteger();

  @Override
  public String name() {
    return "tornado";
  }

  @Override
  public String device() {
    return TornadoDevices.describe();
  }

  @Override
  public Launch prepare(Call... calls) {
    String name = "umwelt" + GRAPHS.getAndIncrement();
    Set<Object> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
    Set<Object> written = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Object> in = new ArrayList<>(); // in the order of the calls
    List<Object> out = new ArrayList<>();
    List<Call> all = new ArrayList<>();
    for (Call call : calls) {
      if (call.work().x() == 0 || call.work().y() == 0) {
        continue;
      }
      all.add(call);
      for (int i = 0; i < call.arguments().length; i++) {
        Object argument = call.arguments()[i];
        if (argument.getClass().isArray()) {
          if (arrays.add(argument)) {
            in.add(argument);
          }
          if (call.kernel().writes(i) && written.add(argument)) {
            out.add(argument);
          }
        }
      }
    }
    if (all.isEmpty()) {
      return new TornadoLaunch(null);
    }
    TaskGraph graph = new TaskGraph(name);
    graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, in.toArray());
    GridScheduler grids = new GridScheduler();
    boolean grouped = false;
    for (int i = 0; i < all.size(); i++) {
      Call call = all.get(i);
      String task = "t" + i;
      if (call.kernel().grouped()) {
        grouped = true;
        grids.addWorkerGrid(name + "." + task, grid(call.work()));
        KernelTask.add(graph, task, call, new KernelContext());
      } else {
        KernelTask.add(graph, task, call, 0, call.work().x());
      }
    }
    graph.transferToHost(DataTransferMode.EVERY_EXECUTION, out.toArray());
    TornadoExecutionPlan plan = new TornadoExecutionPlan(graph.snapshot());
    return new TornadoLaunch(grouped ? plan.withGridScheduler(grids) : plan);
  }

  private static WorkerGrid grid(Work work) {
    WorkerGrid grid =
        work.y() == 1 && work.groupY() == 1
            ? new WorkerGrid1D(work.x() * work.groupX())
            : new WorkerGrid2D(work.x() * work.groupX(), work.y() * work.groupY());
    grid.setLocalWork(work.groupX(), work.groupY(), 1);
    return grid;
  }

  /** A plan, compiled when it first runs; null where there is nothing to do. */
  private record TornadoLaunch(@Nullable TornadoExecutionPlan plan) implements Launch {
    @Override
    public void run() {
      if (plan != null) {
        plan.execute();
      }
    }

    @Override
    public void close() {
      if (plan != null) {
        plan.freeDeviceMemory();
        try {
          plan.close();
        } catch (TornadoExecutionPlanException e) {
          throw new IllegalStateException("TornadoVM did not close a plan", e);
        }
      }
    }
  }

  @Override
  public void close() {}
}
