package dss.bench;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Connections over servers, as evenly as can be; where servers come and go as few move as can be. */
final class Spread {
  private Spread() {}

  /**
   * Moves connections until each lane has its share.
   *
   * @param first the lane that has one more, if any has: another one in each loop
   */
  static void even(List<LoadConnection> connections, List<Lane> lanes, int first) {
    Map<Lane, Integer> room = new HashMap<>();
    for (int i = 0; i < lanes.size(); i++) {
      int turn = Math.floorMod(i - first, lanes.size());
      room.put(lanes.get(i), share(turn, connections.size(), lanes.size()));
    }
    var homeless = new ArrayDeque<LoadConnection>();
    for (LoadConnection connection : connections) {
      int left = room.getOrDefault(connection.lane(), 0);
      if (left > 0) {
        room.put(connection.lane(), left - 1);
      } else {
        homeless.add(connection);
      }
    }
    room.forEach((lane, left) -> {
      for (int i = 0; i < left; i++) {
        homeless.remove().moveTo(lane);
      }
    });
  }

  /** How many of {@code all} belong to part {@code turn} of {@code parts}. */
  static int share(int turn, int all, int parts) {
    return (int) (KeyDraw.firstOf(turn + 1, parts, all) - KeyDraw.firstOf(turn, parts, all));
  }
}
