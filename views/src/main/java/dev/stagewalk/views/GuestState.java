package dev.stagewalk.views;

import dev.stagewalk.event.Access;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.session.PeState;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.session.TrapRow;

/**
 * The guest's registers, also while the hypervisor acts: then they stand in what the exception
 * saved.
 *
 * @param pc where the guest is or will go on
 * @param sp its stack pointer
 * @param mode "EL1h"
 * @param flags "nZCv"
 */
record GuestState(long pc, long sp, String mode, String flags) {

  /**
   * @param bare whether there is no guest: then EL2 is what is shown
   */
  static GuestState of(PeState pe, boolean bare) {
    if (bare || pe.el() < 2 || !pe.registers().systemNames().contains("SPSR_EL2")) {
      return new GuestState(pe.pc(), pe.sp(), pe.mode(), pe.flags());
    }
    long spsr = pe.system("SPSR_EL2");
    int el = (int) (spsr >>> 2) & 3;
    long sp = pe.system((spsr & 1) != 0 && el == 1 ? "SP_EL1" : "SP_EL0");
    PeState guest = new PeState(el, pe.system("ELR_EL2"), sp, spsr, pe.registers());
    return new GuestState(guest.pc(), sp, guest.mode(), guest.flags());
  }

  /**
   * "EL1": where the program executes or will go on; "end" once a guest is gone, and a dash before
   * there is one.
   */
  static String level(Snapshot snapshot) {
    boolean bare = snapshot.scenario().bare();
    if (snapshot.state() == RunState.ENDED && !bare) {
      return "end";
    }
    if (isBefore(snapshot.pe(), bare)) {
      return "–";
    }
    String mode = of(snapshot.pe(), bare).mode();
    return mode.substring(0, mode.length() - 1);
  }

  /** Whether the hypervisor has not entered a guest yet: nothing was saved of one. */
  static boolean isBefore(PeState pe, boolean bare) {
    return !bare
        && pe.el() == 2
        && Stage2.register(pe, "SPSR_EL2") == 0
        && Stage2.register(pe, "ELR_EL2") == 0;
  }

  /** The register that holds what is shown as {@code sp} or {@code pc} at an exception level. */
  static String place(String name, PeState pe, boolean bare) {
    if (bare || pe.el() < 2) {
      return name;
    }
    return switch (name) {
      case "pc" -> "ELR_EL2";
      case "sp" -> (pe.system("SPSR_EL2") & 1) != 0 ? "SP_EL1" : "SP_EL0";
      default -> name;
    };
  }

  /**
   * The instruction to point at: the one that trapped if it waits, otherwise the next; {@link
   * Listing#NONE} once the guest has ended.
   */
  static long instruction(Snapshot snapshot) {
    if (snapshot.state() == RunState.ENDED) {
      return Listing.NONE;
    }
    if (snapshot.state() == RunState.AT_EXIT
        && snapshot.exit().map(Event::what).orElse(null) instanceof SimEvent.ExceptionTaken taken) {
      long trapped = TrapRow.trapped(taken);
      // A guest of the program at EL2 may lie anywhere: where it is not listed its host is.
      boolean listed = snapshot.program().line(trapped).isPresent();
      return snapshot.scenario().bare() && !listed ? snapshot.pe().pc() : trapped;
    }
    long next = of(snapshot.pe(), snapshot.scenario().bare()).pc();
    // While a load or store walks, the PC already names the instruction after it.
    boolean data =
        snapshot
            .walk()
            .filter(open -> open.translation().access().kind() != Access.Kind.FETCH)
            .isPresent();
    return data ? next - 4 : next;
  }
}
