package org.umwelt.physics.lattice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.umwelt.physics.lattice.MeasurementSeries.Column;

class MeasurementSeriesTest {
  private static final List<Column> COLUMNS = List.of(new Column("M", 1), new Column("C", 2));

  /** Two chains; the numbers say chain, column and measurement. */
  private static double[] measured(int i) {
    return new double[] {i, i + 0.1, i + 0.2, -i, -i - 0.1, -i - 0.2};
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 7, 100, 999, 1000, Integer.MAX_VALUE})
  void keepsTheLatestInOrder(int most) {
    MeasurementSeries series = new MeasurementSeries(COLUMNS, 2, most);
    for (int i = 0; i < 1000; i++) {
      series.add(measured(i));
      int kept = Math.min(i + 1, most);
      assertThat(series.count()).isEqualTo(kept);
      if (i % 37 == 0 || i == 999) {
        double[][] c = series.of("C", 1);
        assertThat(c).hasDimensions(2, kept);
        for (int k = 0; k < kept; k++) {
          int then = i + 1 - kept + k;
          assertThat(c[0][k]).isEqualTo(then + 0.2);
          assertThat(c[1][k]).isEqualTo(-then - 0.2);
        }
      }
    }
    assertThat(series.total()).isEqualTo(1000);
  }

  @Test
  void aCopyStaysAsItIs() {
    MeasurementSeries series = new MeasurementSeries(COLUMNS, 2, 3);
    series.add(measured(0));
    MeasurementSeries one = series.copy();
    for (int i = 1; i < 9; i++) {
      series.add(measured(i));
    }
    MeasurementSeries three = series.copy();
    series.add(measured(9));

    assertThat(one.of("M", 0)).isEqualTo(new double[][] {{0}, {0}});
    assertThat(three.of("M", 0)).isEqualTo(new double[][] {{6, 7, 8}, {-6, -7, -8}});
    assertThat(three.total()).isEqualTo(9);
    assertThat(series.of("M", 0)[0]).containsExactly(7, 8, 9);
  }

  @Test
  void whatIsLeftOutIsCounted() {
    MeasurementSeries series = new MeasurementSeries(COLUMNS, 2, 3);
    series.add(measured(0));
    series.skip(10);
    assertThat(series.count()).isZero();
    series.add(measured(11));
    assertThat(series.of("M", 0)).isEqualTo(new double[][] {{11}, {-11}});
    assertThat(series.total()).isEqualTo(12);
    series.clear();
    assertThat(series.total() + series.count()).isZero();
  }

  @Test
  void otherNumbersAreRefused() {
    MeasurementSeries series = new MeasurementSeries(COLUMNS, 2, 3);
    assertThatThrownBy(() -> series.add(new double[3])).hasMessageContaining("got 3 numbers");
    assertThatThrownBy(() -> series.of("C", 2)).hasMessageContaining("got C(2)");
  }
}
