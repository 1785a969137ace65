package dss.core.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dss.core.placement.Placement.Site;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
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

  private static int handedOver(List<List<Integer>> from, List<List<Integer>> to) {
    return (int) IntStream.range(0, SHARDS)
        .filter(shard -> !from.get(shard).get(0).equals(to.get(shard).get(0)))
        .count();
  }

  /**
   * The least that can move: a newcomer has to get its share of copies, what is on a server that goes has to be elsewhere.
   * Primaries cost a moment each and no bytes: some more than a newcomer's share may move.
   */
  @Test
  void growingFromOneTo50_andShrinkingAgain_staysEvenAndMovesTheLeast() {
    List<List<Integer>> placed = nothing();
    for (int n = 1; n <= 50; n++) {
      var next = new Placement(sites(1, n, i -> ""), 3, 2).place(placed);
      assertEven(next, n);
      if (n > 3) {
        assertThat(Placement.moved(placed, next)).as("copies, to %d", n)
            .isBetween(SHARDS * 3 / n, (SHARDS * 3 + n - 1) / n);
        assertThat(handedOver(placed, next)).as("primaries, to %d", n)
            .isBetween(SHARDS / n, 2 * SHARDS / n);
      }
      placed = next;
    }
    for (int n = 49; n >= 3; n--) {
      int gone = n + 1;
      int left = (int) placed.stream().filter(shard -> shard.contains(gone)).count();
      int led = (int) placed.stream().filter(shard -> shard.get(0) == gone).count();
      var next = new Placement(sites(1, n, i -> ""), 3, 2).place(placed);
      assertEven(next, n);
      assertThat(Placement.moved(placed, next)).as("copies, to %d", n).isEqualTo(left);
      assertThat(handedOver(placed, next)).as("primaries, to %d", n).isBetween(led, led + led / 2);
      placed = next;
    }
  }

  @Test
  void aFourthServer_isHandedTheLeastPrimaries() {
    var three = new Placement(sites(1, 3, i -> ""), 3, 2).place(nothing());
    var four = new Placement(sites(1, 4, i -> ""), 3, 2).place(three);
    assertThat(handedOver(three, four)).isEqualTo(SHARDS / 4);
  }

  @Test
  void bytesOfUniformKeys_areEven() {
    var random = new Random(3);
    var bytes = new long[SHARDS];
    for (int key = 0; key < 1_000_000; key++) {
      bytes[random.nextInt(SHARDS)] += 100;
    }
    List<List<Integer>> placed = nothing();
    for (int n = 3; n <= 50; n++) {
      placed = new Placement(sites(1, n, i -> ""), 3, 2).place(placed);
      var held = new long[n + 1];
      for (int shard = 0; shard < SHARDS; shard++) {
        for (int server : placed.get(shard)) {
          held[server] += bytes[shard];
        }
      }
      double mean = 3.0 * 100 * 1_000_000 / n;
      assertThat(Arrays.stream(held).max().orElseThrow() / mean).as("max/mean of bytes on %d servers", n)
          .isLessThan(1.10);
    }
  }

  /** What zones of unequal size cost: the server that is alone in its zone holds a copy of every shard. */
  @Test
  void threeUnequalZones_holdOneCopyEach_whateverThatCosts() {
    var placed = new Placement(sites(1, 6, i -> i == 1 ? "a" : i < 4 ? "b" : "c"), 3, 2).place(nothing());
    for (List<Integer> shard : placed) {
      assertThat(shard.stream().map(s -> s == 1 ? "a" : s < 4 ? "b" : "c").distinct()).hasSize(3);
    }
    assertThat(Placement.count(placed).of(1)).isEqualTo(SHARDS);
    int[] primaries = spread(placed, true);
    assertThat(primaries[1] - primaries[0]).as("primaries stay even").isLessThanOrEqualTo(1);
  }

  @Test
  void fewShardsOnManyServers_areLedByOneServerEach() {
    var random = new Random(1);
    for (int round = 0; round < 2_000; round++) {
      int servers = 4 + random.nextInt(4);
      var current = new ArrayList<List<Integer>>();
      for (int shard = 0; shard < 4; shard++) {
        var copies = new ArrayList<>(IntStream.rangeClosed(1, servers).boxed().toList());
        Collections.shuffle(copies, random);
        current.add(copies.subList(0, 2));
      }
      var placed = new Placement(sites(1, servers, i -> ""), 2, 1).place(current);
      assertThat(spread(placed, true)[1]).as("%s from %s", placed, current).isOne();
    }
  }

  @Test
  void aServerLeavesFewShards_onlyItsCopiesMove() {
    // The share of one more goes to whom a hole can be filled on, not to whoever had most before.
    assertOneMove(List.of(List.of(1, 4), List.of(2, 3)), sites(1, 3, i -> ""), 2);
    // Who already has its share and one more is not given another.
    var six = sites(1, 7, i -> "");
    six.remove(2);
    assertOneMove(List.of(List.of(5, 7), List.of(2, 3), List.of(1, 4), List.of(1, 6)), six, 2);
  }

  private static void assertOneMove(List<List<Integer>> current, List<Site> sites, int copies) {
    var placed = new Placement(sites, copies, 1).place(current);
    assertThat(Placement.moved(current, placed)).as("%s from %s", placed, current).isOne();
    assertEven(placed, sites.size());
  }

  @Test
  void sameSites_moveNothing() {
    var placement = new Placement(sites(1, 7, i -> ""), 3, 2);
    var placed = placement.place(nothing());
    assertThat(placement.place(placed)).isEqualTo(placed);
  }

  @Test
  void threeZones_holdOneCopyEach() {
    var placed = new Placement(sites(1, 6, i -> "z" + i % 3), 3, 2).place(nothing());
    for (List<Integer> shard : placed) {
      assertThat(shard.stream().map(s -> s % 3).distinct()).hasSize(3);
    }
    assertEven(placed, 6);
  }

  @Test
  void fewerSitesThanCopies_getOneCopyEach() {
    var placed = new Placement(sites(1, 2, i -> ""), 3, 2).place(nothing());
    assertThat(placed).allMatch(shard -> shard.size() == 2);
  }

  @Test
  void fiftySites_areEven() {
    assertEven(new Placement(sites(1, 50, i -> ""), 3, 2).place(nothing()), 50);
  }

  @Test
  void fullSite_keepsWhatItHasAndGetsNothing() {
    var before = new Placement(sites(1, 4, i -> ""), 3, 2).place(nothing());
    var sites = new ArrayList<>(sites(1, 5, i -> ""));
    sites.remove(3);
    Site first = sites.get(0);
    sites.set(0, new Site(first.server(), first.id(), first.host(), first.zone(), true));
    var after = new Placement(sites, 3, 2).place(before);
    for (int shard = 0; shard < SHARDS; shard++) {
      if (after.get(shard).contains(1)) {
        assertThat(before.get(shard)).contains(1);
      }
      assertThat(after.get(shard)).hasSize(3).doesNotContain(4);
    }
  }

  /** Servers 1 to {@code n} on a host each; those named are full. */
  private static List<Site> sites(int n, Integer... full) {
    return sites(1, n, i -> "").stream()
        .map(s -> new Site(s.server(), s.id(), s.host(), s.zone(), List.of(full).contains(s.server())))
        .toList();
  }

  private static List<Integer> primaries(List<List<Integer>> placed) {
    return placed.stream().map(shard -> shard.get(0)).toList();
  }

  @Test
  void fullNewcomer_getsNothing_thoughItAloneIsOnAnotherHost() {
    var sites = new ArrayList<Site>();
    for (int i = 1; i <= 4; i++) {
      sites.add(new Site(i, "id" + i, i == 4 ? "other" : "one", "", i == 4));
    }
    var placed = new Placement(sites, 3, 2).place(nothing());
    assertThat(placed).allMatch(shard -> shard.size() == 3 && !shard.contains(4));
  }

  @Test
  void fullNewcomer_getsNothing_thoughCopiesAreMissing_andTheOthersLeadEvenly() {
    var before = new Placement(sites(1), 3, 1).place(nothing());
    var placed = new Placement(sites(3, 3), 3, 2).place(before);
    assertThat(placed).allMatch(shard -> shard.size() == 2 && !shard.contains(3));
    assertThat(spread(placed, true)).containsExactly(SHARDS / 2, SHARDS / 2);
  }

  @Test
  void fullSites_getTheCopiesWithoutWhichNothingIsWritten_evenly() {
    var before = new Placement(sites(1), 3, 1).place(nothing());
    var placed = new Placement(sites(3, 2, 3), 3, 2).place(before);
    assertThat(placed).allMatch(shard -> shard.size() == 2 && shard.get(0) == 1);
  }

  @Test
  void theRoomThatAFullSiteCannotGive_isSharedByTheRest() {
    var before = new Placement(sites(3), 3, 2).place(nothing());
    Counts copies = Placement.count(new Placement(sites(5, 5), 3, 2).place(before));
    for (int server = 1; server <= 4; server++) {
      assertThat(copies.of(server)).isEqualTo(SHARDS * 3 / 4);
    }
  }

  @Test
  void nobodyHasSpace_everyShardIsSomewhere() {
    assertThat(new Placement(sites(3, 1, 2, 3), 3, 2).place(nothing())).allMatch(shard -> shard.size() == 2);
  }

  @Test
  void fullSites_keepTheirCopies_andLeadNowhereWhereOneWithSpaceCan() {
    var before = new Placement(sites(5), 3, 2).place(nothing());
    var after = new Placement(sites(5, 1, 2), 3, 2).place(before);
    assertThat(Placement.moved(before, after)).isZero();
    assertThat(primaries(after)).doesNotContain(1, 2);
    assertThat(spread(after, true)[1] - spread(after, true)[0]).isLessThanOrEqualTo(1);
    var again = new Placement(sites(5), 3, 2).place(after);
    assertThat(Placement.moved(before, again)).isZero();
    assertEven(again, 5);
  }

  @Test
  void fullSite_givesItsSurplusToANewcomer() {
    var before = new Placement(sites(4), 3, 2).place(nothing());
    var after = new Placement(sites(5, 1), 3, 2).place(before);
    assertThat(Placement.count(after).of(1)).isBetween(SHARDS * 3 / 5, SHARDS * 3 / 5 + 1);
    assertThat(primaries(after)).doesNotContain(1);
  }

  @Test
  void whateverIsFull_getsNothingNew_andNoShardFallsBelowWhatItNeeds() {
    for (long seed = 0; seed < 12; seed++) {
      var random = new Random(seed);
      List<List<Integer>> placed = nothing();
      for (int step = 0; step < 8; step++) {
        int n = 3 + random.nextInt(5);
        Integer[] full = IntStream.rangeClosed(1, n).filter(i -> random.nextInt(3) == 0).boxed()
            .toArray(Integer[]::new);
        boolean zones = seed % 2 == 0;
        List<Site> sites = sites(n, full).stream().map(s -> new Site(s.server(), s.id(), s.host(),
            zones ? "z" + random.nextInt(3) : "", s.full())).toList();
        var next = new Placement(sites, 3, 2).place(placed);
        assertNothingNewOn(Set.of(full), placed, next, "seed " + seed + " step " + step);
        placed = next;
      }
    }
  }

  private static void assertNothingNewOn(Set<Integer> full, List<List<Integer>> from, List<List<Integer>> to,
      String as) {
    for (int shard = 0; shard < SHARDS; shard++) {
      List<Integer> was = from.get(shard);
      List<Integer> is = to.get(shard);
      boolean enough = is.size() == 2 || is.size() == 3;
      boolean placed = is.stream().anyMatch(server -> full.contains(server) && !was.contains(server));
      boolean leads = full.contains(is.get(0)) && !full.containsAll(is);
      if (!enough || placed && is.size() > 2 || leads || Set.copyOf(is).size() < is.size()) {
        fail("%s: shard %d from %s to %s, full are %s", as, shard, was, is, full);
      }
    }
  }
}
