package dev.stagewalk.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Pa;
import dev.stagewalk.cpu.El2;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.mmu.PendingWork;
import dev.stagewalk.mmu.Tlb;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MachineTest {
  private final List<SimEvent> events = new ArrayList<>();
  private final Machine machine =
      new Machine(
          Profile.NEOVERSE_N1,
          4096,
          new Tlb(Tlb.Mode.REALISTIC, Tlb.USUAL_CAPACITY, 1),
          (pe, event) -> events.add(event));
  private final HostOperations host = machine.host();

  @Test
  void whateverDecidesHowTheMachineGoesOnIsInTheStateHash() {
    Set<Long> hashes = new HashSet<>();
    List<Runnable> changes =
        List.of(
            () -> {},
            () -> machine.pe().setX(3, 1),
            () -> machine.pe().setSp(16),
            () -> machine.pe().branch(0x1234),
            () -> machine.pe().setNzcv(8),
            () -> host.writeRegister("VTCR_EL2", 7),
            () -> machine.pe().markExclusive(0x4000_0000L, 8),
            () -> host.store(0x4000_0000L, 1, 1),
            () -> host.storeDescriptor(0x4000_0008L, 5),
            host::tlbiVmalls12e1is,
            host::dsbIsh,
            () -> host.allocate(0),
            () -> host.store(Machine.UART + 0x24, 4, 5),
            () -> machine.tlb().mode(Tlb.Mode.OFF),
            () -> machine.pe().halt());
    for (Runnable change : changes) {
      change.run();
      assertThat(hashes.add(machine.stateHash())).as("change %s", hashes.size()).isTrue();
    }
  }

  @Test
  void aRestoredMachineHasTheHashOfTheSavedOneAndSoHasAnother() {
    host.allocate(2);
    host.storeDescriptor(0x4800_0000L, 77);
    host.writeRegister("HCR_EL2", 1);
    Machine.State state = machine.save();
    long hash = machine.stateHash();
    host.allocate(0);
    host.storeDescriptor(0x4800_0008L, 78);
    host.writeRegister("HCR_EL2", 0);
    assertThat(machine.stateHash()).isNotEqualTo(hash);
    machine.restore(state);
    assertThat(machine.stateHash()).isEqualTo(hash);
    Machine other =
        new Machine(
            Profile.NEOVERSE_N1,
            4096,
            new Tlb(Tlb.Mode.REALISTIC, Tlb.USUAL_CAPACITY, 1),
            (pe, event) -> {});
    other.restore(state);
    assertThat(other.stateHash()).isEqualTo(hash);
  }

  @Test
  void aHypervisorThatForgetsItsBarriersHasEachStorePendingOnce() {
    for (int i = 0; i < 1000; i++) {
      host.storeDescriptor(0x4800_0000L + 8 * (i % 3), i);
    }
    assertThat(machine.tlb().pending().stores()).hasSize(3);
    host.tlbiVmalls12e1is();
    host.dsbIshst();
    assertThat(machine.tlb().pending().stores())
        .as("entries made valid, which this PE may miss until it synchronises its context")
        .extracting(PendingWork.Store::reach)
        .containsOnly(PendingWork.Reach.OTHER_PES);
    host.isb();
    assertThat(machine.tlb().pending().stores()).isEmpty();
    assertThat(machine.tlb().pending().tlbis()).hasSize(1);
    host.dsbIsh();
    assertThat(machine.tlb().pending().tlbis()).isEmpty();
  }

  @Test
  void whatIsAllocatedIsZeroAlsoWhenItWasUsedBefore() {
    Pa first = host.allocate(1);
    host.store(first.value() + 0x1008, 8, -1);
    host.free(first);
    assertThat(host.allocate(1)).isEqualTo(first);
    assertThat(host.load(first.value() + 0x1008)).isZero();
  }

  @Test
  void freeingWhatIsNotAllocatedIsRemarkedAndDoesNothing() {
    Pa pages = host.allocate(1);
    host.free(El2.NULL);
    host.free(new Pa(pages.value() + 0x1000));
    host.free(new Pa(0x4000_0000L));
    host.free(pages);
    host.free(pages);
    assertThat(events.stream().filter(SimEvent.Freed.class::isInstance))
        .extracting(e -> ((SimEvent.Freed) e).remark())
        .containsExactly(
            "null", "not the start of an allocation", "not allocated", "", "not allocated");
  }

  @Test
  void theVmidOfATlbiHasAsManyBitsAsVtcrSays() {
    host.writeRegister("VTTBR_EL2", 0x1234L << 48);
    host.tlbiVmalls12e1is();
    host.writeRegister("VTCR_EL2", 1L << 19);
    host.tlbiVmalls12e1is();
    assertThat(events.stream().filter(SimEvent.TlbInvalidated.class::isInstance))
        .extracting(e -> ((SimEvent.TlbInvalidated) e).vmid())
        .containsExactly(0x34, 0x1234);
  }
}
