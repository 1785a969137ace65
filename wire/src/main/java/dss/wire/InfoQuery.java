package dss.wire;

import dss.protocol.Reply;
import dss.protocol.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Asks a RESP port for its INFO: how processes find each other's other ports and identities. Safe for any thread. */
public final class InfoQuery {
  private InfoQuery() {}

  /** The fields of INFO; an IOException says why there are none. */
  public static CompletableFuture<Map<String, String>> ask(RespConnector connector, String host, int port,
      Duration timeout) {
    return connector.ask(host, port, timeout, Request.of("INFO"), timeout).thenCompose(InfoQuery::parse);
  }

  private static CompletableFuture<Map<String, String>> parse(Reply reply) {
    String text;
    if (reply instanceof Reply.Bulk bulk) {
      text = bulk.bytes().asUtf8();
    } else if (reply instanceof Reply.Text info) {
      text = info.text();
    } else {
      return CompletableFuture.failedFuture(new IOException("INFO was answered with " + reply));
    }
    var fields = new HashMap<String, String>();
    for (String line : text.split("\r?\n")) {
      int colon = line.indexOf(':');
      if (colon > 0 && !line.startsWith("#")) {
        fields.put(line.substring(0, colon), line.substring(colon + 1));
      }
    }
    return CompletableFuture.completedFuture(fields);
  }
}
