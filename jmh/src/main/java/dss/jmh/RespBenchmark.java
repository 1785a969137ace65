package dss.jmh;

import dss.protocol.OutBuffer;
import dss.protocol.ProtocolError;
import dss.protocol.Reply;
import dss.protocol.ReplyWriter;
import dss.protocol.RequestParser;
import dss.protocol.RespLimits;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Requests out of bytes, and replies into bytes: sixteen in a pipeline, per one. */
@State(Scope.Thread)
public class RespBenchmark extends Timed {
  private static final int PIPELINE = 16;
  private static final int RESP2 = 2;

  private final RequestParser parser = new RequestParser(RespLimits.SERVER);
  private final byte[] sets = Words.pipelined(Words.sets(PIPELINE));
  private final byte[] gets = Words.pipelined(Words.gets(PIPELINE));
  private final OutBuffer out = new OutBuffer(4096);
  private final Reply value = new Reply.Bulk(Words.VALUE);

  @Benchmark
  @OperationsPerInvocation(PIPELINE)
  public void parseSet(Blackhole hole) throws ProtocolError {
    parse(sets, hole);
  }

  @Benchmark
  @OperationsPerInvocation(PIPELINE)
  public void parseGet(Blackhole hole) throws ProtocolError {
    parse(gets, hole);
  }

  private void parse(byte[] bytes, Blackhole hole) throws ProtocolError {
    int at = 0;
    while (at < bytes.length) {
      at = parser.feed(bytes, at, bytes.length);
      if (parser.ready()) {
        hole.consume(parser.take());
      }
    }
  }

  @Benchmark
  @OperationsPerInvocation(PIPELINE)
  public int writeOk() {
    return write(Reply.OK);
  }

  @Benchmark
  @OperationsPerInvocation(PIPELINE)
  public int writeValue() {
    return write(value);
  }

  private int write(Reply reply) {
    out.clear();
    for (int i = 0; i < PIPELINE; i++) {
      ReplyWriter.write(out, reply, RESP2);
    }
    return out.length();
  }
}
