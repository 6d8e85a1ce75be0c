package dev.stagewalk.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stagewalk.event.Moment;
import dev.stagewalk.time.History;
import dev.stagewalk.time.Mark;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class BranchesOfSessionTest {
  private final Session session = Session.open(TestScenarios.twoPages());
  private Moment firstEnd = Moment.START;

  @BeforeEach
  void editInThePast() {
    perform(new Command.StopAtExits(false));
    firstEnd = perform(new Command.Run()).end();
    perform(new Command.GoTo(Moment.at(8)));
    perform(new Command.Inject(new Edit.Unmap(TestScenarios.HEAP, 0x1000)));
    perform(new Command.Run());
  }

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

  private void refused(Command command, String words) {
    assertThatThrownBy(() -> perform(command)).cause().hasMessageContaining(words);
  }

  @Test
  void whatNamesNoBranchIsMeantOfTheBranchOneIsIn() {
    assertThat(go("5").moment()).isEqualTo(new Moment(2, 5, 0));
    assertThat(go("1:5").moment()).isEqualTo(Moment.at(5));
    assertThat(go("5.1").moment()).isEqualTo(Moment.at(5, 1));
    assertThat(go("2:5").moment()).isEqualTo(new Moment(2, 5, 0));
    assertThat(go("start").moment()).isEqualTo(new Moment(2, 0, 0));
    assertThat(go("50%").moment().branch()).isEqualTo(2);
    assertThat(go("event 3").moment().branch()).isEqualTo(2);
    assertThat(go("exit 1").moment().branch()).isEqualTo(2);
    assertThat(go("end").moment()).isEqualTo(session.snapshot().branches().get(2).end());
  }

  @Test
  void stepsBackAndForwardStayInTheBranchAlsoBeforeItsParting() {
    go("2:6");
    assertThat(perform(new Command.StepBack()).moment()).isEqualTo(new Moment(2, 5, 0));
    assertThat(perform(new Command.MicroStepBack()).moment().branch()).isEqualTo(2);
    assertThat(perform(new Command.Step()).moment()).isEqualTo(new Moment(2, 5, 0));
    assertThat(perform(new Command.PreviousExit()).moment().branch()).isEqualTo(2);
    assertThat(perform(new Command.ToStart()).moment()).isEqualTo(new Moment(2, 0, 0));
    refused(new Command.StepBack(), "start of the run");
    assertThat(perform(new Command.NextExit()).moment().branch()).isEqualTo(2);
    assertThat(perform(new Command.RunBack()).moment()).isEqualTo(new Moment(2, 0, 0));
    assertThat(perform(new Command.Run()).moment().branch()).isEqualTo(2);
  }

  @Test
  void aBranchIsChosenByItsNumber() {
    go("2:9");
    assertThat(go("branch 1").moment()).isEqualTo(Moment.at(8));
    assertThat(go("end").moment()).isEqualTo(firstEnd);
    assertThat(go("branch 2").moment()).isEqualTo(new Moment(2, 9, 0));
    assertThat(go("branch 2").moment()).isEqualTo(new Moment(2, 9, 0));
    refused(new Command.GoToBranch(3), "no branch 3 in this run: there are 1 to 2");
    refused(new Command.GoTo(new Moment(9, 1, 0)), "no branch 9");
  }

  @Test
  void aSnapshotHasTheEventsOfItsBranch() {
    Snapshot second = session.snapshot();
    Snapshot first = go("1:0");
    first = perform(new Command.ToPresent());
    assertThat(first.moment()).isEqualTo(firstEnd);
    assertThat(second.exitCount()).isEqualTo(first.exitCount() + 1);
    assertThat(first.events().get(first.events().size() - 1).moment().branch()).isEqualTo(1);
    assertThat(second.events().get(0).moment().branch()).isEqualTo(2);
    assertThat(second.events().get(0).what()).isEqualTo(first.events().get(0).what());
    assertThat(first.canUndo()).isFalse();
    assertThat(second.canUndo()).isTrue();
  }

  @Test
  void aMarkHasOneNameInAllBranchesAndIsGoneToInTheOneOneIsIn() {
    go("2:6");
    perform(new Command.AddMark("before"));
    go("2:9");
    perform(new Command.AddMark("after"));
    go("1:9");
    Snapshot now = perform(new Command.AddMark(""));
    assertThat(now.marks())
        .containsExactly(
            new Mark(Moment.at(6), "before"),
            new Mark(Moment.at(9), ""),
            new Mark(new Moment(2, 9, 0), "after"));
    assertThat(go("before").moment()).isEqualTo(Moment.at(6));
    assertThat(go("after").moment()).isEqualTo(new Moment(2, 9, 0));
    assertThat(go("mark 1").moment()).isEqualTo(new Moment(2, 6, 0));
    assertThat(go("mark 2").moment()).isEqualTo(Moment.at(9));
  }

  @Test
  void aMarkIsRenamedByMarkingItsMomentAgainAndTakenAway() {
    go("2:6");
    perform(new Command.AddMark("one"));
    assertThat(perform(new Command.AddMark("")).marks())
        .containsExactly(new Mark(Moment.at(6), "one"));
    assertThat(perform(new Command.AddMark(" two ")).marks())
        .containsExactly(new Mark(Moment.at(6), "two"));
    assertThat(perform(new Command.NameMark(new Moment(2, 6, 0), "three")).marks())
        .containsExactly(new Mark(Moment.at(6), "three"));
    assertThat(perform(new Command.NameMark(Moment.at(6), "")).marks())
        .containsExactly(new Mark(Moment.at(6), ""));
    refused(new Command.NameMark(Moment.at(7), "x"), "no mark at 1:7");
    refused(new Command.RemoveMark(Moment.at(7)), "no mark at 1:7");
    assertThat(perform(new Command.RemoveMark(new Moment(2, 6, 0))).marks()).isEmpty();
  }

  @Test
  void theBudgetOfTheHistoryIsSetWhileItRunsAndStaysAfterARestart() {
    assertThat(session.snapshot().historyBudget()).isEqualTo(History.usualBudget());
    Snapshot set = perform(new Command.HistoryBudget(64L << 20));
    assertThat(set.historyBudget()).isEqualTo(64L << 20);
    assertThat(set.historyBytes()).isPositive();
    refused(new Command.HistoryBudget(1000), "at least 1 MiB");
    Snapshot restarted = perform(new Command.Restart(TestScenarios.twoPages()));
    assertThat(restarted.historyBudget()).isEqualTo(64L << 20);
    assertThat(restarted.branches().count()).isEqualTo(1);
  }
}
