package dev.stagewalk.hyp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PsciCallsTest {
  private static final long CPU_ON = 0xc400_0003L;
  private static final long CPU_OFF = 0x8400_0002L;
  private static final long AFFINITY_INFO = 0xc400_0004L;
  private static final long SYSTEM_OFF = 0x8400_0008L;
  private static final long ENTRY = 0x4000_0400L;

  private final Exits exits =
      new Exits("psci, calls, wait, kill", Defects.NONE, guest -> guest.pes(2));

  private String call(long function, long... arguments) {
    exits.machine.x[0] = function;
    for (int i = 0; i < arguments.length; i++) {
      exits.machine.x[i + 1] = arguments[i];
    }
    return exits.exit(Exits.HVC_0, 0, 0);
  }

  @ParameterizedTest
  @CsvSource({
    "0x84000000, 0, 0x10001",
    "0x80000000, 0, 0x10001",
    "0x84000006, 0, 2",
    "0x8400000a, 0xc4000003, 0",
    "0x8400000a, 0x84000003, 0",
    "0x8400000a, 0xc4000002, -1",
    "0x8400000a, 0x84000005, -1",
    "0x8400001f, 0, -1",
    "0xc4000004, 0, 0",
    "0xc4000004, 1, 1",
    "0xc4000004, 2, -2",
    "0x84000001, 0, 0"
  })
  void aFunctionAnswersInX0(String function, String argument, String result) {
    call(Long.decode(function), Long.decode(argument), 0);
    assertThat(exits.machine.x[0]).isEqualTo(Long.decode(result));
    assertThat(exits.elr()).isEqualTo(Exits.PC);
    assertThat(exits.machine.running).isTrue();
  }

  @Test
  void aTrappedSmcIsAnsweredTooAndPassed() {
    exits.machine.x[0] = 0x8400_0000L;
    exits.exit(0x5e00_0000L, 0, 0);
    assertThat(exits.machine.x[0]).isEqualTo(0x1_0001);
    assertThat(exits.elr()).isEqualTo(Exits.PC + 4);
  }

  @Test
  void cpuOnHandsAStructureOfItsOwnToThePe() {
    long first = exits.machine.register("TPIDR_EL2");
    assertThat(call(CPU_ON, 1, ENTRY, 7))
        .isEqualTo("RESUME psci: CPU_ON of PE 1 at 0x4000_0400: 0x0");
    long second = exits.machine.poweredOn;
    assertThat(second).isNotZero().isNotEqualTo(first);
    exits.hypervisor.started(exits.machine, exits.machine, second);
    assertThat(exits.machine.register("TPIDR_EL2")).isEqualTo(second);
    assertThat(exits.machine.x[0]).isEqualTo(7);
    assertThat(exits.elr()).isEqualTo(ENTRY);
    assertThat(exits.machine.register("VTTBR_EL2"))
        .isEqualTo(exits.hypervisor.stage2(exits.machine).vttbr());
    call(AFFINITY_INFO, 1, 0);
    assertThat(exits.machine.x[0]).isZero();
    call(CPU_ON, 1, ENTRY, 7);
    assertThat(exits.machine.x[0]).isEqualTo(-4);
  }

  @Test
  void cpuOnWithWrongArgumentsSaysSo() {
    call(CPU_ON, 2, ENTRY, 7);
    assertThat(exits.machine.x[0]).isEqualTo(-2);
    call(CPU_ON, 1, ENTRY + 2, 7);
    assertThat(exits.machine.x[0]).isEqualTo(-9);
    call(CPU_ON, 0, ENTRY, 7);
    assertThat(exits.machine.x[0]).isEqualTo(-4);
  }

  @Test
  void cpuOffOfTheLastPeEndsTheGuest() {
    call(CPU_OFF);
    assertThat(exits.machine.stopped).isEqualTo("CPU_OFF of PE 0: it was the last that was on");
    assertThat(exits.machine.stoppedByWish).isTrue();
    assertThat(exits.machine.live).isEmpty();
  }

  @Test
  void cpuOffWhileAnotherRunsSwitchesThePeOff() {
    call(CPU_ON, 1, ENTRY, 7);
    call(CPU_OFF);
    assertThat(exits.machine.log).endsWith("S TPIDR_EL2 0", "power off");
    assertThat(exits.machine.stopped).isEmpty();
    exits.hypervisor.started(exits.machine, exits.machine, exits.machine.poweredOn);
    call(AFFINITY_INFO, 0, 0);
    assertThat(exits.machine.x[0]).isEqualTo(1);
  }

  @Test
  void theGuestIsTakenDownOnlyWhenItsLastPeHasLeftIt() {
    long first = exits.machine.register("TPIDR_EL2");
    call(CPU_ON, 1, ENTRY, 7);
    exits.hypervisor.started(exits.machine, exits.machine, exits.machine.poweredOn);
    call(SYSTEM_OFF);
    assertThat(exits.machine.log).contains("interrupt 0").endsWith("power off");
    assertThat(exits.machine.stopped).isEmpty();
    assertThat(exits.machine.live).isNotEmpty();
    exits.machine.registers.put("TPIDR_EL2", first);
    exits.hypervisor.onExit(exits.machine, exits.machine, 9, Instead.HANDLER);
    assertThat(exits.machine.stopped).isEqualTo("PSCI SYSTEM_OFF");
    assertThat(exits.machine.stoppedByWish).isTrue();
    assertThat(exits.machine.live).isEmpty();
    assertThat(exits.machine.violations).isEmpty();
  }

  @Test
  void aPeThatNoGuestWantsGoesOffAgain() {
    exits.hypervisor.started(exits.machine, exits.machine, 0);
    assertThat(exits.machine.log).endsWith("power off");
  }
}
