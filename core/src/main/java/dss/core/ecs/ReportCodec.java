package dss.core.ecs;

import dss.core.binary.BinaryReader;
import dss.core.binary.BinaryWriter;
import dss.core.ecs.ServerReport.Copies;
import dss.core.ecs.ServerReport.Slow;
import dss.core.ecs.ServerReport.Transfer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A server's report as bytes, in its heartbeats to the ECS. */
public final class ReportCodec {
  private ReportCodec() {}

  public static void write(BinaryWriter out, ServerReport report) {
    out.varint(report.version());
    map(out, report.silence());
    map(out, report.serving());
    Copies copies = report.copies();
    out.varint(copies.primaries()).varint(copies.copies()).varint(copies.keys()).varint(copies.bytes())
        .varint(copies.lagMs());
    out.list(report.transfers(),
        (w, t) -> w.varint(t.shard()).varint(t.to()).varint(Math.round(t.done() * 1e6))
            .varint(t.bytesSent()).varint(t.bytesPerSecond()));
    out.bool(report.diskLow()).bool(report.locked());
    out.list(report.slow(), (w, s) -> w.varint(s.server()).varint(s.tookMs()).varint(s.othersMs()));
  }

  public static ServerReport read(BinaryReader in) {
    long version = in.varint();
    Map<Integer, Long> silence = map(in);
    Map<Integer, Long> serving = map(in);
    var copies = new Copies(in.integer(), in.integer(), in.varint(), in.varint(), in.varint());
    var transfers = in.list(
        r -> new Transfer(r.integer(), r.integer(), r.varint() / 1e6, r.varint(), r.varint()));
    boolean diskLow = in.bool();
    boolean locked = in.bool();
    List<Slow> slow = in.remaining() == 0
        ? List.of()
        : in.list(r -> new Slow(r.integer(), r.integer(), r.integer()));
    return new ServerReport(version, silence, serving, copies, transfers, diskLow, locked, slow);
  }

  private static void map(BinaryWriter out, Map<Integer, Long> map) {
    out.list(map.entrySet(), (w, e) -> w.varint(e.getKey()).varint(e.getValue()));
  }

  private static Map<Integer, Long> map(BinaryReader in) {
    var map = new TreeMap<Integer, Long>();
    in.list(r -> map.put(r.integer(), r.varint()));
    return map;
  }
}
