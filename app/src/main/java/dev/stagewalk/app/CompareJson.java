package dev.stagewalk.app;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.ask.EventKind;
import dev.stagewalk.check.Freshness;
import dev.stagewalk.event.Event;
import dev.stagewalk.mmu.TlbWords;
import dev.stagewalk.session.compare.Comparison;
import dev.stagewalk.session.compare.Effect;
import dev.stagewalk.session.compare.EffectDifference;
import dev.stagewalk.session.compare.EntryDifference;
import dev.stagewalk.session.compare.EventDifference;
import dev.stagewalk.session.compare.MemoryDifference;
import dev.stagewalk.session.compare.Parting;
import dev.stagewalk.session.compare.RegisterDifference;
import dev.stagewalk.session.compare.TreeDifference;
import dev.stagewalk.time.Branch;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A comparison as one JSON object. Whatever both moments have is an object of {@code first} and
 * {@code second}; 64-bit values are strings.
 *
 * <ul>
 *   <li>{@code equal}; {@code recorded}: whether nothing but events and registers is known; {@code
 *       first} and {@code second}: run, moment
 *   <li>{@code parting}: null, or where two branches part: moment, branches (number, parent, at,
 *       words)
 *   <li>{@code events}: common; divergence (null, or seq, moment, words of each); first and second:
 *       how many have happened at that moment only, by kind
 *   <li>{@code registers}: pe, name, first, second, fields (name, bits, first, second)
 *   <li>{@code trees}: title, stage, regime, vmid, equal, inForce, root, sameGeometry, complete,
 *       descriptors, groups, entries (level, index, table, input, size, count, at, descriptor,
 *       words, below, sameEffect), effects (onlyFirst, onlySecond, changed in bytes, count, ranges
 *       with input, size, first, second: null or output, permissions, memoryType, accessFlag)
 *   <li>{@code memory}: bytes, tableBytes, count, note, ranges (pa, size, differing, first, second,
 *       what)
 *   <li>{@code tlb}: both, onlyFirst and onlySecond (words, stale, state)
 * </ul>
 *
 * <p>Lists end after 1,000 members; {@code count} and {@code groups} say how many there are.
 */
final class CompareJson {
  private final JsonGenerator json;

  private CompareJson(JsonGenerator json) {
    this.json = json;
  }

  static void write(PrintWriter out, String first, String second, Comparison comparison)
      throws IOException {
    // The generator must not close the program's output.
    try (JsonGenerator json =
        new JsonFactory().createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
      CompareJson writer = new CompareJson(json);
      json.writeStartObject();
      json.writeBooleanField("equal", comparison.isEqual());
      json.writeBooleanField("recorded", comparison.recorded());
      writer.side("first", first, comparison.first().toString());
      writer.side("second", second, comparison.second().toString());
      writer.parting(comparison.parting());
      writer.events(comparison.events());
      writer.registers(comparison.registers());
      json.writeArrayFieldStart("trees");
      for (TreeDifference tree : comparison.trees()) {
        writer.tree(tree);
      }
      json.writeEndArray();
      writer.memory(comparison.memory());
      json.writeObjectFieldStart("tlb");
      json.writeNumberField("both", comparison.tlb().both());
      writer.tlb("onlyFirst", comparison.tlb().onlyFirst());
      writer.tlb("onlySecond", comparison.tlb().onlySecond());
      json.writeEndObject();
      json.writeEndObject();
    }
    out.println();
  }

  private void side(String key, String run, String moment) throws IOException {
    json.writeObjectFieldStart(key);
    json.writeStringField("run", run);
    json.writeStringField("moment", moment);
    json.writeEndObject();
  }

  private void parting(Optional<Parting> parting) throws IOException {
    if (parting.isEmpty()) {
      json.writeNullField("parting");
      return;
    }
    json.writeObjectFieldStart("parting");
    json.writeStringField("moment", parting.get().moment().toString());
    json.writeArrayFieldStart("branches");
    for (Branch branch : parting.get().left()) {
      json.writeStartObject();
      json.writeNumberField("number", branch.number());
      json.writeNumberField("parent", branch.parent());
      json.writeStringField("at", branch.parting().toString());
      json.writeStringField("words", branch.words());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void events(EventDifference events) throws IOException {
    json.writeObjectFieldStart("events");
    json.writeNumberField("common", events.common());
    if (events.divergence().isPresent()) {
      EventDifference.Divergence parts = events.divergence().get();
      json.writeObjectFieldStart("divergence");
      event("first", parts.first(), parts.firstWords());
      event("second", parts.second(), parts.secondWords());
      json.writeEndObject();
    } else {
      json.writeNullField("divergence");
    }
    counts("first", events.first());
    counts("second", events.second());
    json.writeEndObject();
  }

  private void event(String key, Event event, String words) throws IOException {
    json.writeObjectFieldStart(key);
    json.writeNumberField("seq", event.number());
    json.writeStringField("moment", event.moment().toString());
    json.writeStringField("words", words);
    json.writeEndObject();
  }

  private void counts(String key, Map<EventKind, Long> counts) throws IOException {
    json.writeObjectFieldStart(key);
    for (Map.Entry<EventKind, Long> count : counts.entrySet()) {
      json.writeNumberField(count.getKey().word(), count.getValue());
    }
    json.writeEndObject();
  }

  private void registers(List<RegisterDifference> registers) throws IOException {
    json.writeArrayFieldStart("registers");
    for (RegisterDifference register : registers) {
      json.writeStartObject();
      json.writeNumberField("pe", register.pe());
      json.writeStringField("name", register.name());
      json.writeStringField("first", register.first());
      json.writeStringField("second", register.second());
      json.writeArrayFieldStart("fields");
      for (RegisterDifference.FieldDifference field : register.fields()) {
        json.writeStartObject();
        json.writeStringField("name", field.name());
        json.writeStringField("bits", field.bits());
        json.writeStringField("first", field.first());
        json.writeStringField("second", field.second());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void tree(TreeDifference tree) throws IOException {
    json.writeStartObject();
    json.writeStringField("title", tree.title());
    json.writeNumberField("stage", tree.owner().stage());
    json.writeStringField("regime", tree.owner().regime().text());
    json.writeNumberField("vmid", tree.owner().vmid());
    json.writeBooleanField("equal", tree.isEqual());
    json.writeObjectFieldStart("inForce");
    json.writeBooleanField("first", tree.firstInForce());
    json.writeBooleanField("second", tree.secondInForce());
    json.writeEndObject();
    both("root", Hex.plain(tree.firstRoot()), Hex.plain(tree.secondRoot()));
    json.writeBooleanField("sameGeometry", tree.sameGeometry());
    json.writeBooleanField("complete", tree.complete());
    json.writeNumberField("descriptors", tree.descriptors());
    json.writeNumberField("groups", tree.groups());
    json.writeArrayFieldStart("entries");
    for (EntryDifference entry : tree.entries()) {
      entry(entry);
    }
    json.writeEndArray();
    json.writeObjectFieldStart("effects");
    json.writeStringField("onlyFirst", Hex.plain(tree.effects().onlyFirst()));
    json.writeStringField("onlySecond", Hex.plain(tree.effects().onlySecond()));
    json.writeStringField("changed", Hex.plain(tree.effects().changed()));
    json.writeNumberField("count", tree.effects().count());
    json.writeArrayFieldStart("ranges");
    for (EffectDifference range : tree.effects().ranges()) {
      json.writeStartObject();
      json.writeStringField("input", Hex.plain(range.input()));
      json.writeStringField("size", Hex.plain(range.bytes()));
      effect("first", range.first());
      effect("second", range.second());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndObject();
  }

  private void entry(EntryDifference entry) throws IOException {
    json.writeStartObject();
    json.writeNumberField("level", entry.place().level());
    json.writeNumberField("index", entry.place().index());
    json.writeStringField("table", Hex.plain(entry.place().table()));
    json.writeStringField("input", Hex.plain(entry.place().input()));
    json.writeStringField("size", Hex.plain(entry.bytes()));
    json.writeNumberField("count", entry.count());
    both("at", at(entry.firstPa()), at(entry.secondPa()));
    both("descriptor", Hex.plain(entry.first()), Hex.plain(entry.second()));
    both("words", entry.firstWords(), entry.secondWords());
    json.writeObjectFieldStart("below");
    json.writeNumberField("first", entry.firstBelow());
    json.writeNumberField("second", entry.secondBelow());
    json.writeEndObject();
    json.writeBooleanField("sameEffect", entry.sameEffect());
    json.writeEndObject();
  }

  private static @Nullable String at(long pa) {
    return pa == -1 ? null : Hex.plain(pa);
  }

  private void effect(String key, @Nullable Effect effect) throws IOException {
    if (effect == null) {
      json.writeNullField(key);
      return;
    }
    json.writeObjectFieldStart(key);
    json.writeStringField("output", Hex.plain(effect.output()));
    json.writeStringField("permissions", effect.permissions().text());
    json.writeStringField("memoryType", effect.memoryType().words());
    json.writeBooleanField("accessFlag", effect.accessFlag());
    json.writeEndObject();
  }

  private void memory(MemoryDifference memory) throws IOException {
    json.writeObjectFieldStart("memory");
    json.writeNumberField("bytes", memory.bytes());
    json.writeNumberField("tableBytes", memory.tableBytes());
    json.writeNumberField("count", memory.count());
    json.writeStringField("note", memory.note());
    json.writeArrayFieldStart("ranges");
    for (MemoryDifference.Range range : memory.ranges()) {
      json.writeStartObject();
      json.writeStringField("pa", Hex.plain(range.pa()));
      json.writeStringField("size", Hex.plain(range.size()));
      json.writeNumberField("differing", range.differing());
      json.writeStringField("first", Hex.plain(range.first()));
      json.writeStringField("second", Hex.plain(range.second()));
      json.writeStringField("what", range.what());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void tlb(String key, List<Freshness> entries) throws IOException {
    json.writeArrayFieldStart(key);
    for (Freshness entry : entries) {
      json.writeStartObject();
      json.writeStringField("words", new TlbWords(entry.entry()).line());
      json.writeBooleanField("stale", entry.isStale());
      json.writeStringField("state", entry.words());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void both(String key, @Nullable String first, @Nullable String second)
      throws IOException {
    json.writeObjectFieldStart(key);
    json.writeStringField("first", first);
    json.writeStringField("second", second);
    json.writeEndObject();
  }
}
