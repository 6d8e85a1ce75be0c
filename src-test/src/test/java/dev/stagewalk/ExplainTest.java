package dev.stagewalk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.explain.Explainer;
import dev.stagewalk.explain.Explanation;
import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Scenes;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Explanations of events that really happened. */
final class ExplainTest {
  private static final long MOST = 1500;

  static Stream<Scenario> samples() {
    List<Scenario> all = new ArrayList<>();
    for (Scenario sample : Catalogue.standard().scenarios()) {
      for (Granule granule : Granule.values()) {
        all.add(sample.with(granule, sample.ipaBits()));
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void everyEventOfEverySampleHasASentence(Scenario sample) {
    Snapshot end = run(sample);
    long size = end.events().size();
    // A guest that faults for ever says the same again and again.
    for (long n = 0; n < size; n = n == MOST && size > 2 * MOST ? size - MOST : n + 1) {
      Event event = end.events().get(n);
      Explanation explanation = Explainer.explain(Scenes.of(event, end));
      assertThat(explanation.headline()).as("%s", event).isNotBlank();
      assertThat(explanation.sentences()).as("%s", event).isNotEmpty();
      assertThat(explanation.sentences()).allMatch(s -> s.endsWith(".") && !s.contains(".."));
    }
  }

  @Test
  void theFirstFaultOfDemandPagingIsExplainedAtItsMomentAndAtTheEnd() {
    Scenario sample = Catalogue.standard().find("demand-paging").orElseThrow();
    try (Session session = Session.open(sample)) {
      Snapshot now = session.submit(new Command.NextExit()).join();
      while (!isAbort(now.exit().orElseThrow())) {
        now = session.submit(new Command.NextExit()).join();
      }
      Event fault = now.exit().orElseThrow();
      Explanation atOnce = Explainer.explain(Scenes.of(fault, now));

      assertThat(atOnce.headline()).isEqualTo("Translation fault, level 2");
      assertThat(atOnce.sentences().getFirst())
          .isEqualTo(
              "Guest EL1 stored 8 bytes (x2) at VA 0x4020_0018. Stage 1 is off, so the IPA is the"
                  + " same.");
      assertThat(atOnce.evidence())
          .anyMatch(e ->
              e.register().equals("ELR_EL2")
                  && e.meaning()
                      .equals(
                          "the instruction itself (`str x2, [x0, #24]` at" + " touch_pages+0x10)"));
      assertThat(atOnce.counterfactual()).isPresent();
      assertThat(atOnce.steps()).isEmpty();

      session.submit(new Command.StopAtExits(false)).join();
      Snapshot end = session.submit(new Command.Run()).join();
      Explanation later = Explainer.explain(Scenes.of(fault, end));
      assertThat(later.evidence()).isEqualTo(atOnce.evidence());
      assertThat(later.walk()).isEqualTo(atOnce.walk());
      assertThat(later.counterfactual()).isEqualTo(atOnce.counterfactual());
      assertThat(later.remedies()).isEqualTo(atOnce.remedies());
      assertThat(later.steps())
          .anyMatch(s -> s.startsWith("s2mmu_map(0x4020_0000 → "))
          .anyMatch(s -> s.contains("L2[1], IPA 0x4020_0000 (2 MiB), table at"))
          .anyMatch(s -> s.startsWith("demand_page answers RESUME"));
    }
  }

  @Test
  void everyFaultOfAGuestWithTablesOfItsOwnIsExplainedByWalkingAgain() {
    Snapshot end = run(Catalogue.standard().find("own-tables").orElseThrow());
    Set<String> menders = new HashSet<>();
    boolean onStage1Walk = false;
    for (long n = 0; n < end.eventCount(); n++) {
      Event event = end.events().get(n);
      if (isAbort(event)) {
        Explanation explanation = Explainer.explain(Scenes.of(event, end));
        assertThat(explanation.counterfactual()).as(explanation.asText()).isPresent();
        assertThat(explanation.rule()).isPresent();
        assertThat(explanation.remedies()).isNotEmpty();
        menders.add(explanation.mender());
        onStage1Walk |=
            explanation.sentences().getFirst().contains("Its stage-1 walk needs a descriptor");
      }
    }
    assertThat(menders).containsExactlyInAnyOrder("hypervisor", "guest's OS");
    assertThat(onStage1Walk).isTrue();
  }

  private static boolean isAbort(Event event) {
    return event.what() instanceof SimEvent.ExceptionTaken taken && taken.fault().isPresent();
  }

  private static Snapshot run(Scenario sample) {
    try (Session session = Session.open(sample)) {
      session.submit(new Command.StopAtExits(false)).join();
      return session.submit(new Command.GoTo(Moment.at(20_000))).join();
    }
  }
}
