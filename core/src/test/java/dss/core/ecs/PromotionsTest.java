package dss.core.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.cluster.Address;
import dss.core.cluster.Changes;
import dss.core.cluster.ClusterState;
import dss.core.cluster.Settings;
import dss.core.cluster.StateCommand;
import dss.core.cluster.StateCommand.InSyncChange;
import dss.core.cluster.StateCommand.PrimaryChange;
import dss.core.ecs.Controller.TrustRefused;
import dss.core.planted.PlantedBugs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who leads instead of a primary that this ECS hears, but its backups do not. Source: ADR 12. */
class PromotionsTest {
  private static final int DEAD_MS = Settings.of(1, 3).deadMs();
  private static final long LATE = 10_000;
  private ClusterState state = ClusterState.created("c", Settings.of(1, 3),
      List.of(new Address("127.0.0.1", 7000)));
  private final Map<Integer, Map<Integer, Long>> silence = new HashMap<>();
  private Controller controller = new Controller(state, TrustRefused.OFF, PlantedBugs.NONE);

  @BeforeEach
  void threeCopies() {
    for (int server = 1; server <= 4; server++) {
      apply(new StateCommand.Register("id" + server, server, 1, server, List.of(),
          new Address("127.0.0.1", 7000 + server), new Address("127.0.0.1", 17_000 + server), ""));
    }
    for (int server = 1; server <= 3; server++) {
      apply(new StateCommand.SetMember(server, true));
    }
    apply(new StateCommand.Found(1, List.of(0)));
    apply(new StateCommand.Want(
        List.of(new StateCommand.WantChange(0, state.row(0).epoch(), List.of(1, 2, 3)))));
    inSync(1, 2, 3);
    apply(new StateCommand.SetSettings(state.settings().withMinInSync(2)));
    controller = new Controller(state, TrustRefused.OFF, PlantedBugs.NONE);
    controller.leading(0);
    controller.tick(0);
  }

  private void apply(StateCommand command) {
    var events = Changes.decide(state, command).events();
    assertThat(events).as("%s", command).isNotEmpty();
    state = state.evolve(events);
  }

  private void inSync(Integer... servers) {
    List<Long> boots = List.of(servers).stream().map(server -> 1L).toList();
    apply(new StateCommand.SetInSync(1, 1,
        List.of(new InSyncChange(0, state.row(0).epoch(), List.of(servers), boots))));
    controller.stateChanged(state);
  }

  private void cut(int one, int other) {
    hearsNothing(one, other);
    hearsNothing(other, one);
  }

  private void hearsNothing(int server, int of) {
    silence.computeIfAbsent(server, s -> new HashMap<>()).put(of, (long) DEAD_MS);
  }

  private void heard(int... servers) {
    heardAt(LATE, servers);
  }

  private void heardAt(long now, int... servers) {
    for (int server : servers) {
      controller.heard(server, 1, new ServerReport(state.version(), silence.getOrDefault(server, Map.of()),
          Map.of(), new ServerReport.Copies(0, 0, 0, 0, 0), List.of(), false, false), now);
    }
  }

  private List<Integer> promoted(int... heard) {
    heard(heard);
    var to = new ArrayList<Integer>();
    for (StateCommand command : controller.tick(LATE)) {
      if (command instanceof StateCommand.Promote promote) {
        promote.changes().stream().map(PrimaryChange::to).forEach(to::add);
      }
    }
    return to;
  }

  @Test
  void whoReachesNoneOfItsBackups_leadsNoMore() {
    cut(1, 2);
    cut(1, 3);
    assertThat(promoted(1, 2, 3, 4)).containsExactly(2);
  }

  @Test
  void whoReachesEnough_goesOn() {
    cut(1, 2);
    assertThat(promoted(1, 2, 3, 4)).isEmpty();
  }

  @Test
  void whereNobodyReachesMore_nothingIsChanged() {
    cut(1, 2);
    cut(1, 3);
    cut(2, 3);
    assertThat(promoted(1, 2, 3, 4)).isEmpty();
  }

  /** One that could not hear for a while, as it stood still, say. */
  @Test
  void whomItsBackupsHear_goesOn() {
    hearsNothing(1, 2);
    hearsNothing(1, 3);
    assertThat(promoted(1, 2, 3, 4)).isEmpty();
  }

  @Test
  void whatPrimaryOrBackupSaidLongAgo_provesNothing() {
    cut(1, 2);
    cut(1, 3);
    heard(1, 2, 3, 4);
    assertThat(controller.tick(LATE + Sessions.REPORT_MS + 1))
        .noneMatch(StateCommand.Promote.class::isInstance);
  }

  /** Its copy may be behind; it is the one that is to be taken in that counts as reached. */
  @Test
  void onlyWhoIsInSyncLeads_withALearnerToCountOn() {
    inSync(1, 2);
    cut(1, 2);
    cut(1, 3);
    assertThat(promoted(1, 2, 3, 4)).containsExactly(2);
  }

  /** It drops its backup and goes on alone, or with the learner. */
  @Test
  void whoReachesALearner_goesOn() {
    inSync(1, 2);
    cut(1, 2);
    assertThat(promoted(1, 2, 3, 4)).isEmpty();
  }

  /** Its learner cannot help it for as long as a copy takes; those in sync that reach each other can go on at once. */
  @Test
  void whoReachesALearnerOnly_leadsNoMore_whereOthersInSyncReachEachOther() {
    apply(new StateCommand.Want(
        List.of(new StateCommand.WantChange(0, state.row(0).epoch(), List.of(1, 2, 4)))));
    controller.stateChanged(state);
    cut(1, 2);
    cut(1, 3);
    cut(2, 4);
    cut(3, 4);
    assertThat(promoted(1, 2, 3, 4)).containsExactly(2);
  }

  /** Where refusals are trusted nobody would wait for the leases of one that refuses. */
  @Test
  void whoRefusesConnectionsButLives_goesOn_whereRefusalsAreTrusted() {
    apply(new StateCommand.SetSettings(state.settings().withTrustRefused(true)));
    controller = new Controller(state, TrustRefused.ON, PlantedBugs.NONE);
    controller.leading(0);
    controller.tick(0);
    for (int backup = 2; backup <= 3; backup++) {
      silence.computeIfAbsent(1, s -> new HashMap<>()).put(backup, ServerReport.GONE);
      silence.computeIfAbsent(backup, s -> new HashMap<>()).put(1, ServerReport.GONE);
    }
    assertThat(promoted(1, 2, 3, 4)).isEmpty();
  }

  private @Nullable StateCommand admitted(long now, Integer... set) {
    List<Long> boots = List.of(set).stream().map(server -> 1L).toList();
    return controller.admitted(new StateCommand.SetInSync(1, 1,
        List.of(new InSyncChange(0, state.row(0).epoch(), List.of(set), boots))), now);
  }

  /** Who is dropped may lead no more: a primary that reaches nobody would keep its shards by it, and refuse writes. */
  @Test
  void whoDropsThoseThatCouldLeadInstead_waitsUntilTheyMay_orForAWhile() {
    heard(1, 2, 3, 4);
    assertThat(admitted(LATE, 1, 3)).isNotNull();
    assertHeldBackFrom(LATE);
    // It went well again, and then once more not.
    assertHeldBackFrom(LATE + 60_000);
  }

  private void assertHeldBackFrom(long begin) {
    long over = begin + DEAD_MS + Promotions.HELD_BACK_MS;
    for (long now = begin; now < over; now += 200) {
      heardAt(now, 1, 2, 3, 4);
      assertThat(admitted(now, 1)).as("after %d ms", now - begin).isNull();
    }
    heardAt(over, 1, 2, 3, 4);
    assertThat(admitted(over, 1)).isNotNull();
  }

  /** It has dropped one of them already: the other could lead with that one. */
  @Test
  void whoDropsOneAfterTheOther_waitsToo() {
    inSync(1, 2);
    heard(1, 2, 3, 4);
    assertThat(admitted(LATE, 1)).isNull();
  }

  @Test
  void whoDropsThoseThatCouldNotLead_waitsForNothing() {
    cut(2, 3);
    heard(1, 2, 3, 4);
    assertThat(admitted(LATE, 1)).isNotNull();
    heardAt(LATE + DEAD_MS, 1, 2);
    silence.clear();
    assertThat(admitted(LATE + DEAD_MS, 1)).as("server 3 is down").isNotNull();
  }

  @Test
  void whereOneCopyIsEnough_thePrimaryGoesOnAlone() {
    apply(new StateCommand.SetSettings(state.settings().withMinInSync(1)));
    controller.stateChanged(state);
    cut(1, 2);
    cut(1, 3);
    assertThat(promoted(1, 2, 3, 4)).isEmpty();
  }

  @Test
  void whoIsDown_isReplacedByWhoeverDoesNotHearIt_howeverFewTheyAre() {
    inSync(1, 2);
    hearsNothing(2, 1);
    hearsNothing(2, 3);
    assertThat(promoted(2, 3, 4)).containsExactly(2);
  }
}
