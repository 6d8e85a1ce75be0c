package dev.stagewalk.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.event.Domain;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.isa.InstructionTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What MRS and MSR do at EL1: the value, a trap to EL2, or UNDEFINED. */
class SystemAccessTest {
  private static final long IL = 1L << 25;
  private static final int TVM = 26;
  private static final int TRVM = 30;
  private final Rig rig = new Rig();

  @Test
  void aTrappedWriteNamesTheRegisterAndTheZeroRegister() {
    rig.set("HCR_EL2", Rig.HCR | 1L << TVM);
    rig.code("msr ttbr0_el1, xzr").runToEl2();
    // op0 3, op2 0, op1 0, CRn 2, Rt 31, CRm 0, a write.
    assertThat(rig.get("ESR_EL2")).isEqualTo(0x18L << 26 | IL | 3 << 20 | 2 << 10 | 31 << 5);
    assertThat(rig.get("ELR_EL2")).isEqualTo(Rig.CODE);
  }

  @Test
  void tvmLetsReadsThroughAndTrvmWrites() {
    rig.set("HCR_EL2", Rig.HCR | 1L << TVM);
    rig.set("TCR_EL1", 0x77);
    rig.code("mrs x1, tcr_el1").run(1);
    assertThat(rig.pe.x(1)).isEqualTo(0x77);
    rig.set("HCR_EL2", Rig.HCR | 1L << TRVM);
    rig.code("msr tcr_el1, x2\n mrs x5, tcr_el1").runToEl2();
    assertThat(rig.iss(2)).isEqualTo(3 << 20 | 2 << 17 | 2 << 10 | 5 << 5 | 1);
    assertThat(rig.get("TCR_EL1")).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mrs x0, hcr_el2",
        "msr vttbr_el2, x0",
        "mrs x0, sp_el1",
        "mrs x0, sctlr_el12",
        "msr midr_el1, x0",
        "msr currentel, x0",
        "mrs x0, oslar_el1",
        "mrs x0, S3_0_C4_C0_7",
        "mrs x0, S3_0_C15_C0_0",
        "mrs x0, apiakeylo_el1",
        "mrs x0, zcr_el1",
        "mrs x0, dit"
      })
  void whatEl1HasNotIsUndefined(String instruction) {
    rig.code(instruction).run(1);
    assertThat(rig.get("ESR_EL1")).isEqualTo(IL);
    assertThat(rig.get("ELR_EL1")).isEqualTo(Rig.CODE);
    assertThat(rig.pe.isHalted()).isFalse();
  }

  @Test
  void spEl0IsUndefinedWhileItIsTheStackPointerInUse() {
    rig.code("msr spsel, #0\n mrs x0, sp_el0").run(2);
    assertThat(rig.get("ESR_EL1")).isEqualTo(IL);
  }

  @Test
  void reservedIdentificationRegistersReadAsZeroAndCannotBeWritten() {
    rig.pe.setX(0, 5);
    rig.code("mrs x0, S3_0_C0_C7_7\n msr S3_0_C0_C7_7, x0").run(1);
    assertThat(rig.pe.x(0)).isZero();
    rig.run(1);
    assertThat(rig.get("ESR_EL1")).isEqualTo(IL);
  }

  @Test
  void tid3TrapsIdentificationEvenWhereItIsReserved() {
    rig.set("HCR_EL2", Rig.HCR | 1L << 18);
    rig.code("mrs x7, S3_0_C0_C7_7").runToEl2();
    assertThat(rig.iss(2)).isEqualTo(3 << 20 | 7 << 17 | 7 << 5 | 7 << 1 | 1);
  }

  @Test
  void tidcpTrapsImplementationDefinedRegisters() {
    rig.set("HCR_EL2", Rig.HCR | 1L << 20);
    rig.code("mrs x7, S3_1_C15_C2_0").runToEl2();
    assertThat(rig.exceptionClass(2)).isEqualTo(0x18);
  }

  @Test
  void ctrIsTrappedFromEl0TooByTid2() {
    rig.set("HCR_EL2", Rig.HCR | 1L << 17);
    rig.set("SCTLR_EL1", rig.get("SCTLR_EL1") | 1L << 15);
    rig.pe.setPstate(0x3c0);
    rig.code("mrs x7, ctr_el0").runToEl2();
    assertThat(rig.exceptionClass(2)).isEqualTo(0x18);
  }

  @Test
  void whatSctlrKeepsFromEl0TrapsToEl1BeforeAnyTrapToEl2() {
    rig.set("HCR_EL2", Rig.HCR | 1L << 17);
    rig.pe.setPstate(0x3c0);
    rig.code("mrs x7, ctr_el0").run(1);
    assertThat(rig.pe.isHalted()).isFalse();
    assertThat(rig.get("ESR_EL1"))
        .isEqualTo(0x18L << 26 | IL | 3 << 20 | 1 << 17 | 3 << 14 | 7 << 5 | 1);
  }

  @ParameterizedTest
  @CsvSource({
    "HCR_EL2,  21, 'mrs x5, actlr_el1',      0x3204a1",
    "HCR_EL2,  22, 'dc isw, x1',             0x141c2c",
    "HCR_EL2,  23, 'dc civac, x3',           0x12dc7c",
    "HCR_EL2,  24, 'dc cvau, x3',            0x12dc76",
    "HCR_EL2,  24, 'ic iallu',               0x101fea",
    "HCR_EL2,  25, 'tlbi vae1is, x4',        0x122086",
    "HCR_EL2,  35, 'mrs x1, lorc_el1',       0x362829",
    "HCR_EL2,  44, 'at s1e0w, x2',           0x161c50",
    "HCR_EL2,  54, 'tlbi vae1is, x4',        0x122086",
    "MDCR_EL2,  9, 'msr dbgwcr0_el1, x5',    0x2e00a0",
    "MDCR_EL2, 10, 'msr oslar_el1, xzr',     0x2807e0",
    "MDCR_EL2, 11, 'mrs x4, mdrar_el1',      0x200481",
    "MDCR_EL2,  8, 'mrs x1, mdscr_el1',      0x240025",
    "CPTR_EL2, 31, 'msr cpacr_el1, x5',      0x3404a0"
  })
  void aControlBitTrapsWhatItsRowSays(String control, int bit, String instruction, String iss) {
    rig.set("ID_AA64MMFR1_EL1", 0x1021_2122L);
    rig.set(control, rig.get(control) | 1L << bit);
    rig.code(instruction).runToEl2();
    assertThat(rig.get("ESR_EL2")).isEqualTo(0x18L << 26 | IL | Long.decode(iss));
    assertThat(rig.get("ELR_EL2")).isEqualTo(Rig.CODE);
  }

  @Test
  void thePhysicalCounterAndTimerTrapUnlessEl2LetsThemThrough() {
    rig.set("CNTHCTL_EL2", 2);
    rig.code("mrs x1, cntp_ctl_el0\n mrs x3, cntpct_el0").runToEl2();
    assertThat(rig.get("ELR_EL2")).isEqualTo(Rig.CODE + 4);
    assertThat(rig.iss(2)).isEqualTo(3 << 20 | 1 << 17 | 3 << 14 | 14 << 10 | 3 << 5 | 1);
  }

  @Test
  void withE2hTheCountersBitsAreElsewhere() {
    rig.set("HCR_EL2", Rig.HCR | 1L << 34);
    rig.set("CNTHCTL_EL2", 1 << 10);
    rig.code("mrs x3, cntpct_el0\n mrs x1, cntp_ctl_el0").runToEl2();
    assertThat(rig.get("ELR_EL2")).isEqualTo(Rig.CODE + 4);
  }

  @Test
  void ttlbisLeavesTlbMaintenanceOfThisPeAlone() {
    rig.set("HCR_EL2", Rig.HCR | 1L << 54);
    rig.code("tlbi vae1, x4").run(1);
    assertThat(rig.pe.isHalted()).isFalse();
    assertThat(rig.pe.pc()).isEqualTo(Rig.CODE + 4);
  }

  @Test
  void underNvEl2RegistersAndReturnsTrapAndCurrentElSaysEl2() {
    rig.set("ID_AA64MMFR2_EL1", 0x0100_1011L);
    rig.set("HCR_EL2", Rig.HCR | 1L << 42);
    rig.code("mrs x1, currentel\n mrs x2, hcr_el2").runToEl2();
    assertThat(rig.pe.x(1)).isEqualTo(8);
    assertThat(rig.iss(2)).isEqualTo(0x310443);
  }

  @Test
  void underNvAReturnTrapsWithAClassOfItsOwn() {
    rig.set("ID_AA64MMFR2_EL1", 0x0100_1011L);
    rig.set("HCR_EL2", Rig.HCR | 1L << 42);
    rig.code("eret").runToEl2();
    assertThat(rig.get("ESR_EL2")).isEqualTo(0x1aL << 26 | IL);
  }

  @Test
  void breakpointsGoToEl2WhereDebugExceptionsDo() {
    rig.set("MDCR_EL2", 1 << 8);
    rig.code("brk #0x1234").runToEl2();
    assertThat(rig.get("ESR_EL2")).isEqualTo(0x3cL << 26 | IL | 0x1234);
  }

  @Test
  void viewsOfPstateReadAndWriteIt() {
    rig.pe.setX(1, 0xf000_0000L);
    rig.code("msr nzcv, x1\n msr daifclr, #3\n mrs x2, nzcv\n mrs x3, daif\n mrs x4, currentel");
    rig.run(5);
    assertThat(rig.pe.x(2)).isEqualTo(0xf000_0000L);
    assertThat(rig.pe.x(3)).isEqualTo(0x300);
    assertThat(rig.pe.x(4)).isEqualTo(4);
  }

  @Test
  void everyRowNameOfAFeatureIsThereInTheInstructionTable() {
    for (String name : InstructionFeatures.names()) {
      assertThat(InstructionTable.a64().rows())
          .as(name)
          .anyMatch(row -> InstructionFeatures.names(name, row));
    }
  }

  @Test
  void dczidSaysWhetherDcZvaIsTrappedNow() {
    rig.code("mrs x1, dczid_el0\n mrs x2, dczid_el0").run(1);
    rig.set("HCR_EL2", Rig.HCR | 1L << 28);
    rig.run(1);
    assertThat(rig.pe.x(1)).isEqualTo(4);
    assertThat(rig.pe.x(2)).isEqualTo(0x14);
  }

  @Test
  void fbBroadcastsWhatEl1WouldInvalidateForItselfAlone() {
    for (long fb : new long[] {0, 1 << 9}) {
      Rig rig = new Rig();
      rig.set("HCR_EL2", Rig.HCR | fb);
      rig.code("tlbi vmalle1").run(1);
      assertThat(rig.events)
          .filteredOn(SimEvent.TlbInvalidated.class::isInstance)
          .singleElement()
          .isInstanceOfSatisfying(
              SimEvent.TlbInvalidated.class,
              done ->
                  assertThat(done.scope().domain())
                      .isEqualTo(fb == 0 ? Domain.NON_SHAREABLE : Domain.INNER_SHAREABLE));
    }
  }

  @Test
  void apiAndApkLetTheGuestHavePointerAuthentication() {
    Rig rig = new Rig();
    rig.set("ID_AA64ISAR1_EL1", 0x100);
    rig.set("HCR_EL2", Rig.HCR | 1L << 40);
    rig.code("mrs x3, apiakeylo_el1\n nop").run(1);
    assertThat(rig.pe.pc()).isEqualTo(Rig.CODE + 4);
    rig.code("paciasp\n nop").run(1);
    assertThat(rig.pe.pc()).as("no key is enabled").isEqualTo(Rig.CODE + 4);
  }
}
