package dss.client;

import static org.assertj.core.api.Assertions.assertThat;

import dss.protocol.Reply;
import org.junit.jupiter.api.Test;

final class TopologyTest {
  private static final Endpoint FROM = new Endpoint("10.0.0.1", 7001);

  private static Reply arc(long from, long to, Reply host, long port) {
    return Reply.array(Reply.integer(from), Reply.integer(to),
        Reply.array(host, Reply.integer(port), Reply.bulk("id")));
  }

  private static Topology of(Reply... arcs) {
    Topology topology = Topology.of(Reply.array(arcs), FROM);
    assertThat(topology).isNotNull();
    return java.util.Objects.requireNonNull(topology);
  }

  @Test
  void eachSlot_hasTheOwnerOfItsArc() {
    Topology topology = of(arc(0, 99, Reply.bulk("a"), 1), arc(100, 16383, Reply.bulk("b"), 2));
    assertThat(topology.owner(0)).isEqualTo(new Endpoint("a", 1));
    assertThat(topology.owner(99)).isEqualTo(new Endpoint("a", 1));
    assertThat(topology.owner(100)).isEqualTo(new Endpoint("b", 2));
    assertThat(topology.owner(16383)).isEqualTo(new Endpoint("b", 2));
    assertThat(topology.servers()).containsExactlyInAnyOrder(new Endpoint("a", 1), new Endpoint("b", 2));
  }

  @Test
  void aMissingHost_isTheOneThatAnswered() {
    assertThat(of(arc(0, 1, Reply.NULL, 7009)).owner(1)).isEqualTo(new Endpoint("10.0.0.1", 7009));
    assertThat(of(arc(0, 1, Reply.bulk(""), 7009)).owner(0)).isEqualTo(new Endpoint("10.0.0.1", 7009));
  }

  @Test
  void whatIsNoArc_isLeftOut() {
    assertThat(Topology.of(Reply.error("CLUSTERDOWN SERVER_STOPPED"), FROM)).isNull();
    assertThat(Topology.of(Reply.EMPTY_ARRAY, FROM)).isNull();
    assertThat(Topology.of(Reply.array(arc(5, 20000, Reply.bulk("a"), 1)), FROM)).isNull();
    assertThat(Topology.of(Reply.array(arc(9, 5, Reply.bulk("a"), 1)), FROM)).isNull();
    assertThat(Topology.of(Reply.array(arc(0, 5, Reply.bulk("a"), 0)), FROM)).isNull();
    assertThat(of(Reply.PONG, arc(0, 5, Reply.bulk("a"), 1)).owner(6)).isNull();
  }

  @Test
  void aRedirect_correctsOneSlot() {
    Topology topology = of(arc(0, 16383, Reply.bulk("a"), 1));
    topology.correct(7, new Endpoint("b", 2));
    topology.correct(99_999, new Endpoint("c", 3));
    assertThat(topology.owner(7)).isEqualTo(new Endpoint("b", 2));
    assertThat(topology.owner(8)).isEqualTo(new Endpoint("a", 1));
    assertThat(topology.servers()).containsExactlyInAnyOrder(new Endpoint("a", 1), new Endpoint("b", 2));
  }
}
