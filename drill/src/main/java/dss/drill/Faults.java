package dss.drill;

import dss.drill.FaultProxy.Cut;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Each kind of fault; what it leaves behind, {@link DrillCluster#heal} mends. */
final class Faults {
  private static final int SLOW_SYNC_MS = 200;
  private static final int BLOCK = 1 << 20;
  private static final Duration MOVES = Duration.ofSeconds(120);

  private Faults() {}

  static void strike(FaultKind kind, Scene scene) throws IOException {
    switch (kind) {
      case KILL -> kill(scene, scene.anyServer());
      case PAUSE -> pause(scene);
      case PARTITION -> partition(scene, scene.anyServer());
      case DISKFULL -> diskFull(scene);
      case SLOWDISK -> slowDisk(scene);
      case ECS -> ecs(scene);
      case RESTART -> restart(scene, scene.any(scene.cluster.members()));
      case MOVE -> move(scene);
    }
  }

  private static void kill(Scene scene, Member victim) throws IOException {
    victim.kill();
    long away = scene.between(500, 5_000);
    scene.say("kill -9 of " + victim + ", away for " + away + " ms");
    Scene.sleep(away);
  }

  private static void pause(Scene scene) throws IOException {
    Member victim = scene.anyServer();
    // Short ones are mostly not noticed, long ones replaced: half of them near where that turns.
    long away = scene.random.nextBoolean() ? scene.between(500, 2_500) : scene.between(2_500, 30_000);
    victim.pause();
    scene.say("SIGSTOP of " + victim + " for " + away + " ms");
    Scene.sleep(away / 2);
    try (LateRequests late = LateRequests.send(scene.asking, victim.listening, scene.clients)) {
      Scene.sleep(away - away / 2);
      victim.resume();
      late.await();
    }
  }

  private static void partition(Scene scene, Member victim) throws IOException {
    FaultProxy proxy = scene.cluster.proxy();
    if (proxy == null) {
      throw new IllegalStateException("there is no proxy to cut connections");
    }
    Set<Cut> cuts = new HashSet<>();
    List<Member> others = scene.cluster.servers().stream().filter(server -> server != victim).toList();
    String from;
    switch (scene.random.nextInt(4)) {
      case 0 -> {
        Member other = scene.any(others);
        cuts.add(new Cut(victim.name, other.name));
        from = other.name;
      }
      case 1 -> {
        others.forEach(other -> cuts.add(new Cut(victim.name, other.name)));
        from = "all servers";
      }
      case 2 -> {
        scene.cluster.ecs().forEach(ecs -> cuts.add(new Cut(victim.name, ecs.name)));
        from = "the ECS";
      }
      default -> {
        scene.cluster.members().stream().filter(member -> member != victim)
            .forEach(other -> cuts.add(new Cut(victim.name, other.name)));
        from = "everybody but clients";
      }
    }
    cutFor(scene, proxy, victim, from, cuts);
  }

  private static void cutFor(Scene scene, FaultProxy proxy, Member victim, String from, Set<Cut> cuts) {
    long cutMs = scene.between(500, 8_000);
    scene.say(victim + " cut off from " + from + " for " + cutMs + " ms");
    proxy.cut(cuts);
    Scene.sleep(cutMs);
    proxy.cut(Set.of());
  }

  /** The data of each server lies on a small disk of its own: {@link SmallDisks}. */
  private static void diskFull(Scene scene) throws IOException {
    Member victim = scene.anyServer();
    Path filler = victim.home().resolve(SmallDisks.MOUNTED).resolve("filler");
    long bytes = fill(filler);
    long fullMs = scene.between(3_000, 10_000);
    scene.say("disk of " + victim + " filled up with " + (bytes >> 20) + " MiB for " + fullMs + " ms");
    Scene.sleep(fullMs);
    Files.delete(filler);
    // A disk without a byte left may have ended it, as it says it does.
    if (!victim.isAlive()) {
      scene.say("it stopped, and is started again");
      victim.start();
    }
  }

  private static long fill(Path filler) {
    long bytes = 0;
    try (FileChannel out = FileChannel.open(filler, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int block = BLOCK; block > 0; block /= 2) {
        try {
          while (true) {
            bytes += out.write(ByteBuffer.allocate(block));
          }
        } catch (IOException e) {
          // Full for blocks of this size.
          continue;
        }
      }
    } catch (IOException e) {
      return bytes;
    }
    return bytes;
  }

  private static void slowDisk(Scene scene) throws IOException {
    Member victim = scene.anyServer();
    long slowMs = scene.between(8_000, 20_000);
    Files.writeString(victim.slowFile(), Integer.toString(SLOW_SYNC_MS));
    scene.say("fsync of " + victim + " takes " + SLOW_SYNC_MS + " ms longer for " + slowMs + " ms");
    Scene.sleep(slowMs);
    Files.delete(victim.slowFile());
    scene.cluster.events(50).stream().filter(event -> event.contains("slow")).forEach(scene::say);
  }

  private static void ecs(Scene scene) throws IOException {
    Member leader = scene.leader();
    FaultProxy proxy = scene.cluster.proxy();
    List<Member> others = scene.cluster.ecs().stream().filter(other -> other != leader).toList();
    int ways = others.isEmpty() ? 2 : proxy == null ? 3 : 4;
    switch (scene.random.nextInt(ways)) {
      case 0 -> {
        leader.kill();
        long away = scene.between(500, 6_000);
        scene.say("kill -9 of " + leader + ", which leads, away for " + away + " ms");
        Scene.sleep(away);
      }
      case 1 -> {
        long away = scene.between(500, 8_000);
        leader.pause();
        scene.say("SIGSTOP of " + leader + ", which leads, for " + away + " ms");
        Scene.sleep(away);
        leader.resume();
      }
      case 2 -> restart(scene, scene.any(scene.cluster.ecs()));
      default -> {
        if (proxy != null) {
          Set<Cut> cuts = new HashSet<>();
          others.forEach(other -> cuts.add(new Cut(leader.name, other.name)));
          cutFor(scene, proxy, leader, "the other ECS, though it leads,", cuts);
        }
      }
    }
  }

  /** In peace: a server hands over first. */
  static void restart(Scene scene, Member member) throws IOException {
    scene.say("restart of " + member);
    member.terminate();
    member.start();
  }

  private static void move(Scene scene) throws IOException {
    Member server = scene.anyServer();
    scene.say("removal of " + server + ", and its addition");
    change(scene, "REMOVE", server);
    meanwhile(scene, server);
    DrillCluster.await(server + " is removed", MOVES, () -> isSettled(scene, server, "STOPPED"));
    change(scene, "ADD", server);
    meanwhile(scene, server);
    DrillCluster.await(server + " is added", MOVES, () -> isSettled(scene, server, "ACTIVATED"));
  }

  /** What else happens while shards move: mostly nothing. */
  private static void meanwhile(Scene scene, Member moved) throws IOException {
    switch (scene.random.nextInt(4)) {
      case 0 -> {
        Member victim = anotherServer(scene, moved);
        kill(scene, victim);
        victim.start();
      }
      case 1 -> {
        if (scene.cluster.proxy() != null) {
          partition(scene, anotherServer(scene, moved));
        }
      }
      default -> {
      }
    }
  }

  private static Member anotherServer(Scene scene, Member but) {
    return scene.any(scene.cluster.servers().stream().filter(server -> server != but).toList());
  }

  private static boolean isSettled(Scene scene, Member server, String status) {
    Map<String, Object> report = scene.cluster.report();
    return report != null && Boolean.TRUE.equals(report.get("balanced"))
        && report.get("servers") instanceof List<?> lines
        && lines.stream().anyMatch(line -> line instanceof Map<?, ?> map
            && Integer.valueOf(server.announced.port()).equals(map.get("port"))
            && status.equals(map.get("status")));
  }

  private static void change(Scene scene, String verb, Member server) throws IOException {
    DrillCluster.await(verb + " " + server + " is taken", MOVES, () -> {
      Member ecs = scene.cluster.leader();
      if (ecs == null) {
        return false;
      }
      try {
        scene.asking.text(ecs.listening, verb, server.announced.host(),
            Integer.toString(server.announced.port()));
        return true;
      } catch (IOException e) {
        String why = String.valueOf(e.getMessage());
        return why.contains("is a member already") || why.contains("is not a member");
      }
    });
  }
}
