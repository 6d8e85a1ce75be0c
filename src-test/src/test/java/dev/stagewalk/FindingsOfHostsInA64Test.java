package dev.stagewalk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.check.Finding;
import dev.stagewalk.check.Findings;
import dev.stagewalk.check.Severity;
import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.session.Scenario;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A host in A64 with one line left out or wrong: which rule that breaks, and what is said of it.
 */
final class FindingsOfHostsInA64Test {

  private static Findings findings(String line, String instead) {
    Scenario sample = Catalogue.standard().find("page-moves").orElseThrow();
    String source = sample.source();
    assertThat(source).contains(line);
    return FindingsOfRunsTest.findings(
        sample.withSource(source.replace(line, instead.replace(';', '\n'))));
  }

  private static Set<String> ids(Findings findings) {
    return findings.groups().stream()
        .filter(group -> group.kind().severity() != Severity.INFO)
        .map(group -> group.kind().id())
        .collect(Collectors.toSet());
  }

  private static String words(Findings findings) {
    return findings.groups().stream()
        .flatMap(group -> group.first().stream())
        .map(Finding::words)
        .collect(Collectors.joining("\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          str     xzr, [x10]              | nop                         | bbm-missing
          lsr     x11, x11, #12           | lsr x11, x11, #14           | tlbi-operand stale-entry
          lsr     x11, x11, #12           | nop                         | tlbi-operand stale-entry
          ldr     x11, =PAGE              | ldr x11, =FRAME_A           | tlbi-operand stale-entry
          tlbi    ipas2e1is, x11          | nop                         | tlbi-scope stale-entry
          tlbi    ipas2e1is, x11          | tlbi ipas2e1, x11           | tlbi-domain stale-entry
          tlbi    ipas2e1is, x11          | tlbi alle2is                | tlbi-regime stale-entry
          dsb     ishst                   // walkers | nop // walkers   | tlbi-before-dsb
          dsb     ishst                   // walkers | dsb ishld // walkers | tlbi-before-dsb
          lsr     x11, x11, #12           | lsr x11, x11, #12; orr x11, x11, #(1 << 63) | tlbi-operand
          """)
  void oneWrongLineIsFoundByItsRule(String line, String instead, String ids) {
    assertThat(ids(findings(line, instead))).isEqualTo(Set.of(ids.split(" ")));
  }

  /** TTL = 0b0110: 4K granule, level 2; the page is at level 3. Before FEAT_TTL it says nothing. */
  @Test
  void theLevelHintOfAnotherLevelIsFound() {
    Scenario sample = Catalogue.standard().find("page-moves").orElseThrow();
    String hint = "orr x11, x11, #(6 << 44)\n        tlbi    ipas2e1is, x11";
    Scenario hinted = sample.withSource(sample.source().replace("tlbi    ipas2e1is, x11", hint));
    assertThat(ids(FindingsOfRunsTest.findings(hinted))).isEmpty();
    assertThat(ids(FindingsOfRunsTest.findings(hinted.with(sample.board().withProfile("max")))))
        .contains("tlbi-level");
  }

  @Test
  void theWrongOperandIsNamed() {
    assertThat(words(findings("lsr     x11, x11, #12", "lsr x11, x11, #14")))
        .contains("the operand 0x10100 is IPA >> 14, not IPA >> 12")
        .contains("by the instruction at 0x4008_0");
    assertThat(words(findings("lsr     x11, x11, #12", "nop")))
        .contains("the operand 0x40400000 is the IPA itself, not IPA >> 12");
    assertThat(words(findings("ldr     x11, =PAGE", "ldr x11, =FRAME_A")))
        .contains("the operand 0x40300 is PA >> 12 of the output address 0x4030_0000");
  }

  @Test
  void withoutAnyMaintenanceTheOldFrameIsReadOn() {
    Findings found =
        findings(
            "        tlbi    ipas2e1is, x11          // IPA >> 12\n        dsb     ish\n"
                + "        tlbi    vmalle1is               // entries that combine both stages\n",
            "");
    assertThat(ids(found)).containsExactlyInAnyOrder("tlbi-missing", "stale-entry");
    assertThat(words(found))
        .contains("gave PA 0x4030_0000")
        .contains("the tables say 0x4030_1000")
        .contains("by the instruction at 0x4008_0");
  }

  @Test
  void theTlbiOfAnotherVmidIsNamed() {
    String setsVmid = "mov x13, #2 << 48; msr vttbr_el2, x13; isb; ";
    String setsItBack = "; ldr x13, =VTTBR; msr vttbr_el2, x13; isb";
    Findings found =
        findings(
            "tlbi    ipas2e1is, x11          // IPA >> 12",
            setsVmid + "tlbi ipas2e1is, x11; dsb ish" + setsItBack);
    assertThat(ids(found)).contains("tlbi-vmid", "stale-entry");
    Findings unsynchronised =
        findings(
            "tlbi    ipas2e1is, x11          // IPA >> 12",
            setsVmid.replace("isb; ", "") + "tlbi ipas2e1is, x11; dsb ish" + setsItBack);
    assertThat(ids(unsynchronised)).contains("isb-missing");
  }

  @Test
  void aDsbThatDoesNotCompleteTheTlbiIsNamed() {
    for (String dsb : List.of("dsb nsh", "dsb ishst", "dsb ishld")) {
      Findings found =
          findings(
              "        tlbi    ipas2e1is, x11          // IPA >> 12\n        dsb     ish\n"
                  + "        tlbi    vmalle1is               // entries that combine both stages\n"
                  + "        dsb     ish\n",
              "tlbi vmalls12e1is;" + dsb + ";");
      assertThat(ids(found)).as(dsb).containsExactly("tlbi-wrong-dsb");
    }
  }

  @Test
  void readingHpfarAfterAPermissionFaultIsFound() {
    Scenario sample = Catalogue.standard().find("page-moves").orElseThrow();
    Scenario writes =
        sample.withSource(
            sample
                .source()
                .replace("        hvc     #2\n", "        ldr x7, =0x40080000\n str x7, [x7]\n")
                .replace(
                    "b.ne    unexpected",
                    "b.ne reads\n b goes\n reads: mrs x9, hpfar_el2\n b unexpected\n goes:"));
    Findings wrong = FindingsOfRunsTest.findings(writes);
    assertThat(ids(wrong)).containsExactly("hpfar-unknown");
    assertThat(words(wrong))
        .contains("Permission fault, level 2")
        .contains("Its handler read it, by the instruction at 0x4008_0");
  }

  @Test
  void aHandlerThatMendsNothingIsFound() {
    Scenario sample = Catalogue.standard().find("page-moves").orElseThrow();
    Scenario writes =
        sample.withSource(
            sample
                .source()
                .replace("        hvc     #2\n", "        ldr x7, =0x40080000\n str x7, [x7]\n")
                .replace("b.ne    unexpected", "b.ne again\n b goes\n again: eret\n goes:"));
    assertThat(ids(FindingsOfRunsTest.findings(writes))).containsExactly("no-progress");
  }
}
