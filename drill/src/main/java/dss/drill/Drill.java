package dss.drill;

import dss.drill.DrillReport.Strike;
import dss.drill.SharedKeys.Checked;
import dss.drill.SharedKeys.Seen;
import dss.sim.HistoryCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A cluster of its own, clients that record all they see, faults in turn, and at the end a verdict. Blocks; for one
 * thread.
 */
public final class Drill {
  private static final int BARE_CLIENTS = 3;
  private static final int OWN_CLIENTS = 3;
  private static final int LEDGER_KEYS = 2_000;
  private static final Duration HEALS = Duration.ofSeconds(150);
  private static final Duration BEGINS = Duration.ofSeconds(30);
  private static final long ANSWERS = 20;
  private static final long REST_MS = 500;
  private static final long ROUND_SECONDS = 60;

  private final DrillOptions options;
  private final Launcher launcher;
  private final Consumer<String> told;
  private final List<Strike> strikes = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();
  private final long begun = System.nanoTime();
  private long checked;
  private long unknown;
  private @Nullable Path kept;

  private Drill(DrillOptions options, Launcher launcher, Consumer<String> told) {
    this.options = options;
    this.launcher = launcher;
    this.told = told;
  }

  /** Why this drill is not possible on this machine, as a sentence; null: it is. */
  public static @Nullable String objection(DrillOptions options) {
    return options.kinds().stream().map(Drill::objection).filter(Objects::nonNull).findFirst().orElse(null);
  }

  /** Whether this machine lets it be done. */
  public static boolean isPossible(FaultKind kind) {
    return objection(kind) == null;
  }

  private static @Nullable String objection(FaultKind kind) {
    if (kind == FaultKind.PARTITION && !PortOwners.areKnownHere()) {
      return "to cut connections it must be known whose they are, which Linux alone tells (/proc/net/tcp)";
    }
    return kind == FaultKind.DISKFULL && !SmallDisks.areAllowed()
        ? "to fill a disk a small one must be mounted: run it as root on Linux"
        : null;
  }

  /**
   * Runs it.
   *
   * @param told a line for each thing that is done
   * @throws IOException where the cluster cannot be begun or does not heal, saying why
   */
  public static DrillReport run(DrillOptions options, Launcher launcher, Consumer<String> told)
      throws IOException {
    return new Drill(options, launcher, told).run();
  }

  private DrillReport run() throws IOException {
    try (var asking = new Asking()) {
      told.accept(
          options.ecs() + " ECS and " + options.servers() + " servers are started in " + options.home());
      try (
          var cluster = DrillCluster.start(asking, launcher, options.home(), options.ecs(), options.servers(),
              options.cuts(), options.fillsDisks());
          var clients = clients(asking, cluster);
          var ledger = new Ledger("drill:ledger", LEDGER_KEYS, cluster.addresses())) {
        Runtime.getRuntime().addShutdownHook(new Thread(cluster::end, "end the drill"));
        clients.start();
        ledger.start();
        if (!clients.awaitAnswers(ANSWERS, BEGINS)) {
          throw new IOException("not every client had answers within " + BEGINS.toSeconds() + " s");
        }
        told.accept((BARE_CLIENTS + OWN_CLIENTS + 1) + " clients work");
        strikeAll(new Scene(cluster, asking, clients, new Random(options.seed()), options.seconds() * 1000L));
        return ended(asking, cluster, clients, ledger);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
  }

  private static SharedKeys clients(Asking asking, DrillCluster cluster) {
    var clients = new SharedKeys("drill");
    for (int i = 0; i < BARE_CLIENTS; i++) {
      clients.add("bare-" + i, false, new PlainOnce(asking, cluster.addresses(), i));
    }
    for (int i = 0; i < OWN_CLIENTS; i++) {
      clients.add("dss-" + i, true, new OwnOnce(cluster.addresses()));
    }
    return clients;
  }

  // ---- faults

  private void strikeAll(Scene scene) throws IOException {
    long end = System.nanoTime() + Duration.ofSeconds(options.seconds()).toNanos();
    long nextRound = System.nanoTime() + Duration.ofSeconds(ROUND_SECONDS).toNanos();
    var order = new ArrayList<Member>();
    do {
      if (options.rolling()) {
        if (order.isEmpty()) {
          order.addAll(scene.cluster.members());
        }
        Member next = order.remove(0);
        strike(scene, FaultKind.RESTART, () -> Faults.restart(scene, next));
      } else {
        FaultKind kind = scene.any(options.kinds());
        strike(scene, kind, () -> Faults.strike(kind, scene));
      }
      if (System.nanoTime() > nextRound) {
        checked(scene.clients.nextRound(badHistory()));
        nextRound = System.nanoTime() + Duration.ofSeconds(ROUND_SECONDS).toNanos();
      }
    } while (System.nanoTime() < end || options.rolling() && !order.isEmpty());
  }

  private interface Step {
    void run() throws IOException;
  }

  private void strike(Scene scene, FaultKind kind, Step step) throws IOException {
    scene.clients.markGaps();
    double at = seconds();
    step.run();
    long struck = System.nanoTime();
    scene.cluster.heal(HEALS);
    if (!scene.clients.awaitAnswers(1, HEALS)) {
      wrong.add("not every client had an answer within " + HEALS.toSeconds() + " s after " + kind);
    }
    long mended = (System.nanoTime() - struck) / 1_000_000;
    var strike = new Strike(kind, scene.told(), at, scene.clients.longestGapMs(true),
        scene.clients.longestGapMs(false), mended);
    strikes.add(strike);
    told.accept(String.format("%7.1f s  %s; longest wait %d ms (bare clients %d ms), mended in %d ms", at,
        strike.what(), strike.ownGapMs(), strike.bareGapMs(), mended));
    Scene.sleep(REST_MS);
  }

  private double seconds() {
    return (System.nanoTime() - begun) / 1e9;
  }

  // ---- the verdict

  private Path badHistory() {
    return options.home().resolve("history-" + (int) seconds() + "s.jsonl");
  }

  private void checked(Checked round) {
    HistoryCheck check = round.check();
    checked += check.operations();
    unknown += check.unknown();
    for (HistoryCheck.Violation violation : check.violations()) {
      wrong.add("no order of what was seen of " + violation.key() + ":\n  "
          + String.join("\n  ", violation.lines()));
    }
    kept = round.file() == null ? kept : round.file();
  }

  /** All of one kind in a line, by the first of them. What a full disk refuses is no fault. */
  private void wrong(String what, List<String> each) {
    List<String> unexplained = each.stream()
        .filter(line -> !(options.fillsDisks() && line.contains("OOM disk below its reserve"))).toList();
    if (!unexplained.isEmpty()) {
      wrong.add(what + ", " + unexplained.size() + " times: " + unexplained.get(0));
    }
  }

  private DrillReport ended(Asking asking, DrillCluster cluster, SharedKeys clients, Ledger ledger)
      throws IOException, InterruptedException {
    told.accept("clients are stopped, what they saw is checked");
    checked(clients.end(new PlainOnce(asking, cluster.addresses(), 0), badHistory(), options.history()));
    List<Seen> seen = clients.seen();
    wrong.addAll(cluster.endedByThemselves());
    seen.forEach(
        each -> wrong("a reply to " + each.client() + " that faults do not explain", each.unexpected()));
    wrong.addAll(ledger.audit().stream().map(line -> "lost: " + line).toList());
    wrong("DSS's own client gave up", ledger.errors());
    if (options.rolling()) {
      seen.stream().filter(Seen::own).filter(each -> !each.notDone().isEmpty() || !each.unknown().isEmpty())
          .forEach(
              each -> wrong.add("an error at " + each.client() + ": " + each.notDone() + each.unknown()));
    }
    return new DrillReport(strikes, seen, clients.answered(), checked, unknown, ledger.writes(),
        clients.latency(),
        wrong, seconds(), kept == null ? null : kept.toString());
  }
}
