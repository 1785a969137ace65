package dss.core.cluster;

import dss.core.binary.BinaryReader;
import dss.core.binary.BinaryReader.MalformedException;
import dss.core.binary.BinaryWriter;
import dss.core.cluster.StateEvent.RowChange;
import java.util.List;

/** The events of one version as bytes: what the ECS pushes to servers instead of a whole state. */
public final class EventCodec {
  private static final int SERVER_CHANGED = 1;
  private static final int SERVER_FORGOTTEN = 2;
  private static final int ROWS_CHANGED = 3;
  private static final int SETTINGS_CHANGED = 4;
  private static final int ECS_MOVED = 5;

  private EventCodec() {}

  public static void write(BinaryWriter out, List<StateEvent> events) {
    out.list(events, EventCodec::event);
  }

  public static List<StateEvent> read(BinaryReader in) {
    return StateCodec.checked(() -> in.list(EventCodec::event));
  }

  private static void event(BinaryWriter out, StateEvent event) {
    switch (event) {
      case StateEvent.ServerChanged e -> StateCodec.server(out.u8(SERVER_CHANGED), e.server());
      case StateEvent.ServerForgotten e -> out.u8(SERVER_FORGOTTEN).varint(e.number());
      case StateEvent.RowsChanged e -> out.u8(ROWS_CHANGED).list(e.changes(), (w, c) -> {
        w.varint(c.shard());
        StateCodec.row(w, c.row());
      });
      case StateEvent.SettingsChanged e -> StateCodec.settings(out.u8(SETTINGS_CHANGED), e.settings());
      case StateEvent.EcsMoved e -> out.u8(ECS_MOVED).list(e.ecs(), StateCodec::address);
    }
  }

  private static StateEvent event(BinaryReader in) {
    int type = in.u8();
    return switch (type) {
      case SERVER_CHANGED -> new StateEvent.ServerChanged(StateCodec.server(in));
      case SERVER_FORGOTTEN -> new StateEvent.ServerForgotten(in.integer());
      case ROWS_CHANGED -> new StateEvent.RowsChanged(
          in.list(r -> new RowChange(r.integer(), StateCodec.row(r))));
      case SETTINGS_CHANGED -> new StateEvent.SettingsChanged(StateCodec.settings(in));
      case ECS_MOVED -> new StateEvent.EcsMoved(in.list(StateCodec::address));
      default -> throw new MalformedException("an event of type " + type);
    };
  }
}
