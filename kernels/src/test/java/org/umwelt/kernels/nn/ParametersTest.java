package org.umwelt.kernels.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;
import org.umwelt.kernels.weights.Safetensors;
import org.umwelt.kernels.weights.StoredTensor;
import org.umwelt.kernels.weights.WeightFile;

class ParametersTest {
  @TempDir private Path folder;

  private static Parameters example() {
    Parameters parameters = Parameters.fresh(Compute.CPU, 1);
    new LayerNorm(parameters.in("a").in("norm"), 3);
    new Linear(parameters.in("a.linear"), 3, 2);
    new Embedding(parameters.in("b"), 4, 3, Init.normal(1));
    return parameters;
  }

  private static Tensor named(Parameters parameters, String name) {
    return Objects.requireNonNull(parameters.named().get(name));
  }

  private static float[] values(Parameters parameters) {
    return Tensors.floats(parameters.values());
  }

  @Test
  void namesAreJoinedByDotsInTheOrderOfCreation() {
    try (Parameters parameters = example()) {
      assertThat(parameters.named().keySet())
          .containsExactly(
              "a.norm.weight", "a.norm.bias", "a.linear.weight", "a.linear.bias", "b.weight");
      assertThat(parameters.count()).isEqualTo(3 + 3 + 6 + 2 + 12);
      assertThat(parameters.decaying()).isEqualTo(6); // the weight of the linear layer
    }
  }

  @Test
  void flatValuesAreTheNamedTensorsThemselves() {
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard();
        Parameters parameters = example()) {
      float[] weight = Tensors.floats(named(parameters, "a.linear.weight"));
      Tensor flat = parameters.values();
      assertThat(Tensors.floats(flat.narrow(0, 0, 6))).containsExactly(weight); // decays: first
      named(parameters, "b.weight").fill_(new org.bytedeco.pytorch.Scalar(7));
      assertThat(Tensors.floats(flat.narrow(0, flat.numel() - 12, 12))).containsOnly(7);
      flat.fill_(new org.bytedeco.pytorch.Scalar(5));
      parameters
          .named()
          .values()
          .forEach(tensor -> assertThat(Tensors.floats(tensor)).containsOnly(5));
      parameters
          .split(flat)
          .forEach((name, part) ->
              assertThat(part.data_ptr()).isEqualTo(named(parameters, name).data_ptr()));
    }
  }

  @Test
  void flatGradientsAreWhereBackwardAdds() {
    try (PointerScope _ = new PointerScope();
        Parameters parameters = example()) {
      parameters.zeroGradients();
      for (int times = 1; times <= 2; times++) {
        named(parameters, "b.weight").sum().backward();
        Map<String, Tensor> parts = parameters.split(parameters.gradients());
        assertThat(Tensors.floats(Objects.requireNonNull(parts.get("b.weight"))))
            .containsOnly(times);
        assertThat(Tensors.floats(Objects.requireNonNull(parts.get("a.linear.weight"))))
            .containsOnly(0);
      }
      parameters.zeroGradients();
      assertThat(Tensors.floats(named(parameters, "b.weight").grad())).containsOnly(0);
    }
  }

  @Test
  void replicaSharesValuesButNotGradients() {
    try (PointerScope _ = new PointerScope();
        Parameters original = example();
        Parameters replica = original.replica()) {
      new LayerNorm(replica.in("a").in("norm"), 3);
      new Linear(replica.in("a.linear"), 3, 2);
      Embedding table = new Embedding(replica.in("b"), 4, 3, Init.normal(1));
      assertThat(values(replica)).containsExactly(values(original));
      original.zeroGradients();
      replica.zeroGradients();
      table.weight().sum().backward();
      assertThat(Tensors.number(replica.gradients().sum())).isEqualTo(12);
      assertThat(Tensors.number(original.gradients().sum())).isZero();
      try (NoGradGuard _ = new NoGradGuard()) {
        original.values().fill_(new org.bytedeco.pytorch.Scalar(3));
      }
      assertThat(Tensors.floats(table.weight())).containsOnly(3);
    }
  }

  @Test
  void originalLivesOnWhenItsReplicaIsClosed() {
    try (Parameters original = example()) {
      Parameters replica = original.replica();
      new Embedding(replica.in("b"), 4, 3, Init.normal(1));
      replica.zeroGradients();
      replica.close();
      assertThat(values(original)).hasSize(26).doesNotContain(Float.NaN);
    }
  }

  @Test
  void mistakesInBuildingAModelAreNamed() {
    try (Parameters parameters = example();
        Parameters replica = parameters.replica()) {
      assertThatThrownBy(() -> new LayerNorm(parameters.in("late"), 2))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("late.weight");
      assertThatThrownBy(() -> new LayerNorm(replica.in("other"), 2))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("other.weight");
    }
    try (Parameters parameters = example()) {
      assertThatThrownBy(() -> new LayerNorm(parameters.in("a.norm"), 3))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("a.norm.weight is created twice");
    }
  }

  @Test
  void missingEntryAndOtherShapeAreNamedAndNothingIsChanged() {
    try (Parameters parameters = example()) {
      float[] before = values(parameters);
      Map<String, StoredTensor> source = new LinkedHashMap<>();
      parameters
          .named()
          .forEach((name, tensor) -> {
            long[] shape = Tensors.shape(tensor).stream().mapToLong(Long::longValue).toArray();
            source.put(name, StoredTensor.of(new float[Math.toIntExact(tensor.numel())], shape));
          });
      source.put("b.weight", StoredTensor.of(new float[12], 3, 4));
      assertThatThrownBy(() -> parameters.load(source, "a.safetensors"))
          .isInstanceOf(BadRequestException.class)
          .hasMessage(
              "a.safetensors: expected entry b.weight to have shape [4, 3], got [3, 4]; "
                  + "the configuration is another than that of the file");
      source.remove("b.weight");
      assertThatThrownBy(() -> parameters.load(source, "a.safetensors"))
          .isInstanceOf(BadRequestException.class)
          .hasMessage("a.safetensors: expected an entry b.weight of shape [4, 3], there is none");
      assertThat(values(parameters)).containsExactly(before);
      source.put("b.weight", StoredTensor.of(new float[12], 4, 3));
      source.put("unknown", StoredTensor.of(new float[1], 1));
      parameters.load(source, "a.safetensors");
      assertThat(values(parameters)).containsOnly(0);
    }
  }

  @Test
  void valuesComeBackFromAFileBitForBit() throws IOException {
    float[] hard = {
      -0f, Float.MIN_VALUE, Float.NaN, Float.NEGATIVE_INFINITY, Float.MAX_VALUE, 1 / 3f
    };
    try (PointerScope _ = new PointerScope();
        Parameters parameters = example();
        Parameters other = example()) {
      try (NoGradGuard _ = new NoGradGuard()) {
        named(parameters, "a.linear.weight").copy_(Tensors.of(Compute.CPU, hard, 2, 3));
      }
      Path file = folder.resolve("weights.safetensors");
      Safetensors.write(file, new WeightFile(parameters.store(), Map.of()));
      other.load(Safetensors.read(file).tensors(), file.toString());
      assertThat(values(other)).containsExactly(values(parameters));
      assertThat(Float.floatToRawIntBits(values(other)[0])).isEqualTo(0x80000000);
    }
  }

  @Test
  void storedValuesAreCopies() {
    try (PointerScope _ = new PointerScope();
        Parameters parameters = example()) {
      Map<String, StoredTensor> stored = parameters.store();
      try (NoGradGuard _ = new NoGradGuard()) {
        parameters.values().fill_(new org.bytedeco.pytorch.Scalar(9));
      }
      assertThat(Objects.requireNonNull(stored.get("a.norm.weight")).toFloats()).containsOnly(1);
    }
  }
}
