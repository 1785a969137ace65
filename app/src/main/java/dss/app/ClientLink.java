package dss.app;

import dss.client.ClientSettings;
import dss.client.DssClient;
import dss.client.Endpoint;
import dss.client.RetryListener;
import dss.protocol.Bytes;
import dss.protocol.Reply;
import dss.protocol.Request;
import java.time.Duration;
import java.util.List;

/** A cluster as the interactive client sees it; its methods wait, and throw {@link dss.client.DssException}. */
interface ClientLink extends AutoCloseable {
  /** Makes links. */
  interface Opener {
    /** A link to the cluster of these servers, which gives each command so much time. Does not wait. */
    ClientLink open(List<Endpoint> servers, Duration patience, RetryListener retries);
  }

  /** A command whose keys, of which this is one, say where it goes. */
  Reply keyed(Bytes key, Request request);

  /** A command that the first of the named servers answers, or else any. */
  Reply any(Request request);

  @Override
  void close();

  static ClientLink open(List<Endpoint> servers, Duration patience, RetryListener retries) {
    var client = DssClient
        .with(ClientSettings.of(servers).withRetryBudget(patience).withRetries(retries));
    return new ClientLink() {
      @Override
      public Reply keyed(Bytes key, Request request) {
        return client.executeBlocking(key, request);
      }

      @Override
      public Reply any(Request request) {
        return client.executeAnyBlocking(request);
      }

      @Override
      public void close() {
        client.close();
      }
    };
  }
}
