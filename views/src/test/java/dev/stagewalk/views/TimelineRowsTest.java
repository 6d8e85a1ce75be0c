package dev.stagewalk.views;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.session.Snapshot;
import dev.stagewalk.session.TraceSession;
import dev.stagewalk.trace.TraceImport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TimelineRowsTest {
  @TempDir private Path folder;

  private Snapshot recording(int... threads) throws Exception {
    StringBuilder text = new StringBuilder("# tracer: nop\n");
    for (int thread : threads) {
      text.append(
          "  vmm-%d  [000] ..... 2.000001: kvm_entry: PC: 0x0000000040000000\n".formatted(thread));
    }
    text.append(
        "  host-1  [000] ..... 2.000002: kvm_timer_hrtimer_expire: arch_timer_ctx_index: 0\n");
    Path file = Files.writeString(folder.resolve("trace.txt"), text);
    try (TraceSession session = new TraceSession(TraceImport.read(file, null, Map.of()))) {
      return session.snapshot();
    }
  }

  @Test
  void oneVcpuLeavesTheRowsToThoseWhoAct() throws Exception {
    assertThat(TimelineRows.of(recording(182))).isEqualTo(TimelineRows.LANES);
  }

  @Test
  void severalVcpusHaveARowEachAndTheHostTheLast() throws Exception {
    Snapshot now = recording(182, 181);
    TimelineRows rows = TimelineRows.of(now);
    assertThat(rows.names()).containsExactly("vCPU 181", "vCPU 182", "", "host");
    assertThat(rows.of(now.recording().orElseThrow(), 0)).isEqualTo(1);
    assertThat(rows.of(now.recording().orElseThrow(), 1)).isZero();
    assertThat(rows.of(now.recording().orElseThrow(), 2)).isEqualTo(3);
  }

  @Test
  void vcpusWithoutARowOfTheirOwnShareTheLast() throws Exception {
    Snapshot now = recording(5, 4, 3, 2);
    TimelineRows rows = TimelineRows.of(now);
    assertThat(rows.names()).containsExactly("vCPU 2", "vCPU 3", "vCPU 4", "others");
    assertThat(rows.of(now.recording().orElseThrow(), 0)).isEqualTo(3);
  }
}
