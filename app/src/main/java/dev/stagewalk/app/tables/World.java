package dev.stagewalk.app.tables;

import dev.stagewalk.event.Access;
import dev.stagewalk.image.boot.SymbolTable;
import dev.stagewalk.mmu.DescriptorReader;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Stage2Parameters;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongFunction;

/**
 * Registers and memory that translations are made with.
 *
 * @param registers system registers by name
 * @param features of the PE
 * @param reader physical memory
 * @param missing why an address cannot be read
 * @param partial whether the machine had memory that is not here
 * @param notes what the user should know about where all this comes from
 * @param fault the address and access that the sample has faulted on; empty without one
 * @param names what names addresses of the program that runs; of a dump nothing does
 * @param release lets the memory go
 */
record World(
    Map<String, Long> registers,
    Features features,
    DescriptorReader reader,
    LongFunction<String> missing,
    boolean partial,
    List<String> notes,
    Optional<Faulted> fault,
    SymbolTable names,
    Runnable release)
    implements AutoCloseable {

  /**
   * What a sample has faulted on.
   *
   * @param va where the access was
   * @param ipa what stage 2 refused
   * @param bothStages whether stage 1 was on
   */
  record Faulted(long va, long ipa, Access access, boolean bothStages) {}

  World {
    registers = Map.copyOf(registers);
    notes = List.copyOf(notes);
  }

  /** A register, if its value is known. */
  OptionalLong register(String name) {
    Long value = registers.get(name);
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }

  /** A register; 0 if its value is not known. */
  long orZero(String name) {
    return registers.getOrDefault(name, 0L);
  }

  /**
   * Stage 2 as the registers say.
   *
   * @throws IllegalArgumentException if VTCR_EL2 or VTTBR_EL2 are not known, or both are 0 in a
   *     dump
   */
  Stage2Parameters stage2() {
    for (String name : List.of("VTCR_EL2", "VTTBR_EL2")) {
      if (!registers.containsKey(name)) {
        throw new IllegalArgumentException(
            name
                + " is not known: give --"
                + (name.equals("VTCR_EL2") ? "vtcr" : "vttbr")
                + " VALUE, or --regs FILE, or --sample NAME");
      }
    }
    if (partial && orZero("VTCR_EL2") == 0 && orZero("VTTBR_EL2") == 0) {
      throw new IllegalArgumentException(
          "VTCR_EL2 and VTTBR_EL2 are 0: no guest has been entered on this PE; choose another with"
              + " --cpu N, or give --vtcr and --vttbr");
    }
    return Stage2Parameters.decode(
        orZero("VTCR_EL2"), orZero("VTTBR_EL2"), orZero("HCR_EL2"), features);
  }

  @Override
  public void close() {
    release.run();
  }
}
