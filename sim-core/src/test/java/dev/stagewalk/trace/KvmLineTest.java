package dev.stagewalk.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class KvmLineTest {

  @Test
  void theNameOfAThreadMayHoldBlanksDashesAndSlashes() {
    TraceEvent event =
        KvmLine.FTRACE
            .read(
                "     CPU 0/KVM-a-182     (    180) [001] d..1.     2.938927: kvm_entry: PC: 0x4",
                7)
            .orElseThrow();
    assertThat(event.task()).isEqualTo("CPU 0/KVM-a");
    assertThat(event.thread()).isEqualTo(182);
    assertThat(event.process()).isEqualTo(180);
    assertThat(event.cpu()).isEqualTo(1);
    assertThat(event.nanos()).isEqualTo(2_938_927_000L);
    assertThat(event.line()).isEqualTo(7);
    assertThat(event.body()).isEqualTo("PC: 0x4");
  }

  @Test
  void aProcessThatTheRecorderHadForgottenIsUnknown() {
    assertThat(
            KvmLine.FTRACE
                .read(
                    "             vmm-182     (-------) [001] .....     2.9: kvm_entry: PC: 0x4", 1)
                .orElseThrow()
                .process())
        .isEqualTo(-1);
  }

  @Test
  void nanosecondsAreKeptToTheLastDigit() {
    assertThat(
            KvmLine.LATENCY
                .read("     vmm-204     0.....    10.037080047: kvm_entry:    PC: 0x4", 1)
                .orElseThrow()
                .nanos())
        .isEqualTo(10_037_080_047L);
  }

  @Test
  void perfTraceCountsMilliseconds() {
    TraceEvent event =
        KvmLine.PERF_TRACE.read("     3.767 vmm/113 kvm:kvm_entry(vcpu_pc: 16)", 1).orElseThrow();
    assertThat(event.nanos()).isEqualTo(3_767_000L);
    assertThat(event.body()).isEqualTo("vcpu_pc: 16");
  }

  @Test
  void aThreadOfMoreDigitsThanThereAreThreadsIsNoLineOfATrace() {
    assertThat(KvmLine.FTRACE.read(" vmm-99999999999 [001] ..... 2.9: kvm_entry: PC: 0x4", 1))
        .isEmpty();
  }
}
