package dss.storage;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.BlockingQueue;

/** Waiting that no interrupt ends, and a lower priority for background threads. */
final class Threads {
  private static final int PRIO_PROCESS = 0;
  private static final int NICE = 10;

  private Threads() {}

  static <T> T take(BlockingQueue<T> queue) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return queue.take();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  static void join(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Makes the calling thread nice. The JVM ignores thread priorities on Linux; there, setpriority of "process" 0 is
   * about the calling thread alone. Where that cannot be called the thread stays as it is.
   */
  @SuppressWarnings("restricted")
  static void lowerPriority() {
    try {
      var linker = Linker.nativeLinker();
      var symbol = linker.defaultLookup().find("setpriority");
      if (symbol.isPresent()) {
        var setPriority = linker.downcallHandle(symbol.get(), FunctionDescriptor.of(ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        int ignored = (int) setPriority.invokeExact(PRIO_PROCESS, 0, NICE);
      }
    } catch (Throwable e) {
      org.slf4j.LoggerFactory.getLogger(Threads.class).debug("no lower priority: {}", e.toString());
    }
  }
}
