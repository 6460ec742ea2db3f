package org.umwelt.worldmodel.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.umwelt.kernels.settings.BadRequestException;

class RecallTaskTest {
  private static final int STATEMENTS = RecallTask.KEYS * RecallTask.VALUES;

  /** Reads a sequence as somebody who knows the rules would. */
  private static Map<Integer, Integer> check(Batch sequence, int length, Set<Integer> distances) {
    assertThat(sequence.count()).isEqualTo(1);
    assertThat(sequence.length()).isEqualTo(length);
    Map<Integer, Integer> values = new HashMap<>();
    Map<Integer, Integer> lastPlaces = new HashMap<>();
    int questions = 0;
    for (int i = 0; i < length; i++) {
      long token = sequence.tokens()[i];
      if (i < length / 4) {
        assertThat(token).isBetween(0L, STATEMENTS - 1L);
        int key = (int) token / RecallTask.VALUES;
        int value = (int) token % RecallTask.VALUES;
        assertThat(token).isEqualTo(RecallTask.statement(key, value));
        assertThat(values.getOrDefault(key, value)).isEqualTo(value);
        values.put(key, value);
        lastPlaces.put(key, i);
      } else if (sequence.targets()[i] != Batch.UNSCORED) {
        questions++;
        int key = (int) (token - RecallTask.question(0));
        assertThat(values).containsKey(key);
        assertThat(sequence.targets()[i])
            .isEqualTo(RecallTask.answer(Objects.requireNonNull(values.get(key))));
        distances.add(i - Objects.requireNonNull(lastPlaces.get(key)));
        continue;
      } else {
        assertThat(token)
            .isGreaterThanOrEqualTo(RecallTask.answer(RecallTask.VALUES))
            .isLessThan(new RecallTask(length, 0).vocabulary());
      }
      assertThat(sequence.targets()[i]).isEqualTo(Batch.UNSCORED);
    }
    assertThat(questions).isEqualTo((length - length / 4) / 2);
    assertThat(values).hasSize(Math.min(RecallTask.KEYS, length / 4));
    return values;
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 37, 256})
  void answersAreWhatWasStated(int length) {
    RecallTask task = new RecallTask(length, 1);
    for (int i = 0; i < 50; i++) {
      check(task.training(i), length, new HashSet<>());
      check(task.heldOut(i, 50), length, new HashSet<>());
    }
  }

  @Test
  void questionsAreAskedAtDistancesOverTheWholeLength() {
    RecallTask task = new RecallTask(256, 1);
    Set<Integer> distances = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      check(task.training(i), 256, distances);
    }
    assertThat(distances).contains(1, 2, 100, 200).anyMatch(d -> d > 240);
  }

  @Test
  void valuesAreUniformSoThatChanceIsOneInEight() {
    RecallTask task = new RecallTask(64, 5);
    int[] counts = new int[RecallTask.VALUES];
    int sequences = 500;
    for (int i = 0; i < sequences; i++) {
      check(task.training(i), 64, new HashSet<>()).values().forEach(value -> counts[value]++);
    }
    double expected = (double) sequences * RecallTask.KEYS / RecallTask.VALUES;
    for (int count : counts) {
      assertThat((double) count).isCloseTo(expected, within(4 * Math.sqrt(expected)));
    }
  }

  @Test
  void sequencesAreAFunctionOfSeedAndIndexAndHeldOutOnesAreOthers() {
    RecallTask task = new RecallTask(64, 5);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      assertThat(new RecallTask(64, 5).training(i).tokens())
          .containsExactly(task.training(i).tokens());
      assertThat(seen.add(Arrays.toString(task.training(i).tokens()))).isTrue();
      assertThat(seen.add(Arrays.toString(task.heldOut(i, 100).tokens()))).isTrue();
    }
    assertThat(new RecallTask(64, 6).training(0).tokens()).isNotEqualTo(task.training(0).tokens());
  }

  @Test
  void refusesSequencesWithoutRoom() {
    assertThatThrownBy(() -> new RecallTask(15, 0))
        .isInstanceOf(BadRequestException.class)
        .hasMessage("data=recall: expected a length of at least 16, got 15");
  }
}
