package org.umwelt.kernels.tornado;

import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import org.umwelt.kernels.backend.Call;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.common.TornadoFunctions;

/** Adds a kernel found by name to a task graph, whose own way wants a method reference. */
final class KernelTask {
  private static final String OURS = "org.umwelt.kernels.";
  private static final String COPIES = "org.umwelt.kernels.tornado.";

  private KernelTask() {}

  /**
   * Adds a task.
   *
   * @param before arguments before those of the call: the range or the context
   */
  static void add(TaskGraph graph, String name, Call call, Object... before) {
    Object[] arguments = new Object[2 + before.length + call.arguments().length];
    int parameters = arguments.length - 2;
    arguments[0] = name;
    arguments[1] = reference(copy(call.kernel().method()));
    System.arraycopy(before, 0, arguments, 2, before.length);
    System.arraycopy(call.arguments(), 0, arguments, 2 + before.length, call.arguments().length);
    try {
      for (Method task : TaskGraph.class.getMethods()) {
        if (task.getName().equals("task")
            && task.getParameterCount() == arguments.length
            && task.getParameterTypes()[1].isInstance(arguments[1])) {
          task.invoke(graph, arguments);
          return;
        }
      }
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("TornadoVM refuses kernel " + call.kernel().name(), e);
    }
    throw new IllegalStateException(
        "TornadoVM takes no task of %d parameters".formatted(parameters));
  }

  /** Finds the copy of a kernel that was compiled against TornadoVM. */
  private static Method copy(Method kernel) {
    String source = kernel.getDeclaringClass().getName();
    String name = source.replace(OURS, COPIES);
    try {
      return Arrays.stream(Class.forName(name).getMethods())
          .filter(method -> method.getName().equals(kernel.getName()))
          .findFirst()
          .orElseThrow(() -> new ClassNotFoundException(name + "." + kernel.getName()));
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(
          "expected a copy of %s for TornadoVM, there is no %s: kernels stand in packages called device of module kernels"
              .formatted(source, name),
          e);
    }
  }

  /**
   * Returns an object whose {@code apply} calls a static method, as a method reference does:
   * TornadoVM reads the bytecode of that method to find the kernel.
   */
  private static Object reference(Method method) {
    int count = method.getParameterCount();
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    try {
      Class<?> type = Class.forName(TornadoFunctions.class.getName() + "$Task" + count);
      MethodHandle handle = lookup.unreflect(method);
      return LambdaMetafactory.metafactory(
              lookup,
              "apply",
              MethodType.methodType(type),
              MethodType.genericMethodType(count).changeReturnType(void.class),
              handle,
              handle.type().wrap().changeReturnType(void.class))
          .getTarget()
          .invoke();
    } catch (Throwable e) {
      throw new IllegalStateException("expected a public static kernel, got " + method, e);
    }
  }
}
