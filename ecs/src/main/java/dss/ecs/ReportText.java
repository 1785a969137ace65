package dss.ecs;

import dss.ecs.ClusterReport.ServerLine;
import dss.ecs.ClusterReport.TransferLine;

/** A cluster report for people. */
final class ReportText {
  private static final int TRANSFERS_SHOWN = 10;

  private ReportText() {}

  static String of(ClusterReport report) {
    var out = new StringBuilder();
    out.append(String.format("cluster %s  version %d  ecs %s  replicas %d  min-in-sync %d  shards %d%n",
        report.clusterId(), report.version(), report.leader(), report.replicas(), report.minInSync(),
        report.shards()));
    if (report.ecs().size() > 1) {
      report.ecs().forEach(e -> out.append(String.format("ecs %-18s %s%n", e.address(), e.status())));
    }
    long copies = report.servers().stream().mapToLong(ServerLine::copies).sum();
    out.append(
        String.format("%-22s %-8s %-11s %9s %7s %6s %10s %10s %7s%n", "server", "zone", "status", "primaries",
            "copies", "share", "keys", "bytes", "lag ms"));
    for (ServerLine s : report.servers()) {
      double share = copies == 0 ? 0 : 100.0 * s.copies() / copies;
      out.append(String.format("%-22s %-8s %-11s %9d %7d %5.1f%% %10d %10s %7d%n", s.host() + ":" + s.port(),
          s.zone().isEmpty() ? "-" : s.zone(), s.status(), s.primaries(), s.copies(), share, s.keys(),
          bytes(s.bytes()), s.lagMs()));
    }
    out.append(String.format("evenness (max/mean): primaries %.3f  copies %.3f  bytes %.3f%n",
        report.evenness(ServerLine::primaries), report.evenness(ServerLine::copies),
        report.evenness(ServerLine::bytes)));
    for (ServerLine s : report.servers()) {
      if (s.diskLow()) {
        out.append(String.format(
            "disk low: %s:%d has less free than its reserve: nothing more is placed there,%n"
                + "  and it leads only where no copy with space can; free space or add a server%n",
            s.host(), s.port()));
      }
    }
    for (ServerLine s : report.servers()) {
      if (s.slow()) {
        out.append(String.format(
            "slow: the disk of %s:%d drags every write: its copies are left behind for a while where there are two others%n"
                + "  (events tells more); start it again when its disk is quick, or remove it if that lasts%n",
            s.host(), s.port()));
      }
    }
    out.append(report.balanced()
        ? "balanced: nothing moves and nothing needs to\n"
        : String.format("moving: %d shards are not as wanted yet%n", report.moving()));
    if (report.awaitSlow() > 0) {
      out.append(String.format("waiting for a slow disk: %d shards%n", report.awaitSlow()));
    }
    if (report.paused()) {
      out.append("cancelled: only copies that are missing are made; resume goes on\n");
    }
    if (report.underReplicated() > 0) {
      out.append(String.format("under-replicated: %d shards%n", report.underReplicated()));
    }
    if (report.sameZone() > 0) {
      out.append(String.format("zones: %d shards have two copies in one zone%n",
          report.sameZone()));
    }
    if (report.lost() > 0) {
      out.append(String.format(
          "LOST: %d shards: nobody is known to hold their acknowledged writes; rebalance --accept-data-loss%n"
              + "  lets them go on with what is left of them%n",
          report.lost()));
    }
    transfers(report, out);
    return out.toString();
  }

  private static void transfers(ClusterReport report, StringBuilder out) {
    int shown = 0;
    for (TransferLine t : report.transfers()) {
      if (shown++ == TRANSFERS_SHOWN) {
        out.append(
            String.format("  ... and %d more transfers%n", report.transfers().size() - TRANSFERS_SHOWN));
        return;
      }
      out.append(
          String.format("  shard %-5d %s -> %s  %s %3.0f%%  %s/s  %d s to go%n", t.shard(), t.from(), t.to(),
              t.phase(), 100 * t.done(), bytes(t.bytesPerSecond()), t.etaSeconds()));
    }
  }

  static String bytes(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    return unit == 0 ? bytes + " B" : String.format("%.1f %s", value, units[unit]);
  }
}
