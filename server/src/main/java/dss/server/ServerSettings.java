package dss.server;

import dss.core.cluster.Address;
import dss.protocol.Bytes;
import dss.storage.StorageSettings;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a server is started.
 *
 * @param host where its ports listen
 * @param port of RESP
 * @param announced where clients are told to find it; its host is where other servers find it too
 * @param ecs RESP addresses of the ECS; empty: it waits to be added, or uses those it knows from before
 * @param join whether it asks to be made a member at once
 * @param transferRate bytes of copies a second that it sends at most
 * @param secret of the cluster, or null
 */
public record ServerSettings(String host, int port, int peerPort, Address announced, List<Address> ecs,
    Path data,
    String zone, boolean join, StorageSettings storage, long transferRate,
    @Nullable Bytes secret) {
  public ServerSettings {
    ecs = List.copyOf(ecs);
  }

  /** Where other servers find it. */
  Address peerAddress() {
    return new Address(announced.host(), peerPort);
  }
}
