package dev.stagewalk.hyp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class DefectsTest {

  @Test
  void thereAreFiftyTwoAndTheirNumbersAreTheirPlaces() {
    assertThat(Defect.values()).hasSize(52);
    assertThat(Defect.TLBI_OTHER_VMID.id()).isEqualTo("D1");
    assertThat(Defect.ONE_ROOT_TABLE.id()).isEqualTo("D12");
    assertThat(Defect.MEMORY_EXECUTABLE.id()).isEqualTo("D26");
    assertThat(Defect.STYLE.id()).isEqualTo("D31");
    assertThat(Defect.EXIT_KEEPS_GUEST_REGISTERS.id()).isEqualTo("D33");
    assertThat(Defect.VACUOUS_TEST_PAGE.id()).isEqualTo("D45");
    assertThat(Defect.VTCR_NOT_IN_GUEST.id()).isEqualTo("D51");
  }

  @Test
  void eachSaysWhatItIsAndHowItIsShown() {
    for (Defect defect : Defect.values()) {
      assertThat(defect.sentence()).as(defect.id()).endsWith(".");
      assertThat(defect.how()).as(defect.id()).isNotBlank().doesNotEndWith(".");
      boolean bySample =
          switch (defect.shown()) {
            case GUEST_SAMPLE, HOST_SAMPLE -> true;
            case SWITCH, NEVER -> false;
          };
      assertThat(!defect.sample().isEmpty()).as(defect.id()).isEqualTo(bySample);
    }
    assertThat(Arrays.stream(Defect.values()).map(Defect::shortName)).doesNotHaveDuplicates();
  }

  @Test
  void presetsAndListsAreReadAndPrinted() {
    assertThat(Defects.parse("as-posted")).isEqualTo(Defects.AS_POSTED);
    assertThat(Defects.parse("as-reviewed")).isEqualTo(Defects.AS_REVIEWED);
    assertThat(Defects.parse("none")).isEqualTo(Defects.NONE);
    Defects two = Defects.parse("D2, tlbi-other-vmid");
    assertThat(two).isEqualTo(Defects.of(Defect.TLBI_OTHER_VMID, Defect.REMAP_NO_BBM));
    assertThat(two).hasToString("D1,D2");
    assertThat(Defects.parse(Defects.AS_REVIEWED.toString())).isEqualTo(Defects.AS_REVIEWED);
  }

  @Test
  void aWordThatIsNoDefectIsNamed() {
    assertThatThrownBy(() -> Defects.parse("D1,D53"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'d53' is not a defect")
        .hasMessageContaining("as-posted");
  }
}
