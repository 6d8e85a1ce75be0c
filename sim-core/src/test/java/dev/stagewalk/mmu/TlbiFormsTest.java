package dev.stagewalk.mmu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Barrier;
import dev.stagewalk.event.Domain;
import dev.stagewalk.event.TlbiScope;
import dev.stagewalk.mmu.Invalidation.Situation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every TLBI of EL1 and EL2: its name, whose entries it means, what its operand says. */
final class TlbiFormsTest {
  private static final Situation GUEST =
      new Situation(Regime.EL1_0, 7, 16, false, false, false, true, Set.of());
  private static final Situation HOST =
      new Situation(Regime.EL2_0, 7, 16, true, false, false, true, Set.of());

  private record Form(String name, int op1, int crm, int op2) {}

  /** The forms that the assembler knows, without those of EL3. */
  private static List<Form> forms() throws IOException {
    List<Form> forms = new ArrayList<>();
    try (InputStream in =
        Objects.requireNonNull(
            TlbiFormsTest.class.getResourceAsStream("/dev/stagewalk/isa/operand-names.txt"))) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (String line : text.lines().filter(l -> l.startsWith("tlbi")).toList()) {
        String[] words = line.split("\\s+");
        int op1 = Integer.parseInt(words[2]);
        if (op1 != 6) {
          forms.add(
              new Form(words[1], op1, Integer.parseInt(words[4]), Integer.parseInt(words[5])));
        }
      }
    }
    return forms;
  }

  private static TlbiScope decode(Form form, long operand, Situation situation) {
    return Objects.requireNonNull(
        Invalidation.decode(form.op1, form.crm, form.op2, operand, false, situation), form.name);
  }

  private static TlbiScope decode(int op1, int crm, int op2, long operand, Situation situation) {
    return decode(new Form("", op1, crm, op2), operand, situation);
  }

  @Test
  void everyFormHasItsNameDomainAndReach() throws IOException {
    List<Form> forms = forms();
    assertThat(forms).hasSizeGreaterThan(60);
    for (Form form : forms) {
      TlbiScope scope = decode(form, 1L << 46, GUEST);
      String name = form.name;
      assertThat(scope.operation()).isEqualTo(name);
      assertThat(scope.domain())
          .as(name)
          .isEqualTo(
              name.endsWith("is")
                  ? Domain.INNER_SHAREABLE
                  : name.endsWith("os") ? Domain.OUTER_SHAREABLE : Domain.NON_SHAREABLE);
      assertThat(scope.ipas())
          .as(name)
          .isEqualTo(
              name.contains("ipas2") || name.startsWith("vmalls12") || name.startsWith("alle1"));
      assertThat(scope.vas()).as(name).isEqualTo(!name.contains("ipas2"));
      assertThat(scope.lastLevelOnly())
          .as(name)
          .isEqualTo(name.contains("vale") || name.contains("vaale") || name.contains("2le"));
      assertThat(scope.everyAddress()).as(name).isEqualTo(all(name) || name.contains("aside1"));
      assertThat(scope.regime())
          .as(name)
          .isEqualTo(
              name.contains("vae2") || name.contains("vale2") || name.startsWith("alle2")
                  ? Regime.EL2
                  : Regime.EL1_0);
      assertThat(scope.vmid())
          .as(name)
          .isEqualTo(scope.regime() == Regime.EL2 || name.startsWith("alle1") ? -1 : 7);
    }
  }

  private static boolean all(String name) {
    return name.startsWith("alle") || name.startsWith("vmalle") || name.startsWith("vmalls");
  }

  @Test
  void underTheHostNamesOfEl1MeanEl2And0ButNotThoseOfStage2() throws IOException {
    for (Form form : forms()) {
      TlbiScope scope = decode(form, 1L << 46 | 9L << 48, HOST);
      boolean guests =
          form.name.contains("ipas2")
              || form.name.startsWith("vmalls12")
              || form.name.startsWith("alle1");
      assertThat(scope.regime()).as(form.name).isEqualTo(guests ? Regime.EL1_0 : Regime.EL2_0);
      if (form.name.contains("vae2") || form.name.startsWith("aside1")) {
        assertThat(scope.asid()).as(form.name).isEqualTo(9);
      }
    }
  }

  @Test
  void addressesAreThoseOfTheOperandWithAllTheirBits() {
    assertThat(decode(0, 7, 1, 0xfff_ffff_f123L, GUEST).first()).isEqualTo(0xffff_ffff_ff12_3000L);
    assertThat(decode(4, 4, 1, 0xff_ffff_f123L, GUEST).first()).isEqualTo(0xf_ffff_ff12_3000L);
    assertThat(decode(4, 4, 1, 1L << 63 | 5, GUEST).first()).as("NS").isEqualTo(0x5000);
  }

  @Test
  void theHintOfOneAddressNamesGranuleAndLevel() {
    TlbiScope page = decode(4, 4, 1, (1L << 2 | 3) << 44 | 5, GUEST);
    assertThat(page.hint()).isEqualTo(3);
    assertThat(page.granule()).isEqualTo(Granule.K4);
    TlbiScope none = decode(4, 4, 1, 3L << 44 | 5, GUEST);
    assertThat(none.hint()).as("no granule").isEqualTo(TlbiScope.NO_HINT);
    TlbiScope reserved = decode(4, 4, 1, (2L << 2 | 1) << 44 | 5, GUEST);
    assertThat(reserved.hint()).as("no blocks at level 1 with 16K").isEqualTo(TlbiScope.NO_HINT);
    Situation without = new Situation(Regime.EL1_0, 7, 16, false);
    assertThat(decode(4, 4, 1, (1L << 2 | 3) << 44 | 5, without).hint())
        .as("without FEAT_TTL")
        .isEqualTo(TlbiScope.NO_HINT);
  }

  @Test
  void rangesHaveTheirUnitLengthLevelAndSign() {
    // TG = 16K, SCALE = 2, NUM = 3: 4 × 2^11 pages of 16 KiB; TTL = 2.
    long operand = 2L << 46 | 2L << 44 | 3L << 39 | 2L << 37 | 0x10;
    TlbiScope scope = decode(0, 6, 1, operand, GUEST);
    assertThat(scope.operation()).isEqualTo("rvae1");
    assertThat(scope.first()).isEqualTo(0x10L << 14);
    assertThat(scope.bytes()).isEqualTo(4L << (11 + 14));
    assertThat(scope.granule()).isEqualTo(Granule.K16);
    assertThat(scope.hint()).isEqualTo(2);

    long upper = 1L << 46 | (1L << 37) - 1;
    assertThat(decode(0, 6, 1, upper, GUEST).first()).isEqualTo(-0x1000L);
    assertThat(decode(4, 4, 2, upper, GUEST).first()).isEqualTo(0x1_ffff_ffff_f000L);

    Situation wide =
        new Situation(
            Regime.EL1_0, 7, 16, false, true, false, true, Set.of(Granule.K4, Granule.K16));
    assertThat(decode(4, 4, 2, 1L << 46 | 3, wide).first())
        .as("units of 64 KiB")
        .isEqualTo(0x3_0000);
    assertThat(decode(4, 4, 2, 3, GUEST).nothing()).as("reserved TG").isTrue();

    Situation by16K =
        new Situation(Regime.EL1_0, 7, 16, false, true, false, true, Set.of(Granule.K16));
    assertThat(decode(4, 4, 2, 2L << 46 | 3, by16K).first()).isEqualTo(0x3_0000);
    assertThat(decode(4, 4, 2, 1L << 46 | 3, by16K).first())
        .as("FEAT_LPA2 is not there with 4K")
        .isEqualTo(0x3000);
    assertThat(decode(4, 4, 2, 3L << 46 | 3, wide).first()).as("64K").isEqualTo(0x3_0000);
  }

  @Test
  void aRangeOf16KHasNoLeavesAtLevel1WithoutLpa2() {
    long operand = 2L << 46 | 1L << 37;
    assertThat(decode(0, 6, 1, operand, GUEST).hint()).isEqualTo(TlbiScope.NO_HINT);
    assertThat(decode(0, 6, 1, operand, GUEST).granule()).isEqualTo(Granule.K16);
    Situation lpa2 =
        new Situation(Regime.EL1_0, 7, 16, false, false, false, true, Set.of(Granule.K16));
    assertThat(decode(0, 6, 1, operand, lpa2).hint()).isEqualTo(1);
    assertThat(decode(0, 6, 1, 1L << 46 | 1L << 37, GUEST).hint()).as("4K").isEqualTo(1);
  }

  @Test
  void broadcastMakesLocalFormsOfEl1InnerShareable() {
    Situation forced = new Situation(Regime.EL1_0, 7, 16, false, false, true, false, Set.of());
    assertThat(decode(0, 7, 0, 0, forced).domain()).isEqualTo(Domain.INNER_SHAREABLE);
    assertThat(decode(0, 7, 0, 0, forced).operation()).isEqualTo("vmalle1");
    assertThat(decode(0, 1, 0, 0, forced).domain()).isEqualTo(Domain.OUTER_SHAREABLE);
  }

  @Test
  void aBarrierCompletesTlbisOfItsDomainIfItIsForReadsAndWrites() {
    TlbiScope local = decode(0, 7, 0, 0, GUEST);
    TlbiScope inner = decode(0, 3, 0, 0, GUEST);
    TlbiScope outer = decode(0, 1, 0, 0, GUEST);
    for (int option = 0; option < 16; option++) {
      Barrier dsb = Barrier.ofOption(Barrier.Kind.DSB, option);
      boolean both = (option & 3) == 3 || (option & 3) == 0;
      assertThat(dsb.completes(local)).as(dsb.text()).isEqualTo(both);
      assertThat(dsb.completes(inner))
          .as(dsb.text())
          .isEqualTo(both && dsb.domain() != Domain.NON_SHAREABLE);
      assertThat(dsb.completes(outer))
          .as(dsb.text())
          .isEqualTo(
              both
                  && (dsb.domain() == Domain.OUTER_SHAREABLE
                      || dsb.domain() == Domain.FULL_SYSTEM));
      assertThat(Barrier.ofOption(Barrier.Kind.DMB, option).completes(local)).isFalse();
    }
    TlbiScope nxs = Objects.requireNonNull(Invalidation.decode(0, 3, 0, 0, true, GUEST));
    Barrier dsbNxs = new Barrier(Barrier.Kind.DSB, Domain.FULL_SYSTEM, Barrier.Types.ALL, true);
    assertThat(nxs.operation()).isEqualTo("vmalle1isnxs");
    assertThat(dsbNxs.completes(nxs)).isTrue();
    assertThat(dsbNxs.completes(inner)).isFalse();
  }

  @Test
  void aScopeIsWordsThatSayWhatItNames() {
    assertThat(decode(4, 0, 1, 0x40203, GUEST).words())
        .isEqualTo(
            "IPAs 0x4020_3000 to 0x4020_3fff (4 KiB) of EL1&0, VMID 7, on all PEs of the Inner"
                + " Shareable domain");
    assertThat(decode(0, 7, 5, 3L << 48 | 1, GUEST).words())
        .isEqualTo(
            "VAs 0x0000_1000 to 0x0000_1fff (4 KiB) of EL1&0, ASID 3 and global, VMID 7, last level"
                + " only, on this PE");
  }
}
