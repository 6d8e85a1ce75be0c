package dev.stagewalk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.image.boot.SymbolTable;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.Place;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.session.compare.Comparison;
import dev.stagewalk.session.compare.ComparisonText;
import dev.stagewalk.session.compare.EffectDifference;
import dev.stagewalk.session.compare.TreeDifference;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Moments of every sample beside each other. */
final class ComparisonOfSamplesTest {
  private static final List<String> MOMENTS = List.of("start", "50%", "100%");

  static List<String> samples() {
    return Catalogue.standard().names();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void eachMomentIsEqualToItselfAndDiffersFromTheNextTheSameBothWays(String name) {
    Scenario scenario = SampleRun.sample(name);
    try (Session session = Session.open(scenario)) {
      SampleRun.submit(session, new Command.StopAtExits(false));
      SampleRun.submit(session, new Command.GoTo(dev.stagewalk.event.Moment.at(20_000)));
      Snapshot before = null;
      for (String moment : MOMENTS) {
        Snapshot now = SampleRun.submit(session, new Command.Glance(Place.parse(moment)));
        assertThat(Comparison.ofOneRun(now, now).isEqual()).as(moment).isTrue();
        if (before != null) {
          bothWays(before, now);
        }
        before = now;
      }
    }
  }

  private static void bothWays(Snapshot one, Snapshot other) {
    Comparison there = Comparison.ofOneRun(one, other);
    Comparison back = Comparison.ofOneRun(other, one);
    assertThat(back.registers()).hasSameSizeAs(there.registers());
    assertThat(back.memory().bytes()).isEqualTo(there.memory().bytes());
    assertThat(back.memory().tableBytes()).isEqualTo(there.memory().tableBytes());
    assertThat(back.events().first()).isEqualTo(there.events().second());
    assertThat(back.tlb().onlyFirst()).hasSameSizeAs(there.tlb().onlySecond());
    assertThat(back.trees()).hasSameSizeAs(there.trees());
    for (TreeDifference tree : there.trees()) {
      TreeDifference same =
          back.trees().stream()
              .filter(t -> t.firstRoot() == tree.secondRoot() && t.owner().equals(tree.owner()))
              .filter(t -> t.upper() == tree.upper())
              .findFirst()
              .orElseThrow();
      assertThat(same.descriptors()).isEqualTo(tree.descriptors());
      assertThat(same.effects().onlyFirst()).isEqualTo(tree.effects().onlySecond());
      assertThat(same.effects().changed()).isEqualTo(tree.effects().changed());
      assertThat(same.effects().ranges())
          .extracting(EffectDifference::first)
          .isEqualTo(tree.effects().ranges().stream().map(EffectDifference::second).toList());
    }
    assertThat(ComparisonText.lines(there, SymbolTable.EMPTY, 1000)).isNotEmpty();
  }
}
