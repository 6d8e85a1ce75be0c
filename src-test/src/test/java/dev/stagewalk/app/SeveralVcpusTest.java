package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.session.Command;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.session.TraceSession;
import dev.stagewalk.session.TrapRow;
import dev.stagewalk.session.TrapRows;
import dev.stagewalk.trace.RecordedVcpu;
import dev.stagewalk.trace.Trace;
import dev.stagewalk.trace.TraceImport;
import dev.stagewalk.views.TrapLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trace of several VMs with several vCPUs. */
final class SeveralVcpusTest {
  private static final String TEXT =
      """
      # tracer: nop
             vmm-102     (    100) [001] ..... 2.000001: kvm_entry: PC: 0x0000000040000000
             vmm-202     (    200) [000] ..... 2.000002: kvm_entry: PC: 0x0000000040000000
             vmm-101     (    100) [002] ..... 2.000003: kvm_exit: IRQ: HSR_EC: 0x0000 (UNKNOWN), PC: 0x0000000040000010
      CPU:1 [LOST 7 EVENTS]
         kworker-7       (      7) [002] ..... 2.000004: kvm_timer_update_irq: VCPU: 0, IRQ 27, level 0
             vmm-102     (    100) [001] ..... 2.000005: kvm_exit: IRQ: HSR_EC: 0x0000 (UNKNOWN), PC: 0x0000000040000004
      """;

  @TempDir private Path folder;

  private Snapshot opened() throws Exception {
    Trace trace =
        TraceImport.read(Files.writeString(folder.resolve("trace.txt"), TEXT), null, Map.of());
    try (TraceSession session = new TraceSession(trace)) {
      return session.submit(new Command.ToPresent()).join();
    }
  }

  @Test
  void vcpusAreThreadsWithTheirVms() throws Exception {
    assertThat(opened().recording().orElseThrow().vcpus())
        .containsExactly(
            new RecordedVcpu(101, 100), new RecordedVcpu(102, 100), new RecordedVcpu(202, 200));
  }

  @Test
  void theLogShowsOneVmOrOneVcpuAndAlwaysWhereEventsWereLost() throws Exception {
    TrapLog log = new TrapLog();
    log.showAll(opened());
    assertThat(log.size()).isEqualTo(6);
    log.only(Set.of(101, 102));
    assertThat(threads(log)).containsExactly("102", "101", "–", "102");
    log.only(Set.of(202));
    assertThat(threads(log)).containsExactly("202", "–");
    log.only(Set.of());
    assertThat(log.size()).isEqualTo(6);
  }

  private static List<String> threads(TrapLog log) {
    return java.util.stream.IntStream.range(0, log.size())
        .mapToObj(log::get)
        .map(TrapRow::el)
        .toList();
  }

  @Test
  void classesAreThoseThatThereCanBe() {
    assertThat(TrapRows.Kind.of(false))
        .contains(TrapRows.Kind.YOU, TrapRows.Kind.DATA_ABORT)
        .doesNotContain(TrapRows.Kind.LOST, TrapRows.Kind.ACCESS, TrapRows.Kind.ENTRY);
    assertThat(TrapRows.Kind.of(true))
        .contains(TrapRows.Kind.LOST, TrapRows.Kind.DATA_ABORT)
        .doesNotContain(TrapRows.Kind.YOU, TrapRows.Kind.FIRMWARE, TrapRows.Kind.END);
  }
}
