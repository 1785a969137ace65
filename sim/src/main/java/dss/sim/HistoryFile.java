package dss.sim;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A history as JSON lines in UTF-8, one operation a line, in any order:
 *
 * <pre>{@code
 * {"client":"jedis-1","op":"SET","key":"k1","args":["v1"],"invoke":123456,"return":123999,"result":"OK"}
 * }</pre>
 *
 * <p>The fields are those of {@link Operation}; {@code args} may be missing where there are none. An operation of unknown
 * fate has neither {@code return} nor {@code result}; one that is known not to have happened has no line. Fields of other
 * names and blank lines mean nothing. All keys are absent when a history begins.
 */
public final class HistoryFile {
  private static final String RETURN = "return";
  private static final String RESULT = "result";

  private HistoryFile() {}

  /**
   * Reads a whole history, line by line.
   *
   * @throws IOException where there is no such file, or a line is no operation; the message is a sentence for people that
   *     names the line
   */
  public static List<Operation> read(Path file) throws IOException {
    var operations = new ArrayList<Operation>();
    int number = 0;
    try (BufferedReader in = Files.newBufferedReader(file)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        number++;
        if (!line.isBlank()) {
          operations.add(operation(line));
        }
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ", line " + number + ": " + e.getMessage(), e);
    } catch (CharacterCodingException e) {
      throw new IOException(file + ": line " + (number + 1) + " or one soon after it is not UTF-8", e);
    } catch (NoSuchFileException e) {
      throw new IOException("there is no file " + file, e);
    } catch (IOException e) {
      throw new IOException(file + " cannot be read: " + e.getMessage(), e);
    }
    return operations;
  }

  /** Writes a history; the folder must be there. */
  public static void write(Path file, Collection<Operation> operations) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (Operation operation : operations) {
        out.write(line(operation));
        out.newLine();
      }
    }
  }

  private static String line(Operation operation) throws IOException {
    var fields = new LinkedHashMap<String, @Nullable Object>();
    fields.put("client", operation.client());
    fields.put("op", operation.op());
    fields.put("key", operation.key());
    fields.put("args", operation.args());
    fields.put("invoke", operation.invoke());
    if (operation.known()) {
      fields.put(RETURN, operation.returned());
      fields.put(RESULT, operation.result());
    }
    return JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES).asString(fields);
  }

  private static Operation operation(String line) {
    Map<String, Object> fields = fields(line);
    boolean returned = fields.get(RETURN) != null;
    if (returned && !fields.containsKey(RESULT)) {
      throw new IllegalArgumentException("it has a return and no result; an absent value is \"result\":null");
    }
    return new Operation(text(fields, "client"), text(fields, "op"), text(fields, "key"), args(fields),
        time(fields, "invoke"), returned ? time(fields, RETURN) : Operation.UNKNOWN, fields.get(RESULT));
  }

  private static Map<String, Object> fields(String line) {
    try (JsonParser parser = JSON.std.createParser(line)) {
      parser.nextToken();
      if (!parser.isExpectedStartObjectToken()) {
        throw new IllegalArgumentException("it is no JSON object");
      }
      Map<String, Object> fields = JSON.std.mapFrom(parser);
      if (parser.nextToken() != null) {
        throw new IllegalArgumentException("something follows the JSON object");
      }
      return fields;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("it is no JSON object: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new IllegalStateException("a text cannot be read", e);
    }
  }

  private static Object field(Map<String, Object> fields, String name) {
    Object value = fields.get(name);
    if (value == null) {
      throw new IllegalArgumentException("it has no " + name);
    }
    return value;
  }

  private static String text(Map<String, Object> fields, String name) {
    if (field(fields, name) instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException(name + " is no string");
  }

  private static long time(Map<String, Object> fields, String name) {
    Object value = field(fields, name);
    if (value instanceof Integer || value instanceof Long) {
      long time = ((Number) value).longValue();
      if (time != Operation.UNKNOWN) {
        return time;
      }
    }
    throw new IllegalArgumentException(name + " is no integer below 2^63 - 1");
  }

  private static List<String> args(Map<String, Object> fields) {
    Object value = fields.getOrDefault("args", List.of());
    var args = new ArrayList<String>();
    if (value instanceof List<?> list) {
      for (Object each : list) {
        if (each instanceof String text) {
          args.add(text);
        }
      }
      if (args.size() == list.size()) {
        return args;
      }
    }
    throw new IllegalArgumentException("args is no list of strings");
  }
}
