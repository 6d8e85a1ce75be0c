package dev.stagewalk.trace;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads traps that were collected over gdb by stopping at the exception vectors of EL2: a JSON
 * object a line, {@code t} in seconds, {@code cpu}, {@code kind}, and the registers by name.
 */
final class GdbTraps {
  private static final JsonFactory JSON = new JsonFactory();

  private final TraceEvents events = new TraceEvents();
  private final UnreadLines unread = new UnreadLines();
  private final List<String> remarks = new ArrayList<>();

  Trace read(String file, TraceLines lines, long room) throws IOException {
    for (String line = lines.read(); line != null; line = lines.read()) {
      if (events.exceed(room)) {
        remarks.add(events.leftOut(room));
        break;
      }
      if (!line.isBlank()) {
        take(line, lines.number());
      }
    }
    return new Trace(
        file, TraceKind.GDB_TRAPS, events, List.of(), List.copyOf(remarks), unread.report());
  }

  private void take(String line, long number) {
    Map<String, String> values;
    try {
      values = object(line);
    } catch (IOException | IllegalArgumentException e) {
      unread.add(number, line);
      return;
    }
    @Nullable String kind = values.remove("kind");
    @Nullable String time = values.remove("t");
    @Nullable String cpu = values.remove("cpu");
    values.remove("seq");
    StringBuilder body = new StringBuilder();
    values.forEach((name, value) ->
        body.append(body.isEmpty() ? "" : " ")
            .append(name.toLowerCase(Locale.ROOT))
            .append('=')
            .append(value.replace(' ', '_')));
    events.add(
        new TraceEvent(
            0,
            number,
            time == null ? TraceEvent.UNKNOWN : nanos(time),
            cpu == null ? -1 : whole(cpu),
            -1,
            -1,
            "",
            kind == null ? "trap" : kind,
            body.toString()));
  }

  private static Map<String, String> object(String line) throws IOException {
    Map<String, String> values = new LinkedHashMap<>();
    try (JsonParser json = JSON.createParser(line)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("no object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        if (!value.isScalarValue()) {
          throw new IllegalArgumentException("a value of several parts");
        }
        values.put(name, json.getText());
      }
      if (json.currentToken() != JsonToken.END_OBJECT) {
        throw new IllegalArgumentException("no whole object");
      }
    } catch (JacksonException e) {
      throw new IllegalArgumentException("no JSON", e);
    }
    return values;
  }

  private static long nanos(String seconds) {
    try {
      return new BigDecimal(seconds).movePointRight(9).longValueExact();
    } catch (ArithmeticException | NumberFormatException e) {
      return TraceEvent.UNKNOWN;
    }
  }

  private static int whole(String digits) {
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
