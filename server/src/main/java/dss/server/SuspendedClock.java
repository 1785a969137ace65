package dss.server;

import java.time.Instant;

/**
 * The protocol's clocks. Leases need a monotonic clock that counts the time a machine was suspended (CLOCK_BOOTTIME);
 * the JVM's own (CLOCK_MONOTONIC) does not, so CLOCK_BOOTTIME is asked of the C library where there is one.
 */
final class SuspendedClock {
  private static final BootTime BOOT_TIME = BootTime.open();

  private SuspendedClock() {}

  static long nowMs() {
    return BOOT_TIME.nanos() / 1_000_000;
  }

  static long wallMicros() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
  }
}
