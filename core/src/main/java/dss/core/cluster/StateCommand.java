package dss.core.cluster;

import java.util.List;

/**
 * What may change the cluster state. Those on rows are compare-and-set on the shard's epoch and carry many
 * shards, each judged by itself (docs/replication.md, Changes of the configuration).
 */
public sealed interface StateCommand {
  /** A server's start asks to take part. */
  record Register(String id, long diskId, long boot, long nonce, List<Long> unconfirmed, Address resp,
      Address peer,
      String zone) implements StateCommand {
    public Register {
      unconfirmed = List.copyOf(unconfirmed);
    }
  }

  /** Makes a registered server a member, or no longer one. */
  record SetMember(int server, boolean member) implements StateCommand {}

  /** Drops all knowledge of a server that is no member and is named by no row. */
  record Forget(int server) implements StateCommand {}

  /** A server of this boot says that it stops (or, false, that it does not). */
  record SetStopping(int server, long boot, boolean stopping) implements StateCommand {}

  /** All settings but {@link Settings#paused}, which is {@link Pause}'s. */
  record SetSettings(Settings settings) implements StateCommand {}

  /** A person stops the moving of copies, or lets it go on. */
  record Pause(boolean paused) implements StateCommand {}

  record MoveEcs(List<Address> ecs) implements StateCommand {
    public MoveEcs {
      ecs = List.copyOf(ecs);
    }
  }

  /** First copies: makes one server primary of unfounded shards. */
  record Found(int server, List<Integer> shards) implements StateCommand {
    public Found {
      shards = List.copyOf(shards);
    }
  }

  /** A primary's own wish for its in-sync sets. */
  record SetInSync(int server, long boot, List<InSyncChange> changes) implements StateCommand {
    public SetInSync {
      changes = List.copyOf(changes);
    }
  }

  /**
   * @param set the whole new set
   * @param boots of each server in {@code set}, in its order: the boot the primary has heard it speak in
   */
  record InSyncChange(int shard, long epoch, List<Integer> set, List<Long> boots) {
    public InSyncChange {
      set = List.copyOf(set);
      boots = List.copyOf(boots);
      if (set.size() != boots.size()) {
        throw new IllegalArgumentException("a boot for each server of the set");
      }
    }
  }

  /** A drained primary hands over. */
  record Handover(int server, long boot, List<PrimaryChange> changes) implements StateCommand {
    public Handover {
      changes = List.copyOf(changes);
    }
  }

  /** The ECS itself replaces primaries that are gone. */
  record Promote(List<PrimaryChange> changes) implements StateCommand {
    public Promote {
      changes = List.copyOf(changes);
    }
  }

  record PrimaryChange(int shard, long epoch, int to) {}

  /**
   * A person gives up acknowledged writes that only servers have which do not come back: each of these shards goes on
   * with what one server has of it, and be it nothing. Never where that server is in sync.
   */
  record Abandon(List<PrimaryChange> changes) implements StateCommand {
    public Abandon {
      changes = List.copyOf(changes);
    }
  }

  /** Placement. */
  record Want(List<WantChange> changes) implements StateCommand {
    public Want {
      changes = List.copyOf(changes);
    }
  }

  record WantChange(int shard, long epoch, List<Integer> wanted) {
    public WantChange {
      wanted = List.copyOf(wanted);
    }
  }
}
