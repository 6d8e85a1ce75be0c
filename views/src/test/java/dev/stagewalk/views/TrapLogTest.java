package dev.stagewalk.views;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.event.Access;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.session.TrapRow;
import dev.stagewalk.session.TrapRows;
import dev.stagewalk.time.Events;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class TrapLogTest {
  private static final Set<TrapRows.Kind> ALL = EnumSet.allOf(TrapRows.Kind.class);

  private final Guest guest = Guest.drawn();
  private final TrapLog log = new TrapLog();

  @Test
  void anExitIsOneRowWithItsHandlersAnswerAndTheCallItMadeIsAnother() {
    fault(0x4020_3018L);
    show();
    assertThat(log.size()).isEqualTo(2);
    TrapRow exit = log.get(0);
    assertThat(exit.lane()).isEqualTo("exit");
    assertThat(exit.name()).isEqualTo("DABT_LOW");
    assertThat(exit.words()).isEqualTo("write · Translation fault, level 3 · IPA 0x4020_3018");
    assertThat(exit.result()).isEqualTo("demand_page → RESUME: mapped");
    assertThat(log.get(1).name()).isEqualTo("s2mmu_map");
    assertThat(log.get(1).result()).isEqualTo("ok");
  }

  @Test
  void callsInsideACallAreNotListed() {
    guest.add(new SimEvent.HostCallBegan("guest_create", "VMID 1"));
    guest.add(new SimEvent.HostCallBegan("s2mmu_init", ""));
    guest.add(new SimEvent.HostCallEnded("s2mmu_init", "ok", true));
    guest.add(new SimEvent.HostCallEnded("guest_create", "ok", true));
    guest.add(new SimEvent.HostCallBegan("s2mmu_map", "a page"));
    show();
    assertThat(names()).containsExactly("guest_create", "s2mmu_map");
    assertThat(log.get(0).result()).isEqualTo("ok");
    assertThat(log.get(1).result()).isEmpty();
  }

  @Test
  void anImmediateOfMoreThanOneDigitIsInHexadecimalAsInSources() {
    hvc(9);
    hvc(0x5200);
    show();
    assertThat(log.get(0).words()).isEqualTo("hvc #9");
    assertThat(log.get(1).words()).isEqualTo("hvc #0x5200");
  }

  @Test
  void equalRowsInARowAreFolded() {
    for (int i = 0; i < 1000; i++) {
      guest.instructions(3);
      hvc(1);
    }
    hvc(2);
    show();
    assertThat(log.size()).isEqualTo(2);
    assertThat(log.get(0).times()).isEqualTo(1000);
    assertThat(log.get(1).times()).isEqualTo(1);
    assertThat(log.get(0).pc()).as("the instruction, not the one behind it").endsWith("0000");
  }

  @Test
  void theFilterLooksAtAllWordsAndAtClasses() {
    fault(0x4020_3018L);
    hvc(1);
    show();
    log.filter(ALL, "4020_3018");
    assertThat(names()).containsExactly("DABT_LOW");
    log.filter(ALL, "Demand_PAGE ");
    assertThat(names()).containsExactly("DABT_LOW");
    log.filter(EnumSet.of(TrapRows.Kind.HYPERVISOR_CALL, TrapRows.Kind.HOST_CALL), "");
    assertThat(names()).containsExactly("s2mmu_map", "HVC64");
    log.filter(ALL, "");
    assertThat(log.size()).isEqualTo(3);
    assertThat(log.state()).isEqualTo("3 rows");
  }

  @Test
  void theSymbolOfTheInstructionIsSaidAndFilteredFor() throws Exception {
    guest.symbols.put("store", 0x4008_0100L);
    guest.symbols.put("ask_host", 0x4008_0000L);
    fault(0x4020_3018L);
    hvc(1);
    show();
    assertThat(log.get(2).pc()).isEqualTo("0x4008_0000");
    assertThat(log.get(2).symbol()).isEqualTo("ask_host");
    log.filter(ALL, "ask_HOST");
    assertThat(names()).containsExactly("HVC64");
    StringBuilder csv = new StringBuilder();
    TrapExport.csv(log, csv);
    assertThat(csv.toString())
        .contains(",pc,symbol,what,")
        .contains(",0x4008_0000,ask_host,hvc #1,");
  }

  @Test
  void rowsThatAnEditHasDroppedDisappearAndWhatFollowsIsListed() {
    fault(0x4020_3018L);
    fault(0x4020_4018L);
    fault(0x4020_5018L);
    show();
    assertThat(log.size()).isEqualTo(6);

    int keep = 9;
    while (guest.events.size() > keep) {
      guest.events.removeLast();
    }
    guest.add(new SimEvent.Edited("unmap 0x4020_3000 4 KiB"));
    hvc(7);
    show();
    TrapLog fresh = new TrapLog();
    fresh.showAll(guest.snapshot());
    assertThat(log.lines()).isEqualTo(fresh.lines());
    assertThat(names()).contains("unmap", "HVC64");
  }

  @Test
  void aRowIsFoundByAnyEventInsideIt() {
    fault(0x4020_3018L);
    hvc(1);
    show();
    assertThat(log.indexOf(1)).isZero();
    assertThat(log.indexOf(3)).isEqualTo(1);
    assertThat(log.present()).isEqualTo(2);
    assertThat(log.indexOf(0)).as("before the first row").isEqualTo(-1);
  }

  @Test
  void exportsSayWhatTheRowsSay() throws Exception {
    fault(0x4020_3018L);
    guest.add(new SimEvent.Edited("say \"a, b\""));
    show();
    StringBuilder csv = new StringBuilder();
    TrapExport.csv(log, csv);
    List<String> lines = csv.toString().lines().toList();
    assertThat(lines).hasSize(4);
    assertThat(lines.get(1)).contains(",DABT_LOW,EL1,").contains("demand_page → RESUME");
    assertThat(lines.get(3)).contains("\"injected: say \"\"a, b\"\"\"");
    StringBuilder json = new StringBuilder();
    TrapExport.json(log, json);
    assertThat(json).contains("\"name\": \"DABT_LOW\"").contains("say \\\"a, b\\\"");
    assertThat(json.toString()).startsWith("[\n").endsWith("]\n");
  }

  @Test
  void aMillionEventsAreReadInPortionsThatLeaveThePulseItsTime() {
    Snapshot empty = guest.snapshot();
    Events million = new HypervisorCalls(1_000_000);
    Snapshot now = with(empty, million);
    int pulses = 0;
    while (!log.isComplete() || pulses == 0) {
      log.show(now);
      pulses++;
    }
    assertThat(pulses).as("portions").isGreaterThan(5);
    assertThat(log.size()).isEqualTo(500_000);
    assertThat(log.get(250_000).number()).isEqualTo(500_000);
    assertThat(log.indexOf(999_999)).isEqualTo(499_999);
  }

  /** Exits and answers by turns, made when they are asked for. */
  private record HypervisorCalls(long size) implements Events {
    @Override
    public Event get(long number) {
      SimEvent what =
          number % 2 == 0
              ? new SimEvent.ExceptionTaken(
                  1, 2, 8, 0x5a00_0000L, 0, 0, false, 0x4008_0000L + number, 0x3c5, null)
              : new SimEvent.HandlerAnswered(true, "hypercall", "");
      return new Event(number, Moment.at(number / 2, 1 + number % 2), 0, what);
    }
  }

  private static Snapshot with(Snapshot s, Events events) {
    return new Snapshot(
        s.version(),
        s.scenario(),
        s.program(),
        s.state(),
        s.status(),
        s.notice(),
        s.search(),
        s.moment(),
        s.end(),
        s.pe(),
        s.before(),
        s.pes(),
        s.pesBefore(),
        s.memory(),
        s.tlb(),
        s.walk(),
        s.hostCalls(),
        s.exit(),
        s.branches(),
        events,
        events.size(),
        s.exitCount(),
        s.console(),
        s.hostConsole(),
        s.marks(),
        s.breakpoints(),
        s.stopAtExits(),
        s.canUndo(),
        s.canRedo(),
        s.instructionsPerSecond(),
        s.historyBytes(),
        s.historyBudget(),
        s.checks());
  }

  private void fault(long ipa) {
    guest.instructions(12);
    guest.touch(0x4008_0158L, ipa, Access.write(8));
    guest.add(new SimEvent.HostCallBegan("s2mmu_map", "a page for " + Long.toHexString(ipa)));
    guest.add(new SimEvent.HostCallEnded("s2mmu_map", "ok", true));
    guest.add(new SimEvent.HandlerAnswered(true, "demand_page", "mapped"));
  }

  private void hvc(int number) {
    guest.add(
        new SimEvent.ExceptionTaken(
            1, 2, 8, 0x5a00_0000L | number, 0, 0, false, 0x4008_0004L, 0x3c5, null));
    guest.add(new SimEvent.HandlerAnswered(true, "hypercall", "hello"));
  }

  private void show() {
    Snapshot now = guest.snapshot();
    log.showAll(now);
  }

  private List<String> names() {
    return java.util.stream.IntStream.range(0, log.size())
        .mapToObj(i -> log.get(i).name())
        .toList();
  }
}
