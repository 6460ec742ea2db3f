package org.umwelt.viewer.plots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class HistoryTest {
  @Test
  void theLastRowsAreKeptInOrder() {
    History history = new History(2, 3);
    for (int row = 0; row < 5; row++) {
      history.append(row, 10 * row);
    }
    float[] rows = new float[6];
    assertThat(history.copy(rows)).isEqualTo(new History.Span(2, 3));
    assertThat(rows).containsExactly(2, 20, 3, 30, 4, 40);
    assertThat(history.rows()).isEqualTo(5);
    assertThat(history.firstRow()).isEqualTo(2);
  }

  @Test
  void beforeItIsFullAllRowsAreThere() {
    History history = new History(1, 4);
    history.append(7);
    float[] rows = new float[4];
    assertThat(history.copy(rows)).isEqualTo(new History.Span(0, 1));
    assertThat(rows[0]).isEqualTo(7);
  }

  @Test
  void everyChangeChangesTheVersion() {
    History history = new History(1, 4);
    long before = history.version();
    history.append(1);
    assertThat(history.version()).isNotEqualTo(before);
    before = history.version();
    history.clear();
    assertThat(history.version()).isNotEqualTo(before);
    assertThat(history.rows()).isZero();
  }

  @Test
  void rowsOfOtherLengthsAreRefused() {
    assertThatThrownBy(() -> new History(2, 4).append(1)).hasMessage("expected 2 numbers, got 1");
  }
}
