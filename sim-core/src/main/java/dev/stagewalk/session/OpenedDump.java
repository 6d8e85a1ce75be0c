package dev.stagewalk.session;

import dev.stagewalk.image.MemoryDump;
import dev.stagewalk.image.RegisterSheet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A dump of physical memory with the registers that came beside it, or were typed in. What neither
 * says is unknown.
 *
 * @param name of the file
 * @param memory that is there
 * @param sheet registers of each PE, as they were recorded or typed
 * @param registersFrom where they come from, in words; empty if nothing came with the dump
 * @param pe whose registers name the tables that are shown
 * @param notes what a user should know beside
 */
public record OpenedDump(
    String name,
    MemoryDump memory,
    RegisterSheet sheet,
    String registersFrom,
    int pe,
    List<String> notes) {

  public OpenedDump {
    notes = List.copyOf(notes);
  }

  /** "VTTBR_EL2 and VTCR_EL2 are unknown …": why no tables can be shown; empty if they can. */
  public Optional<String> unknown() {
    Map<String, Long> registers = sheet.pes().get(pe);
    List<String> missing =
        List.of("VTTBR_EL2", "VTCR_EL2").stream()
            .filter(name -> !registers.containsKey(name))
            .toList();
    if (!missing.isEmpty()) {
      return Optional.of(
          String.join(" and ", missing)
              + (missing.size() > 1 ? " are" : " is")
              + " unknown: a dump of memory does not hold "
              + (missing.size() > 1 ? "them." : "it."));
    }
    return registers.getOrDefault("VTTBR_EL2", 0L) == 0
        ? Optional.of("VTTBR_EL2 of PE " + pe + " is 0: it names no tables of a guest.")
        : Optional.empty();
  }

  /** What is taken for granted of the chosen PE; empty if nothing is. */
  public Optional<String> assumed() {
    Long hcr = sheet.pes().get(pe).get("HCR_EL2");
    if (unknown().isPresent()) {
      return Optional.empty();
    }
    if (hcr == null) {
      return Optional.of(
          "HCR_EL2 is unknown; VM = 1 and no other bit are assumed. Whether the guest runs with"
              + " FWB, PTW, CD or ID is not known.");
    }
    return RegisterSheet.stage2On(hcr)
        ? Optional.empty()
        : Optional.of(RegisterSheet.assumed(hcr) + ".");
  }

  /**
   * The registers that translations of a PE's guest are made with: those that are known, HCR_EL2 as
   * it would be while the guest runs. Without tables stage 2 counts as off.
   */
  Map<String, Long> registers(int of) {
    Map<String, Long> registers = new TreeMap<>(sheet.pes().get(of));
    Long hcr = registers.get("HCR_EL2");
    if (seenFrom(of).unknown().isPresent()) {
      registers.remove("HCR_EL2");
    } else if (hcr == null || !RegisterSheet.stage2On(hcr)) {
      registers.put("HCR_EL2", hcr == null ? 1L : RegisterSheet.guestHcr(hcr));
    }
    return registers;
  }

  /** The registers that translations of the chosen PE's guest are made with. */
  public Map<String, Long> translating() {
    return registers(pe);
  }

  /** The same with the tables of another PE. */
  public OpenedDump seenFrom(int other) {
    return new OpenedDump(name, memory, sheet, registersFrom, other, notes);
  }

  /** The same with a register of the chosen PE typed in. */
  public OpenedDump with(String register, long value) {
    String from = registersFrom;
    if (!from.contains("typed")) {
      from = from.isEmpty() ? "typed in" : from + ", and typed in";
    }
    return new OpenedDump(name, memory, sheet.with(pe, register, value), from, pe, notes);
  }

  /** What each file is and what it holds, and what else should be known, one line each. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>(memory.formats());
    lines.addAll(memory.notes());
    lines.addAll(notes);
    return lines;
  }
}
