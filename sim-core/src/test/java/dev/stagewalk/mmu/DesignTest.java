package dev.stagewalk.mmu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.mmu.Problem.Effect;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class DesignTest {
  private static final List<Features> PES =
      List.of(
          Features.MAX,
          Features.MAX.withPaBits(48),
          Features.MAX.withPaBits(44).withLpa2(Set.of()),
          Features.MAX.withPaBits(42).withSmallTables(false),
          Features.MAX.withPaBits(40).withLpa2(Set.of()).withSmallTables(false),
          Features.MAX.withPaBits(36),
          Features.MAX.withGranules(EnumSet.of(Granule.K64)));

  @Test
  void aDesignNamesEachStartLevelOnceAsAChoiceOrWithReasons() {
    for (Features features : PES) {
      for (Granule granule : Granule.values()) {
        for (int bits = 12; bits <= 56; bits++) {
          Design design = Design.of(granule, bits, features);
          List<String> named = new ArrayList<>();
          design.choices().forEach(c -> named.add(c.geometry().startLevel() + " " + c.ds()));
          for (Design.Rejected rejected : design.rejected()) {
            named.add(rejected.startLevel() + " " + rejected.ds());
            assertThat(rejected.reasons()).isNotEmpty().allMatch(r -> !r.isBlank());
          }
          assertThat(named).doesNotHaveDuplicates().hasSize(granule == Granule.K64 ? 5 : 10);
        }
      }
    }
  }

  /** Every encoding of T0SZ, SL0, SL2 and DS is tried: the legal ones are the choices. */
  @Test
  void theChoicesAreExactlyTheEncodingsTheWalkerTakes() {
    for (Features features : PES) {
      for (Granule granule : features.granules()) {
        for (int t0sz = 0; t0sz < 64; t0sz++) {
          Set<String> legal = new HashSet<>();
          for (int shape = 0; shape < 16; shape++) {
            long vtcr =
                Vtcr.RES1
                    | t0sz
                    | (long) (shape & 3) << 6
                    | (long) Vtcr.tg0(granule) << 14
                    | ((shape & 4) != 0 ? Vtcr.SL2 : 0)
                    | ((shape & 8) != 0 ? Vtcr.DS : 0);
            Stage2Parameters p = Stage2Parameters.decode(vtcr, 0, 1, features);
            boolean clean = p.problems().isEmpty();
            if (clean && !(granule == Granule.K64 && (shape & 8) != 0)) {
              legal.add(p.startLevel() + " " + p.ds() + " " + p.rootTables());
            }
          }
          Set<String> found = new HashSet<>();
          if (t0sz > 0) {
            for (Design.Choice c : Design.of(granule, 64 - t0sz, features).choices()) {
              Geometry g = c.geometry();
              found.add(g.startLevel() + " " + c.ds() + " " + g.rootTables());
            }
          }
          assertThat(found).as("%s, T0SZ %d, %s", granule, t0sz, features).isEqualTo(legal);
        }
      }
    }
  }

  @Test
  void theNumbersOfAChoiceAreThoseOfTheWalkerForEveryOutputSize() {
    for (Features features : PES) {
      for (Granule granule : Granule.values()) {
        for (int bits = 16; bits <= 52; bits++) {
          for (Design.Choice choice : Design.of(granule, bits, features).choices()) {
            Geometry g = choice.geometry();
            for (int ps = 0; ps < choice.outputSizes().size(); ps++) {
              long vtcr = g.vtcr() & ~(7L << 16) | (long) ps << 16;
              Stage2Parameters p = Stage2Parameters.decode(vtcr, 0, 1, features);
              assertThat(p.problems()).isEmpty();
              assertThat(p.outputBits()).isEqualTo(choice.outputSizes().get(ps));
              assertThat(p.levels()).isEqualTo(choice.levels());
              assertThat(p.rootBytes()).isEqualTo(g.rootBytes());
            }
            assertThat(1L << choice.lowestBaseBit()).isEqualTo(g.rootAlignment());
            assertThat(g.rootTables()).isBetween(1, 16);
          }
        }
      }
    }
  }

  @Test
  void smallTablesWideAddressesAndLevelMinusOneAreAmongThem() {
    assertThat(Design.of(Granule.K4, 17, Features.MAX).choices())
        .allMatch(c -> c.geometry().startLevel() == 3 && c.needs().contains("FEAT_TTST"));
    Design.Choice five = Design.of(Granule.K4, 52, Features.MAX).choices().getLast();
    assertThat(five.geometry().startLevel()).isEqualTo(-1);
    assertThat(five.levels()).isEqualTo(5);
    assertThat(five.geometry().vtcr() & (Vtcr.SL2 | Vtcr.DS)).isEqualTo(Vtcr.SL2 | Vtcr.DS);
    assertThat(five.needs()).contains("FEAT_LPA2", "PARange of 52 bits or more");
    Design.Choice tiny = Design.of(Granule.K4, 40, Features.MAX).choices().getLast();
    assertThat(tiny.ds()).isTrue();
    assertThat(tiny.geometry().rootBytes()).isEqualTo(16);
    assertThat(tiny.geometry().rootAlignment()).as("with 52-bit addresses").isEqualTo(64);
  }

  @Test
  void aStartLevelIsRefusedByParangeWhateverPsSays() {
    Features narrow = Features.MAX.withPaBits(40).withLpa2(Set.of());
    assertThat(Design.of(Granule.K4, 40, narrow).rejected())
        .filteredOn(r -> r.startLevel() == 0 && !r.ds())
        .singleElement()
        .satisfies(r -> assertThat(r.reasons()).anyMatch(s -> s.contains("(PARange)")));
  }

  @Test
  void aDesignIsRefusedForSizesNoAddressHas() {
    assertThatThrownBy(() -> Design.of(Granule.K4, 65, Features.MAX))
        .hasMessageContaining("16 to 52 bits");
  }

  /** Counted by looking at each page; the tables that pages need are those with an entry. */
  @Test
  void tablesForARangeAreAsManyAsAMapperMakes() {
    Random random = new Random(3);
    for (Granule granule : Granule.values()) {
      for (int bits : new int[] {36, 40, 52}) {
        for (Design.Choice choice : Design.of(granule, bits, Features.MAX).choices()) {
          for (int i = 0; i < 6; i++) {
            long pages = 1 + random.nextInt(3 * granule.entries());
            long far = (1L << bits) / granule.bytes() - pages;
            long first = i == 0 ? 0 : random.nextLong(Math.max(1, Math.min(far, 1 << 22)));
            long ipa = first * granule.bytes();
            TableCost cost = TableCost.of(choice, ipa, pages * granule.bytes());
            assertThat(cost.pageTables()).isEqualTo(mapped(choice, first, pages, false));
            assertThat(cost.blockTables())
                .as("%s %d bits from %d, %d pages", granule, bits, first, pages)
                .isEqualTo(mapped(choice, first, pages, true));
            assertThat(cost.bytesWithPages())
                .isEqualTo(choice.geometry().rootBytes() + cost.pageTables() * granule.bytes());
          }
        }
      }
    }
  }

  private static long mapped(Design.Choice choice, long first, long pages, boolean blocks) {
    Granule granule = choice.geometry().granule();
    Set<String> tables = new HashSet<>();
    for (long page = first; page < first + pages; page++) {
      for (int level = choice.geometry().startLevel(); level < 3; level++) {
        int shift = granule.levelShift(level) - granule.shift();
        long entry = page >>> shift;
        boolean whole = entry << shift >= first && (entry + 1) << shift <= first + pages;
        if (blocks && whole && choice.format().blockAllowed(level)) {
          break;
        }
        tables.add(level + ":" + entry);
      }
    }
    return tables.size();
  }

  @Test
  void aRangeOutsideTheIpasHasNoCost() {
    Design.Choice choice = Design.of(Granule.K4, 36, Features.MAX).choices().getFirst();
    assertThat(TableCost.of(choice, 0, 1L << 36).pageTables()).isPositive();
    assertThatThrownBy(() -> TableCost.of(choice, 4096, 1L << 36))
        .hasMessageContaining("36-bit IPAs");
  }

  @Test
  void everySuggestionForAWrongVtcrIsRight() {
    Random random = new Random(11);
    int wrong = 0;
    for (int i = 0; i < 3000; i++) {
      Features features = PES.get(random.nextInt(PES.size()));
      long vtcr = random.nextLong() & 0x3_ffff_ffffL;
      DesignReview review = DesignReview.of(vtcr, 0, features);
      if (review.parameters().problems().isEmpty()) {
        assertThat(review.suggestions()).isEmpty();
        continue;
      }
      wrong++;
      assertThat(review.suggestions()).as("%x", vtcr).isNotEmpty();
      for (DesignReview.Suggestion s : review.suggestions()) {
        Stage2Parameters mended = Stage2Parameters.decode(s.vtcr(), 0, 1, features);
        assertThat(mended.problems()).as("%x for %x", s.vtcr(), vtcr).isEmpty();
        assertThat(s.changes()).isNotEmpty();
        assertThat(mended.startLevel()).isEqualTo(s.choice().geometry().startLevel());
      }
    }
    assertThat(wrong).isGreaterThan(1000);
  }

  @Test
  void whatIsRightIsKeptAndTheRootIsMendedInWords() {
    DesignReview review =
        DesignReview.of(0x8005_3590L, 0x1_0000_4000_1000L, Features.MAX.withPaBits(40));
    assertThat(review.parameters().problems())
        .anyMatch(p -> p.effect() == Effect.TRANSLATION_FAULT);
    assertThat(review.suggestions().getFirst().vtcr()).isEqualTo(0x8002_3558L);
    assertThat(review.suggestions().getFirst().changes())
        .containsExactly("T0SZ 16 → 24", "SL0 2 → 1", "PS 5 → 2");
    assertThat(review.roots()).isEmpty();

    DesignReview misaligned =
        DesignReview.of(0x8002_3558L, 0x1_0000_4000_1000L, Features.MAX.withPaBits(48));
    assertThat(misaligned.suggestions()).isEmpty();
    assertThat(misaligned.roots())
        .containsExactly("put the root at 0x4000_0000 or 0x4000_2000, multiples of 8 KiB");
  }
}
