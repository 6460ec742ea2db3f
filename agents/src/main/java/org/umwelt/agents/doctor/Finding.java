package org.umwelt.agents.doctor;

/**
 * What one examination found.
 *
 * @param subject what was examined
 * @param condition whether it works
 * @param found what is there
 * @param mend what to do about it; empty where nothing is to be done
 */
public record Finding(String subject, Condition condition, String found, String mend) {

  /** Whether a thing works. */
  public enum Condition {
    /** It works. */
    OK,
    /** It is not there; what needs it will say so, all else works. */
    ABSENT,
    /** It is needed by everything and does not work. */
    BROKEN
  }

  static Finding ok(String subject, String found) {
    return new Finding(subject, Condition.OK, found, "");
  }

  static Finding absent(String subject, String found, String mend) {
    return new Finding(subject, Condition.ABSENT, found, mend);
  }

  static Finding broken(String subject, String found, String mend) {
    return new Finding(subject, Condition.BROKEN, found, mend);
  }
}
