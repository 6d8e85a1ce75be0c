package dev.stagewalk.app.tables;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.mmu.Fact;
import dev.stagewalk.mmu.Problem;
import dev.stagewalk.mmu.Stage2Parameters;
import java.io.IOException;
import java.util.List;

/**
 * The parts that JSON objects of these commands share: {@code notes}; {@code stage2} with vtcr,
 * vttbr, hcr, granule, ipaBits, outputBits, startLevel, rootTables, rootBytes, rootAlignment, root,
 * vmid, enabled, {@code facts} (label, value) and {@code problems} (kind, sentence, source,
 * effect).
 */
final class ControlsJson {
  private ControlsJson() {}

  static void notes(JsonGenerator json, World world) throws IOException {
    json.writeArrayFieldStart("notes");
    for (String note : world.notes()) {
      json.writeString(note);
    }
    json.writeEndArray();
  }

  static void stage2(JsonGenerator json, Stage2Parameters parameters) throws IOException {
    json.writeObjectFieldStart("stage2");
    json.writeStringField("vtcr", Hex.plain(parameters.vtcr()));
    json.writeStringField("vttbr", Hex.plain(parameters.vttbr()));
    json.writeStringField("hcr", Hex.plain(parameters.hcr()));
    json.writeStringField("granule", parameters.granule().text());
    json.writeNumberField("ipaBits", parameters.inputBits());
    json.writeNumberField("outputBits", parameters.outputBits());
    json.writeNumberField("startLevel", parameters.startLevel());
    json.writeNumberField("rootTables", parameters.rootTables());
    json.writeStringField("rootBytes", Hex.plain(parameters.rootBytes()));
    json.writeStringField("rootAlignment", Hex.plain(parameters.rootAlignment()));
    json.writeStringField("root", Hex.plain(parameters.rootBase()));
    json.writeNumberField("vmid", parameters.vmid());
    json.writeBooleanField("enabled", parameters.enabled());
    json.writeArrayFieldStart("facts");
    for (Fact fact : parameters.derivedFacts()) {
      json.writeStartObject();
      json.writeStringField("label", fact.label());
      json.writeStringField("value", fact.value());
      json.writeEndObject();
    }
    json.writeEndArray();
    problems(json, parameters.problems());
    json.writeEndObject();
  }

  static void problems(JsonGenerator json, List<Problem> problems) throws IOException {
    json.writeArrayFieldStart("problems");
    for (Problem problem : problems) {
      json.writeStartObject();
      json.writeStringField("kind", problem.kind().name());
      json.writeStringField("sentence", problem.sentence());
      json.writeStringField("source", problem.source());
      json.writeStringField("effect", problem.effect().name());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
