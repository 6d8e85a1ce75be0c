package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.event.SimEvent;
import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Snapshot;
import java.util.stream.LongStream;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/** A program that sleeps until something is typed, and the line in the console that wakes it. */
@ExtendWith(ApplicationExtension.class)
final class ConsoleInputTest {
  /** Sends back what interrupts it, up to a 'q'. */
  private static final String ECHO =
      """
          adr   x0, vectors
          msr   vbar_el2, x0
          mov   x0, #0x10
          msr   hcr_el2, x0
          mov   x10, #0x08000000
          mov   w0, #2
          str   w0, [x10]
          str   w0, [x10, #0x84]
          str   w0, [x10, #0x104]
          mov   x0, #0xff
          msr   icc_pmr_el1, x0
          mov   x0, #1
          msr   icc_igrpen1_el1, x0
          mov   x13, #0x09000000
          mov   w0, #0x50
          str   w0, [x13, #0x38]
          msr   daifclr, #2
      sleep:
          wfi
          b     sleep
          .balign 2048
      vectors:
          .skip 0x280
          mrs   x21, icc_iar1_el1
          ldr   w1, [x13]
          strb  w1, [x13]
          msr   icc_eoir1_el1, x21
          cmp   w1, #'q'
          b.eq  off
          eret
      off:
          movz  x0, #0x8400, lsl #16
          movk  x0, #8
          smc   #0
      """;

  private WindowOnTest on;

  @Start
  void open(Stage stage) {
    Scenario machine = Catalogue.standard().first();
    on =
        new WindowOnTest(
            stage,
            new Scenario(
                    "echo",
                    "Echo",
                    "It sleeps.",
                    "echo.s",
                    ECHO,
                    machine.granule(),
                    machine.ipaBits(),
                    "none",
                    machine.regions())
                .bare(true));
  }

  @AfterEach
  void close() {
    on.close();
  }

  private void send(String line) {
    on.robot().clickOn("#console-input").write(line).push(KeyCode.ENTER);
  }

  @Test
  void aProgramThatSleepsWaitsForALineAndGoesOnWithIt() {
    on.robot().clickOn("#tab-console");
    on.press(KeyCode.F5);
    Snapshot waiting = on.until(s -> s.state() == RunState.AWAITS_INPUT);
    assertThat(waiting.status()).isEqualTo("waits for input: type it in the console");

    send("a line longer than the FIFO");
    on.until(s -> s.console().endsWith("FIFO\n") && s.state() == RunState.AWAITS_INPUT);
    send("q");
    Snapshot end = on.until(s -> s.state() == RunState.ENDED);
    assertThat(on.text("console")).isEqualTo("a line longer than the FIFO\nq");
    assertThat(
            LongStream.range(0, end.eventCount())
                .filter(n -> end.events().get(n).what() instanceof SimEvent.Edited)
                .count())
        .isEqualTo(2);

    on.press(KeyCode.SHIFT, KeyCode.F5);
    on.press(KeyCode.F5);
    Snapshot again = on.until(s -> s.state() == RunState.ENDED);
    assertThat(again.console()).isEqualTo(end.console());
    assertThat(again.moment()).isEqualTo(end.moment());
  }
}
