package org.umwelt.worldmodel.iris;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Costly things that several users have in common: each is made for its first user and closed when
 * its last user gives it back. Thread-safe.
 *
 * @param <T> what is shared
 */
public final class Shared<T extends AutoCloseable> {
  private final Map<String, Use<T>> uses = new HashMap<>();

  private static final class Use<T> {
    final T thing;
    int users;

    Use(T thing) {
      this.thing = thing;
    }
  }

  /**
   * Returns the thing of this key; the caller gives it back once.
   *
   * @param key equal for things that are the same
   * @param maker makes it where nobody has it
   */
  public synchronized T take(String key, Supplier<T> maker) {
    Use<T> use = uses.get(key);
    if (use == null) {
      use = new Use<>(maker.get());
      uses.put(key, use);
    }
    use.users++;
    return use.thing;
  }

  /** Gives back what was taken under this key. */
  public synchronized void giveBack(String key) {
    Use<T> use = uses.get(key);
    if (use == null) {
      throw new IllegalStateException("nobody has taken " + key);
    }
    use.users--;
    if (use.users == 0) {
      uses.remove(key);
      try {
        use.thing.close();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
