package dev.stagewalk.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stagewalk.event.Moment;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PlaceTest {
  private final Session session = Session.open(TestScenarios.twoPages());

  @AfterEach
  void close() {
    session.close();
  }

  private Snapshot perform(Command command) {
    return session.submit(command).orTimeout(60, TimeUnit.SECONDS).join();
  }

  private Snapshot go(String text) {
    return perform(Place.parse(text).from(session.snapshot()));
  }

  private Snapshot runToEnd() {
    perform(new Command.StopAtExits(false));
    return perform(new Command.Run());
  }

  @Test
  void anExitIsFoundForwardsAndBackwardsByItsNumber() {
    Moment second = go("exit 2").moment();
    assertThat(session.snapshot().state()).isEqualTo(RunState.AT_EXIT);
    assertThat(session.snapshot().exitCount()).isEqualTo(2);
    runToEnd();
    assertThat(go("exit 1").exitCount()).isEqualTo(1);
    assertThat(go("exit 2").moment()).isEqualTo(second);
  }

  @Test
  void anExitThatTheRunDoesNotReachIsRefusedWithTheirNumber() {
    Moment before = go("exit 1").moment();
    long exits = runToEnd().exitCount();
    go("exit 1");
    assertThatThrownBy(() -> go("exit 999"))
        .cause()
        .hasMessage("this run has %d exits, so there is no exit 999".formatted(exits));
    assertThat(session.snapshot().moment()).isEqualTo(before);
  }

  @Test
  void aShareCountsTheInstructionsExecutedSoFar() {
    long all = runToEnd().end().instruction();
    assertThat(go("50%").moment()).isEqualTo(Moment.at(Math.round(all / 2.0)));
    assertThat(go("0%").moment()).isEqualTo(Moment.START);
    assertThat(go("end").moment()).isEqualTo(session.snapshot().end());
    assertThat(go("start").moment()).isEqualTo(Moment.START);
  }

  @Test
  void anEventIsAMomentToo() {
    Snapshot end = runToEnd();
    assertThat(go("event 3").moment()).isEqualTo(end.events().momentOf(3));
    assertThat(go("#3").moment()).isEqualTo(end.events().momentOf(3));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> go("event 1_000_000"))
        .withMessageContaining("so far there are 0 to " + (end.events().size() - 1));
  }

  @Test
  void aMarkIsFoundByItsNumberAndByItsName() {
    Moment here = go("exit 1").moment();
    perform(new Command.AddMark("before the map"));
    runToEnd();
    assertThat(go("Before the map").moment()).isEqualTo(here);
    go("start");
    assertThat(go("mark 1").moment()).isEqualTo(here);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> go("after the map"))
        .withMessageContaining("exit 21")
        .withMessageContaining("before the map");
  }

  @Test
  void whatMakesNoSenseIsRefusedWithWhatWould() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Place.parse(" "))
        .withMessageContaining("50%");
    assertThatIllegalArgumentException().isThrownBy(() -> Place.parse("101%"));
    assertThatIllegalArgumentException().isThrownBy(() -> Place.parse("exit 0"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Place.parse("event 99999999999999999999"));
    assertThatIllegalArgumentException().isThrownBy(() -> Place.parse("1:2.3.4"));
  }
}
