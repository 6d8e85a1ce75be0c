package dev.stagewalk.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.event.SimEvent.ExceptionReturned;
import dev.stagewalk.event.SimEvent.Lane;
import org.junit.jupiter.api.Test;

/** Who acts, as the timeline shows it. */
final class LaneTest {
  /** A kernel that returns to its own program is the guest's doing, not the hypervisor's. */
  @Test
  void anExceptionReturnStandsInTheLaneOfWhoeverMakesIt() {
    assertThat(new ExceptionReturned(1, 0, 0, 0).lane()).isEqualTo(Lane.GUEST);
    assertThat(new ExceptionReturned(1, 1, 0, 0).lane()).isEqualTo(Lane.GUEST);
    assertThat(new ExceptionReturned(2, 1, 0, 0).lane()).isEqualTo(Lane.HOST);
    assertThat(new ExceptionReturned(2, 0, 0, 0).lane()).isEqualTo(Lane.HOST);
  }
}
