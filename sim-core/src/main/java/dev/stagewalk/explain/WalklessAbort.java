package dev.stagewalk.explain;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.event.SimEvent.ExceptionTaken;
import dev.stagewalk.event.Translation;
import dev.stagewalk.explain.Explanation.Draft;
import dev.stagewalk.explain.Explanation.Remedy;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Aborts that no walk has ended in: of the access after it, of the TLB, or before any table. */
final class WalklessAbort {
  private static final String RETRY = "ERET with ELR_EL2 as it is: the instruction is tried again";

  private WalklessAbort() {}

  /**
   * What happened and the rule.
   *
   * @param walk a translation that the abort names as its cause; null if there is none
   */
  static void say(
      Draft draft, ExceptionTaken taken, @Nullable Translation walk, Optional<FaultKind> kind) {
    if (walk != null) {
      draft.walk(WalkLines.of(walk));
    }
    switch (kind.orElse(FaultKind.TRANSLATION)) {
      case EXTERNAL ->
          draft
              .say("The address translates, but neither memory nor a device answers there.")
              .rule(
                  "What lies behind the MMU refused the access; no table is at fault.",
                  "Synchronous External aborts");
      case ALIGNMENT -> {
        draft.say("The address is not a multiple of what the access needs.");
        if (taken.toEl() == 2 && taken.fromEl() < 2) {
          draft.rule(
              "Every access to Device memory must be aligned; where stage 2 makes the memory"
                  + " Device, the fault is one of stage 2.",
              "Alignment of data accesses");
        } else {
          draft.rule(
              "Accesses to Device memory, exclusive and ordered accesses must be aligned; all"
                  + " others too if SCTLR_ELx.A is 1.",
              "Alignment of data accesses");
        }
      }
      case UNSUPPORTED_EXCLUSIVE ->
          draft
              .say("Exclusive and atomic accesses are not supported at this memory.")
              .rule(
                  "Only Normal Write-Back memory must support them; at other memory this machine"
                      + " takes the fault, one allowed choice (policy FAULTS).",
                  "Load-Exclusive and Store-Exclusive instructions");
      case TLB_CONFLICT ->
          draft
              .say("More than one TLB entry matched the address.")
              .rule(
                  "Entries that overlap, as a change without break-before-make leaves them, may"
                      + " raise a TLB conflict abort; this machine does, one allowed choice (policy"
                      + " ABORT).",
                  "TLB conflict aborts");
      case ADDRESS_SIZE -> {
        if (taken.toEl() == 1) {
          draft
              .say("The address has more bits than a physical address can have here.")
              .rule(
                  "With stage 1 off, a VA with bits above the implemented physical address size is"
                      + " an Address size fault of level 0, taken by stage 1.",
                  "The effects of disabling a stage of address translation");
        }
      }
      case TRANSLATION, ACCESS_FLAG, PERMISSION, EXTERNAL_ON_WALK -> {
        // Its walk is not known, so the syndrome is all there is.
      }
    }
  }

  /** What a hypervisor may do where no descriptor is known to be at fault. */
  static List<Remedy> hypervisorsRemedies(Optional<FaultKind> kind) {
    return switch (kind.orElse(FaultKind.TRANSLATION)) {
      case ALIGNMENT ->
          List.of(
              new Remedy(
                  "Map it as Normal memory",
                  "If memory lies behind it. A change of the memory type of a live entry must go"
                      + " through invalid (break-before-make).",
                  List.of()));
      case UNSUPPORTED_EXCLUSIVE ->
          List.of(
              new Remedy(
                  "Map it as Normal Write-Back memory",
                  "If memory lies behind it, and stage 2 took that from it. A change of the memory"
                      + " type of a live entry must go through invalid (break-before-make).",
                  List.of()));
      case TLB_CONFLICT ->
          List.of(
              new Remedy(
                  "Empty the TLB",
                  "Entries for one address contradict each other; which is right cannot be told.",
                  List.of("TLBI VMALLS12E1IS", "DSB ISH", "ISB", RETRY)));
      case EXTERNAL ->
          List.of(
              new Remedy(
                  "Map what answers",
                  "If stage 2 sends the guest to a PA where nothing is, the entry's output address"
                      + " is wrong; its change must go through invalid (break-before-make).",
                  List.of()));
      case ADDRESS_SIZE, TRANSLATION, ACCESS_FLAG, PERMISSION, EXTERNAL_ON_WALK -> List.of();
    };
  }
}
