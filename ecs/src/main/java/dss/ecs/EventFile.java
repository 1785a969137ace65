package dss.ecs;

import dss.ecs.EventLog.Event;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events on disk, a line each ({@code time what}): those of shards in two files that take turns, and the others, which
 * they must not push out, in two of their own. For people who look back: written by a
 * thread of its own and not synced, so the last second may be missing after a crash; what cannot be written is lost, and
 * the log says so. Any thread.
 */
final class EventFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventFile.class);
  private static final long CLOSE_SECONDS = 2;

  /** Two files that take turns. Its own thread only, once it is made. */
  private static final class Turns {
    final Path current;
    final Path before;
    boolean begun;

    Turns(Path directory, String name) {
      current = directory.resolve(name);
      before = directory.resolve(name + ".before");
    }
  }

  private final Turns shards;
  private final Turns others;
  private final long bytesAtMost;
  private final ExecutorService writer = Executors.newSingleThreadExecutor(
      Thread.ofPlatform().name("ecs-events").daemon().factory());

  /** @param bytesAtMost of each file */
  EventFile(Path directory, long bytesAtMost) {
    this.shards = new Turns(directory, "events.shards");
    this.others = new Turns(directory, "events");
    this.bytesAtMost = bytesAtMost;
  }

  /** All that is there, oldest first; what is no event is left out. */
  List<Event> read() {
    var events = new ArrayList<Event>();
    for (Path file : List.of(others.before, others.current, shards.before, shards.current)) {
      try {
        if (Files.exists(file)) {
          new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines()
              .forEach(line -> parse(line, events));
        }
      } catch (IOException e) {
        LOG.warn("events in {} cannot be read: {}", file, e.toString());
      }
    }
    events.sort(Comparator.comparing(Event::time));
    return events;
  }

  private static void parse(String line, List<Event> into) {
    int space = line.indexOf(' ');
    try {
      if (space > 0) {
        into.add(new Event(Instant.parse(line.substring(0, space)), line.substring(space + 1)));
      }
    } catch (DateTimeParseException e) {
      LOG.debug("not an event: {}", line);
    }
  }

  /** Returns at once. */
  void append(List<Event> events) {
    if (!events.isEmpty() && !writer.isShutdown()) {
      writer.execute(() -> {
        write(shards, events.stream().filter(Event::ofShard).toList());
        write(others, events.stream().filter(event -> !event.ofShard()).toList());
      });
    }
  }

  private void write(Turns to, List<Event> events) {
    if (events.isEmpty()) {
      return;
    }
    // A line that a crash tore must not take the next one with it.
    var lines = new StringBuilder(to.begun ? "" : "\n");
    to.begun = true;
    events.forEach(event -> lines.append(event.time()).append(' ').append(event.what()).append('\n'));
    try {
      if (Files.exists(to.current) && Files.size(to.current) >= bytesAtMost) {
        Files.move(to.current, to.before, StandardCopyOption.REPLACE_EXISTING);
      }
      Files.writeString(to.current, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      LOG.warn("{} events cannot be written to {}: {}", events.size(), to.current, e.toString());
    }
  }

  /** Writes what was appended, then ends its thread. */
  @Override
  public void close() {
    writer.shutdown();
    try {
      if (!writer.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("the last events are not on disk");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
