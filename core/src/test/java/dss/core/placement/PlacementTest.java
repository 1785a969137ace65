package dss.core.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.placement.Placement.Site;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class PlacementTest {
  private static final int SHARDS = 1024;

  private static List<Site> sites(int from, int to, IntFunction<String> zone) {
    var sites = new ArrayList<Site>();
    for (int i = from; i <= to; i++) {
      sites.add(new Site(i, String.format("%040x", i * 7919L), "h" + i, zone.apply(i)));
    }
    return sites;
  }

  private static List<List<Integer>> nothing() {
    return new ArrayList<>(Collections.nCopies(SHARDS, List.of()));
  }

  private static int[] spread(List<List<Integer>> placed, boolean primaries) {
    var counts = new HashMap<Integer, Integer>();
    for (List<Integer> shard : placed) {
      for (int i = 0; i < (primaries ? 1 : shard.size()); i++) {
        counts.merge(shard.get(i), 1, Integer::sum);
      }
    }
    return new int[]{Collections.min(counts.values()), Collections.max(counts.values())};
  }

  private static void assertEven(List<List<Integer>> placed, int servers) {
    int[] copies = spread(placed, false);
    int[] primaries = spread(placed, true);
    assertThat(copies[1] - copies[0]).as("copies on %d servers", servers).isLessThanOrEqualTo(1);
    assertThat(primaries[1] - primaries[0]).as("primaries on %d servers", servers).isLessThanOrEqualTo(1);
    for (List<Integer> shard : placed) {
      assertThat(new HashSet<>(shard)).hasSameSizeAs(shard);
    }
  }

  @Test
  void growingAndShrinking_staysEvenAndMovesTheLeast() {
    List<List<Integer>> placed = nothing();
    for (int n = 1; n <= 12; n++) {
      var next = new Placement(sites(1, n, i -> ""), 3).place(placed);
      assertEven(next, n);
      if (n > 3) {
        // The newcomer must get its share; nothing else has to move.
        assertThat(Placement.moved(placed, next)).isLessThanOrEqualTo((SHARDS * 3 + n - 1) / n);
      }
      placed = next;
    }
    for (int n = 11; n >= 4; n--) {
      int gone = n + 1;
      long left = placed.stream().filter(shard -> shard.contains(gone)).count();
      var next = new Placement(sites(1, n, i -> ""), 3).place(placed);
      assertEven(next, n);
      assertThat((long) Placement.moved(placed, next)).isEqualTo(left);
      placed = next;
    }
  }

  @Test
  void sameSites_moveNothing() {
    var placement = new Placement(sites(1, 7, i -> ""), 3);
    var placed = placement.place(nothing());
    assertThat(placement.place(placed)).isEqualTo(placed);
  }

  @Test
  void threeZones_holdOneCopyEach() {
    var placed = new Placement(sites(1, 6, i -> "z" + i % 3), 3).place(nothing());
    for (List<Integer> shard : placed) {
      assertThat(shard.stream().map(s -> s % 3).distinct()).hasSize(3);
    }
    assertEven(placed, 6);
  }

  @Test
  void fewerSitesThanCopies_getOneCopyEach() {
    var placed = new Placement(sites(1, 2, i -> ""), 3).place(nothing());
    assertThat(placed).allMatch(shard -> shard.size() == 2);
  }

  @Test
  void fiftySites_areEven() {
    assertEven(new Placement(sites(1, 50, i -> ""), 3).place(nothing()), 50);
  }

  @Test
  void fullSite_keepsWhatItHasAndGetsNothing() {
    var before = new Placement(sites(1, 4, i -> ""), 3).place(nothing());
    var sites = new ArrayList<>(sites(1, 5, i -> ""));
    sites.remove(3);
    Site first = sites.get(0);
    sites.set(0, new Site(first.server(), first.id(), first.host(), first.zone(), true));
    var after = new Placement(sites, 3).place(before);
    for (int shard = 0; shard < SHARDS; shard++) {
      if (after.get(shard).contains(1)) {
        assertThat(before.get(shard)).contains(1);
      }
      assertThat(after.get(shard)).hasSize(3).doesNotContain(4);
    }
  }
}
