package dev.stagewalk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.check.Findings;
import dev.stagewalk.check.Severity;
import dev.stagewalk.event.Moment;
import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.mmu.TlbPlan;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the checks of a run say of the samples, from their start to their end. */
final class FindingsOfRunsTest {

  static Stream<Scenario> samples() {
    return Catalogue.standard().scenarios().stream();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void ofTheCorrectedHypervisorNothingIsFound(Scenario sample) {
    Scenario corrected =
        sample
            .withDefects(sample.name().equals("own-tables") ? sample.defects() : "none")
            .withSource(sample.source().replace("POSTED, 1", "POSTED, 0"));
    assertThat(lines(findings(corrected))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"demand-paging", "hvc", "uart", "read-only"})
  void nothingIsFoundBeforeAnAdversarialTlb(String name) {
    Scenario sample = Catalogue.standard().find(name).orElseThrow();
    assertThat(lines(findings(sample.with(sample.board().with(TlbPlan.parse("adversarial"))))))
        .isEmpty();
  }

  @Test
  void aHostWithHolesInItsVectorsLosesTheCauseOfAnException() {
    assertThat(ids("vector-holes", "none")).containsExactly("vector-faults");
  }

  private static Set<String> ids(String sample, String defects) {
    return ids(Catalogue.standard().find(sample).orElseThrow().withDefects(defects));
  }

  private static Set<String> ids(Scenario scenario) {
    return findings(scenario).groups().stream()
        .filter(group -> group.kind().severity() != Severity.INFO)
        .map(group -> group.kind().id())
        .collect(Collectors.toSet());
  }

  @Test
  void eachMistakeOfThePostedHypervisorIsFoundWhereASampleMakesIt() {
    assertThat(ids("demand-paging", "D11"))
        .containsExactlyInAnyOrder("table-freed", "memory-freed");
    assertThat(ids("hvc", "D20")).containsExactly("isb-missing");
    assertThat(ids("hvc", "D33")).containsExactly("host-state-kept");
    assertThat(ids("hvc", "D37")).containsExactly("host-state-kept");
    assertThat(ids("hvc", "D44")).containsExactly("memory-leaked");
    assertThat(ids("read-only", "D36")).containsExactly("hpfar-unknown");
    assertThat(ids("cow", "D2")).containsExactlyInAnyOrder("bbm-missing", "no-progress");
    assertThat(ids("two-guests", "D18")).containsExactly("control-reserved");
    assertThat(ids("two-guests", "D26")).containsExactly("device-executable");
    assertThat(ids("two-guests", "D51")).contains("vtcr-other-guest");
    assertThat(ids("read-only", "D46")).containsExactly("no-progress");
    assertThat(ids("read-only", "D47")).containsExactly("no-progress");
    assertThat(ids("split-merge", "D9")).containsExactly("tlbi-before-dsb");
  }

  /** A guest breaks a page of its ASID 0, and invalidates ASID 5. */
  @Test
  void aTlbiForAnotherAsidIsFound() {
    Scenario sample = Catalogue.standard().find("own-tables").orElseThrow();
    String right =
        "        tlbi    vae1is, x14             // but the old entry must go\n"
            + "        dsb     ish\n";
    String invalidates = "tlbi vae1is, x14\n dsb ish\n";
    String breaks = "str xzr, [x11]\n dsb ishst\n" + "ASID" + invalidates;
    String makes = "str x13, [x11]\n dsb ishst\n isb\n";
    assertThat(sample.source()).contains(right).contains("PAGE,   0x703");
    String source =
        sample
            .source()
            .replace("PAGE,   0x703", "PAGE,   0xf03 // nG")
            .replace(right, breaks + makes);
    String wrong = "movk x14, #5, lsl #48\n";
    assertThat(ids(sample.withSource(source.replace("ASID", wrong)))).contains("tlbi-asid");
    assertThat(ids(sample.withSource(source.replace("ASID", "")))).doesNotContain("tlbi-asid");
  }

  /** The page lies in the block of the code: mapping it fails, and nobody looks at the result. */
  @Test
  void theTestThatTestsNothingIsFound() {
    assertThat(ids("as-posted", "as-posted")).contains("map-failure-ignored", "table-freed");
    assertThat(ids("as-posted", "D7,D42"))
        .containsExactlyInAnyOrder("map-failure-ignored", "guest-incomplete");
  }

  static List<String> lines(Findings findings) {
    return findings.groups().stream()
        .flatMap(g -> g.first().stream())
        .filter(f -> f.severity() != Severity.INFO)
        .map(f -> f.words() + "\n   MEND " + f.mend())
        .toList();
  }

  static Findings findings(Scenario scenario) {
    try (Session session = Session.open(scenario)) {
      submit(session, new Command.StopAtExits(false));
      return submit(session, new Command.GoTo(Moment.at(20_000))).checks().ofRun();
    }
  }

  private static Snapshot submit(Session session, Command command) {
    return session.submit(command).orTimeout(30, TimeUnit.SECONDS).join();
  }
}
