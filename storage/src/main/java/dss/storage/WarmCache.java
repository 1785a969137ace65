package dss.storage;

import dss.core.entry.Entry;
import dss.core.storage.Value;
import dss.protocol.Bytes;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What was read from the store, that it is absent too, until an effect on the key is applied, its shard is wiped, or
 * there is no room: then what was not asked for again goes first (second chance). Loop only.
 */
final class WarmCache {
  private static final int OVERHEAD = 120;
  private static final int DEAD_AT_MOST = 4096;
  /** All keys of one command must fit, large values too, or it would be fetched for ever. */
  private static final int GATHER_FACTOR = 4;
  private static final long GATHER_BYTES = 128 << 20;

  private static final class Node {
    final int shard;
    final int kind;
    final int hash;
    final Bytes key;
    Value value;
    @Nullable
    Node next;
    boolean used;
    boolean dead;

    Node(int shard, int kind, int hash, Bytes key, Value value) {
      this.shard = shard;
      this.kind = kind;
      this.hash = hash;
      this.key = key;
      this.value = value;
    }

    int bytes() {
      return OVERHEAD + key.length() + value.bytes().length();
    }
  }

  /** Hashes of keys that were offered lately, each in the one place that it may have. */
  private static final int DOOR = 1 << 16;

  private final long maxBytes;
  private final int[] offered = new int[DOOR];
  private final ArrayDeque<Node> order = new ArrayDeque<>();
  private @Nullable Node[] buckets = new Node[256];
  private int size;
  private long bytes;

  WarmCache(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  @Nullable
  Value get(int shard, int kind, int hash, Bytes key) {
    for (Node node = buckets[bucket(shard, kind, hash)]; node != null; node = node.next) {
      if (node.hash == hash && node.shard == shard && node.kind == kind && node.key.equals(key)) {
        node.used = true;
        return node.value;
      }
    }
    return null;
  }

  /**
   * For what is cheap to read again: taken in when it was offered before, lately. Keys that are read once only would push
   * out what is worth keeping, and cost more than they save (the doorkeeper of Einziger et al., TinyLFU, 2017).
   */
  void offer(int shard, int kind, int hash, Bytes key, Value value) {
    int mixed = mixed(shard, kind, hash);
    int place = mixed & DOOR - 1;
    if (offered[place] == mixed) {
      put(shard, kind, hash, key, value);
    } else {
      offered[place] = mixed;
    }
  }

  void put(int shard, int kind, int hash, Bytes key, Value value) {
    if (get(shard, kind, hash, key) != null) {
      return;
    }
    if (size >= buckets.length) {
      grow();
    }
    var node = new Node(shard, kind, hash, key.compact(), value);
    link(node);
    order.addLast(node);
    size++;
    bytes += node.bytes();
    evict(maxBytes * GATHER_FACTOR + GATHER_BYTES);
  }

  /** An effect on the key was applied. */
  void remove(int shard, byte[] array, int effectAt) {
    if (size == 0) {
      return;
    }
    int hash = Entry.effectHash(array, effectAt);
    int kind = Entry.effectKind(array, effectAt);
    for (Node node = buckets[bucket(shard, kind, hash)]; node != null; node = node.next) {
      if (node.shard == shard && Entry.effectIsOf(array, effectAt, node.kind, node.hash, node.key)) {
        unlink(node);
        return;
      }
    }
  }

  void removeShard(int shard) {
    if (size > 0) {
      order.forEach(node -> {
        if (node.shard == shard && !node.dead) {
          unlink(node);
        }
      });
    }
  }

  /** Once a second: back to the bound. In between a command may gather more than it allows. */
  void trim() {
    evict(maxBytes);
  }

  private void evict(long limit) {
    while (bytes > limit && size > 0 || order.size() > 2 * size + DEAD_AT_MOST) {
      Node oldest = order.removeFirst();
      if (!oldest.dead && (oldest.used || bytes <= limit)) {
        oldest.used = false;
        order.addLast(oldest);
      } else if (!oldest.dead) {
        unlink(oldest);
      }
    }
  }

  private int bucket(int shard, int kind, int hash) {
    return mixed(shard, kind, hash) & buckets.length - 1;
  }

  private static int mixed(int shard, int kind, int hash) {
    int h = (hash + shard * 0x632be5ab + kind) * 0x9e3779b9;
    return h ^ (h >>> 15);
  }

  private void link(Node node) {
    int at = bucket(node.shard, node.kind, node.hash);
    node.next = buckets[at];
    buckets[at] = node;
  }

  private void unlink(Node gone) {
    int at = bucket(gone.shard, gone.kind, gone.hash);
    Node node = buckets[at];
    if (node == gone) {
      buckets[at] = gone.next;
    }
    while (node != null && node != gone) {
      if (node.next == gone) {
        node.next = gone.next;
        break;
      }
      node = node.next;
    }
    gone.dead = true;
    size--;
    bytes -= gone.bytes();
    gone.value = Value.ABSENT;
  }

  private void grow() {
    @Nullable
    Node[] old = buckets;
    buckets = new Node[old.length * 2];
    for (Node first : old) {
      Node node = first;
      while (node != null) {
        Node next = node.next;
        link(node);
        node = next;
      }
    }
  }
}
