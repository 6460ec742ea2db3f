package org.umwelt.agents.language;

import java.util.List;
import org.umwelt.agents.training.Experiment;
import org.umwelt.agents.training.Trainer;
import org.umwelt.agents.training.TrainingContext;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;

/** A small language model with dense or sparse attention: {@code umwelt train sparse-lm}. */
public final class SparseLanguageExperiment implements Experiment {
  @Override
  public String name() {
    return "sparse-lm";
  }

  @Override
  public String summary() {
    return "a language model with sparse causal attention (arXiv 2306.01160), and its dense peers";
  }

  @Override
  public List<Setting> settings() {
    return LanguageConfig.settings();
  }

  @Override
  public Trainer start(Settings values, TrainingContext context) {
    return new LanguageTrainer(LanguageConfig.of(values), context);
  }
}
