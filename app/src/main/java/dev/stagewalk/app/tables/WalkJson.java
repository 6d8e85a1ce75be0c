package dev.stagewalk.app.tables;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.stagewalk.arch.FieldValue;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.event.StageOutput;
import dev.stagewalk.event.Translation;
import dev.stagewalk.explain.Explanation;
import dev.stagewalk.mmu.Problem;
import dev.stagewalk.mmu.Stage1Parameters;
import dev.stagewalk.mmu.Stage1Range;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A walk as one JSON object: {@code notes}, {@code stage1} (null for an IPA) and {@code stage2}
 * (see {@link ControlsJson}); {@code stage}, {@code input}, {@code access}, {@code size}, {@code
 * privileged}, {@code vmid}; {@code lookups}, each with stage, level, table, index, indexHigh,
 * indexLow, at, descriptor, verdict, output, rule, {@code fields} (name, hi, lo, value, text) and
 * {@code nested}; {@code reads}; {@code outcome}, an output ({@code output}, level, leafShift,
 * leaf, readable, writable, executableAtEl1, executableAtEl0, memoryType), a fault ({@code fault},
 * level, stage, onStage1Walk, ipa, rule) or a descriptor that is not in the dump ({@code missing},
 * level, stage, line); {@code stages}; {@code updates}; {@code syndrome} (register, value or null,
 * meaning); {@code whatIf} (null if nothing can be said: condition, changes with pa and value,
 * registers, line) and {@code remedies} (title, sentence, operations) of {@code mender}. 64-bit
 * values are strings.
 */
final class WalkJson {
  private final JsonGenerator json;
  private final Walk walk;
  private final Translation translation;

  private WalkJson(JsonGenerator json, Walk walk) {
    this.json = json;
    this.walk = walk;
    this.translation = walk.translation();
  }

  static void write(PrintWriter out, Walk walk) throws IOException {
    // The generator must not close the program's output.
    try (JsonGenerator json =
        new JsonFactory().createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
      json.writeStartObject();
      ControlsJson.notes(json, walk.world());
      WalkJson writer = new WalkJson(json, walk);
      writer.stage1();
      ControlsJson.stage2(json, walk.second());
      writer.translation();
      json.writeEndObject();
    }
    out.println();
    out.flush();
  }

  private void stage1() throws IOException {
    Stage1Parameters first = walk.first();
    if (first == null) {
      json.writeNullField("stage1");
      return;
    }
    json.writeObjectFieldStart("stage1");
    json.writeStringField("regime", first.regime().text());
    json.writeBooleanField("enabled", first.enabled());
    hex("sctlr", first.registers().sctlr());
    hex("tcr", first.registers().tcr());
    hex("ttbr0", first.registers().ttbr0());
    hex("ttbr1", first.registers().ttbr1());
    hex("mair", first.registers().mair());
    Stage1Range range = first.rangeOf(translation.input());
    json.writeStringField("range", range.upper() ? "upper" : "lower");
    json.writeStringField("granule", range.granule().text());
    json.writeNumberField("vaBits", range.inputBits());
    json.writeNumberField("outputBits", range.outputBits());
    json.writeNumberField("startLevel", range.startLevel());
    hex("root", range.rootBase());
    json.writeNumberField("asid", first.asid());
    List<Problem> problems = new ArrayList<>(first.problems());
    problems.addAll(range.problems());
    ControlsJson.problems(json, problems);
    json.writeEndObject();
  }

  private void translation() throws IOException {
    json.writeNumberField("stage", translation.stage());
    hex("input", translation.input());
    json.writeStringField("access", translation.access().kind().name());
    json.writeNumberField("size", translation.access().size());
    json.writeBooleanField("privileged", translation.access().privileged());
    json.writeNumberField("vmid", translation.vmid());
    lookups("lookups", translation.lookups());
    json.writeNumberField("reads", translation.reads());
    outcome();
    stages();
    json.writeArrayFieldStart("updates");
    for (Translation.DescriptorUpdate update : translation.updates()) {
      json.writeStartObject();
      hex("pa", update.pa());
      hex("old", update.old());
      hex("value", update.value());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("syndrome");
    for (Walk.Syndrome row : walk.syndrome()) {
      json.writeStartObject();
      json.writeStringField("register", row.register());
      if (row.known()) {
        hex("value", row.value());
      } else {
        json.writeNullField("value");
      }
      json.writeStringField("meaning", row.meaning());
      json.writeEndObject();
    }
    json.writeEndArray();
    if (translation.outcome() instanceof Translation.Fault && walk.missing().isEmpty()) {
      explanation(walk.explanation());
    }
  }

  private void explanation(Explanation explanation) throws IOException {
    if (explanation.counterfactual().isPresent()) {
      Explanation.Counterfactual whatIf = explanation.counterfactual().get();
      json.writeObjectFieldStart("whatIf");
      json.writeStringField("condition", whatIf.condition());
      json.writeArrayFieldStart("changes");
      for (Explanation.Change change : whatIf.changes()) {
        json.writeStartObject();
        hex("pa", change.pa());
        hex("value", change.value());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeObjectFieldStart("registers");
      for (Map.Entry<String, Long> register : whatIf.registers().entrySet()) {
        hex(register.getKey(), register.getValue());
      }
      json.writeEndObject();
      json.writeStringField("line", whatIf.line());
      json.writeEndObject();
    } else {
      json.writeNullField("whatIf");
    }
    json.writeStringField("mender", explanation.mender());
    json.writeArrayFieldStart("remedies");
    for (Explanation.Remedy remedy : explanation.remedies()) {
      json.writeStartObject();
      json.writeStringField("title", remedy.title());
      json.writeStringField("sentence", remedy.sentence());
      json.writeArrayFieldStart("operations");
      for (String operation : remedy.operations()) {
        json.writeString(operation);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void lookups(String name, List<Lookup> lookups) throws IOException {
    json.writeArrayFieldStart(name);
    for (Lookup lookup : lookups) {
      json.writeStartObject();
      json.writeNumberField("stage", lookup.stage());
      json.writeNumberField("level", lookup.level());
      hex("table", lookup.table());
      json.writeNumberField("index", lookup.index());
      json.writeNumberField("indexHigh", lookup.indexHigh());
      json.writeNumberField("indexLow", lookup.indexLow());
      hex("at", lookup.descriptorAddress());
      hex("descriptor", lookup.descriptor());
      json.writeStringField("verdict", lookup.verdict().name());
      hex("output", lookup.output());
      json.writeStringField("rule", lookup.rule());
      fields(lookup);
      if (lookup.verdict() == Verdict.EXTERNAL_ABORT) {
        json.writeStringField("missing", walk.world().missing().apply(lookup.descriptorAddress()));
      }
      lookups("nested", lookup.nested());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void fields(Lookup lookup) throws IOException {
    json.writeArrayFieldStart("fields");
    boolean read =
        lookup.verdict() != Verdict.EXTERNAL_ABORT && lookup.verdict() != Verdict.UNREACHED;
    Stage1Parameters first = walk.first();
    List<FieldValue> fields =
        !read
            ? List.of()
            : lookup.stage() == 1 && first != null
                ? Texts.fields(
                    lookup.descriptor(), lookup.level(), first.rangeOf(translation.input()))
                : Texts.fields(lookup.descriptor(), lookup.level(), walk.second());
    for (FieldValue field : fields) {
      json.writeStartObject();
      json.writeStringField("name", field.name());
      json.writeNumberField("hi", field.hi());
      json.writeNumberField("lo", field.lo());
      hex("value", field.raw());
      json.writeStringField("text", field.text());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void outcome() throws IOException {
    json.writeObjectFieldStart("outcome");
    Optional<Lookup> missing = walk.missing();
    if (missing.isPresent()) {
      hex("missing", missing.get().descriptorAddress());
      json.writeNumberField("level", missing.get().level());
      json.writeNumberField("stage", missing.get().stage());
      json.writeStringField("line", walk.untold(missing.get()));
      json.writeEndObject();
      return;
    }
    switch (translation.outcome()) {
      case Translation.Output o -> {
        hex("output", o.address());
        json.writeNumberField("level", o.level());
        json.writeNumberField("leafShift", o.leafShift());
        hex("leaf", o.leaf());
        json.writeBooleanField("readable", o.readable());
        json.writeBooleanField("writable", o.writable());
        json.writeBooleanField("executableAtEl1", o.executableAtEl1());
        json.writeBooleanField("executableAtEl0", o.executableAtEl0());
        json.writeStringField("memoryType", o.memoryType().words());
      }
      case Translation.Fault f -> {
        json.writeStringField("fault", f.kind().name());
        json.writeNumberField("level", f.level());
        json.writeNumberField("stage", f.stage());
        json.writeBooleanField("onStage1Walk", f.onStage1Walk());
        hex("ipa", f.ipa());
        json.writeStringField("rule", f.rule());
      }
    }
    json.writeEndObject();
  }

  private void stages() throws IOException {
    var stages = translation.stages();
    json.writeObjectFieldStart("stages");
    if (stages != null && stages.stage1() != null) {
      stage("stage1", stages.stage1());
    }
    if (stages != null && stages.stage2() != null) {
      stage("stage2", stages.stage2());
    }
    json.writeEndObject();
  }

  private void stage(String name, StageOutput stage) throws IOException {
    json.writeObjectFieldStart(name);
    hex("output", stage.address());
    json.writeNumberField("level", stage.level());
    hex("leaf", stage.leaf());
    json.writeStringField("permissions", stage.permissions().text());
    json.writeStringField("memory", stage.attributes().words());
    json.writeEndObject();
  }

  private void hex(String name, long value) throws IOException {
    json.writeStringField(name, Hex.plain(value));
  }
}
