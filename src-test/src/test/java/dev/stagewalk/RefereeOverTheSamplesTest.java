package dev.stagewalk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.check.MissingStep;
import dev.stagewalk.check.Ruling;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.Edit;
import dev.stagewalk.session.Judgement;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The break-before-make referee over the samples, from their start to their end. */
final class RefereeOverTheSamplesTest {

  static List<Scenario> samples() {
    return Catalogue.standard().scenarios();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void theCorrectedHypervisorViolatesNothing(Scenario sample) {
    try (Session session = Session.open(sample.withDefects("none"))) {
      Judgement judgement = run(session).checks().judgement();
      assertThat(judgement.violations()).isEmpty();
      assertThat(judgement.outstanding()).isEmpty();
    }
  }

  @Test
  void aPageTakenAwayByTheCorrectedHypervisorIsABreakThatIsCompleted() {
    try (Session session = Session.open(sample("none"))) {
      submit(session, new Command.NextExit());
      submit(session, new Command.NextExit());
      submit(session, new Command.Step());
      submit(session, new Command.Step());
      submit(session, new Command.Inject(new Edit.Unmap(0x4020_0000L, 0x1000)));
      Judgement judgement = run(session).checks().judgement();
      assertThat(judgement.rulings())
          .extracting(judged -> judged.ruling().verdict())
          .contains(Ruling.Verdict.BREAK, Ruling.Verdict.MADE);
      assertThat(judgement.violations()).isEmpty();
    }
  }

  @Test
  void theSamePageTakenAwayByThePostedOneMayStillBeHeld() {
    try (Session session = Session.open(sample("as-posted"))) {
      submit(session, new Command.NextExit());
      submit(session, new Command.NextExit());
      submit(session, new Command.Step());
      submit(session, new Command.Step());
      Snapshot after = submit(session, new Command.Inject(new Edit.Unmap(0x4020_0000L, 0x1000)));
      after = submit(session, new Command.Step());
      assertThat(after.checks().judgement().outstanding())
          .extracting(o -> o.missing())
          .contains(MissingStep.DSB_BEFORE_TLBI);
    }
  }

  @Test
  void thePostedHypervisorFreesTablesThatWalksMayStillReach() {
    try (Session session = Session.open(sample("as-posted"))) {
      Judgement judgement = run(session).checks().judgement();
      assertThat(judgement.violations())
          .isNotEmpty()
          .allSatisfy(judged -> {
            assertThat(judged.ruling().act()).isEqualTo(Ruling.Act.FREE);
            assertThat(judged.event().what()).isInstanceOf(SimEvent.Freed.class);
          });
    }
  }

  private static Scenario sample(String defects) {
    return Catalogue.standard()
        .find("demand-paging")
        .orElseThrow()
        .with(Granule.K4, 40)
        .withDefects(defects);
  }

  private static Snapshot run(Session session) {
    submit(session, new Command.StopAtExits(false));
    return submit(session, new Command.Run());
  }

  private static Snapshot submit(Session session, Command command) {
    return session.submit(command).orTimeout(30, TimeUnit.SECONDS).join();
  }
}
