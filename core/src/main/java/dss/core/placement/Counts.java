package dss.core.placement;

import java.util.TreeMap;

/** A number for each server, 0 until said otherwise. */
final class Counts {
  private final TreeMap<Integer, Integer> byServer = new TreeMap<>();

  int of(int server) {
    return byServer.getOrDefault(server, 0);
  }

  void add(int server, int more) {
    byServer.merge(server, more, Integer::sum);
  }
}
