package dss.bench;

import dss.protocol.Slots;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which lane an operation goes to: the newest map, corrected by redirects that came after it. Loop only. */
final class Routes {
  private final Lane[] bySlot = new Lane[Slots.COUNT];
  private List<Lane> lanes = List.of();
  private boolean single;

  Routes(ClusterMap map) {
    adopt(map, lanesOf(map));
  }

  /** A lane for each server; resolves names, so it is called off the loops. */
  static List<Lane> lanesOf(ClusterMap map) {
    return map.servers().stream().map(Lane::new).toList();
  }

  /**
   * Follows a newer map. Operations that wait for servers it does not have any more are left in their lanes.
   *
   * @param fresh a lane of each of its servers, for those that had none
   * @return lanes that nothing leads to any more
   */
  List<Lane> adopt(ClusterMap map, List<Lane> fresh) {
    Map<Endpoint, Lane> known = new HashMap<>();
    fresh.forEach(lane -> known.put(lane.endpoint(), lane));
    lanes.forEach(lane -> known.put(lane.endpoint(), lane));
    var now = new ArrayList<Lane>();
    for (Endpoint server : map.servers()) {
      now.add(Objects.requireNonNull(known.remove(server), "a server without a lane"));
    }
    for (int slot = 0; slot < Slots.COUNT; slot++) {
      int owner = map.owner(slot);
      // Who does not own it will say who does, or that nobody does.
      bySlot[slot] = now.get(owner == ClusterMap.NOBODY ? slot % now.size() : owner);
    }
    lanes = List.copyOf(now);
    single = !map.isCluster();
    return List.copyOf(known.values());
  }

  List<Lane> lanes() {
    return lanes;
  }

  /** Where a key goes; its slot is reckoned only where there is a choice. */
  Lane lane(RequestForm form, long key) {
    return single ? lanes.get(0) : bySlot[form.slot(key)];
  }

  /** A redirect has told the slot's owner; null where that has no lane yet. */
  @Nullable
  Lane correct(int slot, Endpoint owner) {
    for (Lane lane : lanes) {
      if (slot < Slots.COUNT && lane.endpoint().equals(owner)) {
        bySlot[slot] = lane;
        return lane;
      }
    }
    return null;
  }
}
