package dss.core.entry;

import dss.core.binary.BinaryReader;
import dss.core.binary.BinaryWriter;
import dss.protocol.Bytes;

/**
 * Which requests of one client a shard has forgotten. In the store: {@code floor:8 | next:8}, little-endian.
 *
 * @param floor the outcomes of requests up to this seq may be deleted, -1: none
 * @param next the floor to come
 */
public record RequestWindow(long floor, long next) {
  public static final RequestWindow NONE = new RequestWindow(-1, -1);

  public Bytes encode() {
    return Bytes.wrap(new BinaryWriter().fixed64(floor).fixed64(next).toArray());
  }

  public static RequestWindow decode(Bytes bytes) {
    var in = new BinaryReader(bytes.toArray());
    return new RequestWindow(in.fixed64(), in.fixed64());
  }
}
