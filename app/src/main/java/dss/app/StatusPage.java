package dss.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dss.core.cluster.Address;
import dss.protocol.Request;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** {@code print} for a browser: / is text, /status.json the same as JSON. */
final class StatusPage implements AutoCloseable {
  private final @Nullable HttpServer server;

  private StatusPage(@Nullable HttpServer server) {
    this.server = server;
  }

  /** @param port 0: no page */
  static StatusPage open(String host, int port, List<Address> ecs) throws IOException {
    if (port == 0) {
      return new StatusPage(null);
    }
    HttpServer server;
    try {
      server = HttpServer.create(new InetSocketAddress(host, port), 16);
    } catch (IOException e) {
      throw new IOException("cannot listen on HTTP port " + host + ":" + port + ": " + e.getMessage()
          + "; choose another one with --http-port, 0 for none", e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", exchange -> answer(exchange, ecs, exchange.getRequestURI().getPath()));
    server.start();
    return new StatusPage(server);
  }

  private static void answer(HttpExchange exchange, List<Address> ecs, String path) throws IOException {
    boolean json = path.equals("/status.json");
    int status = 200;
    String body;
    if (!json && !path.equals("/")) {
      status = 404;
      body = "there are / and /status.json\n";
    } else {
      try (var link = new AdminLink(ecs)) {
        body = link.text(json ? Request.of("PRINT", "JSON") : Request.of("PRINT"));
      } catch (CommandFailed e) {
        status = 503;
        body = e.getMessage() + "\n";
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        status = 503;
        body = "interrupted\n";
      }
    }
    byte[] bytes = String.valueOf(body).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type",
        (json ? "application/json" : "text/plain") + "; charset=utf-8");
    exchange.sendResponseHeaders(status, bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  @Override
  public void close() {
    if (server != null) {
      server.stop(0);
    }
  }
}
