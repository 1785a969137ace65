package dss.ecs;

import dss.core.cluster.Row;
import dss.core.cluster.ServerInfo;
import dss.core.ecs.Controller;
import dss.core.ecs.HeldCopy;
import dss.peer.PeerPort;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Gives up acknowledged writes that no server has which lives, as a person has accepted: each shard goes on with the newest
 * copy that a live member holds. Loop only.
 */
final class GivingUp {
  private static final int ANSWER_SECONDS = 5;

  private final Reconciler reconciler;
  private final PeerPort port;
  private final EventLoop loop;

  GivingUp(Reconciler reconciler, PeerPort port, EventLoop loop) {
    this.reconciler = reconciler;
    this.port = port;
    this.loop = loop;
  }

  /**
   * Done when all of these shards have begun again; fails with why not.
   *
   * @param but the number of a server that is asked nothing and gets nothing; 0: none
   */
  CompletableFuture<Void> giveUp(Controller controller, List<Integer> shards, int but) {
    if (shards.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    Map<Integer, List<HeldCopy>> held = new ConcurrentHashMap<>();
    var asked = controller.removals().liveWithout(but, Reconciler.nowMs()).stream()
        .map(server -> ask(server, held))
        .toArray(CompletableFuture[]::new);
    return CompletableFuture.allOf(asked)
        .thenComposeAsync(all -> reconciler.commit(
            controller.removals().abandon(shards, but, held, Reconciler.nowMs())), loop)
        .thenComposeAsync(decided -> requireDone(controller, shards), loop);
  }

  private CompletableFuture<Void> ask(ServerInfo server, Map<Integer, List<HeldCopy>> held) {
    return KnownQuery.ask(port, loop, server.peer()).orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS)
        .handle((known, failure) -> {
          if (failure != null) {
            throw new IllegalStateException(
                server.resp() + " lives and does not say what it holds; ask again");
          }
          held.put(server.number(), known.copies());
          return null;
        });
  }

  private static CompletableFuture<Void> requireDone(Controller controller, List<Integer> shards) {
    for (int shard : shards) {
      Row row = controller.state().row(shard);
      if (row.primary() == Row.NONE || controller.removals().isStuck(row, Reconciler.nowMs())) {
        return CompletableFuture.failedFuture(
            new IOException(
                "shard " + shard + " has changed meanwhile, or nobody lives who could hold it; ask again"));
      }
    }
    return CompletableFuture.completedFuture(null);
  }
}
