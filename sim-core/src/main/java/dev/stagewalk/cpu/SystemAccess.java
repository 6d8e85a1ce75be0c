package dev.stagewalk.cpu;

import dev.stagewalk.arch.Encoding;
import dev.stagewalk.arch.Register;
import dev.stagewalk.arch.RegisterTable;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

  private static final Set<String> ID_GROUP_1 = Set.of("REVIDR_EL1", "AIDR_EL1", "SMIDR_EL1");
  private static final Set<String> ID_GROUP_2 =
      Set.of("CTR_EL0", "CCSIDR_EL1", "CCSIDR2_EL1", "CLIDR_EL1", "CSSELR_EL1");

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
    Register register = decide(pe, Encoding.ofPacked(encoding), rt, true);
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
      pe.setSystem(register.index(), value);
    }
  }

  /** The register to access; null for one that reads as zero. */
  private static @Nullable Register decide(Pe pe, Encoding at, int rt, boolean read) {
    Register register = RegisterTable.standard().byEncoding(at).orElse(null);
    return switch (decision(pe, register, at, read)) {
      case DIRECT -> register;
      case UNDEFINED -> throw pe.undefined();
      case TRAP_TO_EL2 ->
          throw pe.pending.other(2, ExceptionModel.EC_SYS64, trapSyndrome(at, rt, read));
    };
  }

  private static Decision decision(Pe pe, @Nullable Register register, Encoding at, boolean read) {
    boolean fromEl1 = pe.el() == 1;
    if (implementationDefined(at)) {
      return fromEl1 && pe.system.hcr(SystemRegisters.HCR_TIDCP)
          ? Decision.TRAP_TO_EL2
          : Decision.UNDEFINED;
    }
    if (pe.el() < lowestLevel(at.op1())) {
      return Decision.UNDEFINED;
    }
    if (identification(at)) {
      // Those without a register are reserved and read as zero.
      if (!read) {
        return Decision.UNDEFINED;
      }
      return fromEl1 && pe.system.hcr(SystemRegisters.HCR_TID3)
          ? Decision.TRAP_TO_EL2
          : Decision.DIRECT;
    }
    if (register == null
        || (read ? !register.access().readable() : !register.access().writable())
        || !OptionalFeature.allows(register, pe.system)
        || (at.op1() == 5 && !pe.system.hcr(SystemRegisters.HCR_E2H))
        || (register.index() == SystemRegisters.SP_EL0 && (pe.pstate() & Pe.PSTATE_SP) == 0)) {
      return Decision.UNDEFINED;
    }
    return pe.el() < 2 && pe.system.hcr(trap(register.name(), read))
        ? Decision.TRAP_TO_EL2
        : Decision.DIRECT;
  }

  /** The bit of HCR_EL2 that traps an access below EL2; 0 if none does. */
  private static long trap(String register, boolean read) {
    if (VIRTUAL_MEMORY.contains(register)) {
      return read ? SystemRegisters.HCR_TRVM : SystemRegisters.HCR_TVM;
    }
    if (ID_GROUP_1.contains(register)) {
      return SystemRegisters.HCR_TID1;
    }
    if (ID_GROUP_2.contains(register)) {
      return SystemRegisters.HCR_TID2;
    }
    return register.equals("ACTLR_EL1") ? SystemRegisters.HCR_TACR : 0;
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

  /** ISS of a trapped MSR, MRS or System instruction. */
  private static int trapSyndrome(Encoding at, int rt, boolean read) {
    return at.op0() << 20
        | at.op2() << 17
        | at.op1() << 14
        | at.crn() << 10
        | rt << 5
        | at.crm() << 1
        | (read ? 1 : 0);
  }
}
