package dev.stagewalk.mmu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.stagewalk.arch.Granule;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

final class GeometryTest {

  @Test
  void fortyBitsOf4KStartAtLevel1WithTwoConcatenatedTables() {
    Geometry g = Geometry.choose(Granule.K4, 40, Features.MAX.withPaBits(48));

    assertThat(g.startLevel()).isEqualTo(1);
    assertThat(g.rootTables()).isEqualTo(2);
    assertThat(g.rootAlignment()).isEqualTo(8192);
    assertThat(g.vtcr()).isEqualTo(0x8005_3558L);
  }

  @Test
  void sixteenKWith48BitsHasOneLegalStartLevelWithoutTheWideFormat() {
    assertThat(Geometry.legal(Granule.K16, 48, Features.MAX.withPaBits(48)))
        .extracting(Geometry::startLevel, Geometry::rootTables)
        .containsExactly(tuple(1, 2));
  }

  @Test
  void fewerLevelsComeFirstAndDeeperOnesFollow() {
    assertThat(Geometry.legal(Granule.K4, 40, Features.MAX))
        .extracting(Geometry::startLevel)
        .containsExactly(1, 0);
  }

  @Test
  void fiftyTwoBitsOf4KNeedDsAndStartAtLevel0Or1Below() {
    assertThat(Geometry.legal(Granule.K4, 52, Features.MAX))
        .extracting(Geometry::startLevel, Geometry::rootTables)
        .containsExactly(tuple(0, 16), tuple(-1, 1));
  }

  @Test
  void whatIsNotPossibleIsSaidInWords() {
    Features small = Features.MAX.withPaBits(40).withSmallTables(false);

    assertThat(Geometry.whyNot(Granule.K4, 48, small).orElseThrow()).contains("40 bits");
    assertThat(Geometry.whyNot(Granule.K64, 20, small).orElseThrow()).contains("25 bits or more");
    assertThatThrownBy(() ->
            Geometry.choose(
                Granule.K16, 40, small.withGranules(EnumSet.of(Granule.K4, Granule.K64))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("16K");
  }

  @Test
  void everyIpaSizeThatIsNotRefusedHasALegalChoice() {
    for (int pa : new int[] {32, 36, 40, 42, 44, 48, 52}) {
      for (boolean ttst : new boolean[] {false, true}) {
        Features features = Features.MAX.withPaBits(pa).withSmallTables(ttst);
        for (Granule granule : Granule.values()) {
          for (int bits = 12; bits <= 56; bits++) {
            assertThat(Geometry.legal(granule, bits, features).isEmpty())
                .as("%s %d bits on a PE of %d bits", granule, bits, pa)
                .isEqualTo(Geometry.whyNot(granule, bits, features).isPresent());
          }
        }
      }
    }
  }
}
