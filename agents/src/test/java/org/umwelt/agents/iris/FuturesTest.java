package org.umwelt.agents.iris;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.umwelt.kernels.nn.Sampler;
import org.umwelt.worldmodel.iris.SavedIris;

class FuturesTest {
  private static final Sampler POLICY = Sampler.temperature(1);
  private static final int STEPS = 8; // more than the three the tiny model remembers

  @TempDir private Path folder;
  private Dream dream;
  private Futures one;

  @BeforeEach
  void open() {
    Path file = TinyAgent.write(folder.resolve("agent.safetensors"));
    dream = Dream.open(SavedIris.require(file.toString(), "test"), "", 1, Sampler.temperature(1));
    dream.reset(7);
    dream.play(dream.act(POLICY));
    dream.begin(0);
    one = dream.futures(1, 0);
  }

  @AfterEach
  void close() {
    one.close();
    dream.close();
  }

  private List<Moment> path(Futures futures, int steps) {
    List<Moment> path = new ArrayList<>(List.of(dream.moment()));
    futures.start(path, 5);
    for (int t = 0; t < steps; t++) {
      path.add(futures.step(OptionalLong.empty(), POLICY).getFirst());
    }
    return path;
  }

  private static void assertSame(Moment found, Moment expected) {
    assertThat(found).usingRecursiveComparison().isEqualTo(expected);
  }

  @Test
  void goingBackAndDoingTheSameLeadsToTheSame() {
    List<Moment> path = path(one, STEPS);
    for (int back = STEPS - 1; back >= 0; back--) {
      one.start(path.subList(0, back + 1), 5);
      for (int t = back + 1; t <= STEPS; t++) {
        assertSame(one.step(OptionalLong.empty(), POLICY).getFirst(), path.get(t));
      }
    }
  }

  @Test
  void anActionThatIsGivenIsTaken() {
    List<Moment> path = path(one, STEPS);
    long other = (path.get(3).action() + 1) % dream.actions();
    one.start(path.subList(0, 3), 5);
    Moment moment = one.step(OptionalLong.of(other), POLICY).getFirst();
    assertThat(moment.action()).isEqualTo(other);
    assertThat(moment.memory()).isEqualTo(path.get(3).memory()); // it looked at the same frame
  }

  @Test
  void futuresOfAMomentDifferAndTheirNumbersSayHow() {
    List<Moment> path = path(one, STEPS);
    try (Futures three = dream.futures(3, 1);
        Futures last = dream.futures(1, 3);
        Futures same = dream.futures(1, 0)) {
      three.start(path.subList(0, STEPS), 5);
      last.start(path.subList(0, STEPS), 5);
      same.start(path.subList(0, STEPS), 5);
      List<Moment> moments = three.step(OptionalLong.of(1), POLICY);
      assertThat(moments).hasSize(3);
      assertThat(moments.get(0).tokens()).isNotEqualTo(moments.get(1).tokens());
      assertThat(last.step(OptionalLong.of(1), POLICY).getFirst().tokens())
          .isEqualTo(moments.get(2).tokens());
      assertSame(same.step(OptionalLong.empty(), POLICY).getFirst(), path.get(STEPS));
    }
  }

  @Test
  void aDreamBeginsAtWhatTheTokenizerMakesOfTheRealFrame() {
    Dream.Real real = dream.rewind();
    Moment moment = dream.moment();
    assertThat(moment.frame().rgb()).isEqualTo(real.reconstruction().rgb());
    assertThat(moment.tokens()).isEqualTo(real.tokens());
    assertThat(moment.action()).isEqualTo(-1);
  }
}
