package dss.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the CPU time that this process, its loops and processes of servers have used. */
final class CpuMeter {
  /** The kernel's unit in /proc, the same on all of Linux (USER_HZ). */
  private static final double TICKS_A_SECOND = 100;
  private static final double NANOS = 1e9;
  /** Of /proc/PID/stat, counted from behind the name in brackets: user and system time, then both of children that have ended. */
  private static final int FIRST_FIELD = 11;
  private static final int FIELDS = 4;

  /**
   * CPU seconds so far, or between two readings.
   *
   * @param process of all threads of this process: loops, compilers, collector
   * @param loops of the event loops alone
   * @param servers by process id; a process that is gone is missing
   */
  record Reading(double process, double loops, Map<Long, Double> servers) {
    /** What was used since an earlier reading. */
    Reading since(Reading earlier) {
      var used = new LinkedHashMap<Long, Double>();
      servers.forEach((pid, seconds) -> used.put(pid, seconds - earlier.servers.getOrDefault(pid, 0.0)));
      return new Reading(process - earlier.process, loops - earlier.loops, used);
    }
  }

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final List<Long> loops;
  private final List<Long> pids;

  /**
   * A meter of these threads of this process and these other processes.
   *
   * @throws IllegalArgumentException where there is no such process
   */
  CpuMeter(List<Long> loops, List<Long> pids) {
    this.loops = loops;
    this.pids = pids;
    for (long pid : pids) {
      if (!Files.isReadable(stat(pid))) {
        throw new IllegalArgumentException("there is no process " + pid + " on this machine: see --pids");
      }
    }
  }

  private static Path stat(long pid) {
    return Path.of("/proc", Long.toString(pid), "stat");
  }

  Reading read() {
    double process = ManagementFactory
        .getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
            ? system.getProcessCpuTime() / NANOS
            : 0;
    double own = 0;
    for (long thread : loops) {
      own += threads.getThreadCpuTime(thread) / NANOS;
    }
    var servers = new LinkedHashMap<Long, Double>();
    for (long pid : pids) {
      try {
        servers.put(pid, seconds(Files.readString(stat(pid))));
      } catch (IOException e) {
        // It has ended; the report says so by leaving it out.
      }
    }
    return new Reading(process, own, servers);
  }

  /**
   * User and system time out of the text of /proc/PID/stat, with those of children that have ended: what Redis has a
   * child do, such as writing its file anew, is its work too.
   */
  static double seconds(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).trim().split(" ");
    long ticks = 0;
    for (int i = 0; i < FIELDS; i++) {
      ticks += Long.parseLong(fields[FIRST_FIELD + i]);
    }
    return ticks / TICKS_A_SECOND;
  }
}
