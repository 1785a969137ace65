package dss.core.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.cluster.Address;
import dss.core.cluster.Changes;
import dss.core.cluster.ClusterState;
import dss.core.cluster.Row;
import dss.core.cluster.ServerInfo;
import dss.core.cluster.Settings;
import dss.core.cluster.StateCommand;
import dss.core.cluster.StateCommand.InSyncChange;
import dss.core.cluster.StateCommand.PrimaryChange;
import dss.core.ecs.Controller.TrustRefused;
import dss.core.ecs.Moving.What;
import dss.core.planted.PlantedBugs;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What an admin stops, lets go on and gives up. Servers do what rows want at once, where a test lets them. */
class MovingTest {
  private static final int SHARDS = 512;
  /** Of one of four servers. */
  private static final int SHARE = SHARDS * 3 / 4;
  private static final int TICK_MS = 100;

  private final Controller controller;
  private final Set<Integer> live = new HashSet<>();
  /** Servers that the others leave behind. */
  private final Set<Integer> slow = new HashSet<>();
  private ClusterState state = ClusterState.created("c", Settings.of(SHARDS, 3),
      List.of(new Address("127.0.0.1", 7000)));
  private long now;

  MovingTest() {
    controller = new Controller(state, TrustRefused.OFF, PlantedBugs.NONE);
    controller.leading(0);
    List.of(1, 2, 3).forEach(this::join);
    settle(shard -> true);
  }

  private void join(int server) {
    apply(new StateCommand.Register("id" + server, server, 1, server, List.of(),
        new Address("127.0.0.1", 7000 + server), new Address("127.0.0.1", 17_000 + server), ""));
    apply(new StateCommand.SetMember(server, true));
    live.add(server);
  }

  private void apply(StateCommand command) {
    var events = Changes.decide(state, command).events();
    state = events.isEmpty() ? state : state.evolve(events);
    controller.stateChanged(state);
  }

  private void tick() {
    now += TICK_MS;
    var nothing = new ServerReport.Copies(0, 0, 0, 0, 0);
    live.forEach(server -> controller.heard(server, 1,
        new ServerReport(state.version(), Map.of(), Map.of(), nothing, List.of(), false, false,
            slow.stream().map(each -> new ServerReport.Slow(each, 200, 1)).toList()),
        now));
    controller.tick(now).forEach(this::apply);
  }

  /** Ticks, and copies of these shards come and go as their rows want. */
  private void settle(IntPredicate moves) {
    for (int i = 0; i < 20; i++) {
      tick();
      IntStream.range(0, SHARDS).filter(moves).forEach(this::becomesAsWanted);
    }
  }

  private void becomesAsWanted(int shard) {
    Row row = state.row(shard);
    if (row.primary() == Row.NONE || row.wanted().isEmpty() || !live.contains(row.primary())) {
      return;
    }
    var set = new ArrayList<>(row.wanted().stream().filter(live::contains).toList());
    set.removeIf(slow::contains);
    if (!set.contains(row.primary())) {
      set.add(row.primary());
    }
    ask(shard, set);
    if (set.contains(row.wanted().getFirst())) {
      apply(new StateCommand.Handover(row.primary(), 1,
          List.of(new PrimaryChange(shard, state.row(shard).epoch(), row.wanted().getFirst()))));
      ask(shard, row.wanted().stream().filter(live::contains).filter(s -> !slow.contains(s)).toList());
    }
  }

  private void ask(int shard, List<Integer> set) {
    Row row = state.row(shard);
    apply(new StateCommand.SetInSync(row.primary(), 1,
        List.of(new InSyncChange(shard, row.epoch(), set, set.stream().map(s -> 1L).toList()))));
  }

  private List<Row> rows() {
    return IntStream.range(0, SHARDS).mapToObj(state::row).toList();
  }

  private long copiesOn(int server) {
    return rows().stream().filter(row -> row.inSync(server)).count();
  }

  private void assertMoving(What what, int server, int copies) {
    assertThat(controller.moving(now)).anySatisfy(moving -> {
      assertThat(moving.what()).isEqualTo(what);
      assertThat(moving.server()).isEqualTo(server);
      assertThat(moving.copies()).isEqualTo(copies);
    });
  }

  @Test
  void whatIsCancelledHalfWay_stays_andGoesOnWhenItIsResumed() {
    assertThat(controller.moving(now)).isEmpty();
    join(4);
    settle(shard -> shard % 2 == 0);
    long half = copiesOn(4);
    assertThat(half).isBetween(1L, SHARE - 1L);
    assertMoving(What.FILL, 4, SHARE - (int) half);
    apply(new StateCommand.Pause(true));
    settle(shard -> shard % 2 == 0);
    assertThat(copiesOn(4)).isEqualTo(half);
    assertThat(rows()).as("nothing is half way").allMatch(Row::isAsWanted);
    assertThat(controller.isBalanced(now)).isFalse();
    assertThat(controller.statuses(now).values()).containsOnly(ServerStatus.ACTIVATED);
    assertMoving(What.FILL, 4, SHARE - (int) half);
    apply(new StateCommand.Pause(false));
    settle(shard -> true);
    assertThat(copiesOn(4)).isEqualTo(SHARE);
    assertThat(controller.moving(now)).isEmpty();
  }

  @Test
  void shardsThatWaitForASlowDisk_holdNothingElseUp_andGoOnWhenItIsQuick() {
    slow.add(3);
    for (int shard = 0; shard < SHARDS; shard++) {
      ask(shard, List.of(1, 2));
    }
    join(4);
    settle(shard -> true);
    assertThat(controller.slow(now)).containsOnlyKeys(3);
    long missing = rows().stream().filter(row -> row.wants(3) && !row.inSync(3)).count();
    assertThat(missing).isPositive();
    assertThat(controller.awaitSlow(now)).isEqualTo((int) missing);
    assertThat(copiesOn(4)).isEqualTo(SHARE);
    assertThat(controller.isBalanced(now)).isFalse();
    slow.clear();
    settle(shard -> true);
    assertThat(controller.awaitSlow(now)).isZero();
    assertThat(copiesOn(3)).isEqualTo(SHARE);
    assertThat(rows()).allMatch(Row::isAsWanted);
  }

  /** Whom a slow disk is all that is left, takes it: a server that stops hands over all the same. */
  @Test
  void aServerThatStops_isWantedLast_thoughACopyWaitsForASlowDisk() {
    slow.add(3);
    for (int shard = 0; shard < SHARDS; shard++) {
      ask(shard, List.of(1, 2));
    }
    tick();
    apply(new StateCommand.SetStopping(1, 1, true));
    for (int i = 0; i < SHARDS / Wants.MOVING_AT_MOST; i++) {
      tick();
    }
    assertThat(rows()).noneMatch(row -> row.wanted().getFirst() == 1);
  }

  /** With one copy left it is taken in, slow as it is, and counts as on its way. */
  @Test
  void whereASlowDiskIsTheOnlyOtherOne_nothingWaitsForIt() {
    slow.add(3);
    for (int shard = 0; shard < SHARDS; shard++) {
      ask(shard, List.of(state.row(shard).primary()));
    }
    live.remove(2);
    controller.sessionEnded(2);
    controller.processGone(2);
    tick();
    now += state.settings().repairAfterMs();
    settle(shard -> false);
    assertThat(rows()).anyMatch(row -> row.primary() == 1 && row.wanted().containsAll(List.of(1, 3)));
    assertThat(controller.awaitSlow(now)).isZero();
  }

  @Test
  void whatServersSaidThatAreDownByNow_isForgotten() {
    slow.add(3);
    tick();
    assertThat(controller.slow(now)).containsOnlyKeys(3);
    now += 10 * state.settings().deadMs();
    assertThat(controller.slow(now)).isEmpty();
  }

  @Test
  void whatIsMissing_isMadeThoughAllElseIsCancelled() {
    join(4);
    settle(shard -> true);
    join(5);
    apply(new StateCommand.Pause(true));
    live.remove(2);
    controller.sessionEnded(2);
    controller.processGone(2);
    settle(shard -> true);
    now += state.settings().repairAfterMs();
    settle(shard -> true);
    assertThat(rows()).allMatch(row -> row.inSync().size() == 3 && !row.inSync(2));
  }

  /** Restarted, or away for a moment: it comes back from the log, and nothing cancelled is carried out meanwhile. */
  @Test
  void whoIsAwayForAMoment_keepsItsPlace_whileMovesAreCancelled() {
    join(4);
    apply(new StateCommand.Pause(true));
    settle(shard -> true);
    live.remove(3);
    for (int shard = 0; shard < SHARDS; shard++) {
      if (state.row(shard).primary() != 3) {
        ask(shard, List.of(1, 2));
      }
    }
    tick();
    tick();
    assertThat(rows()).noneMatch(row -> row.wants(4));
    assertThat(rows()).allMatch(row -> row.wants(3));
    live.add(3);
    settle(shard -> true);
    assertThat(rows()).allMatch(row -> row.inSync().size() == 3 && !row.inSync(4));
  }

  /** Shards that nobody leads do not keep the others waiting. */
  @Test
  void shardsOfADeadPrimary_doNotHoldUpTheRest() {
    for (int shard = 0; shard < SHARDS; shard++) {
      ask(shard, List.of(state.row(shard).primary()));
    }
    int dead = state.row(0).primary();
    live.remove(dead);
    now += state.settings().repairAfterMs();
    join(4);
    settle(shard -> true);
    assertThat(rows()).allMatch(row -> row.primary() == dead || row.inSync().size() > 1);
    assertThat(copiesOn(4)).as("of those that are led").isGreaterThan(SHARE / 3);
  }

  @Test
  void aNewPlan_isNotSettledBeforeItIsMade() {
    assertThat(controller.moving(now)).isEmpty();
    controller.planAgain();
    assertThat(controller.isBalanced(now)).isFalse();
  }

  @Test
  void aPause_isNotTakenBackByOtherSettings() {
    Settings before = state.settings();
    apply(new StateCommand.Pause(true));
    apply(new StateCommand.SetSettings(before.withRepairAfterMs(1)));
    assertThat(state.settings()).isEqualTo(before.withRepairAfterMs(1).withPaused(true));
  }

  @Test
  void aRemovedServer_isListedUntilItsCopiesAreElsewhere() {
    join(4);
    settle(shard -> true);
    apply(new StateCommand.SetMember(1, false));
    tick();
    assertMoving(What.EMPTY, 1, SHARE);
    settle(shard -> true);
    assertThat(controller.moving(now)).isEmpty();
  }

  @Test
  void whatOnlyADeadServerHas_isGivenUpOnlyByAskingFor_andBeginsWhereACopyIsWanted() {
    ask(7, List.of(state.row(7).primary()));
    Row alone = state.row(7);
    ServerInfo holder = Objects.requireNonNull(state.server(alone.primary()));
    assertThat(controller.removals().onlyOn(holder, now)).as("it lives").isEmpty();
    live.remove(holder.number());
    now += state.settings().deadMs();
    tick();
    assertThat(controller.removals().refusal(holder, now)).isEmpty();
    assertThat(controller.removals().onlyOn(holder, now)).containsExactly(7);
    StateCommand.Abandon abandon = controller.removals().abandon(List.of(7), holder.number(), Map.of(), now);
    apply(abandon);
    Row row = state.row(7);
    assertThat(row.inSync()).containsExactly(row.primary()).doesNotContain(holder.number());
    assertThat(row.wanted()).contains(row.primary());
    assertThat(row.fresh()).isTrue();
    assertThat(row.epoch()).isGreaterThan(alone.epoch());
    Row before = state.row(7);
    apply(abandon);
    assertThat(state.row(7)).as("asked twice").isEqualTo(before);
  }

  /** Its data is lost, so that it has another id: nobody waits for what was at its address before. */
  @Test
  void aServerThatComesBackEmpty_takesThePlaceOfTheOneThatWasThere() {
    live.remove(2);
    controller.sessionEnded(2);
    controller.processGone(2);
    tick();
    apply(new StateCommand.Register("another", 44, 1, 44, List.of(), new Address("127.0.0.1", 7002),
        new Address("127.0.0.1", 17_002), ""));
    apply(new StateCommand.SetMember(4, true));
    live.add(4);
    settle(shard -> true);
    assertThat(state.server(2)).satisfiesAnyOf(server -> assertThat(server).isNull(),
        server -> assertThat(Objects.requireNonNull(server).member()).isFalse());
    assertThat(rows()).allMatch(row -> row.inSync(4) && !row.inSync(2) && row.inSync().size() == 3);
  }

  @Test
  void whoAloneHasWrites_isWaitedFor_thoughAnotherHasItsAddress() {
    ask(7, List.of(state.row(7).primary()));
    int holder = state.row(7).primary();
    live.remove(holder);
    controller.sessionEnded(holder);
    controller.processGone(holder);
    apply(new StateCommand.Register("another", 44, 1, 44, List.of(), new Address("127.0.0.1", 7000 + holder),
        new Address("127.0.0.1", 17_000 + holder), ""));
    apply(new StateCommand.SetMember(4, true));
    live.add(4);
    settle(shard -> true);
    assertThat(Objects.requireNonNull(state.server(holder)).member()).isTrue();
    assertThat(state.row(7).inSync()).containsExactly(holder);
  }

  /** Each is compared with the row it was made for. */
  @Test
  void oneShard_isNotMovedTwiceAtOnce() {
    Row row = state.row(5);
    var elsewhere = List.of(row.wanted().get(1), row.wanted().get(0));
    var again = List.of(row.wanted().get(2));
    apply(new StateCommand.Want(List.of(new StateCommand.WantChange(5, row.epoch(), elsewhere))));
    apply(new StateCommand.Want(List.of(new StateCommand.WantChange(5, row.epoch(), again))));
    assertThat(state.row(5).wanted()).isEqualTo(elsewhere);
    apply(new StateCommand.Handover(row.primary(), 1,
        List.of(new PrimaryChange(5, row.epoch(), row.wanted().get(1)))));
    assertThat(state.row(5).primary()).as("as the row has changed").isEqualTo(row.primary());
  }

  @Test
  void nobodyInSync_isGivenUp() {
    Row row = state.row(3);
    apply(new StateCommand.Abandon(List.of(new PrimaryChange(3, row.epoch(), row.inSync().getLast()))));
    assertThat(state.row(3)).isEqualTo(row);
  }

  @Test
  void whatIsGivenUp_goesOnWithTheNewestCopyThatLives() {
    int holder = state.row(7).primary();
    ask(7, List.of(holder));
    List<Integer> others = IntStream.rangeClosed(1, 3).filter(server -> server != holder).boxed().toList();
    live.remove(holder);
    now += state.settings().deadMs();
    tick();
    var held = Map.of(others.get(0), List.of(new HeldCopy(7, 4, 90), new HeldCopy(8, 9, 1)), others.get(1),
        List.of(new HeldCopy(7, 5, 20)));
    assertThat(controller.removals().abandon(List.of(7), holder, held, now).changes()).singleElement()
        .satisfies(change -> assertThat(change.to()).isEqualTo(others.get(1)));
  }

  @Test
  void lostShards_beginAgain() {
    ask(7, List.of(state.row(7).primary()));
    int holder = state.row(7).primary();
    apply(new StateCommand.Register("id" + holder, 99, 2, 99, List.of(),
        new Address("127.0.0.1", 7000 + holder),
        new Address("127.0.0.1", 17_000 + holder), ""));
    assertThat(controller.removals().lost()).containsExactly(7);
    apply(controller.removals().abandon(List.of(7), 0, Map.of(), now));
    assertThat(controller.removals().lost()).isEmpty();
    assertThat(state.row(7).primary()).isNotEqualTo(Row.NONE);
  }

  @Test
  void theTimeItTakes_isThatOfTheLastCopies() {
    var pace = new Pace();
    assertThat(pace.seconds(0, 1 << 20)).isZero();
    assertThat(pace.seconds(160, (1 << 20) - (64 << 10))).as("before the first").isEqualTo(10);
    pace.look(100, 1 << 20, 0);
    pace.look(75, 1 << 20, 2_500);
    pace.look(50, 1 << 20, 5_000);
    assertThat(pace.seconds(50, 1 << 20)).isEqualTo(5);
    pace.look(0, 1 << 20, 1_000_000);
    pace.look(10, 1 << 20, 2_000_000);
    assertThat(pace.seconds(10, 1 << 20)).as("time without copies counts for nothing").isLessThan(20_000);
  }
}
