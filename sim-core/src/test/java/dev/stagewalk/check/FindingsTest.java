package dev.stagewalk.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class FindingsTest {

  @Test
  void everyRuleIsOneSentenceUnderAnIdOfItsOwn() {
    assertThat(FindingKind.values())
        .allSatisfy(kind -> {
          assertThat(kind.id()).matches("[a-z0-9]+(-[a-z0-9]+)*");
          assertThat(kind.rule()).endsWith(".").doesNotContain(". ");
          assertThat(kind.source()).isNotBlank();
        });
    assertThat(Arrays.stream(FindingKind.values()).map(FindingKind::id)).doesNotHaveDuplicates();
  }

  @Test
  void findingsOfAKindAreCountedAndTheFirstAreKept() {
    Findings findings = new Findings(3);
    for (int i = 0; i < 100_000; i++) {
      findings.accept(finding(FindingKind.WRITABLE_EXECUTABLE, i));
    }
    findings.accept(finding(FindingKind.BLOCK_LEVEL, 7));
    assertThat(findings.groups())
        .extracting(Findings.Group::kind)
        .containsExactly(FindingKind.BLOCK_LEVEL, FindingKind.WRITABLE_EXECUTABLE);
    Findings.Group many = findings.groups().getLast();
    assertThat(many.count()).isEqualTo(100_000);
    assertThat(many.more()).isEqualTo(99_997);
    assertThat(many.first())
        .extracting(finding -> ((Place.Entry) finding.place()).index())
        .containsExactly(0, 1, 2);
    assertThat(findings.summary()).isEqualTo("1 error, no warnings, 100000 for information");
  }

  @Test
  void theSameFindingTwiceIsOne() {
    Findings findings = new Findings();
    findings.accept(finding(FindingKind.AF_CLEAR, 1));
    findings.accept(finding(FindingKind.AF_CLEAR, 1));
    assertThat(findings.count(Severity.WARNING)).isEqualTo(1);
  }

  @Test
  void aPlaceSaysWhereTheDescriptorStands() {
    Place.Entry place =
        new Place.Entry(Place.Owner.ofStage2(1), 2, 0x4820_1000L, 5, 0x40a0_0000L, 2 << 20);
    assertThat(place.at()).isEqualTo(0x4820_1028L);
    assertThat(place.words())
        .isEqualTo(
            "level 2 entry 5 of the table at 0x4820_1000, IPA 0x40a0_0000 (2 MiB), stage 2,"
                + " VMID 1");
  }

  private static Finding finding(FindingKind kind, int index) {
    Place place = new Place.Entry(Place.Owner.ofStage2(1), 3, 0x1000, index, index << 12, 0x1000);
    return new Finding(kind, place, "It is so.", "Make it otherwise.");
  }
}
