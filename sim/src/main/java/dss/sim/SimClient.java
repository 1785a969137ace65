package dss.sim;

import dss.core.command.Command;
import dss.core.entry.RequestId;
import dss.core.replication.Call;
import dss.protocol.Reply;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A client: what it has to ask at once, then after the answers the next; follows redirects, gives up after a while. With
 * request ids it tries a write whose fate it does not know again; two of them are one client to servers, so that later
 * requests pass it.
 */
final class SimClient {
  private static final long TIMEOUT_MICROS = 1_500_000;
  private static final int REDIRECTS = 6;
  private static final int ATTEMPTS = 4;
  /** Errors that say: not done, try again. */
  private static final Set<String> REFUSALS = Set.of("TRYAGAIN", "CLUSTERDOWN", "NOREPLICAS", "OOM");

  private final Cluster cluster;
  private final int number;
  private final Workload workload;
  private final Map<Integer, Integer> owners = new HashMap<>();
  private final Set<Attempt> open = new LinkedHashSet<>();
  /** Given up with the first request on it that is not answered in time. */
  private Object connection = new Object();
  private boolean stopped;
  /** Of what was asked at once: not yet answered or given up. */
  private int under;
  long answered;
  long refused;

  SimClient(Cluster cluster, int number) {
    this.cluster = cluster;
    this.number = number;
    this.workload = new Workload(cluster, number);
  }

  void start() {
    cluster.scheduler.after(cluster.scheduler.between(900_000, 1_100_000), this::next);
  }

  void stop() {
    stopped = true;
  }

  private void next() {
    if (stopped) {
      return;
    }
    List<Op> batch = workload.next();
    under = batch.size();
    var attempts = new ArrayList<Attempt>();
    for (Op op : batch) {
      cluster.history.add(op);
      boolean once = cluster.profile.requestIds && !op.isRead();
      var trial = new Trial(op, once ? new RequestId(number / 2, 0, cluster.nextRequestSeq()) : null);
      attempts.add(trial.attempt());
    }
    send(attempts, target(attempts.get(0).command));
  }

  private void over() {
    under--;
    if (under == 0) {
      cluster.scheduler.after(cluster.scheduler.between(1_000, 60_000), this::next);
    }
  }

  /** On one connection, one behind the other. */
  private void send(List<Attempt> attempts, SimServer to) {
    SimProcess process = to.process();
    cluster.scheduler.after(cluster.delay(), () -> attempts.forEach(attempt -> attempt.arrive(to, process)));
  }

  /** A process is gone: what it was asked on this client's connection nobody will answer. */
  void connectionLost(SimProcess process) {
    List<Attempt> lost = open.stream().filter(attempt -> attempt.at == process).toList();
    cluster.scheduler.after(cluster.delay(), () -> lost.forEach(Attempt::lost));
  }

  private SimServer target(Command command) {
    Integer owner = owners.get(command.slot());
    int index = owner == null || cluster.scheduler.chance(0.05)
        ? (int) cluster.scheduler.between(0, cluster.servers.size() - 1)
        : owner;
    return cluster.servers.get(index);
  }

  /** One operation until it is answered or given up. */
  private final class Trial {
    private final Op op;
    private final Command command;
    private int attempts;
    /** An attempt ended without an answer: it may have happened, or happen yet. */
    private boolean unknown;

    Trial(Op op, @Nullable RequestId id) {
      this.op = op;
      this.command = Commanding.command(op, id);
    }

    Attempt attempt() {
      attempts++;
      var attempt = new Attempt(this, attempts == 1);
      open.add(attempt);
      boolean impatient = command.id() != null && cluster.scheduler.chance(0.1);
      cluster.scheduler.after(impatient ? cluster.scheduler.between(500, 5_000) : TIMEOUT_MICROS,
          attempt::timeOut);
      return attempt;
    }

    void answered(SimServer from, Reply reply) {
      answered++;
      cluster.trace.answered(op, reply);
      cluster.history.answered(op, reply, cluster.scheduler.now());
      owners.put(command.slot(), from.index);
      over();
    }

    /** Said, or known, that this attempt had no effect. */
    void didNotHappen() {
      if (unknown) {
        again();
        return;
      }
      refused++;
      cluster.history.remove(op, cluster.scheduler.now());
      over();
    }

    void mayHaveHappened() {
      unknown = true;
      again();
    }

    private void again() {
      if (command.id() != null && attempts < ATTEMPTS) {
        cluster.trace.fares(op, null, "no answer, will be asked again");
        cluster.scheduler.after(cluster.scheduler.between(1_000, 300_000),
            () -> send(List.of(attempt()), target(command)));
      } else {
        cluster.trace.fares(op, null, "no answer, given up: nobody knows whether it happened");
        over();
      }
    }

    /** Nobody will ever tell. */
    void forgotten() {
      over();
    }
  }

  /** One try of it, over redirects. */
  private final class Attempt {
    private final Trial trial;
    final Command command;
    private boolean first;
    @Nullable
    SimProcess at;
    private boolean over;
    private int redirects;

    Attempt(Trial trial, boolean first) {
      this.trial = trial;
      this.command = trial.command;
      this.first = first;
    }

    void arrive(SimServer to, SimProcess process) {
      if (over) {
        return;
      }
      if (process != to.process() || !to.alive()) {
        // Refused: it did not happen.
        refused();
        return;
      }
      at = process;
      cluster.trace.fares(trial.op, to,
          "arrives" + (trial.attempts > 1 ? ", as attempt " + trial.attempts : ""));
      var call = new SimCall(this, to, process);
      process.post(0, "client" + number, () -> to.node().submit(call));
    }

    private void end() {
      over = true;
      open.remove(this);
    }

    private void refused() {
      first = false;
      owners.remove(command.slot());
      if (redirects++ < REDIRECTS) {
        cluster.scheduler.after(cluster.scheduler.between(5_000, 50_000), () -> {
          if (!over) {
            send(List.of(this), target(command));
          }
        });
      } else {
        end();
        trial.didNotHappen();
      }
    }

    void answer(SimServer from, Reply reply) {
      if (over) {
        return;
      }
      if (reply instanceof Reply.Error error && error.code().equals("MOVED")) {
        moved(error.text());
        return;
      }
      end();
      if (reply.isError()) {
        cluster.trace.fares(trial.op, from, "refused: " + reply);
      }
      if (!(reply instanceof Reply.Error error)) {
        trial.op.answeredBy = first ? from.index : -1;
        trial.answered(from, reply);
      } else if (!error.code().equals("UNCERTAIN")) {
        if (!REFUSALS.contains(error.code())) {
          cluster.violation("nobody expects " + reply + " of " + trial.op);
        }
        trial.didNotHappen();
      } else if (error.text().startsWith("UNCERTAIN forgotten")) {
        trial.forgotten();
      } else {
        trial.mayHaveHappened();
      }
    }

    private void moved(String text) {
      first = false;
      at = null;
      int to = Integer.parseInt(text.substring(text.lastIndexOf(':') + 1)) - 7001;
      owners.put(command.slot(), to);
      cluster.trace.fares(trial.op, null, "is to ask s" + to);
      if (redirects++ < REDIRECTS) {
        send(List.of(this), cluster.servers.get(to));
      } else {
        end();
        trial.didNotHappen();
      }
    }

    void timeOut() {
      if (!over) {
        connection = new Object();
        lost();
      }
    }

    void lost() {
      if (!over) {
        end();
        owners.remove(command.slot());
        trial.mayHaveHappened();
      }
    }
  }

  /** What a server sees of it: one command on one connection. */
  private final class SimCall implements Call {
    private final Attempt attempt;
    private final SimServer at;
    private final SimProcess process;
    private final Object on = connection;
    private boolean answered;

    SimCall(Attempt attempt, SimServer at, SimProcess process) {
      this.attempt = attempt;
      this.at = at;
      this.process = process;
    }

    @Override
    public Command command() {
      return attempt.command;
    }

    @Override
    public Object connection() {
      return on;
    }

    @Override
    public boolean abandoned() {
      return attempt.over;
    }

    @Override
    public void answer(Reply reply) {
      if (answered) {
        cluster.violation("one command was answered twice: " + attempt.trial.op);
        return;
      }
      answered = true;
      if (command().isWrite() && !reply.isError()) {
        cluster.checks.acknowledged(at,
            at.node().stateInEffect() == null ? 0 : cluster.ecs.state().shardOf(command().slot()));
      }
      if (process.alive()) {
        cluster.scheduler.after(cluster.delay(), () -> attempt.answer(at, reply));
      }
    }
  }
}
