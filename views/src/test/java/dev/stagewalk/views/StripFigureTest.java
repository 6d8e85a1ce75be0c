package dev.stagewalk.views;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.event.Access;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.views.StripFigure.Box;
import dev.stagewalk.views.StripFigure.Mark;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class StripFigureTest {
  private final Guest guest = Guest.drawn();

  @Test
  void theSyndromeOfAnExitMarksTheFieldsThatSayWhy() {
    guest.touch(0x4008_0158L, 0x4020_3018L, Access.write(8));
    StripFigure figure = StripFigure.of(guest.snapshot(), "ESR_EL2");

    assertThat(shown(figure))
        .containsExactly("EC", "IL", "ISV", "SAS", "SRT", "SF", "S1PTW", "WnR", "DFSC");
    assertThat(figure.boxes())
        .filteredOn(b -> b.mark() == Mark.CAUSE)
        .extracting(Box::name)
        .containsExactly("EC", "WnR", "DFSC");
    assertThat(figure.facts()).contains("write").contains("Translation fault, level 3");
  }

  @Test
  void whatIsFoldedAwayAndWhatIsShownAreTogetherAll64Bits() {
    Snapshot snapshot = guest.snapshot();
    for (String register : StripsView.USUAL) {
      assertThat(StripFigure.of(snapshot, register).boxes().stream().mapToInt(Box::bits).sum())
          .as(register)
          .isEqualTo(64);
    }
  }

  @Test
  void onlyBitsThatDifferCountAsChangedWhateverTheyAreCalledNow() {
    guest.registers.put("ESR_EL2", 0x5a00_0001L);
    guest.before = Optional.of(guest.snapshot().pe());
    guest.registers.put("ESR_EL2", 0x93c2_8046L);
    StripFigure figure = StripFigure.of(guest.snapshot(), "ESR_EL2");

    assertThat(figure.changed()).isTrue();
    assertThat(shown(figure))
        .contains("ISV", "SRT", "DFSC")
        .doesNotContain("FnV", "EA", "Overlay", "HDBSSF");
  }

  @Test
  void geometryIsReadOffVtcr() {
    StripFigure figure = StripFigure.of(guest.snapshot(), "VTCR_EL2");

    assertThat(figure.facts()).isEqualTo("48-bit PA · 4K granule · start L0 · 48-bit IPA");
    assertThat(figure.warnings()).isEmpty();
    assertThat(shown(figure)).contains("PS", "TG0", "SL0", "T0SZ").doesNotContain("HD");
  }

  @Test
  void nothingIsDerivedFromARegisterThatNobodyHasWritten() {
    guest.registers.put("VTCR_EL2", 0L);
    guest.registers.put("VTTBR_EL2", 0L);
    guest.registers.put("HCR_EL2", 0L);

    assertThat(StripFigure.of(guest.snapshot(), "VTCR_EL2").facts()).startsWith("0, as at reset");
    assertThat(StripFigure.of(guest.snapshot(), "VTTBR_EL2").facts()).startsWith("0, as at reset");
  }

  @Test
  void aReservedValueIsMarkedAndExplained() {
    guest.registers.put("VTCR_EL2", guest.registers.get("VTCR_EL2") | 3L << 14);
    StripFigure figure = StripFigure.of(guest.snapshot(), "VTCR_EL2");

    assertThat(figure.boxes())
        .filteredOn(b -> b.name().equals("TG0"))
        .extracting(Box::mark)
        .containsExactly(Mark.WRONG);
    assertThat(figure.warnings()).anyMatch(w -> w.contains("TG0"));
  }

  @Test
  void aFaultTakenToEl1IsReadFromTheSyndromeOfEl1AndAnOlderOneIsNoNews() {
    guest.registers.put("ESR_EL1", 0L);
    guest.before = Optional.of(guest.snapshot().pe());
    guest.touch(0x4008_0158L, 0x4020_3018L, Access.write(8));
    assertThat(StripFigure.of(guest.snapshot(), "ESR_EL2").changed()).isTrue();

    long esr = 0x9600_004fL;
    guest.registers.put("ESR_EL1", esr);
    guest.add(new SimEvent.ExceptionTaken(1, 1, 4, esr, 0x7000_2020L, 0, false, 0, 0x3c5, null));
    StripFigure now = StripFigure.of(guest.snapshot(), "ESR_EL1");
    StripFigure old = StripFigure.of(guest.snapshot(), "ESR_EL2");

    assertThat(now.changed()).isTrue();
    assertThat(now.boxes())
        .filteredOn(b -> b.mark() == Mark.CAUSE)
        .extracting(Box::name)
        .containsExactly("EC", "WnR", "DFSC");
    assertThat(old.changed()).isFalse();
    assertThat(old.boxes()).noneMatch(b -> b.mark() == Mark.CHANGED);
  }

  private static List<String> shown(StripFigure figure) {
    return figure.boxes().stream().filter(b -> !b.isFold()).map(Box::name).toList();
  }
}
