package dss.bench;

import java.io.IOException;
import java.util.function.Consumer;

/** Knows which server takes which key. Safe for any thread. */
interface Maps extends AutoCloseable {
  /** Finds out; {@link NobodyAnswers} where nobody does, an IOException where nobody knows. */
  static Maps open(BenchSettings settings) throws IOException, InterruptedException {
    return switch (settings.protocol()) {
      case REDIS -> MapKeeper.open(settings.servers());
      case ETCD -> new FixedMap(ClusterMap.ofMembers(settings.servers()));
    };
  }

  /** The newest one. */
  ClusterMap map();

  /** The map may be out of date: it is asked for, soon. */
  void refresh();

  /** From now on who is told of each newer map, on a thread of its own. */
  void tell(Consumer<ClusterMap> listener);

  @Override
  void close();

  /** One that nothing changes. */
  record FixedMap(ClusterMap map) implements Maps {
    @Override
    public void refresh() {}

    @Override
    public void tell(Consumer<ClusterMap> listener) {}

    @Override
    public void close() {}
  }
}
