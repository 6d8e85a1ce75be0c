package dev.stagewalk.hyp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.hyp.GuestRegion.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SeveralGuestsTest {
  private static final long WFI = 0x07e0_0000L;
  private static final long HVC_0 = 0x5a00_0000L;
  private static final long PC = 0x4000_0200L;
  private static final long HEAP = 0x4040_0000L;

  private final TestMachine machine = new TestMachine();

  private static GuestPlan guest(String name, int vmid, Granule granule, int ipaBits) {
    return Guest.builder(name)
        .vmid(vmid)
        .geometry(granule, ipaBits)
        .image(PC + vmid * 0x10)
        .region(GuestRegion.of("code", Kind.CODE, 0x4000_0000L, 2L << 20))
        .region(GuestRegion.of("heap", Kind.ON_DEMAND, HEAP, 1L << 20))
        .handler(
            Guest.VECTOR_SYNC_LOWER_64, ExitHandlers.parse("schedule, demand-paging, calls, kill"))
        .build();
  }

  private Hypervisor booted(Defects defects) {
    Hypervisor hypervisor =
        new Hypervisor(
            List.of(
                guest("a", 1, Granule.K4, 40),
                guest("b", 2, Granule.K64, 36),
                guest("c", 3, Granule.K16, 40)),
            defects);
    hypervisor.boot(machine, machine);
    assertThat(machine.running).as(machine.stopped).isTrue();
    return hypervisor;
  }

  private void exit(Hypervisor hypervisor, long esr, long elr) {
    machine.log.clear();
    machine.exception(esr, 0, 0, elr);
    hypervisor.onExit(machine, machine, Guest.VECTOR_SYNC_LOWER_64, Instead.HANDLER);
  }

  private long vmid() {
    return machine.register("VTTBR_EL2") >>> 48;
  }

  @Test
  void theyTakeTurnsInTheOrderOfThePlanEachWithItsOwnVtcr() {
    Hypervisor hypervisor = booted(Defects.NONE);
    for (int vmid : new int[] {1, 2, 3, 1, 2}) {
      assertThat(vmid()).isEqualTo(vmid);
      Stage2Mmu mmu = hypervisor.stage2(machine);
      assertThat(machine.register("VTCR_EL2")).isEqualTo(mmu.vtcr());
      assertThat(hypervisor.plan(machine).vmid()).isEqualTo(vmid);
      exit(hypervisor, WFI, PC);
    }
    assertThat(machine.violations).isEmpty();
  }

  @Test
  void stage2IsOffWhileVtcrAndVttbrChange() {
    Hypervisor hypervisor = booted(Defects.NONE);
    exit(hypervisor, WFI, PC);
    int off = machine.log.indexOf("S HCR_EL2 488000000");
    int vttbr = index("S VTTBR_EL2");
    int vtcr = index("S VTCR_EL2");
    int on = machine.log.lastIndexOf("S HCR_EL2 " + Long.toHexString(machine.register("HCR_EL2")));
    assertThat(off).isNotNegative().isLessThan(vttbr);
    assertThat(machine.log.subList(off, vttbr)).contains("ISB");
    assertThat(vtcr).isLessThan(on);
    assertThat(machine.log.subList(vtcr, on)).contains("ISB");
    assertThat(machine.log.subList(on, machine.log.size())).contains("ISB", "load");
  }

  private int index(String start) {
    for (int i = 0; i < machine.log.size(); i++) {
      if (machine.log.get(i).startsWith(start)) {
        return i;
      }
    }
    return -1;
  }

  @Test
  void eachFindsItsRegistersAgain() {
    Hypervisor hypervisor = booted(Defects.NONE);
    machine.registers.put("TTBR0_EL1", 0x1000L);
    machine.registers.put("SCTLR_EL1", 0x30d0_1801L);
    machine.vectors[5] = 55;
    machine.x[3] = 33;
    exit(hypervisor, WFI, PC);
    assertThat(machine.register("TTBR0_EL1")).isZero();
    assertThat(machine.register("SCTLR_EL1")).isEqualTo(0x30d0_1800L);
    assertThat(machine.vectors[5]).isZero();
    assertThat(machine.x[3]).isZero();
    machine.registers.put("TTBR0_EL1", 0x2000L);
    exit(hypervisor, WFI, PC);
    exit(hypervisor, WFI, PC);
    assertThat(vmid()).isEqualTo(1);
    assertThat(machine.register("TTBR0_EL1")).isEqualTo(0x1000);
    assertThat(machine.register("SCTLR_EL1")).isEqualTo(0x30d0_1801L);
    assertThat(machine.vectors[5]).isEqualTo(55);
    assertThat(machine.x[3]).isEqualTo(33);
    assertThat(machine.register("ELR_EL2")).isEqualTo(PC + 4);
  }

  @Test
  void eachHasItsVirtualTimer() {
    Hypervisor hypervisor = booted(Defects.NONE);
    machine.registers.put("CNTV_CVAL_EL0", 5000L);
    machine.registers.put("CNTV_CTL_EL0", 1L);
    exit(hypervisor, WFI, PC);
    assertThat(machine.register("CNTV_CTL_EL0")).isZero();
    assertThat(machine.register("CNTV_CVAL_EL0")).isZero();
    machine.registers.put("CNTV_CVAL_EL0", 7000L);
    exit(hypervisor, WFI, PC);
    exit(hypervisor, WFI, PC);
    assertThat(vmid()).isEqualTo(1);
    assertThat(machine.register("CNTV_CTL_EL0")).isEqualTo(1);
    assertThat(machine.register("CNTV_CVAL_EL0")).isEqualTo(5000);
  }

  @Test
  void asPostedTheNextGuestFindsTheRegistersOfTheOneBefore() {
    Hypervisor hypervisor = booted(Defects.of(Defect.REGISTERS_NOT_SWITCHED));
    machine.registers.put("TTBR0_EL1", 0x1000L);
    exit(hypervisor, WFI, PC);
    assertThat(machine.register("TTBR0_EL1")).isEqualTo(0x1000);
  }

  @Test
  void withoutVtcrInTheGuestAllRunWithTheLastOnes() {
    Hypervisor hypervisor = booted(Defects.of(Defect.VTCR_NOT_IN_GUEST));
    assertThat(vmid()).isEqualTo(1);
    assertThat(machine.register("VTCR_EL2")).isNotEqualTo(hypervisor.stage2(machine).vtcr());
  }

  @Test
  void whoHasEndedIsPassedOverAndTheLastEndsTheMachine() {
    Hypervisor hypervisor = booted(Defects.NONE);
    exit(hypervisor, WFI, PC);
    exit(hypervisor, HVC_0, PC);
    assertThat(machine.log)
        .contains("P guest b has ended: HVC #0: the guest has finished")
        .contains("{ guest_switch to c, VMID 3");
    assertThat(machine.stopped).isEmpty();
    exit(hypervisor, WFI, PC);
    assertThat(vmid()).isEqualTo(1);
    exit(hypervisor, WFI, PC);
    assertThat(vmid()).isEqualTo(3);
    exit(hypervisor, HVC_0, PC);
    assertThat(vmid()).isEqualTo(1);
    exit(hypervisor, WFI, PC);
    assertThat(vmid()).as("it is alone").isEqualTo(1);
    exit(hypervisor, HVC_0, PC);
    assertThat(machine.stopped).isEqualTo("HVC #0: the guest has finished");
    assertThat(machine.live).isEmpty();
    assertThat(machine.violations).isEmpty();
  }

  @Test
  void theHostsRegistersComeBackAtTheEnd() {
    Hypervisor hypervisor = booted(Defects.NONE);
    for (int i = 0; i < 3; i++) {
      exit(hypervisor, HVC_0, PC);
    }
    assertThat(machine.register("HCR_EL2")).isEqualTo(0x4_8800_0000L);
    assertThat(machine.register("VBAR_EL2")).isEqualTo(0x4008_f000L);
    assertThat(machine.register("TPIDR_EL2")).isZero();
    assertThat(machine.register("VTTBR_EL2")).isZero();
  }
}
