package dss.peer;

import dss.core.cluster.Address;
import dss.core.cluster.ClusterState;
import dss.core.cluster.StateCommand;
import dss.core.cluster.StateEvent;
import dss.core.ecs.HeldCopy;
import dss.core.ecs.ServerReport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a server and the ECS say to each other in a session, and the one word of a prompt. */
public sealed interface SessionMessage {
  // ---- from a server

  /** Wants this change; a Register too. No answer but a new state, or {@link Refused}. */
  record Ask(StateCommand command) implements SessionMessage {}

  /** Heard regularly while the server lives; {@code boot} 0: not registered in this start. */
  record Heartbeat(long boot, ServerReport report) implements SessionMessage {}

  /** Asks to be made a member (--join). */
  record Join() implements SessionMessage {}

  /** Asks for the whole state: a delta did not fit. */
  record StateWanted() implements SessionMessage {}

  // ---- from the ECS

  /** The whole state. */
  record Whole(ClusterState state) implements SessionMessage {}

  /** What makes version {@code from + 1} of version {@code from}. */
  record Delta(long from, List<StateEvent> events) implements SessionMessage {
    public Delta {
      events = List.copyOf(events);
    }
  }

  /** The start with this nonce is refused; the ECS knows this boot. */
  record Refused(long nonce, long knownBoot) implements SessionMessage {}

  /** This ECS does not lead; one that may, in RESP addresses, perhaps none known. */
  record NotLeading(List<Address> others) implements SessionMessage {
    public NotLeading {
      others = List.copyOf(others);
    }
  }

  /** Hold writes back for so long. */
  record Lock(long ms) implements SessionMessage {}

  /** Heard regularly where there are several ECS: one that leads no more, and does not know it, is silent. */
  record Leads(long term) implements SessionMessage {}

  // ---- in a prompt, where {@link StateWanted} may be asked as well

  /** Register at one of these ECS (RESP addresses). */
  record RegisterAt(List<Address> ecs) implements SessionMessage {
    public RegisterAt {
      ecs = List.copyOf(ecs);
    }
  }

  /**
   * What this server knows of its cluster, for an ECS that has lost it all.
   *
   * @param state the newest state it has applied; null: none yet
   * @param saved it is read from the disk: what came in the moment before a loss of power may be missing
   */
  record Known(@Nullable ClusterState state, boolean saved, List<HeldCopy> copies) implements SessionMessage {
    public Known {
      copies = List.copyOf(copies);
    }
  }
}
