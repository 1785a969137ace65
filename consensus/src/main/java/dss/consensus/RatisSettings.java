package dss.consensus;

import java.nio.file.Path;
import java.util.List;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** Settings of Ratis for a small state that changes rarely; the reasons are in docs/adr/0003-consensus.md. */
final class RatisSettings {
  private static final int TIMEOUT_MIN_MS = 1_200;
  private static final int TIMEOUT_MAX_MS = 1_800;

  private RatisSettings() {}

  /** @param alone no other peer is known: there is nobody whose votes an election would have to wait for */
  static RaftProperties of(Path directory, String host, int port, boolean alone) {
    var p = new RaftProperties();
    RaftServerConfigKeys.setStorageDir(p, List.of(directory.toFile()));
    log(p);
    RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(p, true);
    RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(p, 2_000);
    RaftServerConfigKeys.Snapshot.setCreationGap(p, 1);
    RaftServerConfigKeys.Snapshot.setRetentionFileNum(p, 2);
    RaftServerConfigKeys.Rpc.setTimeoutMin(p, ms(TIMEOUT_MIN_MS));
    RaftServerConfigKeys.Rpc.setTimeoutMax(p, ms(TIMEOUT_MAX_MS));
    if (alone) {
      // A lone node would wait out a whole election timeout for nobody.
      RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(p, ms(10));
      RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(p, ms(20));
    }
    RaftServerConfigKeys.LeaderElection.setMemberMajorityAdd(p, true);
    // A long pause must not close the server while its process lives on.
    RaftServerConfigKeys.setCloseThreshold(p, TimeDuration.valueOf(1, java.util.concurrent.TimeUnit.DAYS));
    grpc(p, host, port);
    return p;
  }

  private static void log(RaftProperties p) {
    RaftServerConfigKeys.Log.setSegmentSizeMax(p, SizeInBytes.valueOf("8MB"));
    RaftServerConfigKeys.Log.setPreallocatedSize(p, SizeInBytes.valueOf("1MB"));
    RaftServerConfigKeys.Log.Appender.setBufferByteLimit(p, SizeInBytes.valueOf("1MB"));
    RaftServerConfigKeys.Log.setWriteBufferSize(p, SizeInBytes.valueOf("1088KB"));
    RaftServerConfigKeys.Log.setSegmentCacheNumMax(p, 2);
    RaftServerConfigKeys.Log.setSegmentCacheSizeMax(p, SizeInBytes.valueOf("16MB"));
    RaftServerConfigKeys.Log.setQueueByteLimit(p, SizeInBytes.valueOf("8MB"));
    RaftServerConfigKeys.Write.setByteLimit(p, SizeInBytes.valueOf("16MB"));
    RaftServerConfigKeys.Log.Appender.setSnapshotChunkSizeMax(p, SizeInBytes.valueOf("1MB"));
    RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(p, true);
    RaftServerConfigKeys.Log.setPurgePreservationLogNum(p, 1_024);
  }

  private static void grpc(RaftProperties p, String host, int port) {
    GrpcConfigKeys.setMessageSizeMax(p, SizeInBytes.valueOf("16MB"));
    GrpcConfigKeys.Server.setHost(p, host);
    GrpcConfigKeys.Server.setPort(p, port);
    GrpcConfigKeys.Server.setBossGroupSize(p, 1);
    GrpcConfigKeys.Server.setWorkerGroupSize(p, 2);
    GrpcConfigKeys.Client.setWorkerGroupSize(p, 2);
  }

  private static TimeDuration ms(long ms) {
    return TimeDuration.valueOf(ms, java.util.concurrent.TimeUnit.MILLISECONDS);
  }
}
