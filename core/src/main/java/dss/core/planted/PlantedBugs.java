package dss.core.planted;

import java.util.EnumSet;
import java.util.Set;

/** Which planted bugs are on. */
public final class PlantedBugs {
  public static final PlantedBugs NONE = new PlantedBugs(EnumSet.noneOf(PlantedBug.class));

  private final EnumSet<PlantedBug> on;

  private PlantedBugs(EnumSet<PlantedBug> on) {
    this.on = on;
  }

  public static PlantedBugs of(Set<PlantedBug> bugs) {
    return bugs.isEmpty() ? NONE : new PlantedBugs(EnumSet.copyOf(bugs));
  }

  public boolean has(PlantedBug bug) {
    return on.contains(bug);
  }
}
