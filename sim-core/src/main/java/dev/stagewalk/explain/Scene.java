package dev.stagewalk.explain;

import dev.stagewalk.arch.Regime;
import dev.stagewalk.cpu.RegisterFile;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mem.MemoryImage;
import dev.stagewalk.mmu.DescriptorReader;
import dev.stagewalk.mmu.ExternalAbort;
import dev.stagewalk.mmu.Stage1Parameters;
import dev.stagewalk.mmu.Stage1Registers;
import dev.stagewalk.mmu.Stage2Parameters;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An event and what was around it: all an explanation is made of.
 *
 * @param event what is explained
 * @param following events after it that belong to it: for a host call up to its end, for an exit up
 *     to the return to the guest; empty if they are not known
 * @param registers of its PE
 * @param reader descriptors as physical memory has them
 * @param memoryEnd an address behind memory: new tables that are only thought of lie before it
 * @param stage2 stage-2 translation as the registers say
 * @param instruction the instruction it happened in, as GNU objdump writes it; empty if not known
 * @param symbol the label of that instruction's address, with {@code +0x4} where it is not the
 *     label's own; empty if there is none
 * @param bare whether the program began at EL2 itself: then it is no guest
 */
public record Scene(
    Event event,
    List<SimEvent> following,
    RegisterFile registers,
    DescriptorReader reader,
    long memoryEnd,
    Stage2Parameters stage2,
    Optional<String> instruction,
    Optional<String> symbol,
    boolean bare) {

  public Scene {
    following = List.copyOf(following);
  }

  /** Of a guest under the hypervisor library. */
  public Scene(
      Event event,
      List<SimEvent> following,
      RegisterFile registers,
      DescriptorReader reader,
      long memoryEnd,
      Stage2Parameters stage2,
      Optional<String> instruction,
      Optional<String> symbol) {
    this(event, following, registers, reader, memoryEnd, stage2, instruction, symbol, false);
  }

  /** The same scene of a program that began at EL2 itself, with no hypervisor under it. */
  public Scene ofBareProgram() {
    return new Scene(
        event, following, registers, reader, memoryEnd, stage2, instruction, symbol, true);
  }

  /** The same scene with stage 2 as other registers have it. */
  public Scene with(Stage2Parameters other) {
    return new Scene(
        event, following, registers, reader, memoryEnd, other, instruction, symbol, bare);
  }

  /** A register, or 0 where this machine has none of that name. */
  long system(String name) {
    return registers.systemNames().contains(name) ? registers.system(name) : 0;
  }

  /** Stage 1 of EL1&amp;0 is on. */
  boolean stage1On() {
    return (system("SCTLR_EL1") & 1) != 0;
  }

  /** Descriptors in an image of memory. */
  public static DescriptorReader readerOf(MemoryImage memory) {
    return pa -> {
      if (!memory.contains(pa, 8)) {
        throw ExternalAbort.ABORT;
      }
      return memory.read(pa, 8);
    };
  }

  /** Stage 1 of a regime as the registers say. */
  Stage1Parameters stage1(Regime regime) {
    String suffix = regime == Regime.EL1_0 ? "_EL1" : "_EL2";
    return Stage1Parameters.decode(
        new Stage1Registers(
            regime,
            system("SCTLR" + suffix),
            system("TCR" + suffix),
            system("TTBR0" + suffix),
            system("TTBR1" + suffix),
            system("MAIR" + suffix),
            stage2.hcr()),
        stage2.features(),
        stage2.policy());
  }

  /** Descriptors as a walk found them, and as memory now has them where it read none. */
  DescriptorReader readerOf(Translation walk) {
    Map<Long, Long> found = new HashMap<>();
    Set<Long> failed = new HashSet<>();
    for (Lookup lookup : walk.lookups()) {
      lookup.nested().forEach(nested -> note(nested, found, failed));
      note(lookup, found, failed);
    }
    DescriptorReader now = reader;
    return pa -> {
      if (failed.contains(pa)) {
        throw ExternalAbort.ABORT;
      }
      Long word = found.get(pa);
      return word != null ? word : now.read(pa);
    };
  }

  private static void note(Lookup lookup, Map<Long, Long> found, Set<Long> failed) {
    switch (lookup.verdict()) {
      case EXTERNAL_ABORT -> failed.add(lookup.descriptorAddress());
      case UNREACHED -> {
        // Nothing was read.
      }
      // What an update of the same walk has changed was read before it.
      case TABLE, BLOCK, PAGE, INVALID, REFUSED ->
          found.putIfAbsent(lookup.descriptorAddress(), lookup.descriptor());
    }
  }

  /**
   * Whether the registers of this scene are those a walk was made with: walking again gives the
   * same. Only then can one say what another descriptor would have changed.
   */
  public boolean fits(Translation walk) {
    return Rewalk.of(this, walk).isPresent();
  }
}
