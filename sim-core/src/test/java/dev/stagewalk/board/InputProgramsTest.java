package dev.stagewalk.board;

import static dev.stagewalk.board.InterruptPrograms.GIC;
import static dev.stagewalk.board.InterruptPrograms.OFF;
import static dev.stagewalk.board.InterruptPrograms.VECTORS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.check.Standstill;
import dev.stagewalk.event.SimEvent;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that sleep until something is typed. */
final class InputProgramsTest {
  /** Sends back what comes by an interrupt, one byte each, up to a 'q'; %s is how it waits. */
  private static final String ECHO =
      GIC
          + """
              mov   x13, #0x09000000
              cbnz  x9, park
              mov   w0, #2
              str   w0, [x10, #0x84]
              str   w0, [x10, #0x104]
              mov   w0, #0x50
              str   w0, [x13, #0x38]
              msr   daifclr, #2
          park:
              %s
              b     park
          irq:
              mrs   x21, icc_iar1_el1
              ldr   w1, [x13]
              strb  w1, [x13]
              msr   icc_eoir1_el1, x21
              cmp   w1, #'q'
              b.eq  off
              eret
          lower:
              brk   #1
          """
          + OFF
          + VECTORS;

  private static final String SLEEPS = ECHO.formatted("wfi");

  private static String sent(Boards boards) {
    return boards.events.stream()
        .filter(SimEvent.UartByte.class::isInstance)
        .map(e -> String.valueOf((char) ((SimEvent.UartByte) e).value()))
        .collect(Collectors.joining());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void pesThatAllWaitAreWokenByAByteAndUntilThenNoTimePasses(int pes) {
    Boards boards = Boards.together(pes, 100, SLEEPS);
    Machine machine = boards.machine;
    machine.run(10_000);
    assertThat(machine.awaitsInput()).isTrue();
    assertThat(machine.isHalted()).isFalse();
    long before = machine.stateHash();
    machine.run(20_000);
    assertThat(machine.stateHash()).isEqualTo(before);

    machine.receive('a');
    assertThat(machine.awaitsInput()).isFalse();
    machine.run(20_000);
    assertThat(sent(boards)).isEqualTo("a");
    assertThat(machine.awaitsInput()).isTrue();

    machine.receive('q');
    boards.toEnd(10_000);
    assertThat(sent(boards)).isEqualTo("aq");
    assertThat(boards.end().ok()).isTrue();
    assertThat(machine.awaitsInput()).isFalse();
  }

  @Test
  void whatTheFifoHasNoRoomForWaitsOutside() {
    Boards boards = Boards.together(1, 100, SLEEPS);
    boards.machine.run(10_000);
    boards.machine.receiveInTime(bytes("more than a FIFO holds, and then q"));
    Machine.State middle = boards.machine.save();
    boards.toEnd(10_000);
    assertThat(sent(boards)).isEqualTo("more than a FIFO holds, and then q");
    long end = boards.machine.stateHash();

    boards.machine.restore(middle);
    boards.toEnd(10_000);
    assertThat(boards.machine.stateHash()).isEqualTo(end);
  }

  @Test
  void aWaitThatIsMaskedAtTheInterruptControllerHasNoEnd() {
    String deaf = SLEEPS.replace("str   w0, [x10, #0x104]", "nop");
    Boards boards = Boards.together(1, 100, deaf).toEnd(10_000);
    assertThat(boards.end().ok()).isFalse();
    assertThat(boards.end().reason()).contains("none is to come");
  }

  @Test
  void whoeverGoesRoundInACircleAndHearsInterruptsWaitsForInputToo() {
    for (String way : new String[] {"wfe", "nop"}) {
      Boards open = Boards.together(1, 100, ECHO.formatted(way));
      open.machine.run(10_000);
      assertThat(Standstill.look(open.machine, 1000))
          .as(way)
          .isEqualTo(Standstill.Finding.WAITS_FOR_INPUT);
      String masked = ECHO.formatted(way).replace("msr   daifclr, #2", "nop");
      Boards closed = Boards.together(1, 100, masked);
      closed.machine.run(10_000);
      assertThat(Standstill.look(closed.machine, 1000))
          .as(way)
          .isEqualTo(Standstill.Finding.STANDS_STILL);
    }
  }
}
