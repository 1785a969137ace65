package dss.server;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/** CLOCK_BOOTTIME of Linux through the C library; elsewhere System.nanoTime, which stands still in a suspension. */
final class BootTime {
  private static final int CLOCK_BOOTTIME = 7;

  private final @Nullable MethodHandle clockGetTime;
  /** One struct timespec a thread: seconds and nanoseconds. */
  private final ThreadLocal<MemorySegment> timespec = ThreadLocal
      .withInitial(() -> Arena.ofAuto().allocate(2 * ValueLayout.JAVA_LONG.byteSize(), 8));

  private BootTime(@Nullable MethodHandle clockGetTime) {
    this.clockGetTime = clockGetTime;
  }

  static BootTime open() {
    boolean linux64 = System.getProperty("os.name", "").equals("Linux")
        && System.getProperty("sun.arch.data.model", "64").equals("64");
    if (!linux64) {
      return new BootTime(null);
    }
    Linker linker = Linker.nativeLinker();
    return new BootTime(linker.defaultLookup().find("clock_gettime")
        .map(symbol -> linker.downcallHandle(symbol,
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS),
            Linker.Option.critical(false)))
        .orElse(null));
  }

  long nanos() {
    if (clockGetTime == null) {
      return System.nanoTime();
    }
    try {
      MemorySegment time = timespec.get();
      int failed = (int) clockGetTime.invokeExact(CLOCK_BOOTTIME, time);
      if (failed != 0) {
        throw new IllegalStateException("clock_gettime(CLOCK_BOOTTIME) failed");
      }
      return time.get(ValueLayout.JAVA_LONG, 0) * 1_000_000_000L + time.get(ValueLayout.JAVA_LONG, 8);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
