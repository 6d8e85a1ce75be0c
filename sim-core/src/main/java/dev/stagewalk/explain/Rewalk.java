package dev.stagewalk.explain;

import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Translation;
import dev.stagewalk.explain.Explanation.Change;
import dev.stagewalk.mmu.DescriptorReader;
import dev.stagewalk.mmu.Stage1Parameters;
import dev.stagewalk.mmu.Stage1Registers;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.Stage2Walk;
import dev.stagewalk.mmu.TwoStage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A translation that can be made again, with one thing or another changed.
 *
 * @param first stage 1; null for a walk of stage 2 alone
 * @param second stage 2
 * @param how which question is asked of the walker
 * @param input VA, or IPA for stage 2 alone
 * @param access what is wanted
 * @param reader the descriptors
 */
record Rewalk(
    @Nullable Stage1Parameters first,
    Stage2Parameters second,
    How how,
    long input,
    Access access,
    DescriptorReader reader) {

  /** APTable, UXNTable and PXNTable are bits 62:59. */
  private static final int LIMITS_SHIFT = 59;

  /** What can be asked of the walker. */
  enum How {
    STAGE2,
    BOTH,
    /** As AT S12E… does. */
    PROBE,
    /** As AT S1E… does. */
    PROBE_STAGE1
  }

  /**
   * The walk of a scene, if the scene's registers and what the walk has read lead to it again;
   * empty if other registers were in force.
   */
  static Optional<Rewalk> of(Scene scene, Translation walk) {
    DescriptorReader memory = scene.readerOf(walk);
    if (walk.stage() == 2 && !scene.stage2().enabled()) {
      return Optional.empty();
    }
    Rewalk plain = withTables(scene, walk, memory);
    List<How> questions =
        walk.stage() == 2 ? List.of(How.STAGE2) : List.of(How.BOTH, How.PROBE, How.PROBE_STAGE1);
    for (DescriptorReader reader : beginnings(memory, walk)) {
      for (How how : questions) {
        Rewalk again =
            new Rewalk(plain.first, plain.second, how, walk.input(), walk.access(), reader);
        if (again.go().equals(walk)) {
          return Optional.of(again);
        }
      }
    }
    return Optional.empty();
  }

  /** The root; or what the TLB held, with any limits that tables above it may have set. */
  private static List<DescriptorReader> beginnings(DescriptorReader memory, Translation walk) {
    if (!HeldStarts.in(walk)) {
      return List.of(memory);
    }
    List<DescriptorReader> found = new ArrayList<>();
    int limits = HeldStarts.inStage1(walk) ? 16 : 1;
    for (long above = 0; above < limits; above++) {
      found.add(new HeldStarts(memory, walk, above << LIMITS_SHIFT));
    }
    return found;
  }

  /** The same question to other descriptors. */
  static Rewalk withTables(Scene scene, Translation walk, DescriptorReader reader) {
    if (walk.stage() == 2) {
      return new Rewalk(null, scene.stage2(), How.STAGE2, walk.input(), walk.access(), reader);
    }
    return new Rewalk(
        scene.stage1(WhatIf.regime(walk)),
        scene.stage2(),
        How.BOTH,
        walk.input(),
        walk.access(),
        reader);
  }

  /** Asks the walker. */
  Translation go() {
    return switch (how) {
      case STAGE2 -> Stage2Walk.walk(second, input, access, reader);
      case BOTH -> TwoStage.translate(stage1(), second, input, access, reader);
      case PROBE -> TwoStage.probe(stage1(), second, input, access, reader);
      case PROBE_STAGE1 -> TwoStage.probeStage1(stage1(), second, input, access, reader);
    };
  }

  /**
   * Stage 1.
   *
   * @throws NullPointerException for a walk of stage 2 alone
   */
  Stage1Parameters stage1() {
    return Objects.requireNonNull(first);
  }

  /** Whether stage 2 takes part. */
  boolean underStage2() {
    return second.enabled() && (first == null || first.regime() == Regime.EL1_0);
  }

  Rewalk over(List<Change> changes) {
    HeldStarts begun = reader instanceof HeldStarts held ? held : null;
    DescriptorReader before = begun == null ? reader : begun.memory();
    DescriptorReader after =
        pa -> {
          for (Change change : changes) {
            if (change.pa() == pa) {
              return change.value();
            }
          }
          return before.read(pa);
        };
    if (begun == null || isOfHeld(begun, changes)) {
      return new Rewalk(first, second, how, input, access, after);
    }
    return new Rewalk(first, second, how, input, access, begun.with(after));
  }

  /** A change of what the TLB held takes a TLBI too, and then the walk begins at the root. */
  private static boolean isOfHeld(HeldStarts begun, List<Change> changes) {
    return changes.stream().anyMatch(change -> HeldStarts.at(begun.walk(), change.pa()));
  }

  /** From the root: with other controls, what the TLB held is of no use. */
  private DescriptorReader fromTheRoot() {
    return reader::read;
  }

  Rewalk with(Stage2Parameters other) {
    return new Rewalk(first, other, how, input, access, fromTheRoot());
  }

  Rewalk with(Access other) {
    return new Rewalk(first, second, how, input, other, reader);
  }

  Rewalk withInput(long other) {
    return new Rewalk(first, second, how, other, access, reader);
  }

  Rewalk withTcr(long tcr) {
    Stage1Registers r = stage1().registers();
    return with(
        new Stage1Registers(r.regime(), r.sctlr(), tcr, r.ttbr0(), r.ttbr1(), r.mair(), r.hcr()));
  }

  Rewalk withTtbr(boolean upper, long ttbr) {
    Stage1Registers r = stage1().registers();
    return with(
        new Stage1Registers(
            r.regime(),
            r.sctlr(),
            r.tcr(),
            upper ? r.ttbr0() : ttbr,
            upper ? ttbr : r.ttbr1(),
            r.mair(),
            r.hcr()));
  }

  private Rewalk with(Stage1Registers registers) {
    return new Rewalk(stage1().with(registers), second, how, input, access, fromTheRoot());
  }
}
