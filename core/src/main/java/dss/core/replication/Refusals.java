package dss.core.replication;

import dss.core.cluster.ServerInfo;
import dss.protocol.Reply;
import org.jspecify.annotations.Nullable;

/** The words in which a command is refused (docs/formats.md). All but UNCERTAIN mean: it did not happen. */
public final class Refusals {
  public static final Reply WRITE_LOCK = Reply
      .error("TRYAGAIN SERVER_WRITE_LOCK the shard is being handed over, try again");
  public static final Reply NOT_SERVING = Reply
      .error("TRYAGAIN NOT_SERVING no server serves this shard yet, try again");
  public static final Reply TOO_MANY_WAITING = Reply
      .error("TRYAGAIN NOT_SERVING too many commands wait for this shard");
  public static final Reply FULL = Reply.error("TRYAGAIN NOT_SERVING writes wait for the disk, try again");
  public static final Reply SERVER_STOPPED = Reply
      .error("CLUSTERDOWN SERVER_STOPPED this server is no member of a cluster that serves the key");
  public static final Reply NOT_SERVED = Reply.error("CLUSTERDOWN Hash slot not served");
  public static final Reply NO_REPLICAS = Reply.error("NOREPLICAS Not enough good replicas to write.");
  public static final Reply DISK = Reply
      .error("OOM disk below its reserve, writes are refused; free space or raise --disk-reserve's limit");
  public static final Reply UNDECIDED = Reply
      .error("UNCERTAIN the write was not decided in time, it may have happened");
  public static final Reply UNKNOWN_FATE = Reply
      .error("UNCERTAIN this server was replaced while the write was under way, it may have happened");
  public static final Reply FORGOTTEN = Reply
      .error("UNCERTAIN forgotten: this request may have come before, too long ago to know what came of it");
  public static final Reply TOO_LARGE = Reply.error("ERR the command writes more than one entry may hold");

  private Refusals() {}

  static Reply moved(int slot, @Nullable ServerInfo owner) {
    return owner == null ? NOT_SERVED : Reply.error("MOVED " + slot + " " + owner.resp());
  }
}
