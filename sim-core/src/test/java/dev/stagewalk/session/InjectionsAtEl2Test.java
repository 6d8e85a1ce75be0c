package dev.stagewalk.session;

import static dev.stagewalk.session.InjectedRun.after;
import static dev.stagewalk.session.InjectedRun.refused;
import static dev.stagewalk.session.InjectedRun.withheld;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What injections do to a program at EL2, and to none of its guest's own maintenance. */
class InjectionsAtEl2Test {
  private static final String HOST =
      """
          ldr   x0, =0x40200
          tlbi  ipas2e1is, x0
          dsb   ish
          tlbi  vmalls12e1is
          dsb   ish
          isb
      again: b again
      """;

  /** The TLBI that a program at EL2 issues at an instruction, narrowed. */
  private static SimEvent.TlbInvalidated narrowed(int instruction, String how) {
    Scenario host = TestScenarios.of(HOST).bare(true);
    List<SimEvent> events = after(host, Moment.at(instruction), "narrow-next tlbi " + how);
    assertThat(withheld(events)).hasSize(1);
    SimEvent.Withheld withheld =
        (SimEvent.Withheld)
            events.stream().filter(SimEvent.Withheld.class::isInstance).findFirst().orElseThrow();
    assertThat(withheld.by()).isNotNull();
    return events.stream()
        .filter(SimEvent.TlbInvalidated.class::isInstance)
        .map(SimEvent.TlbInvalidated.class::cast)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aTlbiOfAProgramAtEl2IsNarrowedToo() {
    assertThat(narrowed(1, "shift 12").scope().first()).isEqualTo(0x4020_0000);
    assertThat(narrowed(1, "shift 16").scope().first()).isEqualTo(0x402_0000);
    assertThat(narrowed(1, "shift 0").scope().first()).isEqualTo(0x402_0000_0000L);
    assertThat(narrowed(1, "local").operation()).isEqualTo("ipas2e1");
    assertThat(narrowed(1, "stage2").scope().ipas()).isTrue();
    assertThat(narrowed(2, "vmid 7").vmid()).isEqualTo(7);
    assertThat(narrowed(2, "stage2").scope().vas()).isFalse();
    assertThat(narrowed(2, "stage2").scope().ipas()).isTrue();
    assertThat(narrowed(2, "local").scope().domain().isLocal()).isTrue();
  }

  @Test
  void maintenanceOfAProgramAtEl2IsWithheldTooAndThatOfAGuestNever() {
    Scenario host = TestScenarios.of(HOST).bare(true);
    for (String kind : List.of("tlbi", "dsb", "isb")) {
      List<SimEvent> events = after(host, Moment.at(1), "skip-next " + kind);
      assertThat(withheld(events)).hasSize(1);
    }
    Scenario guest =
        TestScenarios.of("hvc #1\n tlbi vmalle1is\n dsb ish\n isb\n hvc #2\n hvc #0\n");
    List<SimEvent> events = after(guest, Moment.at(2), "skip-next dsb");
    SimEvent.BarrierCompleted own =
        (SimEvent.BarrierCompleted)
            events.stream()
                .filter(SimEvent.BarrierCompleted.class::isInstance)
                .findFirst()
                .orElseThrow();
    assertThat(own.by()).isNotNull();
    assertThat(own.text()).isEqualTo("dsb ish");
  }

  @Test
  void whereAProgramIsAtEl2ItsDescriptorsAreClearedAndItsAllocatorIsItsOwn() {
    Travel travel = Travel.begin(TestScenarios.of(HOST).bare(true));
    travel.step(1);
    refused(travel, "fail-alloc", "an allocator of its own");
    refused(travel, "map ipa 0x40200000", "no hypervisor that could do it");
    refused(travel, "unmap ipa 0x40200000", "names no table now");
  }
}
