package org.umwelt.viewer.keys;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import org.jspecify.annotations.Nullable;

/**
 * The keys a player holds down, and the action of a game they mean.
 *
 * <p>Actions are known by their meanings, such as {@code UPRIGHTFIRE}. Written by the window's
 * thread, read by the simulation's.
 */
public final class HeldKeys {
  /** What a key of a game pad says. */
  public enum Key {
    /** Upwards. */
    UP,
    /** Downwards. */
    DOWN,
    /** To the left. */
    LEFT,
    /** To the right. */
    RIGHT,
    /** The button. */
    FIRE
  }

  private final Set<Key> held = EnumSet.noneOf(Key.class);
  private long digit = -1;

  /** Holds down a key. */
  public synchronized void press(Key key) {
    held.add(key);
  }

  /** Lets go of a key. */
  public synchronized void release(Key key) {
    held.remove(key);
  }

  /** Holds down the key of an action's number, for actions without meanings; -1 for none. */
  public synchronized void number(long action) {
    digit = action;
  }

  /** Lets go of every key. */
  public synchronized void releaseAll() {
    held.clear();
    digit = -1;
  }

  /**
   * Returns the action held down.
   *
   * @param meanings of the actions, in order; empty where they have none
   * @param actions how many there are
   * @return its number, from 0; where no action is all that is held, the one that is most of it
   */
  public synchronized long action(List<String> meanings, long actions) {
    if (digit >= 0 && digit < actions) {
      return digit;
    }
    if (meanings.isEmpty()) { // as in CartPole: left first, right last
      return held.contains(Key.RIGHT) ? actions - 1 : 0;
    }
    int best = 0;
    int most = -1;
    for (int action = 0; action < meanings.size(); action++) {
      Set<Key> needed = keys(meanings.get(action));
      if (needed != null && held.containsAll(needed) && needed.size() > most) {
        most = needed.size();
        best = action;
      }
    }
    return best;
  }

  /**
   * Takes a key of the keyboard: arrows or WASD, space to fire, digits for actions by number.
   *
   * @param pressed whether it was pressed or let go
   * @return whether it is one of these, without Ctrl
   */
  public boolean take(KeyEvent event, boolean pressed) {
    KeyCode code = event.getCode();
    Key key =
        switch (code) {
          case UP, W -> Key.UP;
          case DOWN, S -> Key.DOWN;
          case LEFT, A -> Key.LEFT;
          case RIGHT, D -> Key.RIGHT;
          case SPACE -> Key.FIRE;
          default -> null;
        };
    if (event.isShortcutDown() || (key == null && !code.isDigitKey())) {
      return false;
    }
    if (key == null) {
      number(pressed ? code.getCode() - KeyCode.DIGIT0.getCode() : -1);
    } else if (pressed) {
      press(key);
    } else {
      release(key);
    }
    return true;
  }

  /** Returns the keys of an action; null where its meaning names something else. */
  private static @Nullable Set<Key> keys(String meaning) {
    Set<Key> keys = EnumSet.noneOf(Key.class);
    String rest = meaning.toUpperCase(Locale.ROOT);
    for (Key key : Key.values()) {
      if (rest.contains(key.name())) {
        keys.add(key);
        rest = rest.replace(key.name(), "");
      }
    }
    return rest.isBlank() || rest.equals("NOOP") ? keys : null;
  }
}
