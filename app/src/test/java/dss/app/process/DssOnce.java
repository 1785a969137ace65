package dss.app.process;

import dss.client.DssClient;
import dss.client.DssException;
import dss.client.Endpoint;
import dss.protocol.Bytes;
import dss.protocol.Reply;
import dss.protocol.Request;
import java.util.List;

/** DSS's own client: it repeats requests, under an id by which servers do each once. */
final class DssOnce implements Once {
  private final DssClient client;

  DssOnce(List<Node> known) {
    client = DssClient
        .to(known.stream().map(node -> new Endpoint("127.0.0.1", node.port())).toArray(Endpoint[]::new));
  }

  @Override
  public Outcome call(String key, String... words) {
    try {
      Reply reply = client.executeBlocking(Bytes.utf8(key), Request.of(words));
      return switch (reply) {
        case Reply.Simple simple -> new Outcome.Answered(simple.text());
        case Reply.Int number -> new Outcome.Answered(number.value());
        case Reply.Bulk bulk -> new Outcome.Answered(bulk.bytes().asUtf8());
        case Reply.Null none -> new Outcome.Answered(null);
        case Reply.Error error -> Outcome.ofError(error.text());
        default -> throw new AssertionError(String.join(" ", words) + " gave " + reply);
      };
    } catch (DssException e) {
      return e.mayHaveHappened() ? new Outcome.Unknown(e.toString()) : Outcome.noConnection(e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
