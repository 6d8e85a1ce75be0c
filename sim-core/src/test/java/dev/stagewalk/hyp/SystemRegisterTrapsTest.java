package dev.stagewalk.hyp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SystemRegisterTrapsTest {
  private final Exits exits = new Exits("system-registers, calls, kill");

  private String trap(int op0, int op1, int crn, int crm, int op2, int rt, boolean read) {
    long iss =
        (long) op0 << 20
            | (long) op2 << 17
            | (long) op1 << 14
            | (long) crn << 10
            | (long) rt << 5
            | (long) crm << 1
            | (read ? 1 : 0);
    return exits.exit(0x18L << 26 | 1 << 25 | iss, 0, 0);
  }

  @Test
  void anIdentificationRegisterReadsWithoutWhatTheGuestShallNotUse() {
    exits.machine.registers.put("ID_AA64PFR0_EL1", 0x1111_1111_1111_1111L);
    assertThat(trap(3, 0, 0, 4, 0, 5, true))
        .isEqualTo(
            "RESUME system_register: x5 = ID_AA64PFR0_EL1, for the guest 0x1111001011111111");
    assertThat(exits.machine.x[5]).isEqualTo(0x1111_0010_1111_1111L);
    assertThat(exits.elr()).isEqualTo(Exits.PC + 4);
    trap(3, 0, 0, 7, 0, 5, true);
    assertThat(exits.machine.x[5]).isEqualTo(exits.machine.register("ID_AA64MMFR0_EL1"));
  }

  @Test
  void anUnnamedIdentificationRegisterReadsAsZero() {
    exits.machine.x[6] = 1;
    assertThat(trap(3, 0, 0, 7, 7, 6, true)).contains("S3_0_C0_C7_7");
    assertThat(exits.machine.x[6]).isZero();
  }

  @Test
  void aTrappedWriteOfATranslationControlIsDoneForTheGuest() {
    exits.machine.x[3] = 0xff;
    assertThat(trap(3, 0, 10, 2, 0, 3, false)).contains("MAIR_EL1 = 0xff, written for the guest");
    assertThat(exits.machine.register("MAIR_EL1")).isEqualTo(0xff);
    exits.machine.x[4] = 7;
    trap(3, 0, 10, 2, 0, 4, true);
    assertThat(exits.machine.x[4]).isEqualTo(0xff);
  }

  @Test
  void sctlrIsWrittenByTheResumeThatReloadsIt() {
    exits.machine.x[3] = 0x30d0_1801L;
    trap(3, 0, 1, 0, 0, 3, false);
    assertThat(exits.machine.log).containsSubsequence("S SCTLR_EL1 30d01801", "ISB", "load");
    trap(3, 0, 1, 0, 0, 31, false);
    assertThat(exits.machine.register("SCTLR_EL1")).isZero();
  }

  @Test
  void theAuxiliaryControlRegisterIsZeroAndIgnoresWrites() {
    exits.machine.x[3] = 5;
    assertThat(trap(3, 0, 1, 0, 1, 3, false)).contains("ignored");
    trap(3, 0, 1, 0, 1, 3, true);
    assertThat(exits.machine.x[3]).isZero();
  }

  @Test
  void anyOtherAccessIsUndefinedForTheGuest() {
    exits.machine.registers.put("VBAR_EL1", 0x4000_0800L);
    assertThat(trap(3, 3, 9, 12, 0, 3, true)).contains("read of PMCR_EL0: UNDEFINED");
    assertThat(exits.machine.register("ESR_EL1")).isEqualTo(1 << 25);
    assertThat(exits.machine.register("ELR_EL1")).isEqualTo(Exits.PC);
    assertThat(exits.elr()).isEqualTo(0x4000_0a00L);
    assertThat(trap(1, 0, 8, 7, 0, 3, false)).contains("write of S1_0_C8_C7_0: UNDEFINED");
  }
}
