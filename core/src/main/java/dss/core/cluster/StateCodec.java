package dss.core.cluster;

import dss.core.binary.BinaryReader;
import dss.core.binary.BinaryReader.MalformedException;
import dss.core.binary.BinaryWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * A cluster state as bytes: on the peer wire, in snapshots of the ECS and on each server's disk. Begins with a format
 * number. Reading anything malformed is a {@link MalformedException}. Source: docs/formats.md, Cluster state.
 */
public final class StateCodec {
  /** The format written; the only one read. */
  public static final int FORMAT = 1;

  private StateCodec() {}

  public static byte[] encode(ClusterState state) {
    var out = new BinaryWriter();
    write(out, state);
    return out.toArray();
  }

  public static ClusterState decode(byte[] bytes) {
    return read(new BinaryReader(bytes));
  }

  public static void write(BinaryWriter out, ClusterState state) {
    out.u8(FORMAT).text(state.clusterId()).varint(state.version());
    settings(out, state.settings());
    out.list(state.ecs(), StateCodec::address).varint(state.numbersGiven());
    out.list(state.servers(), StateCodec::server).varint(state.shards());
    for (int shard = 0; shard < state.shards(); shard++) {
      row(out, state.row(shard));
    }
  }

  public static ClusterState read(BinaryReader in) {
    int format = in.u8();
    if (format != FORMAT) {
      throw new MalformedException("a cluster state of format " + format + ", this version reads " + FORMAT);
    }
    return checked(() -> {
      String clusterId = in.text();
      long version = in.varint();
      Settings settings = settings(in);
      List<Address> ecs = in.list(StateCodec::address);
      int given = in.integer();
      var servers = new TreeMap<Integer, ServerInfo>();
      in.list(StateCodec::server).forEach(server -> servers.put(server.number(), server));
      List<Row> rows = in.list(StateCodec::row);
      if (rows.size() != settings.shards()) {
        throw new MalformedException(rows.size() + " rows for " + settings.shards() + " shards");
      }
      return new ClusterState(clusterId, version, settings, ecs, given, servers, new ArrayList<>(rows));
    });
  }

  /** What the records themselves refuse is malformed too. */
  static <T> T checked(java.util.function.Supplier<T> reading) {
    try {
      return reading.get();
    } catch (IllegalArgumentException e) {
      throw new MalformedException(String.valueOf(e.getMessage()));
    }
  }

  static void address(BinaryWriter out, Address address) {
    out.text(address.host()).varint(address.port());
  }

  static Address address(BinaryReader in) {
    return new Address(in.text(), in.integer());
  }

  static void settings(BinaryWriter out, Settings s) {
    out.varint(s.shards()).varint(s.replicas()).varint(s.minInSync()).varint(s.beaconMs()).varint(s.leaseMs())
        .varint(s.graceMs()).varint(s.slowMs()).varint(s.deadMs()).varint(s.repairAfterMs())
        .u8((s.trustRefused() ? 1 : 0) | (s.paused() ? 2 : 0));
  }

  static Settings settings(BinaryReader in) {
    int shards = in.integer();
    int replicas = in.integer();
    int minInSync = in.integer();
    int[] ms = {in.integer(), in.integer(), in.integer(), in.integer(), in.integer(), in.integer()};
    int flags = in.u8();
    return new Settings(shards, replicas, minInSync, ms[0], ms[1], ms[2], ms[3], ms[4], ms[5],
        (flags & 1) != 0,
        (flags & 2) != 0);
  }

  static void server(BinaryWriter out, ServerInfo s) {
    out.varint(s.number()).text(s.id()).fixed64(s.diskId()).varint(s.boot()).fixed64(s.nonce());
    address(out, s.resp());
    address(out, s.peer());
    out.text(s.zone()).bool(s.member()).bool(s.stopping());
  }

  static ServerInfo server(BinaryReader in) {
    return new ServerInfo(in.integer(), in.text(), in.fixed64(), in.varint(), in.fixed64(), address(in),
        address(in),
        in.text(), in.bool(), in.bool());
  }

  static void row(BinaryWriter out, Row row) {
    out.varint(row.epoch()).varint(row.primary()).ints(row.inSync()).ints(row.wanted())
        .u8((row.lost() ? 1 : 0) | (row.fresh() ? 2 : 0) | (row.since() > 0 ? 4 : 0));
    if (row.since() > 0) {
      out.varint(row.since());
    }
  }

  static Row row(BinaryReader in) {
    long epoch = in.varint();
    int primary = in.integer();
    List<Integer> inSync = in.ints();
    List<Integer> wanted = in.ints();
    int flags = in.u8();
    long since = (flags & 4) != 0 ? in.varint() : 0;
    return new Row(epoch, primary, inSync, wanted, (flags & 1) != 0, (flags & 2) != 0, since);
  }
}
