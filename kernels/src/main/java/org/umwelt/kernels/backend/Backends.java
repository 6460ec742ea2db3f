package org.umwelt.kernels.backend;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.umwelt.kernels.backend.BackendProvider.Availability;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Setting;

/** Finds back ends and kernels. */
public final class Backends {
  private static final String AUTO = "auto";
  private static final String CPU = "cpu";
  private static final String TORNADO = "tornado";
  private static final String NO_TORNADO =
      "its module is not on the class path; set TORNADOVM_HOME to the folder of a TornadoVM SDK and start with scripts/umwelt, or build with mvn -Ptornado";

  private Backends() {}

  /** Declares the setting {@code backend}. */
  public static Setting setting() {
    return Setting.choice(
        "backend",
        AUTO,
        List.of(AUTO, CPU, TORNADO),
        "Where kernels run; auto is tornado where that has a GPU, and cpu elsewhere.");
  }

  /**
   * Opens the back end of this name.
   *
   * @param threads of the processor
   * @throws BadRequestException where it is missing: no other takes its place
   */
  public static Backend open(String name, int threads) {
    if (name.equals(AUTO)) {
      return chosen().open(threads);
    }
    for (BackendProvider provider : ServiceLoader.load(BackendProvider.class)) {
      if (provider.name().equals(name)) {
        Availability availability = provider.availability(); // of this one alone
        if (!availability.available()) {
          throw missing(name, availability.reason());
        }
        return provider.open(threads);
      }
    }
    if (name.equals(TORNADO)) {
      throw missing(name, NO_TORNADO);
    }
    throw new BadRequestException("expected backend to be auto, cpu or tornado, got " + name);
  }

  private static BadRequestException missing(String name, String reason) {
    return new BadRequestException(
        "backend=%s: expected it to be available, but %s".formatted(name, reason));
  }

  /** Returns which back end {@code auto} stands for here. */
  public static BackendProvider chosen() {
    BackendProvider cpu = null;
    for (Found found : all()) {
      if (found.provider != null && found.availability.available()) {
        if (found.provider.preferred()) {
          return found.provider;
        }
        if (found.name.equals(CPU)) {
          cpu = found.provider;
        }
      }
    }
    if (cpu == null) {
      throw new IllegalStateException("the back end cpu is missing from the class path");
    }
    return cpu;
  }

  /**
   * A back end by name.
   *
   * @param name its name
   * @param provider null where its module is missing
   * @param availability whether it can run here, and why or why not
   */
  public record Found(String name, @Nullable BackendProvider provider, Availability availability) {}

  /** Returns every back end there could be, by name. */
  public static List<Found> all() {
    List<Found> all = new ArrayList<>();
    for (BackendProvider provider : ServiceLoader.load(BackendProvider.class)) {
      all.add(new Found(provider.name(), provider, provider.availability()));
    }
    if (all.stream().noneMatch(found -> found.name.equals(TORNADO))) {
      all.add(new Found(TORNADO, null, new Availability(false, NO_TORNADO)));
    }
    all.sort(Comparator.comparing(Found::name));
    return all;
  }

  /** Returns every kernel, by name. */
  public static List<Kernel> kernels() {
    List<Kernel> all = new ArrayList<>();
    for (KernelProvider provider : ServiceLoader.load(KernelProvider.class)) {
      all.addAll(provider.kernels());
    }
    all.sort(Comparator.comparing(Kernel::name));
    return all;
  }
}
