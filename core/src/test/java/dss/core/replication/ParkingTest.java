package dss.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.command.Command;
import dss.core.command.CommandTable;
import dss.protocol.Bytes;
import dss.protocol.Reply;
import dss.protocol.Request;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParkingTest {
  private record Waiting(String key, Object connection, boolean abandoned) implements Call {
    @Override
    public Command command() {
      Bytes bytes = Bytes.utf8(key);
      return new Command(CommandTable.standard().get("get"), Request.of("GET", key), 0, List.of(bytes), null);
    }

    @Override
    public void answer(Reply reply) {}
  }

  private static final Object ONE = new Object();
  private static final Object TWO = new Object();

  private final Parking parking = new Parking();
  private final List<String> taken = new ArrayList<>();

  private boolean take(Call call) {
    return taken.add(((Waiting) call).key());
  }

  private static boolean isOfA(Call call) {
    return ((Waiting) call).key().equals("a");
  }

  @Test
  void onlyThoseConcerned_areOffered() {
    parking.add(new Waiting("a", ONE, false), 1);
    parking.add(new Waiting("b", TWO, false), 1);
    parking.offerThose(ParkingTest::isOfA, this::take);
    assertThat(taken).containsExactly("a");
    assertThat(parking.size()).isEqualTo(1);
  }

  @Test
  void whatWaitedBehindOneThatIsTaken_isOfferedToo() {
    parking.add(new Waiting("a", ONE, false), 1);
    parking.add(new Waiting("c", TWO, false), 1);
    parking.add(new Waiting("b", ONE, false), 1);
    parking.offerThose(ParkingTest::isOfA, this::take);
    assertThat(taken).containsExactly("a", "b");
  }

  @Test
  void oneBehindAnotherOfItsConnection_waits() {
    parking.add(new Waiting("b", ONE, false), 1);
    parking.add(new Waiting("a", ONE, false), 1);
    parking.offerThose(ParkingTest::isOfA, this::take);
    assertThat(taken).isEmpty();
    parking.offer(this::take);
    assertThat(taken).containsExactly("b", "a");
  }

  @Test
  void oneThatIsNotTaken_keepsItsConnectionsNextBack() {
    parking.add(new Waiting("a", ONE, false), 1);
    parking.add(new Waiting("a", ONE, false), 1);
    parking.offerThose(ParkingTest::isOfA, call -> false);
    assertThat(parking.size()).isEqualTo(2);
  }

  @Test
  void abandonedOnes_goWithoutBeingTaken() {
    parking.add(new Waiting("b", ONE, true), 1);
    parking.add(new Waiting("a", ONE, false), 1);
    parking.offerThose(ParkingTest::isOfA, this::take);
    assertThat(taken).containsExactly("a");
    assertThat(parking.isEmpty()).isTrue();
  }
}
