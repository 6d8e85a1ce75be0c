package dev.stagewalk.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.event.SimEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TarmacTest {
  @TempDir private Path folder;

  private RecordedEvents read(String text) throws Exception {
    Path file = Files.writeString(folder.resolve("model.tarmac"), text);
    return new RecordedEvents(TraceImport.read(file, null, Map.of()));
  }

  private static SimEvent.Recorded event(RecordedEvents events, long number) {
    return (SimEvent.Recorded) events.get(number).what();
  }

  @Test
  void anExceptionIsToldWithTheSyndromeThatTheLinesBehindItSay() throws Exception {
    RecordedEvents events =
        read(
            """
            10 clk IT (1) 40080010 f9000002 O EL1h_ns : STR x2,[x0]
            10 clk E 40080010 00000084 CoreEvent_LOWER_64_SYNC
            10 clk R cpsr 000003c9
            10 clk R ESR_EL2 0000000093820046
            10 clk R FAR_EL2 0000000040203018
            10 clk R HPFAR_EL2 0000000000402030
            10 clk R ELR_EL2 0000000040080010
            10 clk R SPSR_EL2 00000000000003c5
            11 clk IT (2) 80000400 d503201f O EL2h_ns : NOP
            """);
    assertThat(events.size()).as("every line is an event still").isEqualTo(9);
    SimEvent.Recorded exit = event(events, 1);
    assertThat(exit.name()).isEqualTo("E");
    assertThat(exit.exit()).isTrue();
    assertThat(exit.level()).isEqualTo(2);
    assertThat(exit.esr()).hasValue(0x93820046L);
    assertThat(exit.exceptionClass()).hasValue(0x24);
    assertThat(exit.far()).hasValue(0x40203018L);
    assertThat(exit.ipa()).hasValue(0x40203000L);
    assertThat(exit.pc()).hasValue(0x40080010L);
    assertThat(event(events, 3).name()).isEqualTo("R");
  }

  @Test
  void registersOfAnotherTimeOrCpuAreNotJoined() throws Exception {
    RecordedEvents events =
        read(
            """
            10 clk cpu0 E 40080010 00000084 CoreEvent_LOWER_64_SYNC
            10 clk cpu1 R ESR_EL2 0000000093820046
            11 clk cpu0 E 40080014 00000084 CoreEvent_LOWER_64_SYNC
            12 clk cpu0 R ESR_EL2 0000000093820046
            """);
    assertThat(event(events, 0).esr()).isEmpty();
    assertThat(event(events, 2).esr()).isEmpty();
  }

  @Test
  void anExceptionAtTheEndOfAFileIsNotLost() throws Exception {
    RecordedEvents events = read("10 clk E 40080010 00000084 CoreEvent_CURRENT_SPx_SYNC\n");
    assertThat(events.size()).isEqualTo(1);
    assertThat(event(events, 0).esr()).isEmpty();
  }

  @Test
  void anExceptionOfEl3StatesNoRegisterOfEl2() throws Exception {
    RecordedEvents events =
        read(
            """
            2000000 ps E 00210124 00000084 CoreEvent_CURRENT_SPx_SYNC
            2000000 ps R ESR_EL3 0000000096000021
            2000000 ps R FAR_EL3 0000000000000002
            """);
    assertThat(event(events, 0).level()).isEqualTo(3);
    assertThat(event(events, 0).exit()).isFalse();
    assertThat(event(events, 0).far()).hasValue(2);
  }
}
