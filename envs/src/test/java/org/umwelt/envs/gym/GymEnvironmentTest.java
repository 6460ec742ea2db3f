package org.umwelt.envs.gym;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.IntNode;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.umwelt.envs.AutoresetMode;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Frame;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.StepBatch;
import org.umwelt.envs.check.EnvironmentChecker;
import org.umwelt.envs.registry.Environments;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Discrete;
import org.umwelt.envs.spaces.MultiBinary;
import org.umwelt.envs.spaces.MultiDiscrete;
import org.umwelt.envs.spaces.Text;
import org.umwelt.envs.spaces.Tuple;
import org.umwelt.envs.spaces.Value;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.settings.BadRequestException;

/** Everything of Gymnasium's interface but the trajectories. */
@Tag("python")
class GymEnvironmentTest {
  private static final String NESTED = PythonSide.WORLDS + "Nested-v0";

  @BeforeAll
  static void needsPython() {
    PythonSide.require("gym:CartPole-v1");
  }

  private static GymVectorEnvironment vector(String id, int n, AutoresetMode mode) {
    return (GymVectorEnvironment) Environments.makeVector(id, n, 2, mode);
  }

  @Test
  void spacesKeepTheirTypesBoundsStartsAndOrder() {
    try (Environment env = Environments.make(NESTED)) {
      assertThat(env.observationSpace())
          .isEqualTo(
              Dict.empty()
                  .with(
                      "a",
                      new Tuple(
                          List.of(
                              new MultiBinary(List.of(2, 3)),
                              Dict.empty().with("half", Box.of(DType.FLOAT16, -1, 1, 3)))))
                  .with("big", Box.of(DType.INT64, -0x1p40, 0x1p40))
                  .with("bytes", Box.of(DType.UINT8, 0, 255, 2, 2))
                  .with("counts", new MultiDiscrete(List.of(2), List.of(3L, 4L), List.of(1L, -1L)))
                  .with("flags", Box.of(DType.BOOL, 0, 1, 3))
                  .with("short", Box.of(DType.INT16, -9, 9, 2))
                  .with(
                      "wide",
                      Box.of(DType.FLOAT64, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, 2))
                  .with("words", new Text(1, 5, "abc"))
                  .with("z", new Discrete(5, -2)));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gym:MountainCarContinuous-v0?max_episode_steps=40&reward_clip=sign&frame_stack=3",
        "gym:FrozenLake-v1?sticky_actions=0.25&info=prob",
        PythonSide.WORLDS + "Nested-v0?render_mode=rgb_array"
      })
  void keepsTheContract(String id) {
    assertThat(EnvironmentChecker.check(id, 7, 30))
        .filteredOn(check -> !check.passed())
        // Gymnasium's environments pass over options they do not know.
        .filteredOn(check -> !check.quantity().equals("unknown reset options are refused"))
        .isEmpty();
  }

  @Test
  void optionsAndSeedsReachTheEnvironment() {
    try (GymEnvironment env = (GymEnvironment) Environments.make(NESTED)) {
      Step step = Step.allocate(env);
      env.reset(Reset.seeded(5), step);
      int left = env.info().path("left").asInt();
      env.reset(new Reset(OptionalLong.of(5), Map.of("longer", 100)), step);
      assertThat(env.info().path("left").asInt()).isEqualTo(left + 100);
      env.reset(Reset.unseeded(), step);
      env.reset(Reset.seeded(5), step);
      assertThat(env.info().path("left").asInt()).isEqualTo(left);
    }
  }

  @Test
  void infosHaveTheFormOfAVectorEnvironment() {
    try (GymVectorEnvironment envs =
        vector(NESTED + "?info=left,deep/er", 3, AutoresetMode.SAME_STEP)) {
      envs.reset(Reset.seeded(0));
      RandomStream random = new RandomStream(1);
      int ends = 0;
      for (int t = 0; t < 12; t++) {
        for (int row = 0; row < 3; row++) {
          envs.singleActionSpace().sample(random, envs.actions().row(row));
        }
        StepBatch steps = envs.step();
        GymInfos infos = envs.infos();
        var all = infos.vectorised();
        for (int row = 0; row < 3; row++) {
          boolean ended = steps.ended(row);
          assertThat(all.path("_left").path(row).asBoolean()).isTrue();
          assertThat(all.path("left").path(row).asDouble())
              .isEqualTo(steps.infos().row(row).scalar(0));
          // The info is that of the reset where the episode has ended; it has no reward.
          assertThat(all.path("deep").path("_er").path(row).asBoolean()).isEqualTo(!ended);
          assertThat(Double.isNaN(steps.infos().row(row).scalar(1))).isEqualTo(ended);
          if (ended) {
            ends++;
            assertThat(infos.finals().get(row).path("left").asInt()).isZero();
            assertThat(steps.finalInfos().row(row).scalar(0)).isZero();
            assertThat(steps.finalInfos().row(row).scalar(1)).isEqualTo(steps.reward(row) / 2);
            assertThat(infos.vectorisedFinals().path("_left").path(row).asBoolean()).isTrue();
          } else {
            assertThat(infos.finals().get(row).isNull()).isTrue();
          }
        }
      }
      assertThat(ends).isPositive();
    }
  }

  @Test
  void recordEpisodeStatisticsGivesTheReturnAtTheEnd() {
    try (Environment env =
        Environments.make(
            "gym:CartPole-v1?wrappers=RecordEpisodeStatistics&info=episode/r,episode/l")) {
      Step step = Step.allocate(env);
      Value action = Value.allocate(env.actionSpace());
      env.reset(Reset.seeded(1), step);
      int length = 0;
      while (!step.ended()) {
        env.step(action, step);
        length++;
        assertThat(Double.isNaN(step.info().scalar(0))).isEqualTo(!step.ended());
      }
      assertThat(step.info().scalar(0)).isEqualTo(length);
      assertThat(step.info().scalar(1)).isEqualTo(length);
      assertThat(env.infoSpace().spaces().keySet()).containsExactly("episode.r", "episode.l");
      assertThat(env.episodeFrames()).isEqualTo(length);
    }
  }

  @Test
  void aMaskResetsItsRowsAlone() {
    try (GymVectorEnvironment envs = vector("gym:CartPole-v1", 4, AutoresetMode.DISABLED)) {
      envs.reset(Reset.seeded(3));
      byte[] first = envs.steps().observations().row(2).tensor().toArray(JAVA_BYTE);
      envs.step();
      byte[] other = envs.steps().observations().row(1).tensor().toArray(JAVA_BYTE);
      envs.reset(Reset.seeded(3), new boolean[] {false, false, true, false});
      assertThat(envs.steps().observations().row(2).tensor().toArray(JAVA_BYTE)).isEqualTo(first);
      assertThat(envs.steps().observations().row(1).tensor().toArray(JAVA_BYTE)).isEqualTo(other);
      assertThatThrownBy(
              () -> {
                for (int t = 0; t < 50; t++) {
                  envs.step();
                }
              })
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("has ended; reset it first");
    }
  }

  @Test
  void picturesListsOfPicturesAndTextAreRendered() {
    try (GymVectorEnvironment envs =
        vector(NESTED + "?render_mode=rgb_array", 3, AutoresetMode.NEXT_STEP)) {
      envs.reset(Reset.seeded(0));
      Frame frame = envs.render(2).frames().getFirst();
      assertThat(frame.width()).isEqualTo(6);
      assertThat(frame.height()).isEqualTo(4);
      assertThat(frame.rgb()[0]).isEqualTo((byte) envs.infos().rows().get(2).path("left").asInt());
      assertThat(List.of(frame.rgb()[24], frame.rgb()[25], frame.rgb()[26]))
          .containsExactly((byte) 1, (byte) 2, (byte) 3);
    }
    try (GymEnvironment env =
        (GymEnvironment) Environments.make(NESTED + "?render_mode=rgb_array_list")) {
      env.reset(Reset.seeded(0), Step.allocate(env));
      assertThat(env.asVector().render(0).frames()).hasSize(2);
      assertThat(env.render().rgb()[0]).isEqualTo((byte) (env.info().path("left").asInt() + 1));
    }
    try (GymEnvironment env = (GymEnvironment) Environments.make(NESTED + "?render_mode=ansi")) {
      env.reset(Reset.seeded(0), Step.allocate(env));
      assertThat(env.asVector().render(0).text())
          .isEqualTo(env.info().path("left").asInt() + " left");
      assertThatThrownBy(env::render)
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("render_mode=rgb_array");
    }
    try (Environment env = Environments.make("gym:CartPole-v1")) {
      assertThatThrownBy(env::render)
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("add render_mode=rgb_array");
    }
  }

  @Test
  void attributesSpecAndMetadataAreThere() {
    try (GymVectorEnvironment envs = vector("gym:CartPole-v1", 2, AutoresetMode.NEXT_STEP)) {
      assertThat(envs.processes()).isEqualTo(2);
      assertThat(envs.attribute("gravity").get(1).asDouble()).isEqualTo(9.8);
      assertThat(envs.setAttribute("gravity", IntNode.valueOf(3)).getFirst().asInt()).isEqualTo(3);
      assertThat(envs.attribute("gravity").get(1).asInt()).isEqualTo(3);
      assertThat(envs.spec().path("max_episode_steps").asInt()).isEqualTo(500);
      assertThat(envs.metadata().path("render_modes").path(1).asText()).isEqualTo("rgb_array");
      assertThatThrownBy(() -> envs.attribute("gravitas"))
          .isInstanceOf(GymException.class)
          .hasMessageContaining("gravitas");
    }
  }

  @Test
  void spacesWithoutAFixedSizeAreJsonInSingles() {
    String id = PythonSide.WORLDS + "Unsized-v0?json_length=100";
    try (Environment env = Environments.make(id)) {
      Text observations = (Text) env.observationSpace();
      Text actions = (Text) env.actionSpace();
      Step step = Step.allocate(env);
      Value action = Value.allocate(actions);
      env.reset(Reset.seeded(0), step);
      assertThat(observations.decode(step.observation().tensor())).isEqualTo("[[]]");
      actions.encode("[[1, [0.5]]]", action.tensor());
      env.step(action, step);
      assertThat(observations.decode(step.observation().tensor()))
          .isEqualTo("[[[1.0, 0.5], [1.0, 0.5]]]");
    }
    assertThatThrownBy(() -> Environments.makeVector(id, 2, 1, AutoresetMode.SAME_STEP))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("expected spaces of fixed size");
    try (Environment env = Environments.make(PythonSide.WORLDS + "Unsized-v0?json_length=20")) {
      Step step = Step.allocate(env);
      Value action = Value.allocate(env.actionSpace());
      env.reset(Reset.seeded(0), step);
      ((Text) env.actionSpace()).encode("[[1, [0.5]]]", action.tensor());
      assertThatThrownBy(() -> env.step(action, step))
          .isInstanceOf(GymException.class)
          .hasMessageContaining("json_length");
    }
  }

  @Test
  void whatGymnasiumRefusesIsABadRequest() {
    assertThatThrownBy(() -> Environments.make("gym:CartPool-v1"))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("CartPool")
        .hasMessageContaining("Did you mean");
    assertThatThrownBy(() -> Environments.make("gym:CartPole-v1?gravitas=3"))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("gravitas");
    assertThatThrownBy(() -> Environments.make("gym:CartPole-v1?wrappers=Wrap"))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("expected a wrapper of gymnasium.wrappers");
    assertThatThrownBy(() -> Environments.make("gym:CartPole-v1?wrappers=[3]"))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("wrappers must be names joined by commas");
    assertThatThrownBy(() -> Environments.make("gym:"))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("gym:CartPole-v1");
    assertThatThrownBy(() ->
            Environments.makeVector("gym:CartPole-v1?vector=3", 4, 1, AutoresetMode.SAME_STEP))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("vector=3");
  }

  @Test
  void gymnasiumsOwnWrappersEqualOurSettings() {
    try (Environment clipped =
        Environments.make("gym:Pendulum-v1?reward_clip=sign&frame_stack=2")) {
      Step step = Step.allocate(clipped);
      Value action = Value.allocate(clipped.actionSpace());
      clipped.reset(Reset.seeded(0), step);
      assertThat(((Box) clipped.observationSpace()).shape()).containsExactly(2, 3);
      float first = DType.FLOAT32.getLong(step.observation().tensor(), 0);
      assertThat((double) first)
          .isCloseTo(DType.FLOAT32.getLong(step.observation().tensor(), 3), within(0.0));
      clipped.step(action, step);
      assertThat(step.reward()).isEqualTo(-1);
    }
  }

  @Test
  void workersMayBeNamedInTheId() {
    try (GymVectorEnvironment envs =
        vector("gym:CartPole-v1?workers=3&vector=5", 5, AutoresetMode.NEXT_STEP)) {
      assertThat(envs.processes()).isEqualTo(3);
      assertThat(envs.reset(Reset.seeded(0)).size()).isEqualTo(5);
    }
  }

  @Test
  void pythonWritesAndReadsEveryKindOfSpace() throws Exception {
    assertThat(PythonSide.run("round_trips.py"))
        .containsExactly(
            "round trip Dict 10 leaves",
            "round trip Dict 4 leaves",
            "round trip Sequence",
            "round trip OneOf",
            "round trip Graph");
  }
}
