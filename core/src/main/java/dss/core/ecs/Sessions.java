package dss.core.ecs;

import dss.core.cluster.ServerInfo;
import java.util.Map;
import java.util.TreeMap;

/** Which servers the ECS hears, and what they last said. Time is the ECS's own monotonic clock, ms. */
final class Sessions {
  /** A report on silence older than this proves nothing. */
  static final long REPORT_MS = 500;

  static final class Session {
    boolean open;
    boolean gone;
    /** It was in a state that a tick has judged. */
    boolean seen;
    long boot;
    long heardAt;
    long downSince = Long.MAX_VALUE;
    ServerReport report = ServerReport.NOTHING;
  }

  private final Map<Integer, Session> byServer = new TreeMap<>();
  private long leadingSince;

  /** A server nobody has heard of counts as heard when this ECS began to lead. */
  Session of(int server) {
    return byServer.computeIfAbsent(server, s -> {
      var session = new Session();
      session.heardAt = leadingSince;
      return session;
    });
  }

  /** After an outage or a change of the leader everyone counts as heard of now. */
  void leading(long now, boolean countOutage) {
    leadingSince = now;
    for (Session session : byServer.values()) {
      if (!countOutage) {
        session.heardAt = now;
        session.gone = false;
        session.downSince = Long.MAX_VALUE;
        session.report = ServerReport.NOTHING;
      }
    }
  }

  void heard(int server, long boot, ServerReport report, long now) {
    Session session = of(server);
    session.open = true;
    session.gone = false;
    session.boot = boot;
    session.heardAt = now;
    session.report = report;
  }

  void ended(int server) {
    of(server).open = false;
  }

  void gone(int server) {
    Session session = of(server);
    if (!session.open) {
      session.gone = true;
    }
  }

  boolean isDown(ServerInfo server, long now, int deadMs) {
    Session session = of(server.number());
    return session.gone || now - session.heardAt >= deadMs;
  }

  /** Whether it reports, freshly, that somebody has been silent to it for so long. */
  boolean hearsNothingOfSome(int server, long now, int deadMs) {
    Session session = of(server);
    if (now - session.heardAt > REPORT_MS) {
      return false;
    }
    for (long silence : session.report.silence().values()) {
      if (silence >= deadMs) {
        return true;
      }
    }
    return false;
  }

  /** Whether {@code to} says that connections to it are refused. */
  boolean refused(int server, int to) {
    Long silence = of(to).report.silence().get(server);
    return silence != null && silence == ServerReport.GONE;
  }

  /** Whether {@code to} reports, freshly, that the server says nothing to it either. */
  boolean silentTo(int server, int to, long now, int deadMs) {
    Session session = of(to);
    Long silence = session.report.silence().get(server);
    return silence != null && now - session.heardAt <= REPORT_MS
        && (silence == ServerReport.GONE || silence >= deadMs);
  }
}
