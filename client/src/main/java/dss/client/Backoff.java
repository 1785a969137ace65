package dss.client;

import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before an attempt: doubling, bounded, and between half and all of that by chance. */
final class Backoff {
  private static final long FIRST_MS = 10;
  /** A failover takes about 1.5 s: a small part of it. */
  private static final long LONGEST_MS = 400;

  private Backoff() {}

  /** Milliseconds before the retry that follows {@code failures} failed attempts, at least 1. */
  static long delayMs(int failures) {
    long most = Math.min(LONGEST_MS, FIRST_MS << Math.min(20, Math.max(0, failures - 1)));
    return ThreadLocalRandom.current().nextLong(most / 2, most + 1);
  }
}
