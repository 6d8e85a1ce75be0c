package dev.stagewalk.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stagewalk.event.Moment;
import dev.stagewalk.explain.Explainer;
import dev.stagewalk.image.boot.SymbolTable;
import dev.stagewalk.trace.Trace;
import dev.stagewalk.trace.TraceException;
import dev.stagewalk.trace.TraceImport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TraceSessionTest {
  private static final String KVM =
      """
      # tracer: nop
      vmm-182 [001] d.... 2.100000: kvm_entry: PC: 0x0000000040000000
      vmm-182 [001] ..... 2.100500: kvm_exit: TRAP: HSR_EC: 0x0024 (DABT_LOW), PC: 0x0000000040000010
      vmm-182 [001] ..... 2.100700: kvm_guest_fault: ipa 0x44000000, hsr 0x93000046, hxfar 0x44000018, pc 0x00000040000010
      CPU:1 [LOST 415 EVENTS]
      vmm-182 [001] ..... 2.900000: kvm_exit: IRQ: HSR_EC: 0x0000 (UNKNOWN), PC: 0x0000000040000014
      vmm-182 [001] ..... 2.900100: kvm_guest_fault: ipa 0x45000000, hsr 0x9300004f, hxfar 0x45000018, pc 0x00000040000018
      vmm-182 [001] ..... 2.900200: kvm_timer_update_irq: VCPU: 0, IRQ 27, level 0
      """;

  @TempDir private Path folder;

  private TraceSession open(String text) throws IOException, TraceException {
    Path file = Files.writeString(folder.resolve("trace.txt"), text);
    Trace trace = TraceImport.read(file, null, Map.of());
    return new TraceSession(trace);
  }

  private static TrapRow row(Snapshot now, long event) {
    TrapRows rows = TrapRows.of(now.events());
    return rows.row(rows.rowAt(event), now.events(), true, SymbolTable.EMPTY);
  }

  @Test
  void oneGoesFromEventToEventAndToExits() throws IOException, TraceException {
    TraceSession session = open(KVM);
    assertThat(session.snapshot().eventCount()).isZero();
    assertThat(session.submit(new Command.Step()).join().eventCount()).isEqualTo(1);
    assertThat(session.submit(new Command.NextExit()).join().eventCount()).isEqualTo(2);
    Snapshot second = session.submit(new Command.NextExit()).join();
    assertThat(second.eventCount()).isEqualTo(4);
    assertThat(second.exitCount()).isEqualTo(2);
    assertThat(session.submit(new Command.PreviousExit()).join().eventCount()).isEqualTo(2);
    Snapshot end = session.submit(new Command.ToPresent()).join();
    assertThat(end.state()).isEqualTo(RunState.ENDED);
    assertThat(session.submit(new Command.GoTo(Moment.at(3))).join().eventCount()).isEqualTo(3);
  }

  @Test
  void aRunGoesToTheNextEventThatABreakpointMeansAndBack() throws IOException, TraceException {
    TraceSession session = open(KVM);
    session.submit(new Command.AddBreakpoint("on recorded level=2,3 if event.ipa > 0x44")).join();
    session.submit(new Command.AddBreakpoint("on exit ec=0x24")).join();
    assertThat(session.submit(new Command.Run()).join().eventCount()).isEqualTo(2);
    Snapshot fault = session.submit(new Command.NextBreakpoint(1)).join();
    assertThat(fault.eventCount()).isEqualTo(3);
    assertThat(fault.notice()).startsWith("breakpoint 1: fault kvm_guest_fault");
    assertThat(fault.isAtBreakpoint()).isTrue();
    assertThat(session.submit(new Command.Run()).join().eventCount()).isEqualTo(5);
    assertThatThrownBy(() -> session.submit(new Command.Run()).join())
        .hasMessageContaining("no breakpoint stops in the rest of the recording");
    assertThat(session.submit(new Command.RunBack()).join().eventCount()).isEqualTo(3);
    assertThat(session.submit(new Command.RunBack()).join().eventCount()).isEqualTo(2);
    assertThat(session.snapshot().breakpoints()).extracting(Breakpoint::hits).contains(2L);
  }

  @Test
  void aBreakpointThatAsksForTheMachineIsRefusedOfARecording() throws IOException, TraceException {
    TraceSession session = open(KVM);
    for (String text :
        new String[] {
          "at 0x40000010",
          "on exit if x0 == 1",
          "on exit vmid=1",
          "on finding",
          "on exit if [0] == 1"
        }) {
      assertThatThrownBy(() -> session.submit(new Command.AddBreakpoint(text)).join())
          .hasMessageContaining("asks for more than an event says itself");
    }
    assertThat(session.snapshot().breakpoints()).isEmpty();
  }

  @Test
  void whatNeedsAMachineIsRefusedInWordsAndNothingMoves() throws IOException, TraceException {
    TraceSession session = open(KVM);
    Snapshot before = session.submit(new Command.GoToExit(1)).join();
    assertThatThrownBy(() -> session.submit(new Command.Run()).join())
        .hasMessageContaining("recording of a real machine: nothing can be executed");
    assertThatThrownBy(() -> session.submit(new Command.Inject(new Edit.Unmap(0, 4096))).join())
        .hasMessageContaining("nothing in it can be changed");
    assertThatThrownBy(() -> session.submit(new Command.GoTo(Moment.at(99))).join())
        .hasMessageContaining("the recording ends at 1:6");
    assertThat(session.snapshot()).isSameAs(before);
  }

  @Test
  void onlyRegistersThatTheEventStatesAreThere() throws IOException, TraceException {
    TraceSession session = open(KVM);
    Snapshot fault = session.submit(new Command.GoTo(Moment.at(3))).join();
    assertThat(fault.pe().registers().systemNames()).containsExactly("ESR_EL2", "FAR_EL2");
    assertThat(fault.pe().system("ESR_EL2")).isEqualTo(0x9300_0046L);
    Snapshot entry = session.submit(new Command.GoTo(Moment.at(1))).join();
    assertThat(entry.pe().registers().systemNames()).isEmpty();
  }

  @Test
  void rowsSayWhatTheSyndromeSaysAndAnInterruptHasNoClass() throws IOException, TraceException {
    Snapshot now = open(KVM).snapshot();
    TrapRow fault = row(now, 2);
    assertThat(fault.name()).isEqualTo("DABT_LOW");
    assertThat(fault.words()).isEqualTo("write · Translation fault, level 2 · IPA 0x4400_0000");
    assertThat(fault.el()).isEqualTo("182");
    assertThat(fault.time()).isEqualTo("2.100700");
    assertThat(fault.pc()).isEqualTo("0x4000_0010");
    assertThat(row(now, 3).name()).isEqualTo("IRQ");
    assertThat(row(now, 1).words()).contains("Data Abort");
    assertThat(row(now, 5).lane()).isEqualTo("host");
  }

  @Test
  void lostEventsAreARowAboveTheEventThatFollows() throws IOException, TraceException {
    Snapshot now = open(KVM).snapshot();
    TrapRows rows = TrapRows.of(now.events());
    assertThat(rows.size()).isEqualTo(7);
    TrapRow lost = rows.row(3, now.events(), true, SymbolTable.EMPTY);
    assertThat(lost.lane()).isEqualTo("lost");
    assertThat(lost.time()).isEqualTo("–");
    assertThat(lost.words()).isEqualTo("415 events of CPU 1 were lost here");
    assertThat(rows.kind(rows.rowAt(3))).isEqualTo(TrapRows.Kind.OTHER_EXIT);
  }

  @Test
  void theAxisIsTimeWhereTheSourceHasIt() throws IOException, TraceException {
    Snapshot now = open(KVM).snapshot();
    assertThat(now.recording().orElseThrow().position(2)).isEqualTo(700_000);
    assertThat(now.recording().orElseThrow().countAtPosition(700_000)).isEqualTo(3);
  }

  @Test
  void explainSaysWhetherHpfarWasWritten() throws IOException, TraceException {
    Snapshot now = open(KVM).snapshot();
    String translation = explained(now, 2);
    assertThat(translation)
        .contains("Translation fault, level 2")
        .contains("writes HPFAR_EL2")
        .contains("Not in the source");
    assertThat(explained(now, 4))
        .contains("Permission fault, level 3")
        .contains("leaves HPFAR_EL2 UNKNOWN")
        .contains("what KVM found when it translated FAR_EL2");
  }

  private static String explained(Snapshot now, long event) {
    return Explainer.explain(Scenes.of(now.events().get(event), now)).asText();
  }

  @Test
  void anExceptionToEl1StatesTheRegistersOfEl1() throws IOException, TraceException {
    String log =
        """
        Taking exception 4 [Data Abort] on CPU 0
        ...from EL0 to EL1
        ...with ESR 0x24/0x92000007
        ...with FAR 0x9000000
        ...with SPSR 0x3c5
        ...with ELR 0x40000010
        ...to EL1 PC 0x8000400 PSTATE 0x3c5
        """;
    TraceSession session = open(log);
    Snapshot now = session.submit(new Command.Step()).join();
    assertThat(now.pe().registers().systemNames()).containsExactly("ESR_EL1", "FAR_EL1");
    assertThat(now.exitCount()).isZero();
    assertThat(row(now, 0).words()).endsWith("VA 0x0900_0000");
    assertThat(explained(now, 0)).contains("ESR_EL1").doesNotContain("HPFAR_EL2 was written");
  }

  @Test
  void theSyndromeThatAnInterruptLeftAsItWasIsNotTakenForItsOwn()
      throws IOException, TraceException {
    String traps =
        """
        {"seq": 0, "t": 0.004, "cpu": 0, "kind": "sync", "ESR_EL2": "0x5a000000", "ELR_EL2": "0x1000", "pc": "0x257c00"}
        {"seq": 1, "t": 0.009, "cpu": 0, "kind": "irq", "ESR_EL2": "0x5a000000", "ELR_EL2": "0x2000", "pc": "0x257c80"}
        """;
    Snapshot now = open(traps).snapshot();
    assertThat(row(now, 0).name()).isEqualTo("HVC64");
    assertThat(row(now, 0).pc()).isEqualTo("0x0000_1000");
    assertThat(row(now, 1).name()).isEqualTo("IRQ");
    assertThat(row(now, 1).words()).isEqualTo("interrupt");
  }

  @Test
  void withoutTimesTheAxisIsTheNumberAndTheTimeIsUnknown() throws IOException, TraceException {
    String log =
        """
        Taking exception 4 [Data Abort] on CPU 1
        ...from EL1 to EL2
        ...with ESR 0x24/0x93000045
        ...with FAR 0x9000000
        ...with SPSR 0x3c5
        ...with ELR 0x40000010
        ...to EL2 PC 0x8000400 PSTATE 0x23c9
        Exception return from AArch64 EL2 to AArch64 EL1 PC 0x40000014
        """;
    Snapshot now = open(log).snapshot();
    assertThat(now.recording().orElseThrow().isTimed()).isFalse();
    TrapRow fault = row(now, 0);
    assertThat(fault.time()).isEqualTo("–");
    assertThat(fault.words())
        .isEqualTo("write · Translation fault, level 1 · VA 0x0900_0000 · IPA unknown");
    assertThat(fault.el()).isEqualTo("CPU 1");
  }
}
