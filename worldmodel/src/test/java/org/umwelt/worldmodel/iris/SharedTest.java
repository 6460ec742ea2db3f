package org.umwelt.worldmodel.iris;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SharedTest {
  private int made;
  private int closed;

  private AutoCloseable thing() {
    made++;
    return () -> closed++;
  }

  @Test
  void madeForTheFirstUserAndClosedAfterTheLast() {
    Shared<AutoCloseable> shared = new Shared<>();
    AutoCloseable first = shared.take("a", this::thing);
    assertThat(shared.take("a", this::thing)).isSameAs(first);
    assertThat(shared.take("b", this::thing)).isNotSameAs(first);
    assertThat(made).isEqualTo(2);
    shared.giveBack("a");
    assertThat(closed).isZero();
    shared.giveBack("a");
    assertThat(closed).isEqualTo(1);
    assertThat(shared.take("a", this::thing)).isNotSameAs(first);
    assertThat(made).isEqualTo(3);
  }

  @Test
  void whatCouldNotBeMadeIsTriedAgain() {
    Shared<AutoCloseable> shared = new Shared<>();
    assertThatThrownBy(() ->
            shared.take(
                "a",
                () -> {
                  throw new IllegalArgumentException("no");
                }))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> shared.giveBack("a")).isInstanceOf(IllegalStateException.class);
    shared.take("a", this::thing);
    assertThat(made).isEqualTo(1);
  }
}
