package dev.stagewalk.check;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.board.Machine;
import dev.stagewalk.cpu.Pe;
import dev.stagewalk.cpu.SystemRegisters;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.SimEvent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Whether a host is itself again once its guest has ended, and whether it lives at all. */
final class HostStateCheck {
  private static final int VBAR_EL2 = SystemRegisters.index("VBAR_EL2");
  private static final int TPIDR_EL2 = SystemRegisters.index("TPIDR_EL2");
  private static final String DIED = "the hypervisor died";

  private final Machine machine;
  private final Consumer<Finding> found;
  private final Map<Integer, Own> own = new HashMap<>();
  private final Set<Long> freed = new HashSet<>();
  private boolean destroys;

  private record Own(long hcr, long vbar) {}

  HostStateCheck(Machine machine, Consumer<Finding> found) {
    this.machine = machine;
    this.found = found;
  }

  void happened(Event event) {
    Pe pe = machine.pes().get(event.pe());
    switch (event.what()) {
      case SimEvent.HostCallBegan e when e.name().equals("guest_run") ->
          own.putIfAbsent(event.pe(), new Own(hcr(pe), pe.system(VBAR_EL2)));
      case SimEvent.HostCallBegan e when e.name().equals("guest_destroy") -> {
        destroys = true;
        freed.clear();
        Own before = own.get(event.pe());
        if (before != null) {
          compare(event, "HCR_EL2", before.hcr, hcr(pe));
          compare(event, "VBAR_EL2", before.vbar, pe.system(VBAR_EL2));
        }
      }
      case SimEvent.Freed e when destroys -> freed.add(e.pa());
      case SimEvent.HostCallEnded e when e.name().equals("guest_destroy") -> {
        destroys = false;
        long pointer = pe.system(TPIDR_EL2);
        if (freed.contains(pointer & -machine.host().hostPageSize()) && pointer != 0) {
          say(
              FindingKind.HOST_STATE_KEPT,
              Report.at(event, new Place.Controls("TPIDR_EL2", pointer, event.pe())),
              "TPIDR_EL2 still points to the guest's structure at "
                  + Hex.address(pointer)
                  + ", which was freed.",
              "Write 0 to TPIDR_EL2 when the guest is destroyed.");
        }
      }
      case SimEvent.GuestStopped e when e.reason().startsWith(DIED) ->
          say(
              FindingKind.HOST_DIED,
              Report.at(event, null),
              Report.sentence(e.reason()),
              "Check what was allocated, found or given before it is used, and return an error.");
      default -> {
        // The host is in the middle of something.
      }
    }
  }

  private static long hcr(Pe pe) {
    return pe.system(SystemRegisters.HCR_EL2);
  }

  private void compare(Event event, String register, long before, long now) {
    if (before == now) {
      return;
    }
    say(
        FindingKind.HOST_STATE_KEPT,
        Report.at(event, new Place.Controls(register, now, event.pe())),
        "The guest is left for good with "
            + register
            + " = "
            + Hex.plain(now)
            + ", its own; before guest_run the host had "
            + Hex.plain(before)
            + ".",
        "Save " + register + " in guest_run and write it back at EXIT, then ISB.");
  }

  private void say(FindingKind kind, Place place, String evidence, String mend) {
    found.accept(new Finding(kind, place, evidence, mend));
  }
}
