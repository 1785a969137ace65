package dss.sim;

import dss.core.command.Command;
import dss.core.entry.RequestId;
import dss.core.replication.Call;
import dss.protocol.Reply;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client: one operation after the other, follows redirects, gives up after a while. With request ids it tries a write
 * whose fate it does not know again; two of them are one client to servers, so that later requests pass it.
 */
final class SimClient {
  private static final long TIMEOUT_MICROS = 1_500_000;
  private static final int REDIRECTS = 6;
  private static final int ATTEMPTS = 4;

  private final Cluster cluster;
  private final int number;
  private final Map<Integer, Integer> owners = new HashMap<>();
  final List<Op> history = new ArrayList<>();
  /** Given up with the first request on it that is not answered in time. */
  private Object connection = new Object();
  private boolean stopped;
  private long made;
  long answered;
  long refused;

  SimClient(Cluster cluster, int number) {
    this.cluster = cluster;
    this.number = number;
  }

  void start() {
    cluster.scheduler.after(cluster.scheduler.between(0, 200_000), this::next);
  }

  void stop() {
    stopped = true;
  }

  private void next() {
    if (stopped) {
      return;
    }
    Op op = draw();
    history.add(op);
    boolean once = cluster.profile.requestIds && op.kind != Op.Kind.GET;
    new Trial(op, once ? new RequestId(number / 2, 0, cluster.nextRequestSeq()) : null).attempt();
  }

  private Op draw() {
    Scheduler s = cluster.scheduler;
    int key = (int) s.between(0, cluster.profile.keys - 1);
    boolean counter = key == 0;
    made++;
    String argument = number + "." + made;
    Op.Kind kind;
    if (s.chance(0.4)) {
      kind = Op.Kind.GET;
    } else if (counter) {
      kind = s.chance(0.9) ? Op.Kind.INCR : Op.Kind.DEL;
      argument = "";
    } else {
      Op.Kind[] kinds = {Op.Kind.SET, Op.Kind.SET, Op.Kind.APPEND, Op.Kind.DEL, Op.Kind.SETNX,
          Op.Kind.SET_IF};
      kind = kinds[(int) s.between(0, kinds.length - 1)];
    }
    String expected = kind == Op.Kind.SET_IF ? lastSeen(key) : "";
    boolean bare = kind == Op.Kind.GET || kind == Op.Kind.DEL || kind == Op.Kind.INCR;
    return new Op(number, kind, "key" + key, bare ? "" : argument, expected, s.now());
  }

  private String lastSeen(int key) {
    for (int i = history.size() - 1; i >= 0; i--) {
      Op op = history.get(i);
      if (op.key.equals("key" + key)) {
        if (op.kind == Op.Kind.GET && op.reply instanceof Reply.Bulk bulk) {
          return bulk.bytes().asUtf8();
        }
        if (op.kind == Op.Kind.SET) {
          return op.argument;
        }
      }
    }
    return "none";
  }

  private SimServer target(Command command) {
    Integer owner = owners.get(command.slot());
    int index = owner == null || cluster.scheduler.chance(0.05)
        ? (int) cluster.scheduler.between(0, cluster.servers.size() - 1)
        : owner;
    return cluster.servers.get(index);
  }

  private void pauseThenNext() {
    cluster.scheduler.after(cluster.scheduler.between(1_000, 60_000), this::next);
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

    void attempt() {
      attempts++;
      var attempt = new Attempt(this);
      attempt.send(target(command));
      boolean impatient = command.id() != null && cluster.scheduler.chance(0.1);
      cluster.scheduler.after(impatient ? cluster.scheduler.between(500, 5_000) : TIMEOUT_MICROS,
          attempt::timeOut);
    }

    void answered(SimServer from, Reply reply) {
      answered++;
      op.reply = reply;
      op.returned = cluster.scheduler.now();
      owners.put(command.slot(), from.index);
      pauseThenNext();
    }

    /** Said, or known, that this attempt had no effect. */
    void didNotHappen() {
      if (unknown) {
        again();
        return;
      }
      refused++;
      history.remove(op);
      pauseThenNext();
    }

    void mayHaveHappened() {
      unknown = true;
      again();
    }

    private void again() {
      if (command.id() != null && attempts < ATTEMPTS) {
        cluster.scheduler.after(cluster.scheduler.between(1_000, 300_000), this::attempt);
      } else {
        pauseThenNext();
      }
    }

    /** Nobody will ever tell. */
    void forgotten() {
      pauseThenNext();
    }
  }

  /** One try of it, over redirects. */
  private final class Attempt {
    private final Trial trial;
    final Command command;
    private boolean over;
    private int redirects;

    Attempt(Trial trial) {
      this.trial = trial;
      this.command = trial.command;
    }

    void send(SimServer to) {
      SimProcess process = to.process();
      cluster.scheduler.after(cluster.delay(), () -> {
        if (over) {
          return;
        }
        if (process != to.process() || !to.alive()) {
          // Refused: it did not happen.
          refused();
          return;
        }
        var call = new SimCall(this, to, process);
        process.post(0, "client" + number, () -> to.node().submit(call));
      });
    }

    private void refused() {
      owners.remove(command.slot());
      if (redirects++ < REDIRECTS) {
        cluster.scheduler.after(cluster.scheduler.between(5_000, 50_000), () -> {
          if (!over) {
            send(target(command));
          }
        });
      } else {
        over = true;
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
      over = true;
      if (!(reply instanceof Reply.Error error)) {
        trial.answered(from, reply);
      } else if (!error.code().equals("UNCERTAIN")) {
        trial.didNotHappen();
      } else if (error.text().startsWith("UNCERTAIN forgotten")) {
        trial.forgotten();
      } else {
        trial.mayHaveHappened();
      }
    }

    private void moved(String text) {
      int to = Integer.parseInt(text.substring(text.lastIndexOf(':') + 1)) - 7001;
      owners.put(command.slot(), to);
      if (redirects++ < REDIRECTS) {
        send(cluster.servers.get(to));
      } else {
        over = true;
        trial.didNotHappen();
      }
    }

    void timeOut() {
      if (!over) {
        over = true;
        owners.remove(command.slot());
        connection = new Object();
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

  @Nullable
  Op last() {
    return history.isEmpty() ? null : history.get(history.size() - 1);
  }
}
