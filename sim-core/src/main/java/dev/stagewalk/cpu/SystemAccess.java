package dev.stagewalk.cpu;

import dev.stagewalk.arch.Encoding;
import dev.stagewalk.arch.Register;
import dev.stagewalk.arch.RegisterTable;
import org.jspecify.annotations.Nullable;

/**
 * What MRS and MSR (register) do: one decision from the register, the direction, the exception
 * level and HCR_EL2.
 *
 * <p>Source: Arm ARM, "Accessing" sections of the registers; "Configurable traps to EL2".
 */
final class SystemAccess {
  private static final long SCTLR_E0E = 1L << 24;
  private static final long SCTLR_EE = 1L << 25;

  /** What becomes of an access. */
  private enum Decision {
    DIRECT,
    TRAP,
    UNDEFINED
  }

  private SystemAccess() {}

  static long read(Pe pe, int encoding, int rt) {
    Special special = Special.of(encoding);
    if (special != null) {
      return special.read(pe);
    }
    Register register = decide(pe, Encoding.ofPacked(encoding), rt, true);
    if (register != null && register.index() == SystemRegisters.ISR_EL1) {
      return pe.interrupts.status();
    }
    return register == null ? 0 : pe.system(register.index());
  }

  static void write(Pe pe, int encoding, int rt, long value) {
    Special special = Special.of(encoding);
    if (special != null) {
      special.write(pe, value);
      return;
    }
    Register register = decide(pe, Encoding.ofPacked(encoding), rt, false);
    if (register != null) {
      refuseBigEndian(register, value);
      pe.setSystem(register.index(), value);
    }
  }

  /** Data and tables are little-endian here; wrong values would be worse than none. */
  private static void refuseBigEndian(Register register, long value) {
    boolean sctlr =
        register.index() == SystemRegisters.SCTLR_EL1
            || register.index() == SystemRegisters.SCTLR_EL2;
    if (sctlr && (value & (SCTLR_EE | SCTLR_E0E)) != 0) {
      throw new Unsimulated(
          "big-endian data was chosen ("
              + register.name()
              + ((value & SCTLR_EE) != 0 ? ".EE" : ".E0E")
              + " = 1), which this version does not simulate");
    }
  }

  /** The register to access; null for one that reads as zero. */
  private static @Nullable Register decide(Pe pe, Encoding at, int rt, boolean read) {
    Register register = RegisterTable.standard().byEncoding(at).orElse(null);
    return switch (decision(pe, register, at, read)) {
      case DIRECT -> register;
      case UNDEFINED -> throw pe.undefined();
      case TRAP -> throw trap(pe, at.packed(), rt, read);
    };
  }

  private static Decision decision(Pe pe, @Nullable Register register, Encoding at, boolean read) {
    if (pe.el() < lowestLevel(at.op1())) {
      return nested(pe, register) ? Decision.TRAP : Decision.UNDEFINED;
    }
    boolean trapped = TrapTable.target(pe, at.packed(), read) != 0;
    if (implementationDefined(at)) {
      return trapped && pe.el() == 1 ? Decision.TRAP : Decision.UNDEFINED;
    }
    boolean exists =
        identification(at)
            // Those without a register are reserved and read as zero.
            ? read
            : register != null
                && (read ? register.access().readable() : register.access().writable())
                && OptionalFeature.allows(register, pe.system)
                && (at.op1() != 5 || pe.system.hcr(SystemRegisters.HCR_E2H))
                && (register.index() != SystemRegisters.SP_EL0
                    || (pe.pstate() & Pe.PSTATE_SP) != 0);
    if (!exists) {
      return Decision.UNDEFINED;
    }
    return trapped ? Decision.TRAP : Decision.DIRECT;
  }

  /** A hypervisor at EL1 under HCR_EL2.NV reaches for a register of EL2, or one of EL1's twins. */
  private static boolean nested(Pe pe, @Nullable Register register) {
    return pe.el() == 1 && register != null && pe.isNested();
  }

  /** Source: Arm ARM, "Reserved encodings for IMPLEMENTATION DEFINED registers". */
  private static boolean implementationDefined(Encoding at) {
    return at.op0() == 3 && (at.crn() == 11 || at.crn() == 15);
  }

  /** The identification registers that HCR_EL2.TID3 traps. */
  private static boolean identification(Encoding at) {
    return at.op0() == 3 && at.op1() == 0 && at.crn() == 0 && at.crm() >= 1 && at.crm() <= 7;
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

  /** The exception of a trapped MSR, MRS or System instruction, to be thrown. */
  static RuntimeException trap(Pe pe, int encoding, int rt, boolean read) {
    int target = TrapTable.target(pe, encoding, read);
    int iss =
        (encoding >>> 14 & 3) << 20
            | (encoding & 7) << 17
            | (encoding >>> 11 & 7) << 14
            | (encoding >>> 7 & 15) << 10
            | rt << 5
            | (encoding >>> 3 & 15) << 1
            | (read ? 1 : 0);
    return pe.pending.other(target == 0 ? 2 : target, ExceptionModel.EC_SYS64, iss);
  }
}
