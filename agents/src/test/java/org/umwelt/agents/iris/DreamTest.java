package org.umwelt.agents.iris;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.umwelt.envs.Frame;
import org.umwelt.kernels.nn.Sampler;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.worldmodel.iris.SavedIris;

class DreamTest {
  @TempDir private Path folder;

  private Dream open(int futures) {
    Path file = TinyAgent.write(folder.resolve("agent.safetensors"));
    return Dream.open(
        SavedIris.require(file.toString(), "test"), "", futures, Sampler.temperature(1));
  }

  private static List<byte[]> pixels(Dream.Imagined imagined) {
    return imagined.frames().stream().map(Frame::rgb).toList();
  }

  @Test
  void realityGoesBackToWhereTheDreamBegan() {
    try (Dream dream = open(2)) {
      assertThat(dream.canRewind()).isTrue();
      dream.reset(7);
      Dream.Real before = dream.play(2);
      dream.begin(3);
      List<byte[]> first = new ArrayList<>();
      List<Long> choices = new ArrayList<>();
      for (long action : new long[] {0, 0, 1, 2}) {
        choices.add(dream.act(Sampler.temperature(1)));
        dream.imagine(action);
        first.add(dream.play(action).frame().rgb());
      }
      Dream.Real back = dream.rewind();
      assertThat(back.frame().rgb()).isEqualTo(before.frame().rgb());
      assertThat(back.tokens()).isEqualTo(before.tokens());
      int step = 0;
      for (long action : new long[] {0, 0, 1, 2}) {
        // The policy remembers and draws as it did.
        assertThat(dream.act(Sampler.temperature(1))).isEqualTo(choices.get(step));
        assertThat(dream.play(action).frame().rgb()).isEqualTo(first.get(step++));
      }
    }
  }

  @Test
  void futuresAreAFunctionOfSeedAndActions() {
    List<byte[]> once;
    List<byte[]> again;
    List<byte[]> other;
    try (Dream dream = open(2)) {
      dream.reset(1);
      dream.begin(5);
      Dream.Imagined imagined = dream.imagine(1);
      assertThat(imagined.tokens()).hasSize(2);
      assertThat(imagined.tokens().getFirst()).hasSize(4);
      once = pixels(dream.imagine(0));
      dream.rewind();
      dream.begin(5);
      dream.imagine(1);
      again = pixels(dream.imagine(0));
      dream.rewind();
      dream.begin(6);
      dream.imagine(1);
      other = pixels(dream.imagine(0));
    }
    assertThat(again).usingRecursiveComparison().isEqualTo(once);
    assertThat(once.get(0)).isNotEqualTo(once.get(1)); // each draws for itself
    assertThat(other.get(0)).isNotEqualTo(once.get(0));
  }

  @Test
  void anEnvironmentOfOtherActionsIsRefused() {
    Path file = TinyAgent.write(folder.resolve("agent.safetensors"));
    SavedIris saved = SavedIris.require(file.toString(), "test");
    assertThatThrownBy(() -> Dream.open(saved, "umwelt/Dodge-v0", 1, Sampler.categorical()))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("umwelt/Dodge-v0");
  }
}
