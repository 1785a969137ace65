package dss.core.replication;

import dss.core.planted.PlantedBug;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The other copies of a shard that is led here, and which of them count: the effective set is who is in sync, or was
 * asked for as a learner to be taken in, in this epoch. Source: docs/replication.md, Changes of the configuration.
 */
final class Followers {
  private final Primary primary;
  private Follower[] all = {};
  /** Learners asked for in this epoch, whatever became of the asking. */
  private final Set<Integer> asked = new LinkedHashSet<>();

  Followers(Primary primary) {
    this.primary = primary;
  }

  List<Follower> all() {
    return Arrays.asList(all);
  }

  @Nullable
  Follower at(PeerLink link) {
    for (Follower follower : all) {
      if (follower.link == link) {
        return follower;
      }
    }
    return null;
  }

  boolean anyAsked() {
    return !asked.isEmpty();
  }

  Set<Integer> asked() {
    return Collections.unmodifiableSet(asked);
  }

  boolean asked(int server) {
    return asked.contains(server);
  }

  void ask(int server) {
    asked.add(server);
    review();
  }

  void forgetAsked() {
    asked.clear();
    review();
  }

  /** Another epoch, whose row is known already. */
  void newEpoch(long now) {
    asked.clear();
    for (Follower follower : all) {
      follower.newEpoch(now);
    }
    reconcile(now);
  }

  /** Whoever the row names follows, and hears of it; nobody else does. */
  void reconcile(long now) {
    Set<Integer> named = new LinkedHashSet<>(primary.row().inSync());
    named.addAll(primary.row().wanted());
    named.remove(primary.node().self());
    var following = new ArrayList<Follower>();
    for (Follower follower : all) {
      if (named.remove(follower.link.server)) {
        following.add(follower);
      } else {
        follower.endCopy();
      }
    }
    for (int server : named) {
      following.add(new Follower(primary, primary.node().link(server), now));
    }
    all = following.toArray(Follower[]::new);
    review();
    following.forEach(Follower::markDirty);
  }

  private void review() {
    for (Follower follower : all) {
      int server = follower.link.server;
      follower.countsForWrites = isEffective(server, PlantedBug.ASKED_LEARNER_NOT_EFFECTIVE_FOR_WRITES);
      follower.countsForReads = isEffective(server, PlantedBug.ASKED_LEARNER_NOT_EFFECTIVE_FOR_READS);
    }
  }

  private boolean isEffective(int server, PlantedBug without) {
    return primary.row().inSync(server) || (asked.contains(server) && !primary.node().bug(without));
  }

  /** Whether every other member of the effective set lets this server read at this moment. */
  boolean leasesHold(long now) {
    for (Follower follower : all) {
      if (follower.countsForReads && !follower.link.leaseHolds(now)) {
        return false;
      }
    }
    return true;
  }

  /** A read needs the leases: they are kept while reads do, and asked for where they ran out. */
  void needLeases(long now) {
    for (Follower follower : all) {
      if (follower.countsForReads) {
        primary.node().beacons().needLease(follower.link, now);
      }
    }
  }

  /** The seq that is durable, heard in this epoch, on every other member of the effective set; {@code most} at most. */
  long durable(long most) {
    long to = most;
    for (Follower follower : all) {
      if (follower.countsForWrites) {
        to = Math.min(to, follower.durable);
      }
    }
    return to;
  }

  /** One entry was appended: everyone is to get it. */
  void appended(long now) {
    for (Follower follower : all) {
      follower.appended(now);
    }
  }

  /** Whether none of them is being sent a copy, or, connected, owes an answer for longer than {@code ms}. */
  boolean areInTime(long now, long ms) {
    for (Follower follower : all) {
      if (follower.copy != null
          || follower.link.connected && follower.owes() && now - follower.progressAt > ms) {
        return false;
      }
    }
    return true;
  }

  void endCopies() {
    all().forEach(Follower::endCopy);
  }

  /** The position behind which one of them needs the log. */
  long retainAfter() {
    long from = Long.MAX_VALUE;
    for (Follower follower : all) {
      from = Math.min(from, follower.retainAfter());
    }
    return from;
  }
}
