package org.umwelt.agents.jobs;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a job's result is known by: a hash of everything the result is a function of.
 *
 * <p>That is the job itself, the digest of the agent's file, the version of the environment (a
 * model's digest where it is imagined) and the version of the code. Whatever Python an environment
 * runs in and the processor's arithmetic are not in it.
 *
 * @param hex 32 hexadecimal digits, the first half of a SHA-256
 */
public record JobKey(String hex) {
  private static final int DIGITS = 32;

  /**
   * Returns the key of a job played by the code of this process.
   *
   * @param agent digest of the agent's file; empty where there is none
   * @param environment version of the environment; empty where its id says all
   */
  public static JobKey of(Job job, String agent, String environment) {
    return of(job, agent, environment, CodeVersion.get().digest());
  }

  /**
   * Returns the key of a job.
   *
   * @param agent digest of the agent's file; empty where there is none
   * @param environment version of the environment; empty where its id says all
   * @param code version of the code
   */
  static JobKey of(Job job, String agent, String environment, String code) {
    List<String> parts =
        List.of(
            job.agent(),
            agent,
            job.environment(),
            environment,
            Long.toString(job.seed()),
            Integer.toString(job.first()),
            Integer.toString(job.count()),
            code);
    // The lengths keep two lists of parts apart that would join to the same text.
    StringBuilder text = new StringBuilder("umwelt job 1\n");
    parts.forEach(part -> text.append(part.length()).append(' ').append(part).append('\n'));
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    return new JobKey(CodeVersion.sha256(bytes).substring(0, DIGITS));
  }

  @Override
  public String toString() {
    return hex;
  }
}
