package dev.stagewalk.app.tables;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.image.DumpException;
import dev.stagewalk.image.DumpName;
import dev.stagewalk.image.MemoryDump;
import dev.stagewalk.image.RegisterSheet;
import dev.stagewalk.image.boot.SymbolTable;
import dev.stagewalk.mmu.Features;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where registers and memory come from: the command line, register files, dumps, a sample. */
final class WorldOptions {
  private static final long HCR_FWB = 1L << 46;

  @Mixin private DumpOptions given = new DumpOptions();

  @Option(
      names = "--sample",
      paramLabel = "NAME",
      description = "registers and memory of a sample, at its first stage-2 fault or last exit")
  private @Nullable String sample;

  @Option(
      names = "--at",
      paramLabel = "MOMENT",
      description = "another moment of the sample: branch:instruction.micro, start, end or exit N")
  private @Nullable String at;

  @Mixin private PeOptions pe = new PeOptions();

  /**
   * Brings everything together.
   *
   * @param stage1 registers of stage 1 that options give, by name
   * @throws IllegalArgumentException in words
   */
  World open(Map<String, Long> stage1) {
    return open(stage1, List.of());
  }

  /**
   * Brings everything together.
   *
   * @param stage1 registers of stage 1 that options give, by name
   * @param first memory that is named without an option, FILE or FILE@BASE; the others lie over it
   * @throws IllegalArgumentException in words
   */
  World open(Map<String, Long> stage1, List<String> first) {
    List<String> all = new ArrayList<>(first);
    all.addAll(given.dumps());
    List<String> notes = new ArrayList<>();
    Map<String, Long> registers = new HashMap<>();
    Optional<SampleState> state = Optional.empty();
    if (sample != null) {
      state = Optional.of(SampleState.of(sample, at));
      registers.putAll(state.get().registers());
      notes.addAll(state.get().notes());
    } else if (at != null) {
      throw new IllegalArgumentException("--at is a moment of a sample: name one with --sample");
    }
    given.takeSheets(all.isEmpty() || state.isPresent() ? null : all.getFirst(), registers, notes);
    registers.putAll(stage1);
    registers.putAll(given.typed());
    guestsHcr(registers, notes);
    Features told =
        registers.containsKey("ID_AA64MMFR0_EL1")
            ? Features.of(
                registers.get("ID_AA64MMFR0_EL1"),
                registers.getOrDefault("ID_AA64MMFR1_EL1", 0L),
                registers.getOrDefault("ID_AA64MMFR2_EL1", 0L))
            : Features.MAX;
    Features features = pe.features(told);
    if (!all.isEmpty()) {
      return ofDumps(all, registers, features, notes);
    }
    if (state.isPresent()) {
      return state.get().world(registers, features, notes);
    }
    throw new IllegalArgumentException(
        "there is no memory to walk: name a dump (--dump FILE or FILE@BASE) or a sample (--sample"
            + " NAME)");
  }

  /** Whether a sample is named. */
  boolean namesSample() {
    return sample != null;
  }

  private static World ofDumps(
      List<String> dumps, Map<String, Long> registers, Features features, List<String> notes) {
    try {
      List<DumpName> names = dumps.stream().map(DumpName::parse).toList();
      MemoryDump dump = MemoryDump.open(names);
      notes.addAll(dump.notes());
      return new World(
          registers,
          features,
          dump,
          dump::missing,
          true,
          notes,
          Optional.empty(),
          SymbolTable.EMPTY,
          dump::close);
    } catch (DumpException | IOException e) {
      throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
    }
  }

  /** A dump may be taken while the host runs; its tables are the guest's nevertheless. */
  private void guestsHcr(Map<String, Long> registers, List<String> notes) {
    Long value = registers.get("HCR_EL2");
    if (value == null) {
      registers.put("HCR_EL2", 1L);
    } else if (!given.typed().containsKey("HCR_EL2") && !RegisterSheet.stage2On(value)) {
      registers.put("HCR_EL2", RegisterSheet.guestHcr(value));
      notes.add(
          RegisterSheet.assumed(value)
              + "; for FWB give --hcr "
              + Hex.plain(RegisterSheet.guestHcr(value) | HCR_FWB));
    }
  }

  static long number(String name, String value) {
    try {
      return Hex.parse(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
  }
}
