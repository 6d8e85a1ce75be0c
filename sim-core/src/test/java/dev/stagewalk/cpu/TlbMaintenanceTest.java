package dev.stagewalk.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.TlbiScope;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Tlb;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the registers of a PE make of a TLBI and of the DSB that completes it. */
final class TlbMaintenanceTest {
  private static final long FNXS = 1L << 3;
  private static final long PAGE = TwoPes.PAGES;

  private static TlbiScope last(TwoPes world) {
    return world.events.stream()
        .filter(SimEvent.TlbInvalidated.class::isInstance)
        .map(e -> ((SimEvent.TlbInvalidated) e).scope())
        .reduce((_, b) -> b)
        .orElseThrow();
  }

  @Test
  void fnxsMakesTlbisOfEl1AndTheirDsbActAsNxs() {
    TwoPes world = new TwoPes(Tlb.Mode.ADVERSARIAL, true);
    world.set(0, "HCRX_EL2", FNXS);
    world.guest(0, 1, 3).vae1is(0, 3, PAGE);
    assertThat(last(world).nxs()).isTrue();
    assertThat(last(world).operation()).isEqualTo("vae1is");
    world.barrier(0, "dsb ish");
    assertThat(world.tlb.pending().tlbis()).as("nXS completes nXS").isEmpty();

    world.host(0, 1).vae1is(0, 3, PAGE);
    assertThat(last(world).nxs()).as("at EL2").isFalse();
    world.guest(0, 1, 3).barrier(0, "dsb ish");
    assertThat(world.tlb.pending().tlbis()).as("nXS completes nothing else").hasSize(1);
    world.host(0, 1).barrier(0, "dsb ish");
    assertThat(world.tlb.pending().tlbis()).isEmpty();
  }

  @Test
  void rangesCountIn64KiBWhereverDsIsSetForAGranuleWithLpa2() {
    TwoPes world = new TwoPes(Tlb.Mode.REALISTIC, true);
    long operand = 1L << 46 | 3;
    world.set(0, "TCR_EL1", 1L << 59 | 1L << 14 | 25);
    world.guest(0, 1, 3).tlbi(0, 0, 2, 1, operand);
    assertThat(last(world).first()).as("TG0 names 64K, the operand 4K").isEqualTo(0x3_0000);
    world.host(0, 1).tlbi(0, 4, 0, 2, operand);
    assertThat(last(world).first()).as("VTCR_EL2.DS decides of IPAs").isEqualTo(0x3000);
    world.set(0, "VTCR_EL2", 1L << 32 | 1L << 31 | 5L << 16 | 1 << 6 | 25);
    world.tlbi(0, 4, 0, 2, operand);
    assertThat(last(world).first()).isEqualTo(0x3_0000);
  }

  @Test
  void theHintOfLevel0NeedsLpa2NotDs() {
    long operand = (1L << 2) << 44 | 5;
    TwoPes world = new TwoPes(Tlb.Mode.REALISTIC, true);
    world.host(0, 1).tlbi(0, 4, 0, 1, operand);
    assertThat(last(world).hint()).isZero();
    assertThat(last(world).granule()).isEqualTo(Granule.K4);
    TwoPes without =
        new TwoPes(Tlb.Mode.REALISTIC, true, Features.MAX.withLpa2(Set.of(Granule.K16)));
    without.host(0, 1).tlbi(0, 4, 0, 1, operand);
    assertThat(last(without).hint()).isEqualTo(TlbiScope.NO_HINT);
  }
}
