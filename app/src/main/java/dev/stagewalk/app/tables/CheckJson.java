package dev.stagewalk.app.tables;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.check.Finding;
import dev.stagewalk.check.Findings;
import dev.stagewalk.check.Place;
import dev.stagewalk.check.Severity;
import java.io.IOException;
import java.io.PrintWriter;

/**
 * Findings as one JSON object: {@code subject}, {@code notes}, {@code tables} (judged; left out for
 * a run), {@code complete}, {@code counts} (error, warning, info) and {@code findings}, one for
 * each id, the most severe first: id, severity, count, rule, source and {@code first}, the first
 * places: place, evidence, mend.
 *
 * <p>A place has words and a kind: {@code entry} (stage, regime, vmid where there is one, level,
 * table, index, at, input, size), {@code table} (stage, regime, vmid, level, table, input), {@code
 * range} (stage, regime, vmid, input, size), {@code memory} (pa, size), {@code controls} (register,
 * value, pe where it is known) or {@code event} (event, moment, pe, what, and {@code about} where
 * it concerns a descriptor). Addresses, sizes and values are hexadecimal strings.
 */
final class CheckJson {
  private CheckJson() {}

  static void write(PrintWriter out, Checked checked) throws IOException {
    // The generator must not close the program's output.
    try (JsonGenerator json =
        new JsonFactory().createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
      json.writeStartObject();
      json.writeStringField("subject", checked.subject());
      json.writeArrayFieldStart("notes");
      for (String note : checked.notes()) {
        json.writeString(note);
      }
      json.writeEndArray();
      if (checked.tables() >= 0) {
        json.writeNumberField("tables", checked.tables());
      }
      json.writeBooleanField("complete", checked.complete());
      json.writeObjectFieldStart("counts");
      for (Severity severity : Severity.values()) {
        json.writeNumberField(severity.word(), checked.findings().count(severity));
      }
      json.writeEndObject();
      json.writeArrayFieldStart("findings");
      for (Findings.Group group : checked.findings().groups()) {
        write(json, group);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    out.println();
    out.flush();
  }

  private static void write(JsonGenerator json, Findings.Group group) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", group.kind().id());
    json.writeStringField("severity", group.kind().severity().word());
    json.writeNumberField("count", group.count());
    json.writeStringField("rule", group.kind().rule());
    json.writeStringField("source", group.kind().source());
    json.writeArrayFieldStart("first");
    for (Finding finding : group.first()) {
      json.writeStartObject();
      json.writeFieldName("place");
      write(json, finding.place());
      json.writeStringField("evidence", finding.evidence());
      json.writeStringField("mend", finding.mend());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Place place) throws IOException {
    json.writeStartObject();
    json.writeStringField("kind", kind(place));
    json.writeStringField("words", place.words());
    switch (place) {
      case Place.Entry e -> {
        owner(json, e.owner());
        json.writeNumberField("level", e.level());
        json.writeStringField("table", Hex.plain(e.table()));
        json.writeNumberField("index", e.index());
        json.writeStringField("at", Hex.plain(e.at()));
        json.writeStringField("input", Hex.plain(e.input()));
        json.writeStringField("size", Hex.plain(e.bytes()));
      }
      case Place.Table t -> {
        owner(json, t.owner());
        json.writeNumberField("level", t.level());
        json.writeStringField("table", Hex.plain(t.base()));
        json.writeStringField("input", Hex.plain(t.input()));
      }
      case Place.Input i -> {
        owner(json, i.owner());
        json.writeStringField("input", Hex.plain(i.first()));
        json.writeStringField("size", Hex.plain(i.bytes()));
      }
      case Place.Memory m -> {
        json.writeStringField("pa", Hex.plain(m.first()));
        json.writeStringField("size", Hex.plain(m.bytes()));
      }
      case Place.Controls c -> {
        json.writeStringField("register", c.register());
        json.writeStringField("value", Hex.plain(c.value()));
        if (c.pe() >= 0) {
          json.writeNumberField("pe", c.pe());
        }
      }
      case Place.Happened h -> {
        json.writeNumberField("event", h.event());
        json.writeStringField("moment", h.moment().toString());
        json.writeNumberField("pe", h.pe());
        json.writeStringField("what", h.what());
        Place about = h.about();
        if (about != null) {
          json.writeFieldName("about");
          write(json, about);
        }
      }
    }
    json.writeEndObject();
  }

  private static String kind(Place place) {
    return switch (place) {
      case Place.Entry _ -> "entry";
      case Place.Table _ -> "table";
      case Place.Input _ -> "range";
      case Place.Memory _ -> "memory";
      case Place.Controls _ -> "controls";
      case Place.Happened _ -> "event";
    };
  }

  private static void owner(JsonGenerator json, Place.Owner owner) throws IOException {
    json.writeNumberField("stage", owner.stage());
    json.writeStringField("regime", owner.regime().text());
    if (owner.vmid() >= 0) {
      json.writeNumberField("vmid", owner.vmid());
    }
  }
}
