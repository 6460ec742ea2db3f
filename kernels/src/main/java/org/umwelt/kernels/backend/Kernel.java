package org.umwelt.kernels.backend;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.umwelt.kernels.api.KernelContext;
import org.umwelt.kernels.api.Written;
import org.umwelt.kernels.parallel.WorkerTeam;

/** A kernel: its source, what it is called, and how a processor computes it fast. */
public final class Kernel {
  private final String name;
  private final String summary;
  private final Method method;
  private final MethodHandle handle;
  private final boolean grouped;
  private final List<Parameter> parameters;
  private final @Nullable Tuned tuned;
  private final @Nullable TunedSequence sequence;
  private final @Nullable String instead;

  private Kernel(
      String name,
      String summary,
      Method method,
      @Nullable Tuned tuned,
      @Nullable TunedSequence sequence,
      @Nullable String instead) {
    this.name = name;
    this.summary = summary;
    this.method = method;
    this.tuned = tuned;
    this.sequence = sequence;
    this.instead = instead;
    Parameter[] all = method.getParameters();
    this.grouped = all.length > 0 && all[0].getType() == KernelContext.class;
    this.parameters = List.of(all).subList(grouped ? 1 : 2, all.length);
    try {
      this.handle =
          MethodHandles.publicLookup()
              .unreflect(method)
              .asSpreader(Object[].class, all.length); // (Object[]) to void
    } catch (IllegalAccessException e) {
      throw new IllegalArgumentException("expected a public kernel, got " + method, e);
    }
  }

  /** Computes a kernel fast on processors. */
  @FunctionalInterface
  public interface Tuned {
    /**
     * Computes it.
     *
     * @param arguments of the kernel, without the range or the context
     */
    void run(WorkerTeam team, Object[] arguments);
  }

  /** Computes calls of a kernel that are prepared one behind the other, faster than one by one. */
  @FunctionalInterface
  public interface TunedSequence {
    /**
     * Computes them. What one call writes and a later one overwrites or alone reads need not be
     * left behind.
     *
     * @param calls the arguments of each, without the range or the context; at least two
     */
    void run(WorkerTeam team, List<Object[]> calls);
  }

  /**
   * Describes a kernel.
   *
   * @param name words joined by hyphens, the same for ever
   * @param summary one line
   * @param source class of the kernel, public
   * @param method name of its public static method, of which there is one
   */
  public static Kernel of(String name, String summary, Class<?> source, String method) {
    Method found =
        Arrays.stream(source.getMethods())
            .filter(candidate -> candidate.getName().equals(method))
            .findFirst()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "expected a public static method %s in %s".formatted(method, source)));
    return new Kernel(name, summary, found, null, null, null);
  }

  /** Returns the kernel with an implementation for processors. */
  public Kernel tuned(Tuned tuned) {
    return new Kernel(name, summary, method, tuned, sequence, instead);
  }

  /** Returns the kernel with an implementation of sequences for processors. */
  public Kernel tunedSequence(TunedSequence sequence) {
    return new Kernel(name, summary, method, tuned, sequence, instead);
  }

  /**
   * Returns the kernel with the name of what processors should use in its place, since their way of
   * computing it does not fit into single calls.
   */
  public Kernel instead(String processors) {
    return new Kernel(name, summary, method, tuned, sequence, processors);
  }

  /** Returns how processors compute it, in a word or two. */
  public String onProcessors() {
    return instead != null
        ? instead
        : tuned != null ? "tuned" : grouped ? "groups emulated" : "as written";
  }

  /** Returns its name. */
  public String name() {
    return name;
  }

  /** Returns what it computes, in one line. */
  public String summary() {
    return summary;
  }

  /** Returns its source. */
  public Method method() {
    return method;
  }

  /** Returns whether it is one work item of a group; otherwise it loops over a range. */
  public boolean grouped() {
    return grouped;
  }

  /** Returns what computes it on processors, or null where the kernel itself does. */
  public @Nullable Tuned tuned() {
    return tuned;
  }

  /** Returns what computes sequences on processors, or null where calls are computed one by one. */
  @Nullable TunedSequence sequence() {
    return sequence;
  }

  /** Returns whether it writes the argument of this number. */
  public boolean writes(int argument) {
    return parameters.get(argument).isAnnotationPresent(Written.class);
  }

  /** Checks what it is called with. */
  void check(Object[] arguments) {
    if (arguments.length != parameters.size()) {
      throw new IllegalArgumentException(
          "kernel %s: expected %d arguments, got %d"
              .formatted(name, parameters.size(), arguments.length));
    }
    for (int i = 0; i < arguments.length; i++) {
      Class<?> type = parameters.get(i).getType();
      Class<?> boxed = MethodType.methodType(type).wrap().returnType();
      if (!boxed.isInstance(arguments[i])) {
        throw new IllegalArgumentException(
            "kernel %s: expected a %s for %s, got a %s"
                .formatted(
                    name,
                    type.getSimpleName(),
                    parameters.get(i).getName(),
                    arguments[i].getClass().getSimpleName()));
      }
    }
  }

  /** Calls the source: with a range or a context, and the arguments. */
  void invoke(Object... all) throws Throwable {
    handle.invoke(all);
  }
}
