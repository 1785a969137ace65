package dss.app;

import dss.protocol.Request;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Runs the admin's commands: for the console of an ECS and for {@code dss admin}. For one thread. */
final class AdminSession {
  private static final Set<String> COMMANDS = Set.of("add", "remove", "rebalance", "changes", "cancel",
      "resume", "print",
      "ring", "events", "why", "lock", "ecs", "help");
  /** What moves shards, and what is said when all are where they are to be. */
  private static final Map<String, String> MOVES = Map.of("add", "added", "remove", "removed", "rebalance",
      "balanced",
      "resume", "balanced");
  private static final long LOOK_MS = 100;
  /** So long there is nothing left but what waits for a slow disk: longer than one is left behind at first. */
  private static final long SLOW_MS = 120_000;
  /** Looks in a row at which nothing moves. */
  private static final int STANDS = 3;

  private final AdminLink link;
  private final PrintStream out;
  private final Progress progress;

  AdminSession(AdminLink link, PrintStream out, boolean quiet) {
    this.link = link;
    this.out = out;
    this.progress = new Progress(quiet);
  }

  /** One command and its words; --json, --no-wait, --plan and --accept-data-loss may stand anywhere behind it. */
  void run(List<String> words) throws CommandFailed, InterruptedException {
    var rest = new ArrayList<>(words);
    boolean noWait = rest.remove("--no-wait");
    boolean plan = rest.remove("--plan");
    boolean acceptDataLoss = rest.remove("--accept-data-loss");
    boolean json = rest.remove("--json");
    String name = rest.get(0).toLowerCase(Locale.ROOT);
    if (!COMMANDS.contains(name)) {
      throw new CommandFailed(Exit.USAGE, "unknown command '" + rest.get(0) + "'; help lists them");
    }
    boolean moves = MOVES.containsKey(name);
    if (plan && (!moves || name.equals("resume"))) {
      throw new CommandFailed(Exit.USAGE, "--plan goes with add, remove and rebalance");
    }
    if (acceptDataLoss && (plan || !name.equals("remove") && !name.equals("rebalance"))) {
      throw new CommandFailed(Exit.USAGE, "--accept-data-loss goes with remove and rebalance");
    }
    addIf(json, "JSON", rest);
    addIf(plan, "PLAN", rest);
    addIf(acceptDataLoss, "ACCEPT-DATA-LOSS", rest);
    if (moves && !noWait) {
      // Learns where the other ECS are: this may take longer than one of them lives.
      link.report();
    }
    String text = ask(rest);
    out.print(text.endsWith("\n") ? text : text + "\n");
    out.flush();
    if (moves && !noWait && !plan) {
      awaitBalanced();
      out.println(MOVES.get(name));
    }
  }

  private static void addIf(boolean wanted, String word, List<String> words) {
    if (wanted) {
      words.add(word);
    }
  }

  /** An ECS may end between doing and answering: what is refused then because it is done is no refusal. */
  private String ask(List<String> words) throws CommandFailed, InterruptedException {
    try {
      return link.text(Request.of(words.toArray(new String[0])));
    } catch (CommandFailed e) {
      String why = String.valueOf(e.getMessage());
      if (link.resent() && (why.contains("is a member already") || why.contains("is being added already")
          || why.contains("is not a member") || why.contains("no ECS is known")
          || why.contains("is cancelled already") || why.contains("nothing is cancelled"))) {
        return why;
      }
      throw e;
    }
  }

  /** Every live server has applied the final state and every primary has said that it serves. */
  private void awaitBalanced() throws CommandFailed, InterruptedException {
    long most = 0;
    int stands = 0;
    long slowSince = 0;
    while (true) {
      Map<String, Object> report = link.report();
      if (Boolean.TRUE.equals(report.get("balanced"))) {
        progress.done();
        return;
      }
      long moving = number(report, "moving");
      long awaitSlow = number(report, "awaitSlow");
      long lost = number(report, "lost");
      boolean stuck = moving <= lost + awaitSlow;
      // What has just been asked for may not be planned yet.
      stands = moving == 0 ? stands + 1 : 0;
      slowSince = awaitSlow == 0 || !stuck ? 0 : slowSince == 0 ? System.nanoTime() : slowSince;
      if (stands >= STANDS && Boolean.TRUE.equals(report.get("paused"))) {
        throw refused("cancelled: shards stay where they are until resume");
      }
      if (lost > 0 && stuck) {
        throw refused(lost + " shards are LOST: nobody is known to hold their acknowledged writes;"
            + " rebalance --accept-data-loss lets them go on with what is left of them");
      }
      if (slowSince != 0 && System.nanoTime() - slowSince > SLOW_MS * 1_000_000) {
        throw refused("all is done but " + awaitSlow
            + " shards, which wait for a server whose disk is slow: print tells"
            + " whose; they go on when it is quick again, or without it when it is removed");
      }
      most = Math.max(most, moving);
      progress.show(most == 0 ? 0 : 1.0 - (double) moving / most, moving + " shards to go"
          + (awaitSlow == 0 ? "" : ", " + awaitSlow + " of them when a slow disk is quick"));
      Thread.sleep(LOOK_MS);
    }
  }

  private CommandFailed refused(String why) {
    progress.done();
    return new CommandFailed(Exit.REFUSED, why);
  }

  private static long number(Map<String, Object> report, String field) {
    return report.get(field) instanceof Number n ? n.longValue() : 0;
  }
}
