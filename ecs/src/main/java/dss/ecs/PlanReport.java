package dss.ecs;

import dss.core.ecs.Preview;
import dss.core.ecs.Preview.Share;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;

/**
 * What a change would move, for people and as JSON; nothing is done.
 *
 * @param change the command
 * @param bytesOfCopy of one copy of a shard on the average; 0: not known
 * @param secondsFor how long so many copies take, about
 * @param warning what the change costs beside; or empty
 * @param names of servers by their numbers
 */
record PlanReport(String change, Preview preview, long bytesOfCopy, IntToLongFunction secondsFor,
    String warning,
    IntFunction<String> names) {

  private long bytes() {
    return preview.copiesMoved() * bytesOfCopy;
  }

  private long seconds() {
    return secondsFor.applyAsLong(preview.copiesMoved());
  }

  String text() {
    var out = new StringBuilder();
    out.append("plan: ").append(change).append(": nothing is done yet\n");
    out.append(
        String.format("copies to make: %d, in %d of %d shards, %s, about %d s; primaries to hand over: %d%n",
            preview.copiesMoved(), preview.shardsMoved(), preview.then().size(), ReportText.bytes(bytes()),
            seconds(),
            preview.primariesMoved()));
    out.append(String.format("%-22s %21s %24s%n", "server", "copies, now -> then", "primaries, now -> then"));
    preview.shares().forEach((number, share) -> out.append(String.format("%-22s %9d -> %8d %12d -> %8d%n",
        names.apply(number), share.copiesNow(), share.copiesThen(), share.primariesNow(),
        share.primariesThen())));
    out.append(
        String.format("evenness (max/mean) then: primaries %.3f  copies %.3f%n", preview.primariesEvenness(),
            preview.copiesEvenness()));
    if (!warning.isEmpty()) {
      out.append("warning: ").append(warning).append('\n');
    }
    return out.toString();
  }

  Map<String, Object> json() {
    var json = new LinkedHashMap<String, Object>();
    json.put("change", change);
    json.put("copies", preview.copiesMoved());
    json.put("shards", preview.shardsMoved());
    json.put("primaries", preview.primariesMoved());
    json.put("bytes", bytes());
    json.put("etaSeconds", seconds());
    json.put("evenness",
        Map.of("primaries", preview.primariesEvenness(), "copies", preview.copiesEvenness()));
    json.put("warning", warning);
    List<Map<String, Object>> servers = new ArrayList<>();
    preview.shares().forEach((number, share) -> servers.add(json(number, share)));
    json.put("servers", servers);
    return json;
  }

  private Map<String, Object> json(int number, Share share) {
    var json = new LinkedHashMap<String, Object>();
    json.put("server", names.apply(number));
    json.put("copiesNow", share.copiesNow());
    json.put("copiesThen", share.copiesThen());
    json.put("primariesNow", share.primariesNow());
    json.put("primariesThen", share.primariesThen());
    return json;
  }
}
