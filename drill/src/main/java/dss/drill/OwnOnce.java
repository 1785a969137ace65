package dss.drill;

import dss.client.DssClient;
import dss.client.DssException;
import dss.client.Endpoint;
import dss.core.cluster.Address;
import dss.protocol.Bytes;
import dss.protocol.Reply;
import dss.protocol.Request;
import java.util.List;

/** DSS's own client: it repeats requests, under an id by which servers do each once. */
public final class OwnOnce implements Once {
  private final DssClient client;

  /** @param known servers it may ask first */
  public OwnOnce(List<Address> known) {
    client = DssClient
        .to(known.stream().map(at -> new Endpoint(at.host(), at.port())).toArray(Endpoint[]::new));
  }

  @Override
  public Outcome call(String key, String... words) {
    try {
      return answer(client.executeBlocking(Bytes.utf8(key), Request.of(words)));
    } catch (DssException e) {
      return e.mayHaveHappened() ? new Outcome.Unknown(e.toString()) : Outcome.noConnection(e);
    }
  }

  static Outcome answer(Reply reply) {
    return switch (reply) {
      case Reply.Simple simple -> new Outcome.Answered(simple.text());
      case Reply.Int number -> new Outcome.Answered(number.value());
      case Reply.Bulk bulk -> new Outcome.Answered(bulk.bytes().asUtf8());
      case Reply.Null none -> new Outcome.Answered(null);
      case Reply.Error error -> Outcome.ofError(error.text());
      default -> throw new IllegalStateException("a reply that no such command has: " + reply);
    };
  }

  @Override
  public void close() {
    client.close();
  }
}
