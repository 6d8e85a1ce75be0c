package dev.stagewalk.trace;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Barrier;
import dev.stagewalk.event.Domain;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Instruction;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.MemoryAttributes;
import dev.stagewalk.event.MemoryType;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.Permissions;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.SimEvent.Lane;
import dev.stagewalk.event.StageOutput;
import dev.stagewalk.event.Stages;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.LookupRules;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads events in the form of {@link EventJson}: what was written comes back equal. Of a kind that
 * is not known the line itself is kept, as something recorded elsewhere.
 */
public final class EventReader {
  private static final Map<String, Barrier> BARRIERS = barriers();

  private EventReader() {}

  private static Map<String, Barrier> barriers() {
    Map<String, Barrier> all = new HashMap<>();
    for (Barrier.Kind kind : new Barrier.Kind[] {Barrier.Kind.DSB, Barrier.Kind.DMB}) {
      for (Domain domain : Domain.values()) {
        for (Barrier.Types types : Barrier.Types.values()) {
          for (boolean nxs : new boolean[] {false, true}) {
            Barrier barrier = new Barrier(kind, domain, types, nxs);
            all.put(barrier.text(), barrier);
          }
        }
      }
    }
    all.put(Barrier.ISB.text(), Barrier.ISB);
    return Map.copyOf(all);
  }

  /** Whether a line is that of an event. */
  public static boolean isEvent(String line) {
    return line.startsWith("{\"seq\"");
  }

  /**
   * The event of a line.
   *
   * @throws IllegalArgumentException naming what is missing or cannot be
   */
  static Event read(String line) {
    JsonRecord json = JsonRecord.parse(line);
    return new Event(
        json.number("seq"),
        Moment.parse(json.text("moment")),
        json.small("pe"),
        what(json.text("kind"), json, line));
  }

  /** The moment of a line of an event, without reading the rest. */
  public static Moment moment(String line) {
    String key = "\"moment\":\"";
    int begin = line.indexOf(key) + key.length();
    int end = line.indexOf('"', begin);
    if (begin < key.length() || end < 0) {
      throw new IllegalArgumentException("a line says no moment: " + line);
    }
    return Moment.parse(line.substring(begin, end));
  }

  private static SimEvent what(String kind, JsonRecord json, String line) {
    return switch (kind) {
      case "walk" ->
          new SimEvent.Translated(json.hex("pc"), translation(json.object("translation")));
      case "exception" ->
          new SimEvent.ExceptionTaken(
              json.small("fromEl"),
              json.small("toEl"),
              json.small("vector"),
              json.hex("esr"),
              json.hex("far"),
              json.hex("hpfar"),
              json.flag("hpfarValid"),
              json.hex("elr"),
              json.hex("spsr"),
              json.has("translation") ? translation(json.object("translation")) : null);
      case "return" ->
          new SimEvent.ExceptionReturned(
              json.small("fromEl"), json.small("toEl"), json.hex("pc"), json.hex("spsr"));
      case "contextSaved" -> new SimEvent.ContextSaved(json.small("exitCode"), json.hex("guest"));
      case "contextLoaded" -> new SimEvent.ContextLoaded(json.hex("guest"));
      case "callBegan" ->
          new SimEvent.HostCallBegan(
              json.text("name"),
              json.text("arguments"),
              json.has("operands")
                  ? json.texts("operands").stream().map(Hex::parse).toList()
                  : List.of());
      case "callEnded" ->
          new SimEvent.HostCallEnded(json.text("name"), json.text("result"), json.flag("ok"));
      case "allocated" -> new SimEvent.Allocated(json.small("order"), json.hex("pa"));
      case "freed" -> new SimEvent.Freed(json.hex("pa"), json.text("remark"));
      case "descriptorStored" ->
          new SimEvent.DescriptorStored(
              json.hex("pa"), json.hex("old"), json.hex("value"), by(json));
      case "stored" ->
          new SimEvent.HostStored(
              json.hex("pa"), json.small("size"), json.hex("old"), json.hex("value"));
      case "copied" ->
          new SimEvent.MemoryCopied(json.hex("from"), json.hex("to"), json.hex("bytes"));
      case "cleared" -> new SimEvent.MemoryCleared(json.hex("pa"), json.hex("bytes"));
      case "registerWritten" ->
          new SimEvent.RegisterWritten(json.text("register"), json.hex("old"), json.hex("value"));
      case "tlbi" ->
          new SimEvent.TlbInvalidated(ScopeJson.read(json), json.small("removed"), by(json));
      case "barrier" ->
          new SimEvent.BarrierCompleted(
              barrier(json.text("barrier")), json.small("removed"), by(json));
      case "printed" -> new SimEvent.Printed(json.text("text"));
      case "uart" -> new SimEvent.UartByte(json.small("value"));
      case "answered" ->
          new SimEvent.HandlerAnswered(
              json.flag("resume"), json.text("handler"), json.text("reason"));
      case "firmware" ->
          new SimEvent.FirmwareCalled(
              json.text("function"), json.text("arguments"), json.number("result"));
      case "timePassed" -> new SimEvent.TimePassed(json.number("ticks"));
      case "stopped" -> new SimEvent.GuestStopped(json.text("reason"), json.flag("ok"));
      case "withheld" ->
          new SimEvent.Withheld(json.text("instruction"), json.text("effect"), by(json));
      case "edited" -> new SimEvent.Edited(json.text("what"));
      default -> unknown(kind, json, line);
    };
  }

  private static SimEvent unknown(String kind, JsonRecord json, String line) {
    return new SimEvent.Recorded(
        json.constant("lane", Lane.class),
        "recording",
        kind,
        line,
        false,
        OptionalLong.empty(),
        OptionalInt.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalInt.empty(),
        OptionalInt.empty());
  }

  private static Barrier barrier(String text) {
    Barrier barrier = BARRIERS.get(text);
    if (barrier == null) {
      throw new IllegalArgumentException("'barrier' is '" + text + "', no barrier");
    }
    return barrier;
  }

  private static @Nullable Instruction by(JsonRecord json) {
    if (!json.has("by")) {
      return null;
    }
    JsonRecord by = json.object("by");
    return new Instruction(by.hex("pc"), by.small("el"));
  }

  private static Translation translation(JsonRecord json) {
    return new Translation(
        json.small("stage"),
        json.small("vmid"),
        json.hex("input"),
        new Access(
            json.constant("access", Access.Kind.class),
            json.small("size"),
            json.flag("privileged"),
            json.has("pan"),
            !json.has("unaligned")),
        lookups(json, "lookups"),
        outcome(json.object("outcome")),
        json.has("stages") ? stages(json.object("stages")) : null,
        json.has("updates")
            ? json.objects("updates").stream()
                .map(update ->
                    new Translation.DescriptorUpdate(
                        update.hex("pa"), update.hex("old"), update.hex("value")))
                .toList()
            : List.of());
  }

  private static List<Lookup> lookups(JsonRecord json, String name) {
    return json.objects(name).stream()
        .map(lookup -> {
          Lookup.Verdict verdict = lookup.constant("verdict", Lookup.Verdict.class);
          return new Lookup(
              lookup.small("stage"),
              lookup.small("level"),
              lookup.hex("table"),
              lookup.small("index"),
              lookup.small("indexHigh"),
              lookup.small("indexLow"),
              lookup.hex("at"),
              lookup.hex("descriptor"),
              verdict,
              lookup.hex("output"),
              rule(lookup, verdict),
              lookups(lookup, "nested"),
              lookup.has("held"));
        })
        .toList();
  }

  /** A recording of version 1 says no rule of a lookup. */
  private static String rule(JsonRecord lookup, Lookup.Verdict verdict) {
    if (LookupRules.isPlain(verdict)) {
      return LookupRules.of(verdict);
    }
    return lookup.has("rule") ? lookup.text("rule") : "";
  }

  private static Translation.Outcome outcome(JsonRecord json) {
    if (json.has("fault")) {
      return new Translation.Fault(
          json.constant("fault", FaultKind.class),
          json.small("level"),
          json.small("stage"),
          json.flag("onStage1Walk"),
          json.hex("ipa"),
          json.text("rule"),
          json.has("asWrite"));
    }
    return new Translation.Output(
        json.hex("output"),
        json.small("level"),
        json.small("leafShift"),
        json.hex("leaf"),
        json.flag("readable"),
        json.flag("writable"),
        json.flag("executableAtEl1"),
        json.flag("executableAtEl0"),
        json.named("memoryType", MemoryType.class, MemoryType::words));
  }

  private static Stages stages(JsonRecord json) {
    return new Stages(
        json.named("regime", Regime.class, Regime::text),
        json.small("asid"),
        json.flag("global"),
        json.has("stage1") ? output(json.object("stage1")) : null,
        json.has("stage2") ? output(json.object("stage2")) : null);
  }

  private static StageOutput output(JsonRecord json) {
    return new StageOutput(
        json.hex("address"),
        json.small("level"),
        json.small("shift"),
        json.hex("leaf"),
        new Permissions(json.small("permissions")),
        new MemoryAttributes(json.small("attr"), json.small("shareability")));
  }
}
