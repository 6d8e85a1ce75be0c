package dev.stagewalk.board;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The real-time clock's interrupt is the same however often somebody looks. */
class Pl031Test {
  private static final int MATCH = 0x04;
  private static final int MASK = 0x10;
  private static final int RAW = 0x14;

  private final SystemCounter counter = new SystemCounter(List.of());
  private boolean line;
  private final Pl031 rtc = new Pl031(0x0901_0000L, counter, 100, level -> line = level);

  private void passSeconds(long seconds) {
    counter.skipTo(counter.count() + seconds * SystemCounter.FREQUENCY);
  }

  @Test
  void aMatchThatHasPassedIsRememberedWhenTheNextIsSetWithAndWithoutALookInBetween() {
    for (boolean looks : new boolean[] {false, true}) {
      Pl031 clock = new Pl031(0x0901_0000L, counter, 100, level -> line = level);
      long now = clock.read(0, 4);
      clock.write(MATCH, 4, now + 2);
      passSeconds(3);
      if (looks) {
        clock.update();
        clock.save();
      }
      clock.write(MATCH, 4, now + 50);
      assertThat(clock.read(RAW, 4)).as("after looking: %s", looks).isEqualTo(1);
      clock.write(MASK, 4, 1);
      assertThat(line).isTrue();
    }
  }

  @Test
  void aMatchValueThatLiesBehindNeverRaisesTheInterrupt() {
    rtc.write(MATCH, 4, 99);
    passSeconds(5);
    assertThat(rtc.read(RAW, 4)).isZero();
    assertThat(line).isFalse();
  }
}
