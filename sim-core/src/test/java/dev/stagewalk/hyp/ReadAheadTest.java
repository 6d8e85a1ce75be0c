package dev.stagewalk.hyp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.hyp.GuestRegion.Kind;
import org.junit.jupiter.api.Test;

final class ReadAheadTest {
  private static final long SMALL = 0x5000_0000L;

  private final Exits exits =
      new Exits(
          "read-ahead, demand-paging, calls, kill",
          Defects.NONE,
          guest -> guest.region(GuestRegion.of("small", Kind.ON_DEMAND, SMALL, 0x1_0000)));

  private String touch(long ipa) {
    return exits.exit(Exits.WRITE_TRANSLATION_L3, ipa, ipa >>> 8 & -16);
  }

  @Test
  void theWholeBlockIsMappedAtOnce() {
    assertThat(touch(Exits.HEAP + 0x5_3018))
        .isEqualTo("RESUME read_ahead: mapped all 2 MiB around 0x4045_3000 in heap");
    assertThat(exits.mapping(Exits.HEAP + 0x1f_f000).size()).isEqualTo(2L << 20);
    assertThat(exits.hypervisor.stage2(exits.machine).query(Exits.HEAP + 0x20_0000)).isEmpty();
  }

  @Test
  void aRegionTooSmallForABlockIsMappedByPages() {
    assertThat(touch(SMALL)).startsWith("RESUME demand_page");
    assertThat(exits.mapping(SMALL).size()).isEqualTo(0x1000);
  }

  @Test
  void withoutMemoryInOnePieceOnePageIsMapped() {
    exits.machine.largest = 0;
    assertThat(touch(Exits.HEAP)).startsWith("RESUME demand_page");
    assertThat(exits.mapping(Exits.HEAP).size()).isEqualTo(0x1000);
    exits.machine.largest = Integer.MAX_VALUE;
    assertThat(touch(Exits.HEAP + 0x1000)).as("the block is begun").startsWith("RESUME demand");
  }

  @Test
  void aPageOfTheBlockThatIsTakenAwayComesBackWithItsContent() {
    touch(Exits.HEAP);
    long page = Exits.HEAP + 0x3000;
    long frame = exits.mapping(page).pa();
    exits.hypervisor.unmap(exits.machine, exits.machine, page, 0x1000);
    assertThat(touch(page)).startsWith("RESUME demand_page");
    assertThat(exits.mapping(page).pa()).isEqualTo(frame);
    assertThat(exits.machine.violations).isEmpty();
  }

  @Test
  void theEndGivesTheBlockBackOnce() {
    touch(Exits.HEAP);
    touch(Exits.HEAP + 0x20_0000);
    exits.exit(Exits.HVC_0, 0, 0);
    assertThat(exits.machine.live).isEmpty();
    assertThat(exits.machine.violations).isEmpty();
  }
}
