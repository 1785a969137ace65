package dss.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dss.core.binary.BinaryReader.MalformedException;
import dss.core.cluster.StateCommand.InSyncChange;
import dss.core.entry.Effect;
import dss.core.entry.Entry;
import dss.core.entry.EntryCheck;
import dss.core.entry.EntryWriter;
import dss.core.entry.RequestId;
import dss.protocol.Bytes;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bytes of formats that must not change. */
class GoldenBytesTest {
  private static final ClusterState STATE = ClusterState
      .created("0123456789abcdef", Settings.of(2, 3), List.of(new Address("127.0.0.1", 7000)))
      .evolve(List.of(
          new StateEvent.ServerChanged(
              new ServerInfo(1, "aa", 7, 2, 9, new Address("h", 1), new Address("h", 2), "z",
                  true, false)),
          new StateEvent.RowsChanged(List.of(
              new StateEvent.RowChange(1, new Row(5, 1, List.of(1), List.of(1), false, true))))));

  @Test
  void clusterState_isTheseBytes() {
    byte[] bytes = StateCodec.encode(STATE);
    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo("0110303132333435363738396162636465660202030164bc05a006d804e807e0d40300"
            + "01093132372e302e302e31d8360101010261610700000000000000020900000000000000016801016802017a0100"
            + "02000000000005010101010102");
    assertThat(HexFormat.of().formatHex(StateCodec.encode(StateCodec.decode(bytes))))
        .isEqualTo(HexFormat.of().formatHex(bytes));
  }

  /** What was added later: a pause of moves, a shard that was begun again; the last byte of the settings, flags of a row. */
  @Test
  void aPause_andAShardBegunAgain_areKept() {
    var row = new Row(300, 1, List.of(1), List.of(1), false, true, 299);
    ClusterState state = STATE
        .evolve(List.of(new StateEvent.SettingsChanged(STATE.settings().withPaused(true)),
            new StateEvent.RowsChanged(List.of(new StateEvent.RowChange(0, row)))));
    byte[] bytes = StateCodec.encode(state);
    assertThat(HexFormat.of().formatHex(bytes)).contains("e0d40302" + "01093132")
        .contains("ac0201010101" + "0106ab02");
    ClusterState read = StateCodec.decode(bytes);
    assertThat(read.settings()).isEqualTo(state.settings());
    assertThat(read.row(0)).isEqualTo(row);
    assertThat(read.row(1)).isEqualTo(STATE.row(1));
  }

  @Test
  void commandsAddedLater_areTheseBytes() {
    StateCommand abandon = new StateCommand.Abandon(List.of(new StateCommand.PrimaryChange(7, 300, 2)));
    assertThat(HexFormat.of().formatHex(CommandCodec.encode(abandon))).isEqualTo("0c0107ac0202");
    assertThat(CommandCodec.decode(CommandCodec.encode(abandon))).isEqualTo(abandon);
    StateCommand pause = new StateCommand.Pause(true);
    assertThat(HexFormat.of().formatHex(CommandCodec.encode(pause))).isEqualTo("0d01");
    assertThat(CommandCodec.decode(CommandCodec.encode(pause))).isEqualTo(pause);
  }

  @Test
  void newerFormat_isRefusedWithBothVersions() {
    byte[] bytes = StateCodec.encode(STATE);
    bytes[0] = 2;
    assertThatThrownBy(() -> StateCodec.decode(bytes)).isInstanceOf(MalformedException.class)
        .hasMessageContaining("format 2").hasMessageContaining("reads 1");
  }

  @Test
  void cutShort_isMalformedAndNothingElse() {
    byte[] bytes = StateCodec.encode(STATE);
    for (int length = 0; length < bytes.length; length++) {
      byte[] part = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> StateCodec.decode(part)).isInstanceOf(MalformedException.class);
    }
  }

  @Test
  void command_isTheseBytes() {
    StateCommand command = new StateCommand.SetInSync(3, 4,
        List.of(new InSyncChange(7, 300, List.of(1, 3), List.of(2L, 4L))));
    assertThat(HexFormat.of().formatHex(CommandCodec.encode(command)))
        .isEqualTo("0803040107ac02020103020204");
    assertThat(CommandCodec.decode(CommandCodec.encode(command))).isEqualTo(command);
  }

  @Test
  void entry_isTheseBytes() {
    Entry entry = new EntryWriter().write(Entry.COMMAND, 3, 5, 9, 1_700_000_000_000_000L,
        new RequestId(1, 2, 3),
        List.of(Effect.putString(100, Bytes.utf8("k"), Bytes.utf8("v"), 1_700_000_001_000L)));
    byte[] bytes = Arrays.copyOfRange(entry.array(), entry.offset(), entry.offset() + entry.length());
    assertThat(HexFormat.of().formatHex(bytes)).isEqualTo("700000000001000003000000010000000500000000000000"
        + "090000000000000000401e18240a0600" + "010000000000000002000000000000000300000000000000"
        + "3000000001000101640000001f67d77f01000000000000000100000040000000e86be5cf8b0100006b76000000000000");
    assertThat(EntryCheck.fault(bytes, 0, bytes.length)).isNull();
  }
}
