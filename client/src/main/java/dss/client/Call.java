package dss.client;

import dss.protocol.Reply;
import dss.protocol.Request;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A request from its first attempt to its end. At any time one thread attends to it (the one that tries it, then the
 * one that hears what came of it), and the timer may end it.
 */
final class Call {
  /** @param at who was tried last, or would have been; null: nobody of whom others know */
  record Pause(@Nullable Endpoint at) {}

  /** The slot of a request that any server can answer. */
  static final int ANY = -1;

  final Request request;
  final int slot;
  final boolean write;
  /** What people call it in a message: the command's name. */
  final String name;
  final long deadlineNanos;
  final CompletableFuture<Reply> future = new CompletableFuture<>();

  /** Where a redirect sent it, for one attempt. */
  @Nullable
  Endpoint redirect;
  /** Its last one, which may be over. */
  volatile Calls.@Nullable Attempt attempt;
  /** It is to be tried again after a while, or once another server is known to own its slot; null: it is not. */
  final AtomicReference<@Nullable Pause> pause = new AtomicReference<>();
  /** Redirects since the last pause. */
  int redirects;
  int failures;
  /** An attempt whose outcome is unknown may have taken effect. */
  volatile boolean maybe;
  /** It has been given to a connection and its reply has not come. */
  volatile boolean underWay;
  /** It was ended without a reply. Guarded by this. */
  private boolean failed;
  /** Some server has answered. */
  volatile boolean answered;
  volatile String problem = "no attempt was made";

  Call(Request request, int slot, boolean write, String name, long deadlineNanos) {
    this.request = request;
    this.slot = slot;
    this.write = write;
    this.name = name;
    this.deadlineNanos = deadlineNanos;
  }

  boolean isDone() {
    return future.isDone();
  }

  /** It is about to be given to a connection; false: it has ended and must not be. */
  synchronized boolean begin() {
    if (failed || isDone()) {
      return false;
    }
    underWay = true;
    return true;
  }

  /** Ends without a reply: says what is known of its effect, and it will have no other. */
  void fail(String why) {
    boolean uncertain;
    synchronized (this) {
      failed = true;
      uncertain = write && (maybe || underWay);
    }
    if (uncertain) {
      future.completeExceptionally(new DssException.Uncertain(
          name + " may have happened or not: " + why + "; last: " + problem, null));
    } else {
      String effect = write ? " was not done: " : " was not answered: ";
      future.completeExceptionally(
          new DssException.Unavailable(name + effect + why + "; last: " + problem, answered, null));
    }
  }
}
