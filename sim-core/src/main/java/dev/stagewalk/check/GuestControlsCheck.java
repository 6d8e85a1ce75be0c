package dev.stagewalk.check;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.mmu.Stage2Parameters;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Whether a guest is entered with the VTCR_EL2 that its tables were made for: the one they were
 * enabled with by the library, or first entered with.
 */
final class GuestControlsCheck {
  /** Guests that are remembered. */
  private static final int MOST = 1 << 10;

  private final Observed machine;
  private final Consumer<Finding> found;
  private final Map<Long, Known> known = new LinkedHashMap<>();

  /**
   * Controls of some tables.
   *
   * @param since the event they were first in use at
   */
  private record Known(Stage2Parameters second, Event since) {}

  GuestControlsCheck(Observed machine, Consumer<Finding> found) {
    this.machine = machine;
    this.found = found;
  }

  void happened(Event event) {
    switch (event.what()) {
      case SimEvent.HostCallEnded e when e.ok() && e.name().equals("s2mmu_enable") -> learn(event);
      case SimEvent.TlbInvalidated e
          when e.by() != null && e.scope().everyAddress() && e.scope().ipas() ->
          // The tables of a VMID may be set up anew once nothing is held of them.
          known.remove(machine.second(event.pe()).vttbr());
      case SimEvent.ExceptionReturned e when e.toEl() < 2 && e.fromEl() == 2 -> entered(event);
      default -> {
        // No guest begins.
      }
    }
  }

  /** Whether VTTBR_EL2 of a PE names tables that were made for another VTCR_EL2 than it has. */
  boolean areOfAnother(int pe) {
    Stage2Parameters now = machine.second(pe);
    Known before = known.get(now.vttbr());
    return before != null && before.second.vtcr() != now.vtcr();
  }

  private void learn(Event event) {
    Stage2Parameters now = machine.second(event.pe());
    if (known.size() == MOST) {
      known.remove(known.keySet().iterator().next());
    }
    known.put(now.vttbr(), new Known(now, event));
  }

  private void entered(Event event) {
    Stage2Parameters now = machine.second(event.pe());
    if (!now.enabled()) {
      return;
    }
    Known before = known.get(now.vttbr());
    if (before == null) {
      learn(event);
    } else if (before.second.vtcr() != now.vtcr()) {
      found.accept(
          new Finding(
              FindingKind.VTCR_OTHER_GUEST,
              Report.at(event, new Place.Controls("VTCR_EL2", now.vtcr(), event.pe())),
              "The guest with VTTBR_EL2 = "
                  + Hex.plain(now.vttbr())
                  + " was entered with VTCR_EL2 = "
                  + words(now)
                  + "; its tables were made for "
                  + words(before.second)
                  + ", as of "
                  + Report.when(before.since)
                  + ".",
              "Keep VTCR_EL2 with VTTBR_EL2 in the guest's structure and load both on entry: "
                  + Hex.plain(before.second.vtcr())
                  + " here."));
    }
  }

  private static String words(Stage2Parameters second) {
    return Hex.plain(second.vtcr())
        + " ("
        + second.granule().text()
        + " granule, "
        + second.inputBits()
        + "-bit IPAs from level "
        + second.startLevel()
        + ")";
  }
}
