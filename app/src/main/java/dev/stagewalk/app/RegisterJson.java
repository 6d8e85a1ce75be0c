package dev.stagewalk.app;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.stagewalk.arch.Context;
import dev.stagewalk.arch.FieldValue;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Register;
import dev.stagewalk.arch.Syndrome;
import dev.stagewalk.mmu.Fact;
import dev.stagewalk.mmu.Problem;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;

/**
 * A decoded register as one JSON object on one line: {@code register}, {@code value}, {@code
 * purpose}, {@code fields}; for ESR_ELx {@code class}, {@code sentence} and {@code iss}; then
 * {@code facts} and {@code problems}. Values are strings, {@code "0x…"}.
 */
final class RegisterJson {
  private RegisterJson() {}

  static void write(
      PrintWriter out, Register register, long value, Context context, RegisterFacts facts)
      throws IOException {
    // The generator must not close the program's output.
    try (JsonGenerator json =
        new JsonFactory().createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
      json.writeStartObject();
      json.writeStringField("register", register.name());
      json.writeStringField("value", Hex.plain(value));
      json.writeStringField("purpose", register.purpose());
      fields(json, "fields", register.decode(value, context));
      if (register.name().startsWith("ESR_EL")) {
        Syndrome syndrome = Syndrome.of(value);
        json.writeStringField("class", syndrome.className());
        json.writeStringField("sentence", syndrome.sentence());
        fields(json, "iss", syndrome.fields());
      }
      json.writeArrayFieldStart("facts");
      for (Fact fact : facts.facts()) {
        json.writeStartObject();
        json.writeStringField("label", fact.label());
        json.writeStringField("value", fact.value());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeArrayFieldStart("problems");
      for (Problem problem : facts.problems()) {
        json.writeStartObject();
        json.writeStringField("kind", problem.kind().name());
        json.writeStringField("sentence", problem.sentence());
        json.writeStringField("source", problem.source());
        json.writeStringField("effect", problem.effect().name());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    out.println();
  }

  private static void fields(JsonGenerator json, String name, List<FieldValue> fields)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (FieldValue field : fields) {
      json.writeStartObject();
      json.writeStringField("name", field.name());
      json.writeNumberField("hi", field.hi());
      json.writeNumberField("lo", field.lo());
      json.writeStringField("value", Hex.plain(field.raw()));
      json.writeStringField("text", field.text());
      json.writeStringField("status", field.status().name());
      json.writeStringField("description", field.description());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
