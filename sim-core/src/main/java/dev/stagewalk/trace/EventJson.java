package dev.stagewalk.trace;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Instruction;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.StageOutput;
import dev.stagewalk.event.Stages;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.LookupRules;
import dev.stagewalk.time.Events;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Events as JSON Lines: one object a line, keys in a fixed order, 64-bit values as strings {@code
 * "0x…"}, other numbers as numbers.
 *
 * <p>Every line begins with {@code seq} (dense, from 0), {@code moment} (as it can be typed),
 * {@code pe}, {@code lane} (GUEST, EXITS, HOST, YOU) and {@code kind}. Then, by kind:
 *
 * <ul>
 *   <li>{@code walk}: pc, translation
 *   <li>{@code exception}: fromEl, toEl, vector, esr, far, hpfar, hpfarValid, elr, spsr,
 *       translation (null if no walk was refused)
 *   <li>{@code return}: fromEl, toEl, pc, spsr
 *   <li>{@code contextSaved}: exitCode, guest; {@code contextLoaded}: guest
 *   <li>{@code callBegan}: name, arguments, operands (if any); {@code callEnded}: name, result, ok
 *   <li>{@code allocated}: order, pa; {@code freed}: pa, remark
 *   <li>{@code descriptorStored}: pa, old, value, by; {@code stored}: pa, size, old, value; {@code
 *       cleared}: pa, bytes; {@code copied}: from, to, bytes
 *   <li>{@code registerWritten}: register, old, value
 *   <li>{@code tlbi}: operation, domain, regime, vas, ipas, vmid and asid (−1 for any), globalToo,
 *       lastLevelOnly, first and bytes (0 for every address), level (−2 where the operand names
 *       none), operand, words, removed, by; {@code barrier}: barrier, removed, by
 *   <li>{@code printed}: text; {@code uart}: value
 *   <li>{@code answered}: resume, handler, reason; {@code stopped}: reason, ok; {@code edited}:
 *       what
 * </ul>
 *
 * <p>{@code by} is the A64 instruction that did it, {@code {"pc", "el"}}, or null for a hypervisor
 * in Java.
 *
 * <p>A {@code translation} has stage, vmid, input, access, size, privileged, pan and unaligned (if
 * so), lookups, outcome, stages (of a VA: regime, asid, global, and what stage1 and stage2 said),
 * updates (if any). Each of the lookups has stage, level, table, index, indexHigh, indexLow, at,
 * descriptor, verdict, output, rule (where it refuses), held (if so), nested. An outcome is either
 * {@code {"output", level, leafShift, leaf, readable, writable, executableAtEl1, executableAtEl0,
 * memoryType}} or {@code {"fault", level, stage, onStage1Walk, ipa, rule}}.
 */
public final class EventJson implements Closeable {
  private final JsonGenerator json;

  /**
   * @param out gets the lines; it is not closed
   */
  public EventJson(Writer out) throws IOException {
    this(new JsonFactory().createGenerator(out));
  }

  /**
   * As above, in UTF-8.
   *
   * @param out gets the lines; it is not closed
   */
  EventJson(OutputStream out) throws IOException {
    this(new JsonFactory().createGenerator(out));
  }

  private EventJson(JsonGenerator json) {
    this.json = json;
    json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    json.setPrettyPrinter(new MinimalPrettyPrinter(""));
  }

  /** Adds a line that is no event: JSON without an end of line. */
  void line(String line) throws IOException {
    json.writeRaw(line);
    json.writeRaw('\n');
  }

  /** Hands on what has been written. */
  void flush() throws IOException {
    json.flush();
  }

  @Override
  public void close() throws IOException {
    json.close();
  }

  /**
   * Writes the first events of a recording.
   *
   * @param count how many
   */
  public static void write(Events events, long count, Writer out) throws IOException {
    try (EventJson writer = new EventJson(out)) {
      for (long n = 0; n < count; n++) {
        writer.write(events.get(n));
      }
    }
  }

  private void by(@Nullable Instruction instruction) throws IOException {
    if (instruction == null) {
      json.writeNullField("by");
      return;
    }
    json.writeObjectFieldStart("by");
    hex("pc", instruction.pc());
    number("el", instruction.el());
    json.writeEndObject();
  }

  /** Writes the next event. */
  public void write(Event event) throws IOException {
    json.writeStartObject();
    json.writeNumberField("seq", event.number());
    text("moment", event.moment().toString());
    json.writeNumberField("pe", event.pe());
    text("lane", event.what().lane().name());
    what(event.what());
    json.writeEndObject();
    json.writeRaw('\n');
  }

  private void what(SimEvent event) throws IOException {
    switch (event) {
      case SimEvent.Translated e -> {
        kind("walk");
        hex("pc", e.pc());
        translation(e.translation());
      }
      case SimEvent.ExceptionTaken e -> exception(e);
      case SimEvent.ExceptionReturned e -> {
        kind("return");
        number("fromEl", e.fromEl());
        number("toEl", e.toEl());
        hex("pc", e.pc());
        hex("spsr", e.spsr());
      }
      case SimEvent.ContextSaved e -> {
        kind("contextSaved");
        number("exitCode", e.exitCode());
        hex("guest", e.guest());
      }
      case SimEvent.ContextLoaded e -> {
        kind("contextLoaded");
        hex("guest", e.guest());
      }
      case SimEvent.HostCallBegan e -> {
        kind("callBegan");
        text("name", e.name());
        text("arguments", e.arguments());
        if (!e.operands().isEmpty()) {
          json.writeArrayFieldStart("operands");
          for (long operand : e.operands()) {
            json.writeString(Hex.plain(operand));
          }
          json.writeEndArray();
        }
      }
      case SimEvent.HostCallEnded e -> {
        kind("callEnded");
        text("name", e.name());
        text("result", e.result());
        json.writeBooleanField("ok", e.ok());
      }
      case SimEvent.Allocated e -> {
        kind("allocated");
        number("order", e.order());
        hex("pa", e.pa());
      }
      case SimEvent.Freed e -> {
        kind("freed");
        hex("pa", e.pa());
        text("remark", e.remark());
      }
      case SimEvent.DescriptorStored e -> {
        kind("descriptorStored");
        hex("pa", e.pa());
        hex("old", e.old());
        hex("value", e.value());
        by(e.by());
      }
      case SimEvent.HostStored e -> {
        kind("stored");
        hex("pa", e.pa());
        number("size", e.size());
        hex("old", e.old());
        hex("value", e.value());
      }
      case SimEvent.MemoryCopied e -> {
        kind("copied");
        hex("from", e.from());
        hex("to", e.to());
        hex("bytes", e.bytes());
      }
      case SimEvent.MemoryCleared e -> {
        kind("cleared");
        hex("pa", e.pa());
        hex("bytes", e.bytes());
      }
      case SimEvent.RegisterWritten e -> {
        kind("registerWritten");
        text("register", e.register());
        hex("old", e.old());
        hex("value", e.value());
      }
      case SimEvent.TlbInvalidated e -> {
        kind("tlbi");
        ScopeJson.write(e.scope(), json);
        number("removed", e.removed());
        by(e.by());
      }
      case SimEvent.BarrierCompleted e -> {
        kind("barrier");
        text("barrier", e.text());
        number("removed", e.removed());
        by(e.by());
      }
      case SimEvent.Printed e -> {
        kind("printed");
        text("text", e.text());
      }
      case SimEvent.UartByte e -> {
        kind("uart");
        number("value", e.value());
      }
      case SimEvent.HandlerAnswered e -> {
        kind("answered");
        json.writeBooleanField("resume", e.resume());
        text("handler", e.handler());
        text("reason", e.reason());
      }
      case SimEvent.FirmwareCalled e -> {
        kind("firmware");
        text("function", e.function());
        text("arguments", e.arguments());
        json.writeNumberField("result", e.result());
      }
      case SimEvent.Recorded e -> {
        kind("recorded");
        text("form", e.form());
        text("name", e.name());
        text("text", e.text());
      }
      case SimEvent.TimePassed e -> {
        kind("timePassed");
        json.writeNumberField("ticks", e.ticks());
      }
      case SimEvent.GuestStopped e -> {
        kind("stopped");
        text("reason", e.reason());
        json.writeBooleanField("ok", e.ok());
      }
      case SimEvent.Withheld e -> {
        kind("withheld");
        text("instruction", e.instruction());
        text("effect", e.effect());
        by(e.by());
      }
      case SimEvent.Edited e -> {
        kind("edited");
        text("what", e.what());
      }
    }
  }

  private void exception(SimEvent.ExceptionTaken e) throws IOException {
    kind("exception");
    number("fromEl", e.fromEl());
    number("toEl", e.toEl());
    number("vector", e.vector());
    hex("esr", e.esr());
    hex("far", e.far());
    hex("hpfar", e.hpfar());
    json.writeBooleanField("hpfarValid", e.hpfarValid());
    hex("elr", e.elr());
    hex("spsr", e.spsr());
    Translation cause = e.cause();
    if (cause == null) {
      json.writeNullField("translation");
    } else {
      translation(cause);
    }
  }

  private void translation(Translation walk) throws IOException {
    json.writeObjectFieldStart("translation");
    number("stage", walk.stage());
    number("vmid", walk.vmid());
    hex("input", walk.input());
    text("access", walk.access().kind().name());
    number("size", walk.access().size());
    json.writeBooleanField("privileged", walk.access().privileged());
    ifTrue("pan", walk.access().pan());
    ifTrue("unaligned", !walk.access().aligned());
    lookups("lookups", walk.lookups());
    json.writeObjectFieldStart("outcome");
    switch (walk.outcome()) {
      case Translation.Output o -> {
        hex("output", o.address());
        number("level", o.level());
        number("leafShift", o.leafShift());
        hex("leaf", o.leaf());
        json.writeBooleanField("readable", o.readable());
        json.writeBooleanField("writable", o.writable());
        json.writeBooleanField("executableAtEl1", o.executableAtEl1());
        json.writeBooleanField("executableAtEl0", o.executableAtEl0());
        text("memoryType", o.memoryType().words());
      }
      case Translation.Fault f -> {
        text("fault", f.kind().name());
        number("level", f.level());
        number("stage", f.stage());
        json.writeBooleanField("onStage1Walk", f.onStage1Walk());
        hex("ipa", f.ipa());
        text("rule", f.rule());
        ifTrue("asWrite", f.asWrite());
      }
    }
    json.writeEndObject();
    Stages stages = walk.stages();
    if (stages != null) {
      json.writeObjectFieldStart("stages");
      text("regime", stages.regime().text());
      number("asid", stages.asid());
      json.writeBooleanField("global", stages.global());
      output("stage1", stages.stage1());
      output("stage2", stages.stage2());
      json.writeEndObject();
    }
    if (!walk.updates().isEmpty()) {
      json.writeArrayFieldStart("updates");
      for (Translation.DescriptorUpdate update : walk.updates()) {
        json.writeStartObject();
        hex("pa", update.pa());
        hex("old", update.old());
        hex("value", update.value());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private void output(String name, @Nullable StageOutput said) throws IOException {
    if (said == null) {
      return;
    }
    json.writeObjectFieldStart(name);
    hex("address", said.address());
    number("level", said.level());
    number("shift", said.shift());
    hex("leaf", said.leaf());
    number("permissions", said.permissions().bits());
    number("attr", said.attributes().attr());
    number("shareability", said.attributes().shareability());
    json.writeEndObject();
  }

  private void ifTrue(String name, boolean value) throws IOException {
    if (value) {
      json.writeBooleanField(name, true);
    }
  }

  private void lookups(String name, List<Lookup> lookups) throws IOException {
    json.writeArrayFieldStart(name);
    for (Lookup lookup : lookups) {
      json.writeStartObject();
      number("stage", lookup.stage());
      number("level", lookup.level());
      hex("table", lookup.table());
      number("index", lookup.index());
      number("indexHigh", lookup.indexHigh());
      number("indexLow", lookup.indexLow());
      hex("at", lookup.descriptorAddress());
      hex("descriptor", lookup.descriptor());
      text("verdict", lookup.verdict().name());
      hex("output", lookup.output());
      if (!LookupRules.isPlain(lookup.verdict())) {
        text("rule", lookup.rule());
      }
      ifTrue("held", lookup.held());
      lookups("nested", lookup.nested());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void kind(String value) throws IOException {
    text("kind", value);
  }

  private void text(String name, String value) throws IOException {
    json.writeStringField(name, value);
  }

  private void number(String name, int value) throws IOException {
    json.writeNumberField(name, value);
  }

  private void hex(String name, long value) throws IOException {
    text(name, Hex.plain(value));
  }
}
