package dss.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GatheringTest {
  private static final long START = System.nanoTime() + 1_000_000_000L;
  private static final long SOON = 50_000;
  private static final int PEER = 2;

  private final Gathering gathering = new Gathering();

  @Test
  void oneClient_waitsForNobody() {
    long now = START;
    for (int i = 1; i <= 5; i++) {
      assertThat(gathering.ownGo(now, i, i - 1)).isTrue();
      assertThat(gathering.syncGoes(now)).isTrue();
      assertThat(gathering.waitNanos(now, true)).isZero();
      now += SOON;
      assertThat(gathering.ownGo(now, i, i)).isTrue();
      now += SOON;
    }
  }

  @Test
  void whileABatchIsUnderWay_writesGather_butNotForLong() {
    assertThat(gathering.ownGo(START, 1, 0)).isTrue();
    assertThat(gathering.ownGo(START + 1, 2, 0)).isFalse();
    assertThat(gathering.waitNanos(START + 1, false)).isPositive()
        .isLessThanOrEqualTo(Gathering.BEHIND_NANOS);
    assertThat(gathering.ownGo(START + Gathering.BEHIND_NANOS, 2, 0)).isFalse();
    assertThat(gathering.ownGo(START + 1 + Gathering.BEHIND_NANOS, 2, 0)).isTrue();
  }

  @Test
  void afterAnswers_nineInTenOfThem_areWaitedFor() {
    assertThat(gathering.ownGo(START, 10, 0)).isTrue();
    long answered = START + SOON;
    assertThat(gathering.ownGo(answered, 18, 10)).isFalse();
    assertThat(gathering.ownGo(answered + 1, 19, 10)).isTrue();
  }

  @Test
  void twoHalvesOfTheClients_becomeOneBatch() {
    assertThat(gathering.ownGo(START, 8, 0)).isTrue();
    assertThat(gathering.ownGo(START + 1, 17, 0)).isFalse();
    long answered = START + SOON;
    assertThat(gathering.ownGo(answered, 17, 8)).isFalse();
    assertThat(gathering.ownGo(answered + 1, 24, 8)).isTrue();
    long again = answered + SOON;
    assertThat(gathering.ownGo(again, 39, 24)).isFalse();
    assertThat(gathering.ownGo(again + 1, 40, 24)).isTrue();
  }

  @Test
  void clientsThatDoNotComeAgain_areNotWaitedForLong() {
    assertThat(gathering.ownGo(START, 10, 0)).isTrue();
    assertThat(gathering.syncGoes(START)).isTrue();
    long answered = START + SOON;
    assertThat(gathering.ownGo(answered, 11, 10)).isFalse();
    assertThat(gathering.waitNanos(answered, false)).isEqualTo(Gathering.EXPECTING_NANOS);
    assertThat(gathering.ownGo(answered + Gathering.EXPECTING_NANOS, 11, 10)).isTrue();
    assertThat(gathering.ownGo(answered + Gathering.EXPECTING_NANOS + SOON, 12, 11)).isTrue();
  }

  /** The n-th fsync, in which one own write is brought, and is answered afterwards. */
  private boolean syncWithOwn(int n, long now) {
    assertThat(gathering.ownGo(now, n, n - 1)).isTrue();
    boolean goes = gathering.syncGoes(now);
    assertThat(gathering.ownGo(now, n, n)).isTrue();
    return goes;
  }

  @Test
  void anFsync_waitsForThoseThatBroughtEntriesInBothOfTheLastTwo_butNotForLong() {
    long now = START;
    for (int i = 1; i <= 2; i++) {
      gathering.frameCame(PEER, now);
      assertThat(syncWithOwn(i, now)).isTrue();
      now += SOON;
    }
    assertThat(syncWithOwn(3, now)).isFalse();
    assertThat(gathering.waitNanos(now, false)).isEqualTo(Gathering.EXPECTING_NANOS);
    gathering.frameCame(PEER, now + 1);
    assertThat(gathering.syncGoes(now + 1)).isTrue();
    gathering.frameCame(PEER, now + 2);
    assertThat(gathering.syncGoes(now + 2)).isFalse();
    assertThat(gathering.syncGoes(now + 2 + Gathering.EXPECTING_NANOS)).isTrue();
  }

  @Test
  void oneClientThatWritesToOneServerAfterTheOther_waitsForNobody() {
    long now = START;
    for (int i = 1; i <= 5; i++) {
      assertThat(syncWithOwn(i, now)).isTrue();
      now += SOON;
      gathering.frameCame(PEER, now);
      assertThat(gathering.syncGoes(now)).isTrue();
      now += SOON;
      gathering.frameCame(PEER + 1, now);
      assertThat(gathering.syncGoes(now)).isTrue();
      now += SOON;
    }
  }

  @Test
  void whereManyClientsWrite_aServerThatBroughtNothingInTwoFsyncs_isNotWaitedForAnyMore() {
    gathering.frameCame(PEER, START);
    assertThat(gathering.syncGoes(START)).isTrue();
    long now = START;
    int taken = 0;
    for (int i = 1; i <= 2; i++) {
      now += 10 * SOON;
      taken += Gathering.MANY;
      assertThat(gathering.ownGo(now, taken, taken - Gathering.MANY)).isTrue();
      assertThat(gathering.syncGoes(now)).isFalse();
      now += Gathering.EXPECTING_ROUND_NANOS;
      assertThat(gathering.syncGoes(now)).isTrue();
      assertThat(gathering.ownGo(now, taken, taken)).isTrue();
    }
    now += SOON;
    assertThat(gathering.ownGo(now, taken + Gathering.MANY, taken)).isTrue();
    assertThat(gathering.syncGoes(now)).isTrue();
  }

  @Test
  void whereManyClientsWrite_anFsyncWaitsForAWholeRoundOfTheOthers() {
    gathering.frameCame(PEER, START);
    assertThat(gathering.ownGo(START, Gathering.MANY, 0)).isTrue();
    assertThat(gathering.syncGoes(START)).isTrue();
    long next = START + SOON;
    assertThat(gathering.ownGo(next, 2 * Gathering.MANY, Gathering.MANY)).isTrue();
    assertThat(gathering.syncGoes(next + Gathering.EXPECTING_NANOS)).isFalse();
    assertThat(gathering.waitNanos(next, false)).isEqualTo(Gathering.EXPECTING_ROUND_NANOS);
    assertThat(gathering.syncGoes(next + Gathering.EXPECTING_ROUND_NANOS)).isTrue();
  }

  @Test
  void aTurnThatBroughtNothing_forgetsNobody() {
    gathering.frameCame(PEER, START);
    assertThat(gathering.ownGo(START, Gathering.MANY, 0)).isTrue();
    assertThat(gathering.syncGoes(START)).isTrue();
    assertThat(gathering.ownGo(START, Gathering.MANY, Gathering.MANY)).isTrue();
    for (int i = 0; i < 2; i++) {
      assertThat(gathering.syncGoes(START + SOON)).as("what is of no server's bringing goes").isTrue();
    }
    long next = START + 2 * SOON;
    assertThat(gathering.ownGo(next, 2 * Gathering.MANY, Gathering.MANY)).isTrue();
    assertThat(gathering.syncGoes(next)).as("the other is waited for").isFalse();
    gathering.frameCame(PEER, next + 1);
    assertThat(gathering.syncGoes(next + 1)).isTrue();
  }

  @Test
  void withoutEntries_nothingIsHeldBack() {
    assertThat(gathering.ownGo(START, 0, 0)).isTrue();
    assertThat(gathering.syncGoes(START)).isTrue();
    assertThat(gathering.waitNanos(START, false)).isZero();
  }
}
