package dev.stagewalk.hyp;

import dev.stagewalk.arch.Register;
import dev.stagewalk.arch.RegisterTable;
import dev.stagewalk.cpu.El2;
import java.util.Optional;
import java.util.Set;

/**
 * Trapped MRS and MSR, answered from the ISS. An identification register reads as the PE's with
 * what the guest shall not see taken out; a write that HCR_EL2.TVM traps, or a read that TRVM
 * traps, is done for the guest; ACTLR_EL1 reads as zero and ignores writes. Any other access is
 * UNDEFINED for the guest.
 *
 * <p>Source: Arm ARM, ESR_EL2, "ISS encoding for an exception from MSR, MRS, or System instruction
 * execution in AArch64 state"; HCR_EL2, TID3, TVM, TRVM and TACR.
 */
public final class SystemRegisterTraps implements ExitHandler {
  private static final int READ = 1;

  /** Fields of ID_AA64PFR0_EL1 that are hidden: MPAM, AMU and SVE. */
  private static final long HIDDEN_PFR0 = 0xfL << 40 | 0xfL << 44 | 0xfL << 32;

  /** The registers of the guest's stage 1 that HCR_EL2.TVM and TRVM trap. */
  private static final Set<String> STAGE_1_CONTROLS =
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

  @Override
  public String name() {
    return "system_register";
  }

  @Override
  public HandlerAnswer handle(GuestExit exit) {
    if (exit.exceptionClass() != Syndrome.SYSTEM_REGISTER) {
      return HandlerAnswer.NOT_MINE;
    }
    long iss = exit.esr();
    int op0 = (int) (iss >>> 20) & 3;
    int op2 = (int) (iss >>> 17) & 7;
    int op1 = (int) (iss >>> 14) & 7;
    int crn = (int) (iss >>> 10) & 15;
    int rt = (int) (iss >>> 5) & 31;
    int crm = (int) (iss >>> 1) & 15;
    boolean read = (iss & READ) != 0;
    boolean identification = op0 == 3 && op1 == 0 && crn == 0;
    Optional<Register> register =
        op0 < 2 ? Optional.empty() : RegisterTable.standard().byEncoding(op0, op1, crn, crm, op2);
    String spelt = "S%d_%d_C%d_C%d_%d".formatted(op0, op1, crn, crm, op2);
    String name = register.map(Register::name).orElse(spelt);
    if (identification && read) {
      return read(exit, rt, name, register.isEmpty() ? 0 : seen(exit.el2(), name));
    }
    if (name.equals("ACTLR_EL1")) {
      return read ? read(exit, rt, name, 0) : ignore(exit, name);
    }
    if (STAGE_1_CONTROLS.contains(name)) {
      return read ? read(exit, rt, name, exit.el2().register(name)) : write(exit, rt, name);
    }
    GuestException.undefined(exit);
    return new HandlerAnswer.Resume(
        name(), (read ? "read of " : "write of ") + name + ": UNDEFINED for the guest");
  }

  /** What the guest sees of an identification register. */
  private static long seen(El2 el2, String name) {
    long value = el2.register(name);
    return name.equals("ID_AA64PFR0_EL1") ? value & ~HIDDEN_PFR0 : value;
  }

  private HandlerAnswer read(GuestExit exit, int rt, String name, long value) {
    exit.setX(rt, value);
    exit.skipInstruction();
    return new HandlerAnswer.Resume(
        name(), "x" + rt + " = " + name + ", for the guest " + Words.number(value));
  }

  private HandlerAnswer ignore(GuestExit exit, String name) {
    exit.skipInstruction();
    return new HandlerAnswer.Resume(name(), "write of " + name + " ignored");
  }

  private HandlerAnswer write(GuestExit exit, int rt, String name) {
    long value = exit.x(rt);
    if (name.equals("SCTLR_EL1")) {
      exit.setSctlr(value);
    } else {
      exit.el2().writeRegister(name, value);
    }
    exit.skipInstruction();
    return new HandlerAnswer.Resume(
        name(), name + " = " + Words.number(value) + ", written for the guest");
  }
}
