package dev.stagewalk.hyp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class NoProgressTest {
  private static final long NOWHERE = 0x7000_0000L;

  private final Exits exits =
      new Exits(
          "no-progress=3, demand-paging, calls, wait, kill",
          Defects.of(Defect.RESUME_ALWAYS),
          guest -> guest);

  private String fault() {
    return exits.exit(Exits.WRITE_TRANSLATION_L3, NOWHERE, NOWHERE >>> 8);
  }

  @Test
  void theSameExitAgainAndAgainEndsTheGuestWithWords() {
    for (int i = 0; i < 3; i++) {
      assertThat(fault()).startsWith("RESUME sync: unexpected, and resumed");
    }
    fault();
    assertThat(exits.machine.stopped)
        .isEqualTo(
            "no progress: the instruction at 0x4000_0200 has exited 4 times in a row and nothing"
                + " has changed: write, Translation fault level 3, IPA page 0x7000_0000");
  }

  @Test
  void aRegisterThatChangesIsProgress() {
    for (int i = 0; i < 10; i++) {
      exits.machine.x[9] = i;
      assertThat(fault()).startsWith("RESUME");
    }
  }

  @Test
  void anotherExitBetweenIsProgress() {
    for (int i = 0; i < 10; i++) {
      assertThat(fault()).startsWith("RESUME");
      exits.exit(Exits.HVC_0 | 1, 0, 0);
    }
  }

  @Test
  void waitingIsNoLoop() {
    for (int i = 0; i < 10; i++) {
      assertThat(exits.exit(0x07e0_0000L, 0, 0)).startsWith("RESUME wait");
    }
  }

  @Test
  void aLimitOfNoneIsRefused() {
    assertThatThrownBy(() -> ExitHandlers.parse("no-progress=0"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ExitHandlers.parse("kill=1")).hasMessageContaining("takes no number");
    assertThatThrownBy(() -> ExitHandlers.parse("cow"))
        .hasMessageContaining("'cow' is no exit handler; known are no-progress, fault-info, mmio");
  }
}
