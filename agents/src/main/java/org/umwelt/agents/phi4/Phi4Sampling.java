package org.umwelt.agents.phi4;

import java.util.List;
import org.umwelt.agents.sampling.Sampling;
import org.umwelt.agents.training.Trainer;
import org.umwelt.agents.training.TrainingContext;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;

/** {@code umwelt sample phi4}: Markov chains of the phi^4 lattice. */
public final class Phi4Sampling implements Sampling {
  @Override
  public String name() {
    return "phi4";
  }

  @Override
  public String summary() {
    return "the phi^4 lattice in 1 to 4 dimensions: observables with errors and autocorrelation times, configurations, plots";
  }

  @Override
  public List<Setting> settings() {
    return Phi4Config.settings();
  }

  @Override
  public Trainer start(Settings values, TrainingContext context) {
    Phi4Config config = Phi4Config.of(values);
    return Phi4Config.refusing(values, () -> new Phi4Run(config, context.run()));
  }
}
