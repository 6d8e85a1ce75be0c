package dev.stagewalk.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Regime;
import dev.stagewalk.board.Machine;
import dev.stagewalk.board.Profiles;
import dev.stagewalk.cpu.SystemRegisters;
import dev.stagewalk.event.EventSink;
import dev.stagewalk.mmu.Tlb;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a check sees of a machine is what the machine itself does. */
final class ObservedMachineTest {
  private static final long ROOT = 0x4010_0000L;

  /** Where tables begin whose base is not aligned is the machine's choice, not the check's. */
  @ParameterizedTest
  @EnumSource(Tlb.Mode.class)
  void aMisalignedRootIsWhereTheMachineTakesItToBe(Tlb.Mode mode) {
    Machine machine =
        new Machine(Profiles.standard().require("max"), 4096, new Tlb(mode, 16, 1), EventSink.NONE);
    Observed observed = new ObservedMachine(machine);
    set(machine, "VTCR_EL2", 0x8005_3558L);
    set(machine, "VTTBR_EL2", 1L << 48 | ROOT | 0x800);
    set(machine, "TCR_EL1", 25);
    set(machine, "TTBR0_EL1", ROOT | 0x800);

    long root = mode == Tlb.Mode.ADVERSARIAL ? ROOT | 0x800 : ROOT;
    assertThat(observed.second(0).rootBase()).isEqualTo(root);
    assertThat(observed.first(0, Regime.EL1_0).lower().rootBase()).isEqualTo(root);
    assertThat(observed.second(0).policy()).isEqualTo(machine.tlb().policy());
  }

  private static void set(Machine machine, String register, long value) {
    machine.pe().setSystem(SystemRegisters.index(register), value);
  }
}
