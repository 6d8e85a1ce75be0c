package dev.stagewalk.views;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.session.Command;
import java.util.List;
import org.junit.jupiter.api.Test;

class SearchOfferTest {
  private static String text(Command command) {
    return switch (command) {
      case Command.Search search -> search.text();
      case Command.AddBreakpoint add -> add.text();
      default -> throw new AssertionError(command);
    };
  }

  private static List<String> of(Selection selection) {
    return SearchOffer.of(selection).stream().map(offer -> text(offer.command())).toList();
  }

  @Test
  void anEntryOfATableIsAskedForByItsAddressAndItsIpa() {
    Selection entry = Selection.of(new Selection.Entry(0x4801_a000L, 3, 3), 0x4020_3000L);
    assertThat(of(entry))
        .containsExactly(
            "last write entry 0x4801_a018",
            "watch write entry 0x4801_a018",
            "last use entry ipa 0x4020_3000 level 3",
            "next fault ipa 0x4020_3000",
            "previous fault ipa 0x4020_3000");
  }

  @Test
  void aRegisterIsAskedForByItsNameUnlessItAlwaysChanges() {
    assertThat(of(Selection.of(new Selection.Field("HCR_EL2", "VM"))))
        .containsExactly("last write register HCR_EL2", "watch register HCR_EL2");
    assertThat(of(Selection.of(new Selection.Field("pc", "")))).isEmpty();
  }

  @Test
  void anIpaIsAskedForWithItsPage() {
    assertThat(of(Selection.ofIpa(0x4020_3018L)))
        .contains("last write ipa 0x4020_3000+0x1000", "last use ipa 0x4020_3018");
    assertThat(of(Selection.NONE)).isEmpty();
  }
}
