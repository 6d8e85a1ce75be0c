package dev.stagewalk.app;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.cpu.WatchedAccess;
import dev.stagewalk.event.Instruction;
import dev.stagewalk.event.Moment;
import dev.stagewalk.session.SearchResult;
import dev.stagewalk.time.Sighting;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * The answer of a search as one JSON object; addresses and values are hexadecimal strings, and what
 * is not known is left out.
 *
 * <ul>
 *   <li>{@code run}, {@code from}: the moment it is seen from, {@code search}: in its usual form,
 *       {@code found}, {@code words}
 *   <li>if it was found {@code moment}, {@code pe}, {@code by}: who did it, in words; {@code pc}
 *       and {@code el} of the instruction; {@code kind}: read, write, fetch, change, walk, event
 *   <li>of accesses {@code va}, {@code ipa}, {@code pa}, {@code bytes}, {@code old}, {@code value};
 *       of registers {@code register}, {@code old}, {@code value}; of walks {@code pa}, {@code
 *       ipa}, {@code descriptor}, {@code held}; of events {@code event}: its number
 * </ul>
 */
final class SearchJson {
  private final JsonGenerator json;

  private SearchJson(JsonGenerator json) {
    this.json = json;
  }

  static void write(PrintWriter out, String run, Moment from, SearchResult result)
      throws IOException {
    // The generator must not close the program's output.
    try (JsonGenerator json =
        new JsonFactory().createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
      json.writeStartObject();
      json.writeStringField("run", run);
      json.writeStringField("from", from.toString());
      json.writeStringField("search", result.text());
      json.writeBooleanField("found", result.sighting().isPresent());
      json.writeStringField("words", result.words());
      if (result.sighting().isPresent()) {
        new SearchJson(json).write(result.sighting().get());
      }
      json.writeEndObject();
    }
    out.println();
  }

  private void write(Sighting found) throws IOException {
    json.writeStringField("moment", found.moment().toString());
    json.writeNumberField("pe", found.pe());
    if (!found.author().toString().isEmpty()) {
      json.writeStringField("by", found.author().toString());
    }
    Instruction instruction = found.author().instruction();
    if (instruction != null) {
      hex("pc", instruction.pc());
      json.writeNumberField("el", instruction.el());
    }
    switch (found.what()) {
      case Sighting.Access a -> write(a.access());
      case Sighting.Change c -> {
        json.writeStringField("kind", "change");
        json.writeStringField("register", c.name());
        hex("old", c.old());
        hex("value", c.value());
      }
      case Sighting.Walked w -> {
        json.writeStringField("kind", "walk");
        hex("pa", w.pa());
        hex("ipa", w.ipa());
        hex("descriptor", w.descriptor());
        json.writeBooleanField("held", w.held());
      }
      case Sighting.Happened h -> {
        json.writeStringField("kind", "event");
        json.writeNumberField("event", h.event());
      }
    }
  }

  private void write(WatchedAccess access) throws IOException {
    json.writeStringField("kind", access.kind().name().toLowerCase(Locale.ROOT));
    hex("va", access.va());
    hex("ipa", access.ipa());
    hex("pa", access.pa());
    json.writeNumberField("bytes", access.bytes());
    hex("old", access.old());
    hex("value", access.value());
  }

  private void hex(String name, OptionalLong value) throws IOException {
    if (value.isPresent()) {
      hex(name, value.getAsLong());
    }
  }

  private void hex(String name, long value) throws IOException {
    json.writeStringField(name, Hex.plain(value));
  }
}
