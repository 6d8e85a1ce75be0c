package dev.stagewalk.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Granule;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Stages;
import dev.stagewalk.event.Translation;
import dev.stagewalk.explain.Explanation.Change;
import dev.stagewalk.explain.Explanation.Counterfactual;
import dev.stagewalk.explain.FaultCases.Case;
import dev.stagewalk.mmu.LiveTables;
import dev.stagewalk.mmu.Tlb;
import dev.stagewalk.mmu.TlbEntry;
import dev.stagewalk.mmu.TwoStage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Faults in which the TLB had a part: it answered by itself, or a walk began at what it held. */
final class HeldByTheTlbTest {
  private static final long VA = 0x20_0000_3000L;

  /** Each walk once to fill the TLB, and once more from there. */
  private static Translation again(Case c, Tlb tlb) {
    GuestTables guest = c.guest();
    tlb.insert(0, guest.first(), guest.stage.parameters, c.walk(), List.of());
    return live(c, tlb, c.walk().input(), c.walk().access());
  }

  private static Translation live(Case c, Tlb tlb, long va, Access access) {
    LiveTables tables = new LiveTables(0, c.guest().stage.memory, tlb);
    tables.begin(c.guest().first(), c.guest().stage.parameters);
    return TwoStage.translate(c.guest().first(), c.guest().stage.parameters, va, access, tables);
  }

  private static Stream<Lookup> lookups(Translation walk) {
    return walk.lookups().stream().flatMap(l -> Stream.concat(Stream.of(l), l.nested().stream()));
  }

  @Test
  void aWalkThatBeganInTheTlbHasItsCounterfactual() {
    List<Case> cases = new ArrayList<>();
    for (boolean under : new boolean[] {true, false}) {
      FaultCases.stage1Cases(cases, Granule.K4, 48, under);
    }
    FaultCases.geometries().forEach(geometry -> FaultCases.stage2Cases(cases, geometry, true));
    FaultCases.geometries().forEach(geometry -> FaultCases.stage2Cases(cases, geometry, false));
    int begun = 0;
    for (Case c : cases) {
      Tlb tlb = new Tlb(Tlb.Mode.ADVERSARIAL, 256, 1);
      Translation walk = again(c, tlb);
      if (!HeldStarts.in(walk) || !(walk.outcome() instanceof Translation.Fault)) {
        continue;
      }
      begun++;
      int held = (int) lookups(walk).filter(Lookup::held).count();
      assertThat(held).as(c.name()).isPositive();
      assertThat(walk.reads()).as(c.name()).isEqualTo(walk.steps() - held);
      assertThat(walk.lookups().stream().mapToInt(Lookup::reads).sum()).isEqualTo(walk.reads());
      assertThat(walk.lookups().stream().mapToInt(Lookup::steps).sum()).isEqualTo(walk.steps());
      assertThat(Stage.kind(walk)).as(c.name()).isEqualTo(c.kind());
      Scene scene = c.guest().stage.scene(new SimEvent.Translated(0, walk));
      assertThat(scene.fits(walk)).as(c.name()).isTrue();
      Explanation explanation = Explainer.explain(scene);
      assertThat(String.join(" ", explanation.walk())).as(c.name()).contains("held by the TLB");
      Counterfactual what = explanation.counterfactual().orElseThrow();
      assertThat(what.result()).as(c.name()).isNotEqualTo(walk);
      boolean live =
          what.registers().isEmpty()
              && c.kind() != FaultKind.EXTERNAL_ON_WALK
              && what.changes().stream().noneMatch(change -> HeldStarts.at(walk, change.pa()))
              && HeldStarts.in(what.result());
      if (live) {
        for (Change change : what.changes()) {
          c.guest().stage.memory.write(change.pa(), 8, change.value());
        }
        // The TLB may hold other parts of that walk too, which give the same.
        assertThat(what.result().outcome())
            .as(c.name())
            .isEqualTo(live(c, tlb, what.result().input(), what.result().access()).outcome());
      }
    }
    assertThat(begun).isGreaterThan(100);
  }

  private static GuestTables device(boolean byStage2) {
    GuestTables guest = FaultCases.guest(Granule.K4, 48, true);
    guest.put(VA, 3, guest.entry(FaultCases.TARGET, 0x743 | (byStage2 ? 0 : 4)));
    if (byStage2) {
      guest.stage.put(FaultCases.TARGET, 2, FaultCases.TARGET & -(2 << 20) | 0x4c1);
    }
    return guest;
  }

  /** The TLB is asked as a PE asks it. */
  private static Translation hit(GuestTables guest, Tlb tlb) {
    Translation first = guest.walk(VA, Access.read(8));
    tlb.insert(0, guest.first(), guest.stage.parameters, first, List.of());
    TlbEntry entry =
        Objects.requireNonNull(tlb.lookup(0, guest.first(), 1, VA, FaultCases.UNALIGNED));
    Translation.Fault fault = Objects.requireNonNull(entry.refusal(VA, FaultCases.UNALIGNED));
    Stages stages = new Stages(guest.first().regime(), 5, false, null, null);
    return new Translation(1, 1, VA, FaultCases.UNALIGNED, List.of(), fault, stages, List.of());
  }

  @Test
  void anAlignmentFaultOutOfTheTlbSaysThatNoWalkWasMade() {
    for (boolean byStage2 : new boolean[] {false, true}) {
      GuestTables guest = device(byStage2);
      Tlb tlb = new Tlb(Tlb.Mode.REALISTIC, 64, 1);
      Translation hit = hit(guest, tlb);
      assertThat(Stage.kind(hit)).isEqualTo(FaultKind.ALIGNMENT);
      Explanation explanation = guest.stage.explain(guest.abort(hit));
      assertThat(explanation.sentences())
          .contains(
              "No walk was made: the TLB held an entry of level "
                  + (byStage2 ? 2 : 3)
                  + " for VMID 1, and that entry refuses the access.");
      assertThat(explanation.counterfactual().orElseThrow().line())
          .startsWith("The tables refuse it too. If ")
          .contains("Normal")
          .contains(": output 0x4a00_0000");
      assertThat(explanation.remedies())
          .extracting(Explanation.Remedy::title)
          .contains("Map it as Normal memory");
    }
  }

  @Test
  void anAlignmentFaultThatTheTablesNoLongerGiveIsMendedByATlbi() {
    for (boolean byStage2 : new boolean[] {false, true}) {
      GuestTables guest = device(byStage2);
      Translation hit = hit(guest, new Tlb(Tlb.Mode.REALISTIC, 64, 1));
      guest.put(VA, 3, guest.entry(FaultCases.TARGET, 0x743));
      if (byStage2) {
        guest.stage.put(FaultCases.TARGET, 2, FaultCases.TARGET & -(2 << 20) | 0x4fd);
      }
      Explanation explanation = guest.stage.explain(guest.abort(hit));
      assertThat(explanation.counterfactual().orElseThrow().line())
          .startsWith(
              "If the TLB had held no entry, the tables as they stand would have been walked")
          .contains("output 0x4a00_0000");
      assertThat(explanation.remedies().getFirst().title()).isEqualTo("Make the TLB forget");
    }
  }

  @Test
  void theLineOfAHeldDescriptorSaysSo() {
    List<Case> cases = new ArrayList<>();
    FaultCases.stage1Cases(cases, Granule.K4, 48, false);
    Case last = cases.stream().filter(c -> c.level() == 3).findFirst().orElseThrow();
    Translation walk = again(last, new Tlb(Tlb.Mode.ADVERSARIAL, 256, 1));
    Lookup held = walk.lookups().getFirst();
    assertThat(held.held()).isTrue();
    Explanation explanation = last.guest().stage.explain(new SimEvent.Translated(0, walk));
    assertThat(explanation.walk().getFirst())
        .startsWith("Stage 1 level 2: ")
        .contains(", held by the TLB, = ");
    assertThat(walk.lookups()).hasSize(2);
    assertThat(walk.steps()).isEqualTo(2);
    assertThat(walk.reads()).as("what is held is not read").isEqualTo(1);
    assertThat(walk.lookups().stream().mapToInt(Lookup::reads).sum()).isEqualTo(1);
  }
}
