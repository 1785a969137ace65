package dss.drill;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A drill.
 *
 * @param kinds one or more, of which chance chooses
 * @param rolling instead: everything is restarted in turn, and DSS's own clients may see no error
 * @param seconds for how long faults go on, 1 or more; the last one is ended and mended after it
 * @param servers three or more
 * @param ecs one or three
 * @param seed of chance
 * @param home where processes keep their data, empty
 * @param history where the last round of the recorded history is written; null: only one that is no good, in {@code home}
 */
public record DrillOptions(List<FaultKind> kinds, boolean rolling, int seconds, int servers, int ecs,
    long seed,
    Path home, @Nullable Path history) {
  public DrillOptions {
    kinds = List.copyOf(kinds);
  }

  boolean cuts() {
    return kinds.contains(FaultKind.PARTITION);
  }

  boolean fillsDisks() {
    return kinds.contains(FaultKind.DISKFULL);
  }
}
