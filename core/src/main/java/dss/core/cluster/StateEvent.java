package dss.core.cluster;

import java.util.List;

/** One thing that changed in the cluster state; the events of one command make one version. */
public sealed interface StateEvent {
  /** A server was registered, added, removed, or said that it stops. */
  record ServerChanged(ServerInfo server) implements StateEvent {}

  /** A server is no longer known. */
  record ServerForgotten(int number) implements StateEvent {}

  /** New rows of some shards. */
  record RowsChanged(List<RowChange> changes) implements StateEvent {
    public RowsChanged {
      changes = List.copyOf(changes);
    }
  }

  /** The new row of one shard. */
  record RowChange(int shard, Row row) {}

  record SettingsChanged(Settings settings) implements StateEvent {}

  /** The ECS listens elsewhere. */
  record EcsMoved(List<Address> ecs) implements StateEvent {
    public EcsMoved {
      ecs = List.copyOf(ecs);
    }
  }
}
