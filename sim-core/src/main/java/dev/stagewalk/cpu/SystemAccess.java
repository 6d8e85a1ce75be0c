package dev.stagewalk.cpu;

import dev.stagewalk.arch.Register;
import dev.stagewalk.arch.RegisterTable;
import java.util.Optional;
import java.util.Set;

/**
 * What MRS and MSR (register) do: one decision from the register, the direction, the exception
 * level and HCR_EL2.
 *
 * <p>Source: Arm ARM, "Accessing" sections of the registers; "Configurable traps to EL2".
 */
final class SystemAccess {
  /** Stage-1 control registers that HCR_EL2.TVM (writes) and TRVM (reads) trap. */
  private static final Set<String> VIRTUAL_MEMORY =
      Set.of(
          "SCTLR_EL1",
          "TTBR0_EL1",
          "TTBR1_EL1",
          "TCR_EL1",
          "ESR_EL1",
          "FAR_EL1",
          "AFSR0_EL1",
          "AFSR1_EL1",
          "MAIR_EL1",
          "AMAIR_EL1",
          "CONTEXTIDR_EL1");

  private static final long SCTLR_M = 1L;

  /** What becomes of an access. */
  private enum Decision {
    DIRECT,
    TRAP_TO_EL2,
    UNDEFINED
  }

  private SystemAccess() {}

  static long read(Pe pe, int encoding, int rt) {
    Special special = Special.of(encoding);
    if (special != null) {
      return special.read(pe);
    }
    Register register = decide(pe, encoding, rt, true);
    return pe.system(register.index());
  }

  static void write(Pe pe, int encoding, int rt, long value) {
    Special special = Special.of(encoding);
    if (special != null) {
      special.write(pe, value);
      return;
    }
    Register register = decide(pe, encoding, rt, false);
    if (register.index() == SystemRegisters.SCTLR_EL1 && (value & SCTLR_M) != 0) {
      throw new Unsimulated(
          "the guest turned stage 1 on (SCTLR_EL1.M = 1), which this version does not translate");
    }
    pe.setSystem(register.index(), value);
  }

  private static Register decide(Pe pe, int encoding, int rt, boolean read) {
    Optional<Register> found =
        RegisterTable.standard()
            .byEncoding(
                encoding >>> 14,
                encoding >>> 11 & 7,
                encoding >>> 7 & 15,
                encoding >>> 3 & 15,
                encoding & 7);
    Decision decision =
        found.isEmpty() ? Decision.UNDEFINED : decision(pe, found.get(), encoding, read);
    return switch (decision) {
      case DIRECT -> found.orElseThrow();
      case UNDEFINED -> throw pe.undefined();
      case TRAP_TO_EL2 ->
          throw pe.pending.other(2, ExceptionModel.EC_SYS64, trapSyndrome(encoding, rt, read));
    };
  }

  private static Decision decision(Pe pe, Register register, int encoding, boolean read) {
    if (read ? !register.access().readable() : !register.access().writable()) {
      return Decision.UNDEFINED;
    }
    if (pe.el() < lowestLevel(encoding >>> 11 & 7)) {
      return Decision.UNDEFINED;
    }
    if ((encoding >>> 11 & 7) == 5 && !pe.system.hcr(SystemRegisters.HCR_E2H)) {
      return Decision.UNDEFINED;
    }
    long trap = read ? SystemRegisters.HCR_TRVM : SystemRegisters.HCR_TVM;
    if (pe.el() == 1 && pe.system.hcr(trap) && VIRTUAL_MEMORY.contains(register.name())) {
      return Decision.TRAP_TO_EL2;
    }
    return Decision.DIRECT;
  }

  /** The lowest exception level that may use registers of an op1 value. */
  private static int lowestLevel(int op1) {
    return switch (op1) {
      case 3 -> 0;
      case 4, 5 -> 2;
      case 6, 7 -> 3;
      default -> 1;
    };
  }

  /** ISS of a trapped MSR, MRS or System instruction. */
  private static int trapSyndrome(int encoding, int rt, boolean read) {
    int op0 = encoding >>> 14 & 3;
    int op1 = encoding >>> 11 & 7;
    int crn = encoding >>> 7 & 15;
    int crm = encoding >>> 3 & 15;
    int op2 = encoding & 7;
    return op0 << 20 | op2 << 17 | op1 << 14 | crn << 10 | rt << 5 | crm << 1 | (read ? 1 : 0);
  }
}
