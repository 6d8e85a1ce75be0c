package dev.stagewalk.cpu;

import dev.stagewalk.arch.Register;
import dev.stagewalk.arch.RegisterTable;
import java.util.Arrays;

/**
 * The registers of breakpoints and watchpoints: as many are there as ID_AA64DFR0_EL1 says. They
 * keep values, but what they would match is not looked for, and a guest that enables one is stopped
 * with the reason.
 *
 * <p>Source: Arm ARM, "Breakpoint exceptions" and "Watchpoint exceptions"; DBGBCR&lt;n&gt;_EL1.
 */
final class DebugRegisters {
  private static final int ID_AA64DFR0 = SystemRegisters.index("ID_AA64DFR0_EL1");
  private static final int BRPS = 12;
  private static final int WRPS = 20;
  private static final int MOST = 16;

  private static final long MDSCR_MDE = 1L << 15;
  private static final long ENABLED = 1;

  /** By register: the place of the field with their number in bits 15:8, which it is in 7:0. */
  private static final int[] PLACES = new int[RegisterTable.standard().size()];

  private static final int[] CONTROLS = new int[2 * MOST];

  static {
    Arrays.fill(PLACES, -1);
    for (int i = 0; i < MOST; i++) {
      PLACES[SystemRegisters.index("DBGBVR" + i + "_EL1")] = BRPS << 8 | i;
      PLACES[SystemRegisters.index("DBGBCR" + i + "_EL1")] = BRPS << 8 | i;
      PLACES[SystemRegisters.index("DBGWVR" + i + "_EL1")] = WRPS << 8 | i;
      PLACES[SystemRegisters.index("DBGWCR" + i + "_EL1")] = WRPS << 8 | i;
      CONTROLS[2 * i] = SystemRegisters.index("DBGBCR" + i + "_EL1");
      CONTROLS[2 * i + 1] = SystemRegisters.index("DBGWCR" + i + "_EL1");
    }
  }

  private DebugRegisters() {}

  /** Whether a PE has this register, as far as its breakpoints and watchpoints decide it. */
  static boolean has(Pe pe, int register) {
    int place = PLACES[register];
    return place < 0
        || !pe.isIdentified()
        || (place & 0xff) <= (pe.system.get(ID_AA64DFR0) >>> (place >>> 8) & 0xf);
  }

  /** After a write: refuses to go on where a breakpoint or watchpoint would match from now on. */
  static void refuseMatching(Pe pe, Register written) {
    int index = written.index();
    boolean matters =
        index == SystemRegisters.MDSCR_EL1 || index == OsLock.ACCESS || PLACES[index] >= 0;
    if (!matters
        || (pe.system.get(SystemRegisters.MDSCR_EL1) & MDSCR_MDE) == 0
        || OsLock.isLocked(pe.system)) {
      return;
    }
    for (int control : CONTROLS) {
      if ((pe.system.get(control) & ENABLED) != 0) {
        String name = RegisterTable.standard().all().get(control).name();
        throw new Unsimulated(
            name
                + (name.startsWith("DBGB") ? " enables a breakpoint" : " enables a watchpoint")
                + " (MDSCR_EL1.MDE = 1), which this version does not simulate");
      }
    }
  }
}
