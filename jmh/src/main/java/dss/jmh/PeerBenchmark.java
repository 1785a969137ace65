package dss.jmh;

import dss.core.binary.BinaryWriter;
import dss.core.entry.Effect;
import dss.core.entry.Entry;
import dss.core.entry.EntryWriter;
import dss.core.replication.PeerMessage.Append;
import dss.core.replication.PeerMessage.AppendFrame;
import dss.peer.PeerCodec;
import java.util.List;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Frames between servers: sixteen SETs of as many shards, per one. */
@State(Scope.Thread)
public class PeerBenchmark extends Timed {
  private static final int APPENDS = 16;

  private final AppendFrame frame = new AppendFrame(1,
      IntStream.range(0, APPENDS).mapToObj(PeerBenchmark::append).toList());
  private final BinaryWriter out = new BinaryWriter();
  private final byte[] bytes = encoded();

  private static Append append(int shard) {
    Effect put = Effect.putString(16 * shard, Words.key(shard), Words.VALUE, Effect.NEVER);
    Entry entry = new EntryWriter().write(Entry.COMMAND, shard, 1, 7, 7, null, List.of(put));
    return new Append(shard, 1, 1, 6, List.of(entry), 6, 0);
  }

  private byte[] encoded() {
    var writer = new BinaryWriter();
    PeerCodec.write(writer, 1, frame);
    return writer.toArray();
  }

  @Benchmark
  @OperationsPerInvocation(APPENDS)
  public BinaryWriter encodeAppend() {
    out.reset();
    PeerCodec.write(out, 1, frame);
    return out;
  }

  @Benchmark
  @OperationsPerInvocation(APPENDS)
  public PeerCodec.Versioned decodeAppend() {
    return PeerCodec.read(bytes, 0, bytes.length);
  }
}
