package dev.stagewalk.cpu;

import static dev.stagewalk.cpu.TwoPes.BLOCK;
import static dev.stagewalk.cpu.TwoPes.PAGES;
import static dev.stagewalk.cpu.TwoPes.S1_PAGE;
import static dev.stagewalk.cpu.TwoPes.S2_BLOCK;
import static dev.stagewalk.cpu.TwoPes.S2_PAGE;
import static dev.stagewalk.cpu.TwoPes.S2_READ_ONLY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.event.Barrier.Types;
import dev.stagewalk.event.Domain;
import dev.stagewalk.mmu.Tlb;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Maintenance in the canonical order gives the new translation whatever the TLB may keep; with one
 * step left out, or a lesser one in its place, an adversarial TLB gives the old one.
 */
final class OmittedMaintenanceTest {
  private static final int VMID = 1;
  private static final int ASID = 3;

  /** A named step of a program. */
  private record Step(String name, Consumer<TwoPes> act) {}

  private static Step step(String name, Consumer<TwoPes> act) {
    return new Step(name, act);
  }

  /** Steps of which one may be left out or replaced. */
  private record Program(boolean twoStages, List<Step> steps) {
    static Program of(boolean twoStages, Step... steps) {
      return new Program(twoStages, List.of(steps));
    }

    Program without(String name) {
      return with(name, _ -> {});
    }

    Program with(String name, Consumer<TwoPes> instead) {
      List<Step> changed = new ArrayList<>();
      for (Step each : steps) {
        changed.add(each.name.equals(name) ? step(name + ", replaced", instead) : each);
      }
      assertThat(changed).as("there is a step " + name).isNotEqualTo(steps);
      return new Program(twoStages, changed);
    }

    List<String> run(Tlb.Mode mode) {
      TwoPes world = new TwoPes(mode, twoStages);
      steps.forEach(each -> each.act.accept(world));
      return world.results;
    }
  }

  /** The program gives the same in all modes. */
  private static void correct(Program program) {
    List<String> plain = program.run(Tlb.Mode.OFF);
    assertThat(program.run(Tlb.Mode.REALISTIC)).isEqualTo(plain);
    assertThat(program.run(Tlb.Mode.ADVERSARIAL)).isEqualTo(plain);
  }

  /** Without a TLB nobody notices; before an adversarial one the last access sees the old. */
  private static void showsInTheLastResult(Program wrong) {
    List<String> plain = wrong.run(Tlb.Mode.OFF);
    List<String> adversarial = wrong.run(Tlb.Mode.ADVERSARIAL);
    assertThat(adversarial.getLast()).isNotEqualTo(plain.getLast());
    assertThat(adversarial.getFirst()).isEqualTo(plain.getFirst());
  }

  /** PE 0 takes a page away from a guest that runs on a PE; both stages on, or the second alone. */
  private static Program unmap(boolean twoStages, int guestOn) {
    return Program.of(
        twoStages,
        step(
            "map",
            w -> {
              w.host(0, VMID).store(0, TwoPes.s2Leaf(VMID, PAGES), TwoPes.page(1) | S2_PAGE);
              w.dsbIsh(0).isb(0);
              w.guest(0, VMID, ASID);
              if (twoStages) {
                w.store(0, TwoPes.s1Leaf(ASID, PAGES), PAGES | S1_PAGE).dsbIsh(0).isb(0);
              }
            }),
        step("access", w -> w.guest(guestOn, VMID, ASID).load(guestOn, PAGES)),
        step("store", w -> w.host(0, VMID).store(0, TwoPes.s2Leaf(VMID, PAGES), 0)),
        step("DSB ISHST", w -> w.dsbIshst(0)),
        step("TLBI IPAS2E1IS", w -> w.ipas2e1is(0, PAGES)),
        step("DSB ISH between", w -> w.dsbIsh(0)),
        step("TLBI VMALLE1IS", w -> w.vmalle1is(0)),
        step("DSB ISH", w -> w.dsbIsh(0)),
        step("ISB", w -> w.isb(0)),
        step("access again", w -> w.guest(guestOn, VMID, ASID).load(guestOn, PAGES)));
  }

  @Test
  void unmappingInTheCanonicalOrderIsSeenByAll() {
    for (boolean twoStages : new boolean[] {false, true}) {
      for (int guestOn = 0; guestOn < 2; guestOn++) {
        Program program = unmap(twoStages, guestOn);
        correct(program);
        assertThat(program.run(Tlb.Mode.OFF)).containsExactly("1001", "fault EL2 7");
      }
    }
  }

  @Test
  void withoutTheDsbBeforeTheTlbiAWalkMayReadTheOldEntryAgain() {
    showsInTheLastResult(unmap(false, 0).without("DSB ISHST"));
    showsInTheLastResult(unmap(true, 0).without("DSB ISHST").without("DSB ISH between"));
    showsInTheLastResult(unmap(false, 1).without("DSB ISHST"));
  }

  @Test
  void aDsbForThisPeAloneBeforeTheTlbiLeavesTheOtherWithTheOldEntry() {
    Consumer<TwoPes> nsh = w -> w.dsb(0, Domain.NON_SHAREABLE, Types.ALL);
    correct(unmap(false, 0).with("DSB ISHST", nsh));
    showsInTheLastResult(unmap(false, 1).with("DSB ISHST", nsh));
  }

  @Test
  void withoutTlbiIpas2TheStage2EntryStays() {
    showsInTheLastResult(unmap(false, 0).without("TLBI IPAS2E1IS"));
    showsInTheLastResult(unmap(true, 0).without("TLBI IPAS2E1IS"));
  }

  @Test
  void withoutVmalle1TheCombinedEntryStays() {
    showsInTheLastResult(unmap(true, 0).without("TLBI VMALLE1IS"));
    correct(unmap(false, 0).without("TLBI VMALLE1IS"));
  }

  @Test
  void underAnotherVmidTheTlbiNamesOtherEntries() {
    Consumer<TwoPes> other = w -> w.host(0, 2).ipas2e1is(0, PAGES).host(0, VMID);
    showsInTheLastResult(unmap(false, 0).with("TLBI IPAS2E1IS", other));
  }

  @Test
  void aLocalTlbiLeavesTheOtherPesEntries() {
    Consumer<TwoPes> local = w -> w.tlbi(0, 4, 4, 1, PAGES >>> 12);
    correct(unmap(false, 0).with("TLBI IPAS2E1IS", local));
    showsInTheLastResult(unmap(false, 1).with("TLBI IPAS2E1IS", local));
  }

  @Test
  void withoutTheDsbAfterTheTlbiItIsNotComplete() {
    showsInTheLastResult(unmap(false, 0).without("DSB ISH").without("DSB ISH between"));
    showsInTheLastResult(unmap(true, 1).without("DSB ISH"));
  }

  @Test
  void dsbIshstCompletesNoTlbi() {
    Consumer<TwoPes> ishst = w -> w.dsbIshst(0);
    showsInTheLastResult(unmap(false, 0).with("DSB ISH", ishst).with("DSB ISH between", ishst));
    showsInTheLastResult(unmap(true, 0).with("DSB ISH", ishst));
  }

  @Test
  void dsbNshCompletesALocalTlbiAndNoInnerShareableOne() {
    Consumer<TwoPes> nsh = w -> w.dsb(0, Domain.NON_SHAREABLE, Types.ALL);
    showsInTheLastResult(unmap(true, 0).with("DSB ISH", nsh));
    showsInTheLastResult(unmap(true, 1).with("DSB ISH", nsh));
    correct(
        unmap(false, 0)
            .with("TLBI IPAS2E1IS", w -> w.tlbi(0, 4, 4, 1, PAGES >>> 12))
            .with("DSB ISH between", nsh)
            .with("TLBI VMALLE1IS", w -> w.tlbi(0, 0, 7, 0, 0))
            .with("DSB ISH", nsh));
  }

  /** The guest maps a page for itself, having been refused. */
  private static final Program MAPPED_BY_THE_GUEST =
      Program.of(
          true,
          step(
              "map",
              w -> {
                w.host(0, VMID).store(0, TwoPes.s2Leaf(VMID, PAGES), TwoPes.page(1) | S2_PAGE);
                w.dsbIsh(0).isb(0).guest(0, VMID, ASID);
              }),
          step("access", w -> w.load(0, PAGES)),
          step("store", w -> w.store(0, TwoPes.s1Leaf(ASID, PAGES), PAGES | S1_PAGE)),
          step("DSB", w -> w.dsbIsh(0)),
          step("ISB", w -> w.isb(0)),
          step("access again", w -> w.load(0, PAGES)));

  @Test
  void aNewEntryIsCertainForItsOwnPeAfterDsbAndIsb() {
    correct(MAPPED_BY_THE_GUEST);
    correct(MAPPED_BY_THE_GUEST.with("DSB", w -> w.dsbIshst(0)));
    showsInTheLastResult(MAPPED_BY_THE_GUEST.without("ISB"));
    showsInTheLastResult(MAPPED_BY_THE_GUEST.without("DSB"));
    showsInTheLastResult(
        MAPPED_BY_THE_GUEST.with("DSB", w -> w.dsb(0, Domain.INNER_SHAREABLE, Types.LOADS)));
  }

  @Test
  void anExceptionReturnSynchronisesTheContextAsAnIsbDoes() {
    correct(MAPPED_BY_THE_GUEST.with("ISB", w -> w.host(0, VMID).guest(0, VMID, ASID)));
  }

  @Test
  void aNewEntryIsCertainForAnotherPeAfterTheDsb() {
    Program elsewhere =
        MAPPED_BY_THE_GUEST.with("access again", w -> w.guest(1, VMID, ASID).load(1, PAGES));
    correct(elsewhere);
    correct(elsewhere.without("ISB"));
    showsInTheLastResult(elsewhere.without("DSB"));
    showsInTheLastResult(elsewhere.with("DSB", w -> w.dsb(0, Domain.NON_SHAREABLE, Types.ALL)));
  }

  /** A guest takes a page away with local maintenance from another PE, on which it runs too. */
  private static final Program LOCAL_MAINTENANCE =
      Program.of(
          true,
          step(
              "map",
              w -> {
                w.host(0, VMID).store(0, TwoPes.s2Leaf(VMID, PAGES), TwoPes.page(1) | S2_PAGE);
                w.dsbIsh(0).isb(0).guest(0, VMID, ASID);
                w.store(0, TwoPes.s1Leaf(ASID, PAGES), PAGES | S1_PAGE).dsbIsh(0).isb(0);
              }),
          step("access", w -> w.guest(1, VMID, ASID).load(1, PAGES)),
          step("HCR_EL2", _ -> {}),
          step("store", w -> w.store(0, TwoPes.s1Leaf(ASID, PAGES), 0)),
          step("DSB before", w -> w.barrier(0, "dsb nshst")),
          step("TLBI", w -> w.tlbi(0, 0, 7, 0, 0)),
          step("DSB after", w -> w.barrier(0, "dsb nsh").isb(0)),
          step("access again", w -> w.load(1, PAGES)));

  @Test
  void hcrFbAndBsuMakeAGuestsLocalMaintenanceReachAllPes() {
    long forceBroadcast = 1L << 9;
    long barriersToInnerShareable = 1L << 10;
    showsInTheLastResult(LOCAL_MAINTENANCE);
    showsInTheLastResult(LOCAL_MAINTENANCE.with("HCR_EL2", w -> w.setInHcr(0, forceBroadcast)));
    correct(
        LOCAL_MAINTENANCE.with(
            "HCR_EL2", w -> w.setInHcr(0, forceBroadcast | barriersToInnerShareable)));
  }

  /** Stage 2 lets a guest write where it only could read. */
  private static final Program RELAXED =
      Program.of(
          false,
          step(
              "map",
              w ->
                  w.host(0, VMID)
                      .store(0, TwoPes.s2Leaf(VMID, PAGES), TwoPes.page(1) | S2_READ_ONLY)
                      .dsbIsh(0)
                      .isb(0)),
          step("access", w -> w.guest(0, VMID, ASID).write(0, PAGES, 5)),
          step(
              "store",
              w ->
                  w.host(0, VMID)
                      .store(0, TwoPes.s2Leaf(VMID, PAGES), TwoPes.page(1) | S2_PAGE)
                      .dsbIshst(0)),
          step("TLBI", w -> w.ipas2e1is(0, PAGES)),
          step("DSB", w -> w.dsbIsh(0)),
          step("access again", w -> w.guest(0, VMID, ASID).write(0, PAGES, 6)));

  @Test
  void aRelaxedPermissionNeedsATlbi() {
    correct(RELAXED);
    assertThat(RELAXED.run(Tlb.Mode.ADVERSARIAL)).containsExactly("fault EL2 f W", "stored");
    showsInTheLastResult(RELAXED.without("TLBI"));
  }

  /** A table of stage 2 gives way to a block, by break-before-make; another page is read after. */
  private static Program tableToBlock(Consumer<TwoPes> tlbi) {
    return Program.of(
        false,
        step(
            "map",
            w ->
                w.host(0, VMID)
                    .store(0, TwoPes.s2Leaf(VMID, BLOCK), TwoPes.page(1) | S2_PAGE)
                    .store(0, TwoPes.s2Leaf(VMID, BLOCK + 0x1000), TwoPes.page(2) | S2_PAGE)
                    .store(0, TwoPes.s2Level2(VMID, BLOCK), TwoPes.s2Table(VMID, BLOCK) | 3)
                    .dsbIsh(0)
                    .isb(0)),
        step("access", w -> w.guest(0, VMID, ASID).load(0, BLOCK)),
        step("break", w -> w.host(0, VMID).store(0, TwoPes.s2Level2(VMID, BLOCK), 0)),
        step("DSB", w -> w.dsbIshst(0)),
        step("TLBI", tlbi),
        step("DSB ISH", w -> w.dsbIsh(0)),
        step(
            "make",
            w ->
                w.store(0, TwoPes.s2Level2(VMID, BLOCK), TwoPes.block(0) | S2_BLOCK)
                    .dsbIsh(0)
                    .isb(0)),
        step("another page", w -> w.guest(0, VMID, ASID).load(0, BLOCK + 0x1000)));
  }

  @Test
  void aLastLevelTlbiLeavesTheTableInTheWalkCache() {
    correct(tableToBlock(w -> w.ipas2e1is(0, BLOCK)));
    showsInTheLastResult(tableToBlock(w -> w.tlbi(0, 4, 0, 5, BLOCK >>> 12)));
  }

  @Test
  void aWrongLevelHintMayDoNothing() {
    long level3 = (1L << 2 | 3) << 44;
    long level2 = (1L << 2 | 2) << 44;
    correct(unmap(false, 0).with("TLBI IPAS2E1IS", w -> w.tlbi(0, 4, 0, 1, level3 | PAGES >>> 12)));
    showsInTheLastResult(
        unmap(false, 0).with("TLBI IPAS2E1IS", w -> w.tlbi(0, 4, 0, 1, level2 | PAGES >>> 12)));
  }

  @Test
  void aRangeWithTheWrongGranuleMayDoNothing() {
    long operand = PAGES >>> 12;
    correct(unmap(false, 0).with("TLBI IPAS2E1IS", w -> w.tlbi(0, 4, 0, 2, 1L << 46 | operand)));
    showsInTheLastResult(
        unmap(false, 0).with("TLBI IPAS2E1IS", w -> w.tlbi(0, 4, 0, 2, 3L << 46 | PAGES >>> 16)));
    showsInTheLastResult(unmap(false, 0).with("TLBI IPAS2E1IS", w -> w.tlbi(0, 4, 0, 2, operand)));
  }
}
