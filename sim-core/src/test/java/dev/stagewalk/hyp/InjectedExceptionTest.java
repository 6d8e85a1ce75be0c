package dev.stagewalk.hyp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class InjectedExceptionTest {
  private static final long NOWHERE = 0x7000_0000L;
  private static final long READ_TRANSLATION_L2 = 0x9382_8006L;
  private static final long VBAR = 0x4000_0800L;

  private final Exits exits = new Exits("demand-paging, calls, inject-abort");

  private void exitFrom(long pstate, long esr) {
    exits.machine.registers.put("VBAR_EL1", VBAR);
    exits.machine.log.clear();
    exits.machine.exception(esr, NOWHERE + 4, NOWHERE >>> 8, Exits.PC);
    exits.machine.registers.put("SPSR_EL2", pstate);
    exits.hypervisor.onExit(
        exits.machine, exits.machine, Guest.VECTOR_SYNC_LOWER_64, Instead.HANDLER);
  }

  @ParameterizedTest
  @CsvSource({
    "0x3c5, 0x200, 0x25",
    "0x3c4, 0x000, 0x25",
    "0x3c0, 0x400, 0x24",
    "0x1d0, 0x600, 0x24"
  })
  void theVectorAndTheClassFollowFromTheModeTheGuestWasIn(String from, String offset, String ec) {
    exitFrom(Long.decode(from), READ_TRANSLATION_L2);
    assertThat(exits.elr()).isEqualTo(VBAR + Long.decode(offset));
    assertThat(exits.machine.register("ESR_EL1")).isEqualTo(Long.decode(ec) << 26 | 1 << 25 | 0x10);
    assertThat(exits.machine.register("SPSR_EL1")).isEqualTo(Long.decode(from));
    assertThat(exits.machine.register("ELR_EL1")).isEqualTo(Exits.PC);
    assertThat(exits.machine.register("FAR_EL1")).isEqualTo(NOWHERE + 4);
    assertThat(exits.machine.register("SPSR_EL2") & 0x3df).isEqualTo(0x3c5);
  }

  @Test
  void flagsAndDitAreKeptAndPanIsSetUnlessSpanSaysNo() {
    assertThat(GuestException.entered(0xa100_0000L | 4, 0, false)).isEqualTo(0xa140_03c5L);
    assertThat(GuestException.entered(0, 1L << 23, false)).isEqualTo(0x3c5);
    assertThat(GuestException.entered(1 << 22, 1L << 23, false)).isEqualTo(0x40_03c5);
    assertThat(GuestException.entered(1 << 21 | 1 << 20, 1L << 23, false)).isEqualTo(0x3c5);
    assertThat(GuestException.entered(0, 1L << 44 | 1 << 23, true)).isEqualTo(0x13c5);
    assertThat(GuestException.entered(1 << 12, 1 << 23, true)).isEqualTo(0x3c5);
  }

  @Test
  void aFetchBecomesAnInstructionAbort() {
    exitFrom(0x3c5, 0x8200_0006L);
    assertThat(exits.machine.register("ESR_EL1")).isEqualTo(0x8600_0010L);
  }

  @Test
  void aStoreStaysAStore() {
    exitFrom(0x3c5, READ_TRANSLATION_L2 | 0x40);
    assertThat(exits.machine.register("ESR_EL1")).isEqualTo(0x9600_0050L);
  }

  @Test
  void theFaultIsReflectedAsAsked() {
    Exits asked = new Exits("calls, inject-abort=0x07");
    asked.machine.registers.put("VBAR_EL1", VBAR);
    assertThat(asked.exit(READ_TRANSLATION_L2, NOWHERE, NOWHERE >>> 8))
        .isEqualTo(
            "RESUME inject_abort: read, Translation fault level 2, IPA page 0x7000_0000: given to"
                + " the guest as fault status 0x7, at 0x4000_0a00");
    assertThat(asked.machine.register("ESR_EL1")).isEqualTo(0x9600_0007L);
    assertThatThrownBy(() -> ExitHandlers.parse("inject-abort=0x40"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aCallIsNotReflected() {
    assertThat(exits.exit(Exits.HVC_0, 0, 0)).startsWith("EXIT hypercall");
  }
}
