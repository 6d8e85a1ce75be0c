package dev.stagewalk.app.tables;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Size;
import dev.stagewalk.image.DumpKind;
import dev.stagewalk.image.MemoryDump;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.RangeFolder;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.TableSweep;
import dev.stagewalk.session.OpenedDump;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a dump of memory holds, for a person or as JSON: {@code file}, {@code kind}, {@code events}
 * (0) and {@code event_counts} (empty: a dump has none), {@code memory} (from, to, bytes, file),
 * {@code registers_from}, {@code pes} (their known registers of stage 2, and why one is taken or
 * not), {@code pe} (the one taken), {@code unknown}, {@code assumed}, {@code tables} (absent while
 * unknown: tables, leaves, ranges, bytes, complete, odd) and {@code remarks}.
 */
public final class DumpReport {
  private static final int SHOWN = 20;
  private static final List<String> NAMES = List.of("VTTBR_EL2", "VTCR_EL2", "HCR_EL2");

  private DumpReport() {}

  /** What a sweep over the tables has counted. */
  private record Counted(long tables, long leaves, long ranges, long bytes, boolean complete) {}

  /** For a person. */
  public static void text(OpenedDump dump, PrintWriter out) {
    out.printf("%s: %s%n", dump.name(), kind(dump).words());
    List<MemoryDump.Range> memory = dump.memory().ranges();
    long held = memory.stream().mapToLong(MemoryDump.Range::bytes).sum();
    out.printf("memory: %s in %s%n", Size.words(held), Texts.count(memory.size(), "range"));
    memory.stream()
        .limit(SHOWN)
        .forEach(range ->
            out.printf(
                "  %s–%s  %s%n",
                Hex.address(range.pa()), Hex.address(range.last()), Size.words(range.bytes())));
    if (memory.size() > SHOWN) {
      out.printf("  and %,d more%n", memory.size() - SHOWN);
    }
    registers(dump, out);
    Optional<String> unknown = dump.unknown();
    if (unknown.isPresent()) {
      out.println("stage 2: " + unknown.get());
      out.println(
          "  Give --regs FILE (JSON, or text as debuggers print registers), or --vttbr VALUE and"
              + " --vtcr VALUE.");
    } else {
      tables(dump, out);
    }
    dump.assumed().ifPresent(words -> out.println("note: " + words));
    dump.memory().notes().forEach(note -> out.println("note: " + note));
    dump.notes().forEach(note -> out.println("note: " + note));
  }

  private static DumpKind kind(OpenedDump dump) {
    return dump.memory().kinds().getFirst();
  }

  private static void registers(OpenedDump dump, PrintWriter out) {
    out.println(
        dump.registersFrom().isEmpty()
            ? "registers: none beside it"
            : "registers: " + dump.registersFrom());
    for (int pe = 0; pe < dump.sheet().pes().size(); pe++) {
      Map<String, Long> registers = dump.sheet().pes().get(pe);
      List<String> values = new ArrayList<>();
      for (String name : NAMES) {
        Long value = registers.get(name);
        values.add(name + " " + (value == null ? "unknown" : Hex.plain(value)));
      }
      out.printf("  PE %d: %s%n", pe, String.join(", ", values));
      if (dump.sheet().pes().size() > 1) {
        out.printf(
            "        %s%s%n",
            dump.sheet().why(pe), pe == dump.pe() ? " — taken (--cpu takes another)" : "");
      }
    }
  }

  private static Stage2Parameters parameters(OpenedDump dump) {
    Map<String, Long> registers = dump.translating();
    Features features =
        registers.containsKey("ID_AA64MMFR0_EL1")
            ? Features.of(
                registers.getOrDefault("ID_AA64MMFR0_EL1", 0L),
                registers.getOrDefault("ID_AA64MMFR1_EL1", 0L),
                registers.getOrDefault("ID_AA64MMFR2_EL1", 0L))
            : Features.MAX;
    return Stage2Parameters.decode(
        registers.getOrDefault("VTCR_EL2", 0L),
        registers.getOrDefault("VTTBR_EL2", 0L),
        registers.getOrDefault("HCR_EL2", 0L),
        features);
  }

  private static Counted counted(OpenedDump dump, Stage2Parameters parameters, Oddities odd) {
    long[] counts = new long[2];
    RangeFolder folder =
        new RangeFolder(
            parameters,
            range -> {
              counts[0]++;
              counts[1] += range.bytes();
            });
    TableSweep.Done done =
        TableSweep.over(
            parameters,
            dump.memory(),
            new TableSweep.Visitor() {
              @Override
              public void leaf(long ipa, int level, long pa, long descriptor) {
                folder.leaf(ipa, level, pa, descriptor);
              }

              @Override
              public void oddity(TableSweep.Oddity oddity) {
                odd.add(oddity);
              }
            });
    folder.finish();
    return new Counted(done.tables(), folder.leaves(), counts[0], counts[1], done.complete());
  }

  private static void tables(OpenedDump dump, PrintWriter out) {
    Stage2Parameters parameters = parameters(dump);
    out.println("stage 2: VMID " + parameters.vmid() + ", " + Texts.geometry(parameters));
    parameters.problems().forEach(problem -> out.println("  " + Texts.problem(problem)));
    if (!parameters.walkable()) {
      out.println("  Nothing can be translated: every access faults.");
      return;
    }
    Oddities odd = new Oddities(dump.memory()::missing);
    Counted counted = counted(dump, parameters, odd);
    out.println(
        "  "
            + Texts.count(counted.tables, "table")
            + ", "
            + Texts.count(counted.leaves, "leaf", "leaves")
            + " in "
            + Texts.count(counted.ranges, "range")
            + ", "
            + Size.words(counted.bytes)
            + " mapped"
            + (counted.complete ? "" : "; not all tables were looked at"));
    odd.lines().forEach(line -> out.println("  " + line));
    out.println("  'tables' lists the ranges, 'walk' translates, 'check' judges, 'open' shows.");
  }

  /** As one JSON object. */
  public static void json(OpenedDump dump, PrintWriter out) throws IOException {
    // The generator must not close the program's output.
    try (JsonGenerator json =
        new JsonFactory().createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
      json.writeStartObject();
      json.writeStringField("file", dump.name());
      json.writeStringField("kind", kind(dump).id());
      json.writeNumberField("events", 0);
      json.writeObjectFieldStart("event_counts");
      json.writeEndObject();
      json.writeArrayFieldStart("memory");
      for (MemoryDump.Range range : dump.memory().ranges()) {
        json.writeStartObject();
        json.writeStringField("from", Hex.plain(range.pa()));
        json.writeStringField("to", Hex.plain(range.last()));
        json.writeStringField("bytes", Hex.plain(range.bytes()));
        json.writeStringField("file", range.file());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeStringField("registers_from", dump.registersFrom());
      json.writeArrayFieldStart("pes");
      for (int pe = 0; pe < dump.sheet().pes().size(); pe++) {
        json.writeStartObject();
        for (String name : NAMES) {
          Long value = dump.sheet().pes().get(pe).get(name);
          if (value != null) {
            json.writeStringField(name, Hex.plain(value));
          }
        }
        json.writeStringField("why", dump.sheet().why(pe));
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeNumberField("pe", dump.pe());
      if (dump.unknown().isPresent()) {
        json.writeStringField("unknown", dump.unknown().get());
      } else {
        jsonTables(dump, json);
      }
      if (dump.assumed().isPresent()) {
        json.writeStringField("assumed", dump.assumed().get());
      }
      json.writeArrayFieldStart("remarks");
      for (String line : dump.lines()) {
        json.writeString(line);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    out.println();
  }

  private static void jsonTables(OpenedDump dump, JsonGenerator json) throws IOException {
    Stage2Parameters parameters = parameters(dump);
    Oddities odd = new Oddities(dump.memory()::missing);
    Counted counted = counted(dump, parameters, odd);
    json.writeObjectFieldStart("tables");
    json.writeNumberField("tables", counted.tables);
    json.writeNumberField("leaves", counted.leaves);
    json.writeNumberField("ranges", counted.ranges);
    json.writeStringField("bytes", Hex.plain(counted.bytes));
    json.writeBooleanField("complete", counted.complete);
    json.writeArrayFieldStart("odd");
    for (String line : odd.lines()) {
      json.writeString(line);
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
