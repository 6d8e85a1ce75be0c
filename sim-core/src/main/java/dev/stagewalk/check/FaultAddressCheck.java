package dev.stagewalk.check;

import dev.stagewalk.arch.ExceptionClass;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.cpu.Pe;
import dev.stagewalk.cpu.SystemRegisters;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Translation;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads of HPFAR_EL2 after an abort that has not written it. That a stub stores the register at
 * exits that are no aborts is nobody's business.
 *
 * <p>Source: Arm ARM, HPFAR_EL2, Hypervisor IPA Fault Address Register.
 */
final class FaultAddressCheck {
  private final Consumer<Finding> found;

  /** The last exit of each PE to EL2, until it is said that HPFAR_EL2 was read. */
  private final Map<Integer, Event> exits = new HashMap<>();

  FaultAddressCheck(Consumer<Finding> found) {
    this.found = found;
  }

  /** Instructions the exits of which were said; one that faults again and again is one finding. */
  private final Set<Long> said = new HashSet<>();

  private static final int MOST_SAID = 1 << 10;

  void happened(Event event) {
    switch (event.what()) {
      case SimEvent.ExceptionTaken e when e.toEl() == 2 && e.fromEl() < 2 -> {
        boolean abort = ExceptionClass.isAbortFromBelow(e.exceptionClass());
        if (abort && e.vector() % 4 == 0 && !e.hpfarValid()) {
          exits.put(event.pe(), event);
        } else {
          exits.remove(event.pe());
        }
      }
      case SimEvent.ExceptionReturned e when e.toEl() < 2 -> exits.remove(event.pe());
      default -> {
        // Whether HPFAR_EL2 means something is as it was.
      }
    }
  }

  void hasRead(Pe pe, int index, boolean byHost) {
    if (index != SystemRegisters.HPFAR_EL2 || pe.el() != 2) {
      return;
    }
    Event exit = exits.remove(pe.id());
    if (exit == null || !(exit.what() instanceof SimEvent.ExceptionTaken taken)) {
      return;
    }
    if (said.size() == MOST_SAID || !said.add(taken.elr())) {
      return;
    }
    String kind =
        taken
            .fault()
            .map(f -> f.kind().at(f.level()) + " of stage " + f.stage())
            .orElse("no fault of a translation");
    found.accept(
        new Finding(
            FindingKind.HPFAR_UNKNOWN,
            Report.at(exit, null),
            "The exit is a "
                + kind
                + ", which does not write HPFAR_EL2. Its handler read it"
                + (byHost ? "" : ", by the instruction at " + Hex.address(pe.instructionAddress()))
                + ": "
                + Hex.plain(pe.system(SystemRegisters.HPFAR_EL2))
                + " is UNKNOWN, most often left from an earlier fault.",
            "Ask ESR_EL2 first. For a Permission fault without S1PTW the IPA is that of VA "
                + Hex.address(taken.far())
                + ", FAR_EL2: AT S1E1R and PAR_EL1, or the VA itself where stage 1 is off."
                + ipa(taken)));
  }

  /** What the handler should have come to. */
  private static String ipa(SimEvent.ExceptionTaken taken) {
    return taken
        .fault()
        .filter(f -> f.stage() == 2)
        .map(Translation.Fault::ipa)
        .map(ipa -> " Here it is " + Hex.address(ipa) + ".")
        .orElse("");
  }
}
