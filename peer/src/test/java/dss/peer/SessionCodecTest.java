package dss.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dss.core.binary.BinaryReader.MalformedException;
import dss.core.cluster.Address;
import dss.core.cluster.ClusterState;
import dss.core.cluster.Settings;
import dss.core.ecs.HeldCopy;
import dss.core.ecs.ServerReport;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The bytes of session messages. */
class SessionCodecTest {
  private static final Address AT = new Address("127.0.0.1", 7000);

  private static String hex(SessionMessage message) {
    return HexFormat.of().formatHex(SessionCodec.write(message).toArray());
  }

  private static SessionMessage again(SessionMessage message) {
    byte[] bytes = SessionCodec.write(message).toArray();
    return SessionCodec.read(bytes, 0, bytes.length);
  }

  @Test
  void leads_isTheseBytes_andIsReadBack() {
    assertThat(hex(new SessionMessage.Leads(300))).isEqualTo("0bac02");
    assertThat(again(new SessionMessage.Leads(300))).isEqualTo(new SessionMessage.Leads(300));
  }

  @Test
  void known_isTheseBytes_andIsReadBack() {
    var nothing = new SessionMessage.Known(null, true, List.of(new HeldCopy(3, 5, 9)));
    assertThat(hex(nothing)).isEqualTo("0c010305090100");
    assertThat(again(nothing)).isEqualTo(nothing);
    ClusterState state = ClusterState.created("c".repeat(32), Settings.of(4, 3), List.of(AT));
    var read = (SessionMessage.Known) again(new SessionMessage.Known(state, false, List.of()));
    ClusterState back = java.util.Objects.requireNonNull(read.state());
    assertThat(back.clusterId()).isEqualTo(state.clusterId());
    assertThat(back.ecs()).containsExactly(AT);
    assertThat(read.saved()).isFalse();
  }

  /** A server of before had nothing to say of slow ones: its heartbeats are still read. */
  @Test
  void heartbeat_isReadBack_withAndWithoutWhatWasAddedLast() {
    var copies = new ServerReport.Copies(1, 2, 3, 4, 5);
    var report = new ServerReport(7, Map.of(2, 30L), Map.of(1, 9L), copies, List.of(), true, false,
        List.of(new ServerReport.Slow(2, 250, 3)));
    var heartbeat = new SessionMessage.Heartbeat(6, report);
    assertThat(again(heartbeat)).isEqualTo(heartbeat);
    byte[] bytes = SessionCodec.write(new SessionMessage.Heartbeat(6,
        new ServerReport(7, Map.of(), Map.of(), copies, List.of(), true, false))).toArray();
    var before = (SessionMessage.Heartbeat) SessionCodec.read(bytes, 0, bytes.length - 1);
    assertThat(before.report().slow()).isEmpty();
    assertThat(before.report().diskLow()).isTrue();
  }

  @Test
  void anUnknownType_isMalformed() {
    assertThatThrownBy(() -> SessionCodec.read(new byte[]{99}, 0, 1)).isInstanceOf(MalformedException.class)
        .hasMessageContaining("99");
  }
}
