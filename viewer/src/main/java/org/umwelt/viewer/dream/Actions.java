package org.umwelt.viewer.dream;

import java.util.List;
import java.util.OptionalLong;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.viewer.keys.HeldKeys;

/**
 * Who acts in a dream: the policy, the player's keys, or one action over and over. Chosen by the
 * window's thread, asked by the session's.
 */
final class Actions {
  /** The policy acts. */
  static final int POLICY = -1;

  /** The player's keys act. */
  static final int KEYS = -2;

  private final HeldKeys keys;
  private volatile int chosen = POLICY;

  Actions(HeldKeys keys) {
    this.keys = keys;
  }

  /** Chooses {@link #POLICY}, {@link #KEYS} or an action. */
  void choose(int choice) {
    chosen = choice;
  }

  /**
   * Returns the choice a word stands for: {@code policy}, {@code keyboard} or an action's number.
   *
   * @throws BadRequestException where it is none
   */
  static int choice(String word) {
    return switch (word) {
      case "policy" -> POLICY;
      case "keyboard" -> KEYS;
      default -> {
        if (!word.matches("\\d{1,6}")) {
          throw new BadRequestException(
              "next: expected policy, keyboard or the number of an action, got " + word);
        }
        yield Integer.parseInt(word);
      }
    };
  }

  int chosen() {
    return chosen;
  }

  /**
   * Returns the next action; empty for what the policy does.
   *
   * @param meanings of the actions; empty where they have none
   * @param count how many there are
   */
  OptionalLong next(List<String> meanings, int count) {
    int choice = chosen;
    if (choice == KEYS) {
      return OptionalLong.of(keys.action(meanings, count));
    }
    return choice >= 0 && choice < count ? OptionalLong.of(choice) : OptionalLong.empty();
  }

  /** Returns what an action is called. */
  static String name(List<String> meanings, long action) {
    return action < meanings.size() ? meanings.get((int) action) : Long.toString(action);
  }
}
