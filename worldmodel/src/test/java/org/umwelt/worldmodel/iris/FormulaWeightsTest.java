package org.umwelt.worldmodel.iris;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Numbers of section "deterministic weights" of the reference figures, computed in Python. */
class FormulaWeightsTest {
  private static final FormulaWeights PUBLIC = new FormulaWeights("PUBLIC");

  @Test
  void numbersAreThoseOfTheFormula() {
    assertThat(PUBLIC.hash("input.obs")).isEqualTo(0x08e67ff35d7b537eL);
    assertThat(PUBLIC.uniform("input.obs", 3))
        .containsExactly(0.5585169872216718, 0.26205361671303884, 0.29797177782694106);
    assertThat(new FormulaWeights("OTHER").uniform("input.obs", 1)[0])
        .isNotEqualTo(0.5585169872216718);
  }

  @Test
  void scaleFollowsNameAndShape() {
    float[] conv = PUBLIC.tensor("tokenizer.encoder.conv_in.weight", 64, 3, 3, 3).toFloats();
    assertThat(conv).startsWith((float) 0.27116945, (float) 0.19858789, (float) -0.11754309);
    float[] codes = PUBLIC.tensor("tokenizer.embedding.weight", 512, 512).toFloats();
    assertThat(codes).startsWith((float) 0.42425317, (float) -0.18116249, (float) 0.8551321);
    for (float weight : PUBLIC.tensor("a.norm.weight", 1000).toFloats()) {
      assertThat(weight).isBetween(0.9f, 1.1f);
    }
    for (float bias : PUBLIC.tensor("a.norm.bias", 1000).toFloats()) {
      assertThat(bias).isBetween(-0.1f, 0.1f);
    }
  }
}
