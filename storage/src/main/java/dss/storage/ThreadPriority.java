package dss.storage;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lower priority for threads that no client waits for: on full cores they get about a tenth of what others get. The JVM
 * ignores thread priorities on Linux; there, setpriority of a "process" is about the thread of that number alone. Where
 * that cannot be called threads stay as they are. Any thread.
 */
public final class ThreadPriority {
  private static final Logger LOG = LoggerFactory.getLogger(ThreadPriority.class);
  private static final int PRIO_PROCESS = 0;
  private static final int NICE = 10;
  private static final int OWN = 0;
  private static final Path TASKS = Path.of("/proc/self/task");

  private ThreadPriority() {}

  /** Of the calling thread. */
  static void lowerOwn() {
    lower(List.of(OWN));
  }

  /**
   * Of all threads of this process whose names for the system begin with one of these; threads that they start later
   * inherit it. Returns how many there are.
   */
  public static int lower(String... names) {
    var tasks = new ArrayList<Integer>();
    try (var directory = Files.newDirectoryStream(TASKS)) {
      for (Path task : directory) {
        String name = Files.readString(task.resolve("comm"));
        for (String begin : names) {
          if (name.startsWith(begin)) {
            tasks.add(Integer.parseInt(task.getFileName().toString()));
          }
        }
      }
    } catch (IOException e) {
      // No Linux; or a thread has just ended: what is found by now counts.
      LOG.debug("not all threads are found: {}", e.toString());
    }
    return lower(tasks) ? tasks.size() : 0;
  }

  private static boolean lower(List<Integer> tasks) {
    try {
      MethodHandle setPriority = setPriority();
      for (int task : tasks) {
        int ignored = setPriority == null ? 0 : (int) setPriority.invokeExact(PRIO_PROCESS, task, NICE);
      }
      return setPriority != null;
    } catch (Throwable e) {
      LOG.debug("no lower priority: {}", e.toString());
      return false;
    }
  }

  @SuppressWarnings("restricted")
  private static @Nullable MethodHandle setPriority() {
    var linker = Linker.nativeLinker();
    var symbol = linker.defaultLookup().find("setpriority");
    return symbol.isEmpty()
        ? null
        : linker.downcallHandle(symbol.get(),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
  }
}
