package dss.ecs;

import dss.ecs.Why.CopyLine;
import dss.ecs.Why.OfKey;
import dss.ecs.Why.OfServer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@link Why} knows, for people and as JSON. */
final class WhyText {
  private WhyText() {}

  static String of(OfKey why) {
    var out = new StringBuilder();
    line(out, "key", why.key().asUtf8());
    line(out, "slot",
        why.slot() + " of shard " + why.shard() + " (slots " + why.firstSlot() + "-" + why.lastSlot()
            + "), epoch " + why.epoch());
    line(out, "state", why.state());
    for (CopyLine copy : why.copies()) {
      String sent = copy.done() < 0
          ? ""
          : String.format(", %.0f %% sent, %s/s", 100 * copy.done(), ReportText.bytes(copy.bytesPerSecond()));
      line(out, copy.role(),
          copy.server() + "  " + copy.status() + (copy.wanted() ? "" : ", not wanted there") + sent);
    }
    line(out, "lag", why.lagMs() + " ms: the longest that a backup owes its primary an answer");
    line(out, "last move", event(why.lastMove(), "none is remembered"));
    line(out, "before it", event(why.before(), "nothing is remembered"));
    return out.toString();
  }

  static String of(OfServer why) {
    var out = new StringBuilder();
    var told = why.report().copies();
    line(out, "server",
        why.server().resp() + "  " + why.status() + (why.server().member() ? "" : ", no member")
            + (why.server().stopping() ? ", steps back" : ""));
    line(out, "start", "number " + why.server().boot() + " of " + why.server().id() + ", disk "
        + Long.toHexString(why.server().diskId())
        + (why.server().zone().isEmpty() ? "" : ", zone " + why.server().zone()));
    line(out, "holds",
        why.primaries() + " shards as primary, " + why.copies() + " copies in sync, " + told.keys()
            + " keys, "
            + ReportText.bytes(told.bytes()) + ", lag " + told.lagMs() + " ms");
    line(out, "moves", why.coming() + " copies are to come, " + why.going() + " to go; it sends "
        + why.report().transfers().size());
    if (why.report().diskLow()) {
      line(out, "disk", "below its reserve: nothing more is placed there");
    }
    if (why.report().locked()) {
      line(out, "lock", "somebody holds its writes back on purpose");
    }
    for (EventLog.Event event : why.events()) {
      line(out, "event", event(event, ""));
    }
    return out.toString();
  }

  private static void line(StringBuilder out, String name, String text) {
    out.append(String.format("%-10s %s%n", name, text));
  }

  private static String event(EventLog.@Nullable Event event, String none) {
    return event == null ? none : event.time() + "  " + event.what();
  }

  static Map<String, Object> json(OfKey why) {
    var json = new LinkedHashMap<String, Object>();
    json.put("key", why.key().asUtf8());
    json.put("slot", why.slot());
    json.put("shard", why.shard());
    json.put("firstSlot", why.firstSlot());
    json.put("lastSlot", why.lastSlot());
    json.put("epoch", why.epoch());
    json.put("state", why.state());
    json.put("lagMs", why.lagMs());
    json.put("copies", why.copies().stream().map(WhyText::json).toList());
    put(json, "lastMove", why.lastMove());
    put(json, "before", why.before());
    return json;
  }

  private static Map<String, Object> json(CopyLine copy) {
    var json = new LinkedHashMap<String, Object>();
    json.put("server", copy.server());
    json.put("role", copy.role());
    json.put("status", copy.status());
    json.put("wanted", copy.wanted());
    if (copy.done() >= 0) {
      json.put("done", Math.round(copy.done() * 1000) / 1000.0);
      json.put("bytesPerSecond", copy.bytesPerSecond());
    }
    return json;
  }

  static Map<String, Object> json(OfServer why) {
    var json = new LinkedHashMap<String, Object>();
    json.put("server", why.server().resp().toString());
    json.put("id", why.server().id());
    json.put("status", why.status());
    json.put("member", why.server().member());
    json.put("boot", why.server().boot());
    json.put("primaries", why.primaries());
    json.put("copies", why.copies());
    json.put("keys", why.report().copies().keys());
    json.put("bytes", why.report().copies().bytes());
    json.put("lagMs", why.report().copies().lagMs());
    json.put("coming", why.coming());
    json.put("going", why.going());
    json.put("diskLow", why.report().diskLow());
    json.put("locked", why.report().locked());
    json.put("events", List.copyOf(why.events().stream().map(WhyText::json).toList()));
    return json;
  }

  private static void put(Map<String, Object> json, String name, EventLog.@Nullable Event event) {
    if (event != null) {
      json.put(name, json(event));
    }
  }

  static Map<String, Object> json(EventLog.Event event) {
    return Map.of("time", event.time().toString(), "what", event.what());
  }
}
