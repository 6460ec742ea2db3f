package org.umwelt.envs.lattice;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Frame;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Discrete;
import org.umwelt.envs.spaces.Space;
import org.umwelt.envs.spaces.Value;
import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.backend.CpuBackend;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.physics.lattice.Chains;
import org.umwelt.physics.lattice.Lattice;
import org.umwelt.physics.lattice.Measurement;
import org.umwelt.physics.lattice.Phi4;

/**
 * Sampling as a game: which update next?
 *
 * <h2>Description</h2>
 *
 * <p>Some chains of the phi^4 lattice ({@link Phi4}, the convention of m2 and lambda) are moved
 * together. Every step applies one update to all of them, and a sample is taken. Updates cost work,
 * and what counts is how many effective samples a budget of work has brought.
 *
 * <h2>Actions</h2>
 *
 * <p>Discrete(8). Sizes are tuned during the reset and fixed from then on.
 *
 * <table>
 *   <caption>Actions</caption>
 *   <tr><th>number</th><th>update of every chain</th><th>work</th></tr>
 *   <tr><td>0, 1, 2</td><td>Metropolis sweep, proposals of half, once and twice the width that half
 *       of are accepted</td><td>1</td></tr>
 *   <tr><td>3</td><td>heat bath sweep</td><td>numbers drawn per site, 1.2 or so</td></tr>
 *   <tr><td>4, 5</td><td>leapfrog trajectory of 5 and 20 steps, a fifth more or less; step tuned to
 *       80 % acceptance</td><td>computed forces per site: steps + 1</td></tr>
 *   <tr><td>6</td><td>Wolff clusters, as many as flip about every site</td><td>flipped sites per
 *       site</td></tr>
 *   <tr><td>7</td><td>Swendsen-Wang clusters</td><td>1</td></tr>
 * </table>
 *
 * <p>A choice that looks at the field breaks detailed balance: each update leaves the distribution
 * as it is, but their mixture, chosen by the field, need not. The infos show the virial identity,
 * from which such a bias is seen; choices that do not look at the field are exact.
 *
 * <h2>Observations</h2>
 *
 * <p>Dict of {@code field}, [chains, L, ..], and {@code statistics}, [9], both float32 without
 * bounds but those of the type: mean of |M|, M^2, phi^2 and the action per site over the chains as
 * they are, share of proposals the last update accepted (0 before the first), autocorrelation times
 * of M^2 and phi^2 in steps so far, effective samples per chain and unit of work so far, share of
 * the budget that is left.
 *
 * <table>
 *   <caption>Info</caption>
 *   <tr><th>key</th><th>dtype</th><th>range</th><th>meaning</th></tr>
 *   <tr><td>work</td><td>float64</td><td>0 on</td><td>spent so far</td></tr>
 *   <tr><td>effective_sample_size</td><td>float64</td><td>0 on</td><td>all chains together</td></tr>
 *   <tr><td>virial, virial_error</td><td>float64</td><td></td><td>mean over all samples so far,
 *       which should be 1, with its standard error</td></tr>
 * </table>
 *
 * <h2>Reward</h2>
 *
 * <p>Growth of the effective sample size / (chains * the larger of budget and work): the return of
 * an episode is the effective samples per chain and unit of work. The effective sample size is that
 * of the worse of M^2 and phi^2 by the Gamma method (samples / (2 tau_int)), at most the number of
 * samples: clusters alone, which never change phi^2, earn nothing in the long run, nor do updates
 * that hardly move. It can shrink where an autocorrelation comes to light, and so rewards can be
 * negative.
 *
 * <h2>Start</h2>
 *
 * <p>Normal numbers as wide as a site without neighbours, then {@code burn_in} rounds of all
 * updates, which are tuned meanwhile.
 *
 * <h2>End</h2>
 *
 * <p>Terminated when the work has reached the budget: it is observed, and nothing can be earned
 * behind it.
 *
 * <h2>Arguments</h2>
 *
 * <p>{@code dim} (2), {@code size} (8), {@code m2} (-4), {@code lambda} (6.008, where the
 * correlation length is a quarter of the size), {@code chains} (4), {@code budget} (500), {@code
 * burn_in} (50).
 *
 * <h2>Version history</h2>
 *
 * <p>v0: first.
 */
final class Phi4Environment implements Environment {
  static final String ID = "umwelt/Phi4-v0";

  private static final int STATISTICS = 9;
  private static final double COLOURS = 2.5; // limit of pictures, in root mean squares
  private static final Dict INFOS =
      Dict.empty()
          .with("work", positive())
          .with("effective_sample_size", positive())
          .with("virial", Box.of(DType.FLOAT64, -Double.MAX_VALUE, Double.MAX_VALUE))
          .with("virial_error", positive());

  private final Lattice lattice;
  private final Phi4 action;
  private final int count;
  private final int budget;
  private final int burnIn;
  private final Dict observations;
  private final Discrete actions = Discrete.of(Moves.MEANINGS.size());
  private final Backend backend = new CpuBackend(1);
  private long seed;
  private long episode = -1; // since the seed
  private @Nullable Chains chains;
  private @Nullable Moves moves;
  private SampleHistory history;
  private SampleHistory.Worth worth;
  private double value; // what was paid so far
  private double work;
  private double accepted;
  private long steps;
  private double limit;
  private boolean running;

  /**
   * Creates it.
   *
   * @param budget work of an episode
   * @param burnIn rounds of all updates before it
   */
  Phi4Environment(Lattice lattice, Phi4 action, int chains, int budget, int burnIn) {
    this.lattice = lattice;
    this.action = action;
    this.count = chains;
    this.budget = budget;
    this.burnIn = burnIn;
    Integer[] shape =
        Stream.concat(Stream.of(chains), IntStream.of(lattice.shape()).boxed())
            .toArray(Integer[]::new);
    observations =
        Dict.empty().with("field", unbounded(shape)).with("statistics", unbounded(STATISTICS));
    history = new SampleHistory(chains);
    worth = history.worth();
  }

  private static Box positive() {
    return Box.of(DType.FLOAT64, 0, Double.POSITIVE_INFINITY);
  }

  private static Box unbounded(Integer... shape) {
    return Box.of(DType.FLOAT32, -Float.MAX_VALUE, Float.MAX_VALUE, shape);
  }

  @Override
  public Space observationSpace() {
    return observations;
  }

  @Override
  public Space actionSpace() {
    return actions;
  }

  @Override
  public Dict infoSpace() {
    return INFOS;
  }

  @Override
  public List<String> actionMeanings() {
    return Moves.MEANINGS;
  }

  @Override
  public void reset(Reset reset, Step out) {
    if (!reset.options().isEmpty()) {
      throw new IllegalArgumentException(
          "%s: expected no reset options, got %s".formatted(ID, reset.options().keySet()));
    }
    if (reset.seed().isPresent()) {
      seed = reset.seed().getAsLong();
      episode = 0;
    } else {
      episode++;
    }
    Chains fresh = start();
    Moves tuned = moves();
    tuned.burnIn(burnIn);
    history = new SampleHistory(count);
    worth = history.worth();
    value = 0;
    work = 0;
    accepted = 0;
    steps = 0;
    double square = 0;
    for (int chain = 0; chain < count; chain++) {
      square += Measurement.of(fresh, chain).phi2() / count;
    }
    limit = COLOURS * Math.sqrt(square);
    running = true;
    write(out);
    out.set(0, false, false);
  }

  /** Makes the chains of this episode and what moves them. */
  private Chains start() {
    if (moves != null) {
      moves.close();
    }
    long own = episode == 0 ? seed : RandomStream.deriveSeed(seed, episode);
    Chains fresh = new Chains(lattice, action, count, own);
    chains = fresh;
    moves = new Moves(fresh, backend);
    return fresh;
  }

  private Moves moves() {
    if (moves == null) {
      throw noEpisode();
    }
    return moves;
  }

  private static IllegalStateException noEpisode() {
    return new IllegalStateException(ID + ": no episode is running; reset it first");
  }

  private Chains chains() {
    if (chains == null) {
      throw noEpisode();
    }
    return chains;
  }

  @Override
  public void step(Value choice, Step out) {
    if (!running) {
      throw noEpisode();
    }
    long number = choice.asLong();
    if (!actions.contains(number)) {
      throw new IllegalArgumentException(
          "%s: expected an action in %s, got %d".formatted(ID, actions, number));
    }
    Moves all = moves();
    accepted = all.apply((int) number);
    work += all.work((int) number);
    steps++;
    history.add(chains());
    double before = value;
    worth = history.worth();
    running = work < budget;
    write(out);
    value = worth.effectiveSampleSize() / count / Math.max(budget, work);
    out.set(value - before, !running, false);
  }

  private void write(Step out) {
    MemorySegment field = out.observation().leaf(0);
    double[] fields = chains().fields();
    for (int i = 0; i < fields.length; i++) {
      field.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) fields[i]);
    }
    double absolute = 0;
    double m2 = 0;
    double phi2 = 0;
    double density = 0;
    for (int chain = 0; chain < count; chain++) {
      Measurement one = Measurement.of(chains(), chain);
      absolute += Math.abs(one.magnetisation()) / count;
      m2 += one.magnetisation() * one.magnetisation() / count;
      phi2 += one.phi2() / count;
      density += one.actionDensity(action) / count;
    }
    double[] statistics = {
      absolute,
      m2,
      phi2,
      density,
      accepted,
      worth.tauM2(),
      worth.tauPhi2(),
      work > 0 ? worth.effectiveSampleSize() / count / work : 0,
      Math.max(0, 1 - work / budget)
    };
    MemorySegment leaf = out.observation().leaf(1);
    for (int i = 0; i < STATISTICS; i++) {
      leaf.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) statistics[i]);
    }
    out.info().setScalar(0, work);
    out.info().setScalar(1, worth.effectiveSampleSize());
    out.info().setScalar(2, worth.virial());
    out.info().setScalar(3, worth.virialError());
  }

  @Override
  public long episodeFrames() {
    return steps;
  }

  @Override
  public boolean hasState() {
    return true;
  }

  @Override
  public void writeState(DataOutput out) throws IOException {
    out.writeLong(seed);
    out.writeLong(episode);
    out.writeBoolean(chains != null);
    if (chains != null) {
      chains.writeState(out);
      moves().writeState(out);
      history.writeState(out);
      out.writeDouble(work);
      out.writeDouble(accepted);
      out.writeLong(steps);
      out.writeDouble(limit);
      out.writeBoolean(running);
    }
  }

  @Override
  public void readState(DataInput in) throws IOException {
    seed = in.readLong();
    episode = in.readLong();
    if (in.readBoolean()) {
      start().readState(in);
      moves().readState(in);
      history = new SampleHistory(count);
      history.readState(in);
      worth = history.worth();
      work = in.readDouble();
      value = worth.effectiveSampleSize() / count / Math.max(budget, work);
      accepted = in.readDouble();
      steps = in.readLong();
      limit = in.readDouble();
      running = in.readBoolean();
    }
  }

  /** Returns the fields of the first chains: blue is negative, red positive. */
  @Override
  public Frame render() {
    return FieldPicture.of(chains(), limit);
  }

  @Override
  public void close() {
    if (moves != null) {
      moves.close();
      moves = null;
    }
    running = false;
    backend.close();
  }

  @Override
  public String toString() {
    return ID;
  }
}
