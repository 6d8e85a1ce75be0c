package dev.stagewalk.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.event.Instruction;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.Tlb;
import dev.stagewalk.mmu.TlbEntry;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A guest at EL1 with tables of its own, under the flat stage 2 of the rig. */
final class Stage1Test {
  private static final long TABLES = Rig.RAM + 0x10_8000;
  private static final long UPPER_TABLE = TABLES + 0x4000;

  /** VA of {@link Rig#DATA} in the lower range. */
  private static final long VA = 0x40_0000;

  private static final long PAGE = 0x703; // AF, Inner Shareable, read-write at EL1
  private static final long EL0 = 1 << 6;
  private static final long READ_ONLY = 1 << 7;
  private static final long NOT_GLOBAL = 1 << 11;

  private final Rig rig = new Rig();

  /** 39-bit VAs in both ranges, 4K: level 1 first; code flat in the lower range. */
  private Rig on(Rig machine) {
    machine.ram.write(TABLES, 8, (TABLES + 0x1000) | 3);
    machine.ram.write(TABLES + 8, 8, Rig.RAM | PAGE & ~2L);
    machine.ram.write(TABLES + 0x1000 + 8 * 2, 8, (TABLES + 0x2000) | 3);
    machine.ram.write(leaf(), 8, Rig.DATA | PAGE);
    machine.set("HCR_EL2", Rig.HCR & ~SystemRegisters.HCR_DC);
    machine.set("TTBR0_EL1", TABLES);
    machine.set("TTBR1_EL1", UPPER_TABLE);
    machine.set("TCR_EL1", 5L << 32 | 2L << 30 | 25L << 16 | 25);
    machine.set("MAIR_EL1", 0xff);
    machine.set("SCTLR_EL1", 0x30d0_1805L);
    machine.ram.write(Rig.DATA, 8, 0x1234);
    machine.ram.write(Rig.DATA + 0x1000, 8, 0x5678);
    machine.pe.setX(0, VA);
    return machine;
  }

  private static long leaf() {
    return TABLES + 0x2000;
  }

  private List<Translation> walks() {
    return rig.events.stream()
        .filter(SimEvent.Translated.class::isInstance)
        .map(e -> ((SimEvent.Translated) e).translation())
        .toList();
  }

  @Test
  void loadsAndStoresGoThroughTheGuestsTables() {
    on(rig).code("ldr x1, [x0]\nstr x1, [x0, #8]\nhvc #0").runToEl2();

    assertThat(rig.pe.x(1)).isEqualTo(0x1234);
    assertThat(rig.ram.read(Rig.DATA + 8, 8)).isEqualTo(0x1234);
    assertThat(walks().getLast().lookups())
        .as("three levels of stage 1, then stage 2 of the output")
        .extracting(Lookup::stage)
        .containsExactly(1, 1, 1, 2, 2, 2);
    assertThat(rig.tlb.entries()).allSatisfy(e -> assertThat(e.stage1()).isNotNull());
  }

  @Test
  void aStage1FaultGoesToEl1AndAStage2FaultOfTheOutputToEl2() {
    on(rig).ram.write(leaf(), 8, Rig.DATA | PAGE | READ_ONLY);
    rig.code(Rig.EL1_VECTORS + 0x200, "hvc #1").code("str x1, [x0]").runToEl2();
    assertThat(rig.exceptionClass(1)).isEqualTo(0x25);
    assertThat(rig.iss(1)).isEqualTo(0x4f);
    assertThat(rig.get("FAR_EL1")).isEqualTo(VA);

    Rig other = on(new Rig());
    other.setLeaf(Rig.DATA, 0);
    other.code("ldr x1, [x0]").runToEl2();
    assertThat(other.exceptionClass(2)).isEqualTo(0x24);
    assertThat(other.get("FAR_EL2")).isEqualTo(VA);
    assertThat(other.get("HPFAR_EL2")).isEqualTo(Rig.DATA >>> 12 << 4);
  }

  @Test
  void withoutStage2TheEntriesOfEl1CarryTheVmidAllTheSame() {
    on(rig).set("HCR_EL2", Rig.HCR & ~(SystemRegisters.HCR_DC | 1));
    rig.set("VTTBR_EL2", 5L << 48);
    rig.code(
        "ldr x1, [x0]\nldr x2, [x0]\nldr x3, [x0]\ntlbi vmalle1\ndsb nsh\nisb\n"
            + "tlbi vmalle1\ndsb nsh\nisb\nldr x4, [x0]\nhvc #0");
    rig.run(1);
    assertThat(rig.tlb.entries()).isNotEmpty().allMatch(e -> e.vmid() == 5 && !e.kind().ofIpas());

    rig.ram.write(leaf(), 8, Rig.DATA + 0x1000 | PAGE);
    rig.set("VTTBR_EL2", 6L << 48);
    rig.run(1);
    assertThat(rig.pe.x(2)).as("of another VMID").isEqualTo(0x5678);
    rig.set("VTTBR_EL2", 5L << 48);
    rig.run(1);
    assertThat(rig.pe.x(3)).as("of the first VMID again").isEqualTo(0x1234);

    rig.set("VTTBR_EL2", 6L << 48);
    rig.run(3);
    assertThat(rig.tlb.entries()).as("VMALLE1 names the current VMID").anyMatch(this::isOfVa);
    rig.set("VTTBR_EL2", 5L << 48);
    rig.run(3);
    assertThat(rig.tlb.entries()).noneMatch(this::isOfVa);
    rig.runToEl2();
    assertThat(rig.pe.x(4)).isEqualTo(0x5678);
  }

  private boolean isOfVa(TlbEntry entry) {
    return entry.input() == VA && entry.vmid() == 5;
  }

  @Test
  void aTableThatStage2RefusesIsAFaultOfTheWalkWithTheTablesIpa() {
    on(rig).setLeaf(leaf(), 0);
    rig.code("ldr x1, [x0]").runToEl2();

    assertThat(rig.iss(2)).isEqualTo(1 << 7 | 7);
    assertThat(rig.get("FAR_EL2")).isEqualTo(VA);
    assertThat(rig.get("HPFAR_EL2")).isEqualTo(leaf() >>> 12 << 4);
  }

  @Test
  void aChangedLeafCountsAfterTlbiVae1AndNotBefore() {
    on(rig).pe.setX(2, Rig.DATA + 0x1000 | PAGE);
    rig.pe.setX(3, leaf());
    rig.ram.write(TABLES + 0x1000 + 8 * 3, 8, (TABLES + 0x3000) | 3);
    rig.ram.write(TABLES + 0x3000, 8, TABLES + 0x2000 | PAGE); // the leaf table itself at 6 MiB
    rig.pe.setX(3, 0x60_0000);
    rig.code(
            """
            ldr x1, [x0]
            str x2, [x3]
            dsb ishst
            ldr x4, [x0]
            lsr x5, x0, #12
            tlbi vae1is, x5
            dsb ish
            isb
            ldr x6, [x0]
            hvc #0
            """)
        .runToEl2();

    assertThat(rig.pe.x(1)).isEqualTo(0x1234);
    assertThat(rig.pe.x(4)).as("stale").isEqualTo(0x1234);
    assertThat(rig.pe.x(6)).isEqualTo(0x5678);
    assertThat(rig.events)
        .filteredOn(SimEvent.TlbInvalidated.class::isInstance)
        .singleElement()
        .isInstanceOfSatisfying(
            SimEvent.TlbInvalidated.class,
            e -> {
              assertThat(e.operation()).isEqualTo("vae1is");
              assertThat(e.scope().first()).isEqualTo(VA & -4096);
              assertThat(e.removed()).isEqualTo(1);
              assertThat(e.byGuest()).isTrue();
            });
    assertThat(rig.events)
        .filteredOn(SimEvent.DescriptorStored.class::isInstance)
        .as("a store to a table is told of with its instruction")
        .containsExactly(
            new SimEvent.DescriptorStored(
                leaf(), Rig.DATA | PAGE, rig.pe.x(2), new Instruction(Rig.CODE + 4, 1)));
    assertThat(rig.events)
        .filteredOn(SimEvent.BarrierCompleted.class::isInstance)
        .extracting(e -> ((SimEvent.BarrierCompleted) e).text())
        .containsExactly("dsb ishst", "dsb ish", "isb");
  }

  @Test
  void anotherAsidDoesNotSeeWhatIsNotGlobal() {
    on(rig).ram.write(leaf(), 8, Rig.DATA | PAGE | NOT_GLOBAL);
    rig.pe.setX(7, 5L << 48 | TABLES);
    rig.code("ldr x1, [x0]\nmsr ttbr0_el1, x7\nisb\nldr x2, [x0]\nhvc #0").runToEl2();

    assertThat(rig.tlb.entries())
        .filteredOn(e -> e.input() == VA)
        .extracting(e -> e.stage1() == null ? -1 : e.stage1().asid())
        .containsExactlyInAnyOrder(0, 5);
  }

  @Test
  void stage2MaintenanceAloneLeavesTheCombinedEntries() {
    on(rig).code("ldr x1, [x0]\nldr x2, [x0]\nhvc #0").run(1);
    rig.setLeaf(Rig.DATA, Rig.page(Rig.DATA + 0x1000));
    TlbMaintenance.execute(rig.pe, 4, 0, 1, Rig.DATA >>> 12, false); // IPAS2E1IS
    rig.run(1);
    assertThat(rig.pe.x(2)).as("stale").isEqualTo(0x1234);

    TlbMaintenance.execute(rig.pe, 0, 3, 0, 0, false); // VMALLE1IS
    rig.pe.branch(Rig.CODE);
    rig.runToEl2();
    assertThat(rig.pe.x(2)).isEqualTo(0x5678);
  }

  @Test
  void panKeepsEl1FromWhatEl0Reaches() {
    on(rig).ram.write(leaf(), 8, Rig.DATA | PAGE | EL0);
    rig.code(Rig.EL1_VECTORS + 0x200, "hvc #1")
        .code("ldtr x1, [x0]\nmsr pan, #1\nldtr x2, [x0]\nldr x3, [x0]")
        .runToEl2();

    assertThat(rig.pe.x(2)).isEqualTo(0x1234);
    assertThat(rig.exceptionClass(1)).isEqualTo(0x25);
    assertThat(rig.iss(1)).isEqualTo(0xf);
  }

  @Test
  void atLeavesTheIpaOrTheFaultInPar() {
    on(rig)
        .code(
            """
            at s1e1r, x0
            isb
            mrs x1, par_el1
            at s1e0w, x0
            isb
            mrs x2, par_el1
            hvc #0
            """)
        .runToEl2();

    assertThat(rig.pe.x(1)).isEqualTo(0xff00_0000_0000_0b80L | Rig.DATA);
    assertThat(rig.pe.x(2)).as("permission fault, level 3").isEqualTo(0x81f);
  }

  @Test
  void anAtWhoseTablesStage2RefusesAbortsToEl2() {
    on(rig).setLeaf(leaf(), 0);
    rig.code("at s1e1r, x0").runToEl2();

    assertThat(rig.exceptionClass(2)).isEqualTo(0x24);
    assertThat(rig.iss(2)).as("CM, S1PTW, WnR").isEqualTo(1 << 8 | 1 << 7 | 1 << 6 | 7);
    assertThat(rig.get("ELR_EL2")).isEqualTo(Rig.CODE);
  }

  @Test
  void atEl2TheHostFindsTheIpaOfAPermissionFault() {
    on(rig).setLeaf(Rig.DATA, Rig.page(Rig.DATA) & ~(1 << 7));
    rig.code("str x1, [x0]").runToEl2();
    assertThat(rig.iss(2) & 0x3f).isEqualTo(0xf);

    assertThat(AddressTranslations.stage1ByHost(rig.pe, rig.get("FAR_EL2"))).isTrue();
    assertThat(rig.get("PAR_EL1")).isEqualTo(0xff00_0000_0000_0b80L | Rig.DATA);

    rig.set("TTBR0_EL1", Rig.NOWHERE);
    rig.setLeaf(Rig.DATA, 0);
    assertThat(AddressTranslations.stage1ByHost(rig.pe, VA)).as("stage 2 refuses").isTrue();
    assertThat(rig.get("PAR_EL1") & 0x3ff).isEqualTo(1 << 9 | 1 << 8 | 5 << 1 | 1);
  }

  @Test
  void whatWasFetchedFromDeviceMemoryStaysDeviceMemoryToLoads() {
    for (Tlb.Mode mode : Tlb.Mode.values()) {
      Rig machine = on(new Rig(mode));
      machine.set("MAIR_EL1", 0x00ff);
      machine.ram.write(leaf(), 8, Rig.DATA | PAGE | 1 << 2);
      machine.ram.write(Rig.DATA, 4, 0xd65f_03c0L); // ret
      machine.code(Rig.EL1_VECTORS + 0x200, "hvc #1").code("blr x0\nldur w1, [x0, #1]").runToEl2();
      assertThat(machine.iss(1)).as("%s, stage 1", mode).isEqualTo(0x21);

      Rig below = on(new Rig(mode));
      below.setLeaf(Rig.DATA, Rig.page(Rig.DATA) & ~(0xf << 2));
      below.ram.write(Rig.DATA, 4, 0xd65f_03c0L);
      below.code("blr x0\nldur w1, [x0, #1]").runToEl2();
      assertThat(below.iss(2) & 0x3f).as("%s, stage 2", mode).isEqualTo(0x21);
    }
  }

  @Test
  void ofABlockLargerThanTheOutputSizeTheTlbAnswersOnlyForWhatHasAnOutput() {
    for (Tlb.Mode mode : Tlb.Mode.values()) {
      Rig machine = on(new Rig(mode));
      // DS: level 0 first, its one block is 512 GiB; 32-bit outputs.
      machine.set("HCR_EL2", 1L << 31);
      machine.set("TCR_EL1", 1L << 59 | 2L << 30 | 16L << 16 | 16);
      machine.ram.write(TABLES, 8, PAGE & ~0x302L);
      machine.pe.setX(0, Rig.DATA);
      machine.pe.setX(2, Rig.DATA + (1L << 32));
      machine.code(Rig.EL1_VECTORS + 0x200, "hvc #1").code("ldr x1, [x0]\nldr x3, [x2]").runToEl2();
      assertThat(machine.pe.x(1)).as("%s", mode).isEqualTo(0x1234);
      assertThat(machine.iss(1)).as("%s: Address size fault, level 0", mode).isZero();
      assertThat(machine.get("FAR_EL1")).as("%s", mode).isEqualTo(Rig.DATA + (1L << 32));
    }
  }

  @Test
  void cacheMaintenanceFaultsAsCacheMaintenance() {
    on(rig).setLeaf(Rig.DATA, 0);
    rig.code("dc cvac, x0").runToEl2();

    assertThat(rig.iss(2)).as("CM, WnR, no instruction syndrome").isEqualTo(1 << 8 | 1 << 6 | 7);
  }

  @Test
  void aBranchLeavesTheTagBehindWhereTheTopByteIsIgnored() {
    on(rig).set("TCR_EL1", rig.get("TCR_EL1") | 1L << 37);
    rig.pe.setX(9, Rig.CODE + 4 | 0x5aL << 56);
    rig.pe.setX(0, VA | 0x77L << 56);
    rig.code("br x9\nldr x1, [x0]\nhvc #0").runToEl2();

    assertThat(rig.pe.x(1)).isEqualTo(0x1234);
    assertThat(rig.get("ELR_EL2")).isEqualTo(Rig.CODE + 12);
  }

  @Test
  void withoutATlbEachAccessWalks() {
    Rig off = on(new Rig(Tlb.Mode.OFF));
    off.code("ldr x1, [x0]\nldr x2, [x0]\nhvc #0").runToEl2();
    assertThat(off.walks()).isEqualTo(5);
  }

  @Test
  void theUpperRangeHasItsOwnTables() {
    on(rig).ram.write(UPPER_TABLE + 8 * 511, 8, Rig.RAM | PAGE & ~2L);
    rig.pe.setX(0, -(1L << 30) + 0x10_0000);
    rig.code("ldr x1, [x0]\nhvc #0").runToEl2();
    assertThat(rig.pe.x(1)).isEqualTo(0x1234);
  }
}
