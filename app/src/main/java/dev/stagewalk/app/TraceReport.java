package dev.stagewalk.app;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.trace.Gap;
import dev.stagewalk.trace.IpaMap;
import dev.stagewalk.trace.Trace;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * What an imported trace holds, for a person or as JSON: {@code file}, {@code kind}, {@code
 * events}, {@code event_counts} (name to number), {@code begins_ns} and {@code ends_ns} (absent
 * without times), {@code vcpus} and {@code vms} (threads and processes), {@code gaps}, {@code
 * lost}, {@code not_understood} ({@code count}, {@code first}), {@code remarks}, {@code
 * inferred_ipa_map}.
 */
final class TraceReport {
  private TraceReport() {}

  static void text(Trace trace, PrintWriter out) {
    out.printf("%s: %s%n", trace.name(), trace.kind().words());
    out.printf("%,d events%s%n", trace.events().size(), span(trace));
    if (!trace.vcpus().isEmpty()) {
      out.printf("vCPUs (threads): %s%n", joined(trace.vcpus()));
      out.printf(
          "VMs (processes): %s%n",
          trace.vms().isEmpty() ? "the trace does not say" : joined(trace.vms()));
    }
    trace.events().counts().forEach((name, count) -> out.printf("%,10d  %s%n", count, name));
    if (!trace.gaps().isEmpty()) {
      out.printf(
          "%,d %s: %,d events were lost%n",
          trace.gaps().size(), trace.gaps().size() == 1 ? "gap" : "gaps", trace.lost());
    }
    IpaMap map = IpaMap.of(trace);
    ranges(map.ranges(), out);
    if (map.leftOut() > 0) {
      out.printf("%,d faults and accesses are of pages beyond those%n", map.leftOut());
    }
    if (trace.unread().count() > 0) {
      out.printf(
          "%,d %s not understood:%n",
          trace.unread().count(), trace.unread().count() == 1 ? "line was" : "lines were");
      trace.unread().first().forEach(line -> out.printf("  %s%n", line));
    }
    trace.remarks().forEach(remark -> out.printf("note: %s%n", remark));
  }

  private static void ranges(List<IpaMap.Range> ranges, PrintWriter out) {
    if (ranges.isEmpty()) {
      return;
    }
    out.println("IPA ranges, inferred from faults and emulated accesses:");
    for (IpaMap.Range range : ranges) {
      out.printf(
          "  %s–%s  %s (faults: %,d, accesses: %,d)%n",
          Hex.address(range.from()),
          Hex.address(range.to() - 1),
          range.use().words(),
          range.faults(),
          range.accesses());
    }
  }

  private static String span(Trace trace) {
    OptionalLong from = trace.begins();
    OptionalLong to = trace.ends();
    if (from.isEmpty() || to.isEmpty()) {
      return ", without times";
    }
    return " from %s s to %s s".formatted(seconds(from.getAsLong()), seconds(to.getAsLong()));
  }

  private static String seconds(long nanos) {
    return "%d.%09d".formatted(nanos / 1_000_000_000, nanos % 1_000_000_000);
  }

  private static String joined(Collection<Integer> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  static void json(Trace trace, PrintWriter out) throws IOException {
    // The generator must not close the program's output.
    try (JsonGenerator json =
        new JsonFactory().createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
      json.writeStartObject();
      json.writeStringField("file", trace.name());
      json.writeStringField("kind", trace.kind().id());
      json.writeNumberField("events", trace.events().size());
      json.writeObjectFieldStart("event_counts");
      for (Map.Entry<String, Long> count : trace.events().counts().entrySet()) {
        json.writeNumberField(count.getKey(), count.getValue());
      }
      json.writeEndObject();
      if (trace.begins().isPresent()) {
        json.writeNumberField("begins_ns", trace.begins().getAsLong());
        json.writeNumberField("ends_ns", trace.ends().orElseThrow());
      }
      numbers(json, "vcpus", trace.vcpus());
      numbers(json, "vms", trace.vms());
      gaps(json, trace);
      json.writeObjectFieldStart("not_understood");
      json.writeNumberField("count", trace.unread().count());
      strings(json, "first", trace.unread().first());
      json.writeEndObject();
      strings(json, "remarks", trace.remarks());
      ipaMap(json, IpaMap.of(trace).ranges());
      json.writeEndObject();
    }
    out.println();
  }

  private static void gaps(JsonGenerator json, Trace trace) throws IOException {
    json.writeNumberField("lost", trace.lost());
    json.writeArrayFieldStart("gaps");
    for (Gap gap : trace.gaps()) {
      json.writeStartObject();
      json.writeNumberField("line", gap.line());
      json.writeNumberField("cpu", gap.cpu());
      json.writeNumberField("lost", gap.lost());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void ipaMap(JsonGenerator json, List<IpaMap.Range> ranges) throws IOException {
    json.writeArrayFieldStart("inferred_ipa_map");
    for (IpaMap.Range range : ranges) {
      json.writeStartObject();
      json.writeStringField("from", Hex.plain(range.from()));
      json.writeStringField("to", Hex.plain(range.to()));
      json.writeStringField("use", range.use().words());
      json.writeNumberField("faults", range.faults());
      json.writeNumberField("accesses", range.accesses());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void numbers(JsonGenerator json, String name, Collection<Integer> values)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (int value : values) {
      json.writeNumber(value);
    }
    json.writeEndArray();
  }

  private static void strings(JsonGenerator json, String name, List<String> values)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }
}
