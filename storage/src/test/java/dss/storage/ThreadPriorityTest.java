package dss.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class ThreadPriorityTest {
  private static final int NICE_FIELD = 16;

  private static int niceOf(String name) throws IOException {
    try (var tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
      for (Path task : tasks) {
        if (Files.readString(task.resolve("comm")).strip().equals(name)) {
          String stat = Files.readString(task.resolve("stat"));
          return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[NICE_FIELD]);
        }
      }
    }
    throw new AssertionError("no thread " + name);
  }

  @Test
  void threadsOfThatName_andNoOthers_giveWay() throws Exception {
    var running = new CountDownLatch(2);
    var end = new CountDownLatch(1);
    Runnable waits = () -> {
      running.countDown();
      Threads.join(Thread.startVirtualThread(() -> await(end)));
    };
    Thread.ofPlatform().name("humble-1").start(waits);
    Thread.ofPlatform().name("proud-1").start(waits);
    running.await();
    try {
      int before = niceOf("proud-1");
      assertThat(ThreadPriority.lower("humble")).isEqualTo(1);
      assertThat(niceOf("humble-1")).isEqualTo(10);
      assertThat(niceOf("proud-1")).isEqualTo(before);
      assertThat(ThreadPriority.lower("nobody")).isZero();
    } finally {
      end.countDown();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
