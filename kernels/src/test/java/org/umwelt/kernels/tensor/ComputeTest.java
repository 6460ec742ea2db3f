package org.umwelt.kernels.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Settings;

class ComputeTest {
  @Test
  void processorIsTheDefaultAndTakesTensorsAsTheyAre() {
    Settings settings = new Settings("test", List.of(Compute.setting()), Map.of());
    Compute compute = Compute.of(settings.text("compute"));
    assertThat(compute).isSameAs(Compute.CPU);
    try (PointerScope _ = new PointerScope()) {
      Tensor host = Tensors.zeros(Compute.CPU, 3);
      assertThat(compute.place(host)).isSameAs(host);
    }
    assertThat(torch.get_num_threads()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cuda", "cuda-tf32"})
  void missingGpuIsOneLineThatSaysHowToMendIt(String word) {
    assumeFalse(torch.cuda_is_available(), "skipped: there is a GPU");
    assertThatThrownBy(() -> Compute.of(word))
        .isInstanceOf(BadRequestException.class)
        .hasMessageStartingWith("compute=" + word + ": expected a GPU, LibTorch sees none")
        .hasMessageContaining("use compute=cpu")
        .message()
        .hasLineCount(1);
  }

  @Test
  void unknownWordIsOneLineWithTheWordsThereAre() {
    assertThatThrownBy(() -> Compute.of("tpu"))
        .isInstanceOf(BadRequestException.class)
        .hasMessage("expected compute to be cpu, cuda or cuda-tf32, got tpu");
  }

  @Test
  void wordsOfAllAreThoseOfTheSetting() {
    for (Compute compute : Compute.values()) {
      Map<String, String> given = Map.of("compute", compute.toString());
      Settings settings = new Settings("test", List.of(Compute.setting()), given);
      assertThat(settings.text("compute")).isEqualTo(compute.toString());
    }
  }
}
