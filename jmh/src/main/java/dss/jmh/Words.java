package dss.jmh;

import dss.protocol.Bytes;
import dss.protocol.OutBuffer;
import dss.protocol.Request;
import dss.protocol.RequestWriter;
import java.util.List;
import java.util.stream.IntStream;

/** What clients say in the benchmarks: keys as {@code dss bench} names them, values of 100 bytes. */
final class Words {
  static final Bytes VALUE = Bytes.wrap(new byte[100]);

  private Words() {}

  static Bytes key(int number) {
    return Bytes.utf8("key:" + String.format("%012d", number));
  }

  static List<Request> sets(int count) {
    return IntStream.range(0, count).mapToObj(i -> Request.of(List.of(Bytes.utf8("SET"), key(i), VALUE)))
        .toList();
  }

  static List<Request> gets(int count) {
    return IntStream.range(0, count).mapToObj(i -> Request.of(List.of(Bytes.utf8("GET"), key(i)))).toList();
  }

  /** Requests one behind the other, as they come from a socket. */
  static byte[] pipelined(List<Request> requests) {
    var out = new OutBuffer(4096);
    requests.forEach(request -> RequestWriter.write(out, request));
    return out.take();
  }
}
