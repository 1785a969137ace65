package dss.drill;

import dss.client.DssClient;
import dss.client.Endpoint;
import dss.core.cluster.Address;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Many keys whose values only rise, written in turn by one client that keeps books: at the end each key must hold what
 * was acknowledged last, or something later that was tried.
 */
final class Ledger implements AutoCloseable {
  private static final long PAUSE_NANOS = 500_000;
  private static final int SHOWN = 10;

  private final DssClient client;
  private final String name;
  private final long[] acknowledged;
  private final long[] attempted;
  private final Thread thread = new Thread(this::write, "ledger");
  private final List<String> errors = new ArrayList<>();
  private volatile boolean stopped;
  private volatile long writes;

  Ledger(String name, int keys, List<Address> servers) {
    this.name = name;
    this.acknowledged = new long[keys];
    this.attempted = new long[keys];
    this.client = DssClient
        .to(servers.stream().map(at -> new Endpoint(at.host(), at.port())).toArray(Endpoint[]::new));
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void write() {
    for (long i = 1; !stopped; i++) {
      int key = (int) (i % acknowledged.length);
      attempted[key] = i;
      try {
        client.put(name + ":" + key, Long.toString(i));
        acknowledged[key] = i;
        writes = writes + 1;
      } catch (RuntimeException e) {
        synchronized (errors) {
          errors.add(e.toString());
        }
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  long writes() {
    return writes;
  }

  /** What its client has shown: each is an operation that failed after all its retries. */
  List<String> errors() {
    synchronized (errors) {
      return List.copyOf(errors);
    }
  }

  /** Stops, and reads all; a line for each key that is wrong. */
  List<String> audit() throws InterruptedException {
    stopped = true;
    thread.join();
    var wrong = new ArrayList<String>();
    for (int key = 0; key < acknowledged.length; key++) {
      @Nullable
      String value = client.get(name + ":" + key).orElse(null);
      long number = value == null ? 0 : Long.parseLong(value);
      if (number < acknowledged[key] || number > attempted[key]) {
        wrong.add(name + ":" + key + " is " + value + ", acknowledged " + acknowledged[key] + ", tried "
            + attempted[key]);
      }
    }
    return wrong.size() > SHOWN ? wrong.subList(0, SHOWN) : wrong;
  }

  @Override
  public void close() {
    stopped = true;
    client.close();
  }
}
