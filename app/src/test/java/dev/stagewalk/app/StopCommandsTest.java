package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Breakpoints of {@code run}, {@code replay} and {@code import}, as they are typed. */
final class StopCommandsTest {
  private static final String TRACE =
      """
      # tracer: nop
      vmm-182 [001] d.... 2.100000: kvm_entry: PC: 0x0000000040000000
      vmm-182 [001] ..... 2.100500: kvm_exit: TRAP: HSR_EC: 0x0024 (DABT_LOW), PC: 0x0000000040000010
      vmm-182 [001] d.... 2.100600: kvm_entry: PC: 0x0000000040000010
      vmm-182 [001] ..... 2.900000: kvm_exit: IRQ: HSR_EC: 0x0000 (UNKNOWN), PC: 0x0000000040000014
      """;

  @TempDir private Path folder;
  private String out = "";
  private String err = "";

  private int stagewalk(String... words) {
    Printed printed = Printed.by(words);
    out = printed.out();
    err = printed.err();
    return printed.code();
  }

  private String stop() {
    return out.lines().filter(line -> line.startsWith("Stopped at ")).findFirst().orElse("");
  }

  @Test
  void aRunStopsWhereItIsToldToAndPrintsRegistersAndEvent() {
    assertThat(stagewalk("run", "demand-paging", "--break", "on fault level=3 if x0 > 0x40201000"))
        .isZero();
    assertThat(stop())
        .matches(
            "Stopped at 1:35\\.\\d+: breakpoint 1: data abort from a lower Exception level, .*")
        .contains("Translation fault, level 3, IPA 0x4020_2018, VMID 1");
    assertThat(out)
        .contains("a breakpoint has stopped it", "x0        0x0000_0000_4020_2000", "Event 188");
  }

  @Test
  void fromTheEndOneGoesBackToTheLastStop() {
    assertThat(stagewalk("run", "demand-paging", "--back-to", "on fault level=3")).isZero();
    String last = stop();
    assertThat(last).contains("IPA 0x4020_3018");
    assertThat(
            stagewalk(
                "run",
                "demand-paging",
                "--break",
                "on call name=guest_destroy",
                "--back-to",
                "on fault level=3"))
        .isZero();
    assertThat(stop()).isEqualTo(last.replace("breakpoint 1", "breakpoint 2"));
  }

  @Test
  void aConditionThatCouldNeverBeToldIsNamedWithTheReason() {
    for (String direction : List.of("--break", "--back-to")) {
      assertThat(stagewalk("run", "hvc", direction, "on exit if [0xffff_0000_0000] == 0")).isOne();
      assertThat(err)
          .contains("no breakpoint stops ")
          .contains("breakpoint 1, on exit if [0xffff_0000_0000] == 0, could not be told: ");
    }
    assertThat(stagewalk("run", "hvc", "--break", "on exit ec=0x3f if x0 == 1")).isOne();
    assertThat(err).doesNotContain("could not be told");
  }

  @Test
  void whereNothingStopsItIsSaidAndTheCodeIsOne() {
    assertThat(stagewalk("run", "hvc", "--break", "on exit ec=0x3f")).isOne();
    assertThat(err).contains("no breakpoint stops this run");
    assertThat(out).contains("The guest has ended");
    assertThat(stagewalk("run", "hvc", "--back-to", "on exit ec=0x3f")).isOne();
    assertThat(err).contains("no breakpoint stops before 1:");
  }

  @Test
  void aMistakeInABreakpointIsNamedWithItsColumn() {
    assertThat(stagewalk("run", "hvc", "--break", "on exit lvel=3")).isEqualTo(2);
    assertThat(err)
        .contains("column 9: expected FIELD=VALUE: no event has a field 'lvel'", "level");
    assertThat(stagewalk("run", "hvc", "--break", "on exit if x0 == y")).isEqualTo(2);
    assertThat(err).contains("column 18: there is no 'y'");
  }

  @Test
  void aReplayStopsWhereTheRunDoes() {
    String recording = folder.resolve("run.swrec").toString();
    stagewalk("run", "demand-paging", "--record", recording);
    stagewalk("run", "demand-paging", "--break", "on fault level=3");
    String first = stop();
    stagewalk("run", "demand-paging", "--back-to", "on fault level=3");
    String last = stop();
    assertThat(stagewalk("replay", recording, "--break", "on fault level=3")).isZero();
    assertThat(stop()).isEqualTo(first).isNotEmpty();
    assertThat(stagewalk("replay", recording, "--back-to", "on fault level=3")).isZero();
    assertThat(stop()).isEqualTo(last).isNotEqualTo(first);
    assertThat(stagewalk("replay", recording, "--back-to", "on exit ec=0x3f")).isOne();
  }

  @Test
  void aTraceOfARealMachineIsSearchedByWhatItsEventsSay() throws Exception {
    String trace = Files.writeString(folder.resolve("trace.txt"), TRACE).toString();
    assertThat(stagewalk("import", trace, "--break", "on exit ec=0x24")).isZero();
    assertThat(stop()).startsWith("Stopped at 1:2: breakpoint 1: ");
    assertThat(stagewalk("import", trace, "--back-to", "on entry if event.pc != 0")).isZero();
    assertThat(stop()).startsWith("Stopped at 1:3: ");
    assertThat(stagewalk("import", trace, "--break", "on exit if x0 == 1")).isEqualTo(2);
    assertThat(err).contains("asks for more than an event says itself");
  }

  @Test
  void theGrammarIsListedWithAllKindsFieldsAndFindings() {
    assertThat(stagewalk("run", "--list-breakpoints")).isZero();
    assertThat(out)
        .contains("on finding [ID]", "  host-store", "  s1ptw", "stale-entry", "iss.NAME");
  }
}
