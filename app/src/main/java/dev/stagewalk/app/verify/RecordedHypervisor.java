package dev.stagewalk.app.verify;

import static dev.stagewalk.app.verify.RecordedMachine.number;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stagewalk.board.HostOperations;
import dev.stagewalk.board.Machine;
import dev.stagewalk.cpu.Activity;
import dev.stagewalk.cpu.Pe;

/** Does again what the recorded hypervisor did at each exit. */
final class RecordedHypervisor {
  private static final int IRQ_LOWER = 0x480;
  private static final int EC_WFX = 0x01;
  private static final long CPTR_TFP = 1L << 10;
  private static final long CPTR_E2H_FPEN = 3L << 20;
  private static final long HCR_E2H = 1L << 34;

  private final RecordedMachine machine;

  RecordedHypervisor(RecordedMachine machine) {
    this.machine = machine;
  }

  /**
   * Runs the guest to an exit that the recording has too. A WFE trapped by HCR_EL2.TWE is not one:
   * the recording machine executes it as a NOP. An IRQ comes where the recorded registers say.
   *
   * @param exit the recorded exit
   * @return whether there was an exit within so many instructions
   */
  boolean runToExit(JsonNode exit, int limit) {
    if (number(exit, "vec") == IRQ_LOWER) {
      return interrupt(exit, limit);
    }
    while (machine.runToEl2(limit)) {
      long esr = machine.get("ESR_EL2");
      boolean wfe = esr >>> 26 == EC_WFX && (esr & 3) == 1;
      if (!wfe) {
        return true;
      }
      machine.enter(machine.get("ELR_EL2") + 4, machine.get("SPSR_EL2"));
    }
    return false;
  }

  /**
   * Raises the IRQ at the recorded ELR, the first time that the registers are as recorded; if they
   * never are, the first time that most of them are.
   */
  private boolean interrupt(JsonNode exit, int limit) {
    long elr = number(exit, "elr");
    long[] x = new long[31];
    for (int i = 0; i < x.length; i++) {
      x[i] = number(exit.required("x").required(i));
    }
    Machine.State start = machine.machine().save();
    int best = -1;
    int bestAt = 0;
    for (int at = 0; at < limit && machine.pe().el() < 2 && best < x.length; at++) {
      int equal = machine.pe().pc() == elr ? equalRegisters(x) : -1;
      if (equal > best) {
        best = equal;
        bestAt = at;
      }
      if (machine.pe().waiting().activity() != Activity.RUNS) {
        // Nothing more happens before the interrupt comes.
        break;
      }
      machine.runToEl2(1);
    }
    if (best < 0) {
      return false;
    }
    machine.machine().restore(start);
    for (int at = 0; at < bestAt; at++) {
      machine.runToEl2(1);
    }
    machine.pe().setIrqLine(true);
    boolean taken = machine.runToEl2(1);
    machine.pe().setIrqLine(false);
    return taken;
  }

  private int equalRegisters(long[] x) {
    int equal = 0;
    for (int i = 0; i < x.length; i++) {
      if (machine.pe().x(i) == x[i]) {
        equal++;
      }
    }
    return equal;
  }

  /** Acts and returns to the guest. */
  void act(JsonNode action) {
    Pe pe = machine.pe();
    long a1 = number(action, "a1");
    long a2 = number(action, "a2");
    long esr = machine.get("ESR_EL2");
    switch (action.required("code").intValue()) {
      case 1 -> pe.setX(0, a2);
      case 2 -> pe.setX(0, -1);
      case 4 -> {
        if ((esr & 1) != 0) {
          pe.setX((int) a1, a2);
        }
      }
      case 6 -> {
        if ((esr & 1 << 6) == 0) {
          pe.setX((int) (esr >>> 16) & 31, extended(esr, a2));
        }
      }
      case 14 -> enableFloatingPoint();
      case 3, 5, 7, 8, 9, 10, 11, 12, 13, 15, 16 -> {}
      default -> throw new IllegalArgumentException("no such action: " + action);
    }
    storeDescriptors(action.path("s2_writes"));
    machine.set("HCR_EL2", number(action, "hcr_next"));
    machine.enter(number(action, "resume_pc"), machine.get("SPSR_EL2"));
  }

  private void storeDescriptors(JsonNode writes) {
    if (writes.isEmpty()) {
      return;
    }
    HostOperations host = machine.machine().host();
    for (JsonNode write : writes) {
      host.storeDescriptor(number(write.required(0)), number(write.required(1)));
    }
    host.dsbIshst();
    host.tlbiVmalls12e1is();
    host.dsbIsh();
    host.isb();
  }

  /** A value read by an emulated load, as SAS, SSE and SF of the syndrome say. */
  private static long extended(long esr, long value) {
    int unused = 64 - (8 << ((int) (esr >>> 22) & 3));
    boolean signed = (esr & 1 << 21) != 0;
    long whole = signed ? value << unused >> unused : value << unused >>> unused;
    boolean x = (esr & 1 << 15) != 0;
    return x ? whole : whole & 0xffff_ffffL;
  }

  private void enableFloatingPoint() {
    long cptr = machine.get("CPTR_EL2");
    boolean e2h = (machine.get("HCR_EL2") & HCR_E2H) != 0;
    machine.set("CPTR_EL2", e2h ? cptr | CPTR_E2H_FPEN : cptr & ~CPTR_TFP);
  }
}
