package dev.stagewalk.session.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stagewalk.ask.EventKind;
import dev.stagewalk.event.Moment;
import dev.stagewalk.image.boot.SymbolTable;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.InjectionGrammar;
import dev.stagewalk.session.Place;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.session.TestScenarios;
import dev.stagewalk.time.Branch;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ComparisonTest {
  private static final int ALL = 1000;

  private static Snapshot perform(Session session, Command command) {
    return session.submit(command).orTimeout(60, TimeUnit.SECONDS).join();
  }

  /** A run at a moment, all of it known. */
  private static Snapshot at(Scenario scenario, Command there) {
    try (Session session = Session.open(scenario)) {
      perform(session, new Command.StopAtExits(false));
      perform(session, new Command.Run());
      return perform(session, there);
    }
  }

  private static List<String> text(Comparison comparison) {
    return ComparisonText.lines(comparison, SymbolTable.EMPTY, ALL);
  }

  @Test
  void aMomentIsEqualToItself() {
    Scenario scenario = TestScenarios.twoPages();
    Snapshot there = at(scenario, new Command.GoToExit(2));
    assertThat(Comparison.ofOneRun(there, there).isEqual()).isTrue();
    Comparison again = Comparison.of(there, at(scenario, new Command.GoToExit(2)));
    assertThat(again.isEqual()).as("another run of the same scenario").isTrue();
    assertThat(again.events().common()).isEqualTo(there.events().size());
  }

  @Test
  void twoMomentsOfARunDifferInWhatHappenedBetween() {
    Scenario scenario = TestScenarios.twoPages();
    Snapshot first = at(scenario, new Command.GoToExit(1));
    Snapshot second = at(scenario, new Command.GoToExit(2));
    Comparison found = Comparison.ofOneRun(first, second);

    assertThat(found.events().divergence()).isEmpty();
    assertThat(found.events().first()).isEmpty();
    assertThat(EventDifference.total(found.events().second()))
        .isEqualTo(second.eventCount() - first.eventCount());
    assertThat(found.events().second()).containsEntry(EventKind.EXIT, 1L);

    TreeDifference stage2 = found.trees().getFirst();
    assertThat(stage2.effects().ranges())
        .singleElement()
        .satisfies(range -> assertThat(range.range()).startsWith("0x4020_0000 to 0x4020_0fff"));
    assertThat(stage2.effects().onlySecond()).isEqualTo(4096);
    assertThat(found.memory().tableBytes()).isPositive();
    assertThat(found.memory().ranges())
        .anyMatch(range -> range.what().equals("level 3 table of stage 2, VMID 1"));
    assertThat(found.tlb().onlySecond()).isNotEmpty();

    Comparison back = Comparison.ofOneRun(second, first);
    assertThat(back.events().first()).isEqualTo(found.events().second());
    assertThat(back.memory().bytes()).isEqualTo(found.memory().bytes());
    assertThat(back.trees().getFirst().effects().onlyFirst()).isEqualTo(4096);
  }

  @Test
  void aRegisterThatDiffersIsShownFieldByField() {
    Scenario scenario = TestScenarios.twoPages();
    Comparison found =
        Comparison.ofOneRun(
            at(scenario, new Command.GoToExit(1)), at(scenario, new Command.GoToExit(2)));

    RegisterDifference esr =
        found.registers().stream()
            .filter(r -> r.name().equals("ESR_EL2"))
            .findFirst()
            .orElseThrow();
    assertThat(esr.fields())
        .anySatisfy(field -> {
          assertThat(field.name()).isEqualTo("EC");
          assertThat(field.bits()).isEqualTo("[31:26]");
          assertThat(field.first()).startsWith("0x24 (Data Abort");
          assertThat(field.second()).startsWith("0x16 (HVC");
        });
    assertThat(found.registers()).extracting(RegisterDifference::name).doesNotHaveDuplicates();
    assertThat(found.registers())
        .as("that time passes is no difference")
        .noneMatch(r -> r.name().startsWith("CNTVCT") || r.name().contains("TVAL"));
  }

  @Test
  void twoRunsPartWhereOneIsInjectedInto() {
    Scenario scenario = TestScenarios.twoPages();
    Scenario injected =
        scenario.withInjections(
            List.of(InjectionGrammar.parsePlanned("clear-af ipa 0x40200000 @ exit 2")));
    Snapshot first = at(scenario, new Command.GoToExit(3));
    Snapshot second = at(injected, new Command.GoToExit(3));
    Comparison found = Comparison.of(first, second);

    EventDifference.Divergence parts = found.events().divergence().orElseThrow();
    assertThat(parts.first().number()).isEqualTo(found.events().common());
    assertThat(parts.secondWords()).contains("clear AF of 0x4020_0000");
    for (long n = 0; n < found.events().common(); n++) {
      assertThat(first.events().get(n)).isEqualTo(second.events().get(n));
    }
    assertThat(found.trees().getFirst().entries())
        .singleElement()
        .satisfies(entry -> {
          assertThat(entry.firstSays()).doesNotContain("AF clear");
          assertThat(entry.secondSays()).contains(", AF clear, ");
        });
    assertThat(found.events().second()).containsEntry(EventKind.EDIT, 1L);
  }

  @Test
  void twoRunsAreComparedFromTheirStartAlsoWhereTheirMomentsLieBeforeTheParting() {
    Scenario scenario = TestScenarios.twoPages();
    Scenario injected =
        scenario.withInjections(
            List.of(InjectionGrammar.parsePlanned("clear-af ipa 0x40200000 @ exit 2")));
    Comparison found =
        Comparison.of(at(scenario, new Command.GoToExit(1)), at(injected, new Command.GoToExit(1)));
    assertThat(found.sameState()).isTrue();
    assertThat(found.events().divergence()).isPresent();
    assertThat(found.isEqual()).isFalse();
  }

  @Test
  void tablesThatNoRegisterNamesAnyMoreAreComparedAtTheirPlace() {
    Scenario scenario = TestScenarios.twoPages();
    Comparison found =
        Comparison.ofOneRun(
            at(scenario, new Command.ToStart()), at(scenario, new Command.GoToExit(2)));
    TreeDifference stage2 = found.trees().getFirst();
    assertThat(stage2.firstInForce()).isFalse();
    assertThat(stage2.secondInForce()).isTrue();
    assertThat(stage2.effects().onlySecond()).isPositive();
    assertThat(text(found)).contains("  in force only at the second moment");
  }

  @Test
  void theTextNamesEveryPart() {
    Scenario scenario = TestScenarios.twoPages();
    List<String> text =
        text(
            Comparison.ofOneRun(
                at(scenario, new Command.GoToExit(1)), at(scenario, new Command.GoToExit(2))));
    assertThat(text)
        .anyMatch(line -> line.startsWith("Events that have happened"))
        .anyMatch(line -> line.startsWith("Registers: "))
        .anyMatch(line -> line.startsWith("Tables of stage 2, VMID 1, root at "))
        .anyMatch(line -> line.startsWith("Memory: "))
        .anyMatch(line -> line.startsWith("TLB: "));
  }

  @Test
  void twoBranchesPartAtTheEditAndDifferInWhatItChanged() {
    try (Session session = Session.open(TestScenarios.twoPages())) {
      perform(session, new Command.StopAtExits(false));
      perform(session, new Command.Run());
      Snapshot exit = perform(session, new Command.GoToExit(2));
      perform(session, new Command.Inject(InjectionGrammar.parse("clear-af ipa 0x40200000")));
      Snapshot second = perform(session, new Command.GoToExit(3));
      Snapshot first =
          perform(session, new Command.Glance(new Place.AtMoment(second.moment().onBranch(1))));
      assertThat(session.snapshot()).as("where it stands").isSameAs(second);

      Comparison found = Comparison.ofOneRun(first, second);
      Parting parting = found.parting().orElseThrow();
      assertThat(parting.moment()).isEqualTo(exit.moment());
      assertThat(parting.left())
          .singleElement()
          .satisfies(branch -> {
            assertThat(branch.number()).isEqualTo(2);
            assertThat(Parting.words(branch)).contains("left branch 1 at", "0x4020_0000");
          });
      assertThat(found.events().common()).isEqualTo(exit.eventCount());
      assertThat(found.events().divergence()).isPresent();
      assertThat(found.trees().getFirst().descriptors()).isOne();
      assertThat(text(found)).contains("Branches part at " + exit.moment());

      Comparison back = Comparison.ofOneRun(second, first);
      assertThat(back.parting()).isEqualTo(found.parting());
      assertThat(back.events().first()).isEqualTo(found.events().second());
    }
  }

  @Test
  void siblingsPartWhereTheFirstOfThemLeft() {
    try (Session session = Session.open(TestScenarios.twoPages())) {
      perform(session, new Command.StopAtExits(false));
      perform(session, new Command.Run());
      perform(session, new Command.GoToExit(3));
      perform(session, new Command.Inject(InjectionGrammar.parse("clear-af ipa 0x40200000")));
      Snapshot late = perform(session, new Command.Run());
      Snapshot exit = perform(session, new Command.GoTo(new Moment(1, 5, 0)));
      perform(session, new Command.Inject(InjectionGrammar.parse("clear-af ipa 0x40200000")));
      Snapshot early = session.snapshot();
      assertThat(early.moment().branch()).isEqualTo(3);

      Parting parting = Comparison.ofOneRun(late, early).parting().orElseThrow();
      assertThat(parting.moment()).isEqualTo(exit.moment());
      assertThat(parting.left()).extracting(Branch::number).containsExactly(2, 3);
    }
  }

  @Test
  void aGlanceAtAnotherMomentLeavesTheSessionWhereItIs() {
    try (Session session = Session.open(TestScenarios.twoPages())) {
      perform(session, new Command.StopAtExits(false));
      perform(session, new Command.Run());
      Snapshot here = perform(session, new Command.GoToExit(2));
      Snapshot start = perform(session, new Command.Glance(new Place.Start()));
      assertThat(start.moment()).isEqualTo(Moment.START);
      assertThat(session.snapshot()).isSameAs(here);
      Snapshot again = perform(session, new Command.Pause());
      assertThat(again.moment()).isEqualTo(here.moment());
      assertThat(again.memory().hash()).isEqualTo(here.memory().hash());
      assertThat(Comparison.ofOneRun(here, again).isEqual()).isTrue();

      assertThatThrownBy(() -> perform(session, new Command.Glance(new Place.AtExit(99))))
          .hasMessageContaining("there is no exit 99");
      assertThat(session.snapshot().moment()).isEqualTo(here.moment());
    }
  }
}
