package dev.stagewalk.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.Policy;
import dev.stagewalk.mmu.Tlb;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Faults of cache maintenance and of DC ZVA, and what they leave in HPFAR_EL2. */
final class MaintenanceFaultsTest {
  private static final long READABLE = 1 << 6;
  private static final long WRITABLE = 1 << 7;
  private static final long MEMATTR = 0xf << 2;
  private static final long DBM = 1L << 51;
  private static final int CM = 1 << 8;
  private static final int WNR = 1 << 6;

  private final Rig rig = new Rig();

  private Rig onPage(Rig machine, long page) {
    machine.setLeaf(Rig.DATA, page);
    machine.pe.setX(0, Rig.DATA + 0x40);
    return machine;
  }

  @Test
  void toCleanALineEl1NeedsNoPermissionToReadIt() {
    onPage(rig, Rig.page(Rig.DATA) & ~READABLE);
    rig.code("dc cvac, x0\ndc civac, x0\nic ivau, x0\nhvc #7\n").runToEl2();
    assertThat(rig.exceptionClass(2)).isEqualTo(ExceptionModel.EC_HVC64);
  }

  @Test
  void aPageThatIsNotMappedFaultsEvenSo() {
    onPage(rig, 0);
    rig.code("ic ivau, x0").runToEl2();
    assertThat(rig.exceptionClass(2)).isEqualTo(0x24);
    assertThat(rig.iss(2)).isEqualTo(CM | WNR | 7);
    assertThat(rig.get("HPFAR_EL2")).isEqualTo(Rig.DATA >>> 12 << 4);
  }

  @Test
  void toInvalidateALineItMustBeWritable() {
    onPage(rig, Rig.page(Rig.DATA) & ~WRITABLE);
    rig.code("dc ivac, x0").runToEl2();
    assertThat(rig.iss(2)).isEqualTo(CM | WNR | 0xf);
    assertThat(rig.get("FAR_EL2")).isEqualTo(Rig.DATA + 0x40);
  }

  @Test
  void toInvalidateALineMakesItsPageNotDirty() {
    long page = Rig.page(Rig.DATA) & ~WRITABLE | DBM;
    onPage(rig, page);
    rig.set("VTCR_EL2", Rig.VTCR | 3 << 21);
    rig.code("dc ivac, x0\nhvc #0").runToEl2();
    assertThat(rig.exceptionClass(2)).isEqualTo(ExceptionModel.EC_HVC64);
    assertThat(rig.ram.read(Rig.leafAddress(Rig.DATA), 8)).isEqualTo(page);

    Rig stores = onPage(new Rig(), page);
    stores.set("VTCR_EL2", Rig.VTCR | 3 << 21);
    stores.code("str x1, [x0]\nhvc #0").runToEl2();
    assertThat(stores.ram.read(Rig.leafAddress(Rig.DATA), 8)).isEqualTo(page | WRITABLE);
  }

  @Test
  void toZeroDeviceMemoryMayBeAnAlignmentFaultOfTheStageThatMakesItDevice() {
    Rig worst = onPage(new Rig(Tlb.Mode.ADVERSARIAL), Rig.page(Rig.DATA) & ~MEMATTR);
    worst.code("dc zva, x0").runToEl2();
    assertThat(worst.exceptionClass(2)).isEqualTo(0x24);
    assertThat(worst.iss(2)).as("not CM, no instruction syndrome").isEqualTo(WNR | 0x21);

    Rig off = onPage(new Rig(Tlb.Mode.ADVERSARIAL), Rig.page(Rig.DATA));
    off.set("HCR_EL2", Rig.HCR & ~SystemRegisters.HCR_DC);
    off.code(Rig.EL1_VECTORS + 0x200, "hvc #1").code("dc zva, x0").runToEl2();
    assertThat(off.exceptionClass(1)).isEqualTo(0x25);
    assertThat(off.iss(1)).isEqualTo(WNR | 0x21);

    onPage(rig, Rig.page(Rig.DATA) & ~MEMATTR);
    rig.code("dc zva, x0\nhvc #0").runToEl2();
    assertThat(rig.exceptionClass(2)).isEqualTo(ExceptionModel.EC_HVC64);
  }

  @Test
  void exclusivesAndAtomicsOutsideWriteBackMemoryFaultOnlyWhereAllTurnsOutForTheWorst() {
    for (String code : new String[] {"ldxr x1, [x0]", "ldadd x1, x2, [x0]"}) {
      for (Tlb.Mode mode : Tlb.Mode.values()) {
        boolean worst = mode == Tlb.Mode.ADVERSARIAL;
        Rig machine = onPage(new Rig(mode), Rig.page(Rig.DATA) & ~MEMATTR | 5 << 2);
        machine.code(code + "\nhvc #0").runToEl2();
        assertThat(machine.exceptionClass(2))
            .as("%s, %s, Non-cacheable by stage 2", code, mode)
            .isEqualTo(worst ? 0x24 : ExceptionModel.EC_HVC64);
        if (worst) {
          assertThat(machine.iss(2)).isEqualTo(0x35);
        }
        Rig fine = onPage(new Rig(mode), Rig.page(Rig.DATA));
        fine.code(code + "\nhvc #0").runToEl2();
        assertThat(fine.exceptionClass(2)).isEqualTo(ExceptionModel.EC_HVC64);
      }
    }
    Rig off = onPage(new Rig(Tlb.Mode.ADVERSARIAL), Rig.page(Rig.DATA));
    off.set("HCR_EL2", Rig.HCR & ~SystemRegisters.HCR_DC);
    off.code(Rig.EL1_VECTORS + 0x200, "hvc #1").code("ldxr x1, [x0]").runToEl2();
    assertThat(off.exceptionClass(1)).isEqualTo(0x25);
    assertThat(off.iss(1)).isEqualTo(0x35);
  }

  private static Translation causeOf(SimEvent event) {
    return Objects.requireNonNull(((SimEvent.ExceptionTaken) event).cause());
  }

  @Test
  void anExclusiveIsJudgedByTheWalkItWasTranslatedBy() {
    Rig worst = onPage(new Rig(Tlb.Mode.ADVERSARIAL), Rig.page(Rig.DATA) & ~MEMATTR | 5 << 2);
    worst.code("ldxr x1, [x0]").runToEl2();

    assertThat(worst.iss(2)).isEqualTo(0x35);
    assertThat(worst.walks()).as("of the code and of the data").isEqualTo(2);
    assertThat(causeOf(worst.events.getLast()).lookups()).isNotEmpty();
  }

  @Test
  void anExclusiveIsJudgedByTheTlbEntryItWasTranslatedBy() {
    for (boolean stale : new boolean[] {false, true}) {
      long nonCacheable = Rig.page(Rig.DATA) & ~MEMATTR | 5 << 2;
      Rig worst = onPage(new Rig(Tlb.Mode.ADVERSARIAL), stale ? nonCacheable : Rig.page(Rig.DATA));
      worst.code("ldr x2, [x0]\nldxr x1, [x0]\nhvc #0").run(1);
      worst.setLeaf(Rig.DATA, stale ? Rig.page(Rig.DATA) : nonCacheable);
      worst.runToEl2();

      assertThat(worst.walks()).isEqualTo(2);
      assertThat(worst.exceptionClass(2)).isEqualTo(stale ? 0x24 : ExceptionModel.EC_HVC64);
      if (stale) {
        assertThat(worst.iss(2)).isEqualTo(0x35);
        assertThat(causeOf(worst.events.getLast()).lookups()).as("none were made").isEmpty();
      }
    }
  }

  @Test
  void hpfarIsPoisonedWhereItIsUnknownAndTheTlbIsAdversarial() {
    for (Tlb.Mode mode : Tlb.Mode.values()) {
      Rig machine = onPage(new Rig(mode), Rig.page(Rig.DATA) & ~WRITABLE);
      machine.set("HPFAR_EL2", 0x1230);
      machine.code("str x1, [x0]").runToEl2();
      assertThat(machine.iss(2) & 0x3f).isEqualTo(0xf);
      assertThat(machine.get("HPFAR_EL2"))
          .isEqualTo(mode == Tlb.Mode.ADVERSARIAL ? Policy.POISON & 0xfff_ffff_fff0L : 0x1230);
    }
  }
}
