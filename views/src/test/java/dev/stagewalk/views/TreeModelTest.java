package dev.stagewalk.views;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Granule;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TreeModelTest {
  private final Guest guest = Guest.drawn();
  private final TreeModel tree = new TreeModel();

  @Test
  void itStartsWithTheRootAloneAndInvalidEntriesFolded() {
    tree.show(Scan.of(guest.snapshot()));

    assertThat(lines())
        .containsExactly(
            "L0[0] TABLE → 0x4800_1000 · IPA 0x0000_0000 · 512 GiB",
            "L0[1…511] 511 invalid · IPA 0x0080_0000_0000 · 255.5 TiB");
  }

  @Test
  void everyRowOfTheOpenTreeComesInTheOrderOfTheTables() {
    tree.show(Scan.of(guest.snapshot()));
    tree.expandAll();

    List<String> names = new ArrayList<>();
    for (int i = 0; i < tree.size(); i++) {
      names.add(" ".repeat(tree.row(i).depth()) + tree.row(i).name());
    }
    assertThat(names)
        .startsWith("L0[0]", " L1[0]", "  L2[0…71]", "  L2[72]", "   L3[0]", "   L3[1…511]")
        .containsSubsequence(" L1[1]", "  L2[0]", "  L2[1]", "   L3[0]", "   L3[1]", "   L3[2]")
        .endsWith("   L3[16…511]", "  L2[4…511]", " L1[2…511]", "L0[1…511]");
  }

  @Test
  void revealFindsTheRowOfAnIpaWhateverIsOpen() {
    tree.show(Scan.of(guest.snapshot()));
    for (long ipa :
        new long[] {
          0x4020_1000L, 0x4060_f000L, 0x4020_3000L, 0x900_0000L, 0x4000_0000L, 1L << 47
        }) {
      int number = tree.reveal(ipa);
      TreeModel.Row row = tree.row(number);
      assertThat(ipa - row.ipa()).as("IPA %x in %s", ipa, row).isBetween(0L, row.covers() - 1);
      assertThat(row.expanded()).isFalse();
    }
  }

  @Test
  void closingATableHidesWhatIsBelowAndKeepsItsOwnOpenTables() {
    tree.show(Scan.of(guest.snapshot()));
    tree.expandAll();
    int all = tree.size();
    tree.toggle(tree.row(0));
    assertThat(tree.size()).isEqualTo(2);
    tree.toggle(tree.row(0));
    assertThat(tree.size()).isEqualTo(all);
  }

  @Test
  void aMillionLeavesAreNumberedAndFoundWithoutRowsOfTheirOwn() {
    Guest large = new Guest(Granule.K4, 39, 1);
    for (long page = 0; page < 1 << 20; page++) {
      large.map(page << 12, 0x4000_0000L + (page << 12), 3, Guest.RW);
    }
    tree.show(Scan.of(large.snapshot()));
    assertThat(tree.expandAll()).isTrue();
    assertThat(tree.size()).isGreaterThan(1 << 20);

    for (int i = 0; i < 1000; i++) {
      TreeModel.Row row = tree.row((int) ((long) i * (tree.size() - 1) / 1000));
      assertThat(row.covers()).isPositive();
    }
    TreeModel.Row row = tree.row(tree.reveal(0x8123_4000L));
    assertThat(row.ipa()).isEqualTo(0x8123_4000L);
    assertThat(row.target()).isEqualTo(0x4000_0000L + 0x8123_4000L);
  }

  @Test
  void stage2OffIsSaidInWords() {
    guest.registers.put("HCR_EL2", 0x8000_0000L);
    tree.show(Scan.of(guest.snapshot()));

    assertThat(tree.size()).isZero();
    assertThat(tree.summary()).isEqualTo("Stage 2 is off: HCR_EL2.VM is 0.");
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < tree.size(); i++) {
      lines.add(tree.row(i).text());
    }
    return lines;
  }
}
