package dev.stagewalk.check;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.check.Ruling.Act;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Instruction;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.TlbiScope;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.ChangeReason;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Holds what software does to live tables and TLBs to the rules, by what the {@link Referee} says.
 *
 * <p>A replaced value that asks for maintenance is not judged at once: whoever stored may still be
 * about to do it. It is judged where they leave the handler in which they stored and the tables are
 * in use again. What need never be invalidated (a cleared Access flag, permission that was added)
 * is not judged.
 */
final class MaintenanceCheck {
  /** Changes that wait to be judged; with more the oldest are forgotten. */
  private static final int MOST_CHANGES = 1 << 12;

  /** A late TLBI costs a spurious fault at most. Source: Arm ARM, "TLB maintenance". */
  private static final Set<ChangeReason> MAY_WAIT =
      EnumSet.of(
          ChangeReason.ACCESS_FLAG,
          ChangeReason.MORE_PERMISSION,
          ChangeReason.DIRTY_BIT_MODIFIER,
          ChangeReason.BLOCK_TRANSLATION,
          ChangeReason.IGNORED_BITS);

  private final Observed machine;
  private final Referee referee;
  private final GuestControlsCheck controls;
  private final Consumer<Finding> found;
  private final Deque<Change> changes = new ArrayDeque<>();
  private final LatestTlbis tlbis = new LatestTlbis();
  private final Map<Integer, Integer> depths = new HashMap<>();

  MaintenanceCheck(
      Observed machine, Referee referee, GuestControlsCheck controls, Consumer<Finding> found) {
    this.machine = machine;
    this.controls = controls;
    this.referee = referee;
    this.found = found;
  }

  void happened(Event event) {
    int pe = event.pe();
    for (Ruling ruling : referee.happened(pe, event.what())) {
      ruled(event, ruling);
    }
    switch (event.what()) {
      case SimEvent.ExceptionTaken e -> {
        if (e.fromEl() < 2) {
          judge(event, change -> change.fromOutside());
        }
        depths.merge(pe, 1, Integer::sum);
      }
      case SimEvent.ExceptionReturned e -> {
        int depth = depths.getOrDefault(pe, 0);
        judge(event, change -> isLeft(change, e, depth));
        depths.put(pe, Math.max(0, depth - 1));
      }
      case SimEvent.TlbInvalidated e -> {
        tlbis.remember(event);
        invalidated(event, e.scope());
      }
      case SimEvent.Translated e -> {
        if (machine.el(pe) < 2) {
          judge(event, change -> change.fromOutside());
        }
        usesUnsynchronised(event, e.translation());
      }
      default -> {
        // What is stored, freed and loaded is the referee's.
      }
    }
  }

  /**
   * Whether somebody may still be about to invalidate what was stored to a descriptor, on another
   * PE than one.
   */
  boolean isUnderWayElsewhere(int pe, long at) {
    return changes.stream()
        .anyMatch(change -> change.place().at() == at && change.event().pe() != pe);
  }

  private void ruled(Event event, Ruling ruling) {
    if (ruling.isViolation()) {
      violated(event, ruling);
    } else if (ruling.missing() != null && !MAY_WAIT.containsAll(ruling.change().reasons())) {
      Instruction by = event.what() instanceof SimEvent.DescriptorStored e ? e.by() : null;
      boolean outside = by == null && machine.el(event.pe()) < 2;
      changes.add(
          new Change(
              event,
              ruling,
              by == null ? 2 : by.el(),
              depths.getOrDefault(event.pe(), 0),
              outside));
      if (changes.size() > MOST_CHANGES) {
        changes.remove();
      }
    }
  }

  private void violated(Event event, Ruling ruling) {
    if (ruling.act() == Act.VMID_REUSE && controls.areOfAnother(event.pe())) {
      // The same tables under another VTCR_EL2: that is the finding.
      return;
    }
    EntryPlace held = ruling.other() == null ? ruling.place() : ruling.other();
    MissingStep given = ruling.missing();
    MissingStep missing = given == null ? MissingStep.BREAK : tlbis.refine(given, held, 0);
    FindingKind kind =
        switch (ruling.act()) {
          case FREE -> FindingKind.TABLE_FREED;
          case VMID_REUSE -> FindingKind.VMID_REUSED;
          case STORE -> kindOf(missing);
        };
    Event tlbi = ruling.act() == Act.STORE ? tlbis.culprit(missing, held, 0) : null;
    found.accept(
        new Finding(
            kind,
            Report.at(event, Report.entry(ruling.place())),
            Report.sentence(ruling.words().replaceFirst("^Violation: ", ""))
                + (tlbi == null ? "" : " " + LatestTlbis.words(tlbi, missing, held, ruling.old())),
            Report.inThisOrder(ruling.mend())));
  }

  // Maintenance that was left undone

  private interface Which {
    boolean isMeant(Change change);
  }

  /** Whether a return ends the handler in which something was stored, and leads to its tables. */
  private boolean isLeft(Change change, SimEvent.ExceptionReturned e, int depth) {
    EntryPlace place = change.place();
    if (place.stage() == 2) {
      return change.el() > e.toEl();
    }
    return change.depth() >= depth
        && change.el() >= e.toEl()
        && (place.asid() < 0 || place.asid() == asid(change.event().pe(), place));
  }

  private int asid(int pe, EntryPlace place) {
    return machine.first(pe, place.regime()).asid();
  }

  private void judge(Event now, Which which) {
    Iterator<Change> left = changes.iterator();
    while (left.hasNext()) {
      Change change = left.next();
      if (change.event().pe() != now.pe() || !which.isMeant(change)) {
        continue;
      }
      MissingStep missing = referee.missing(change.ruling());
      if (missing == null) {
        left.remove();
      } else if (referee.isInContext(change.place())) {
        left.remove();
        undone(change, missing, now);
      }
    }
  }

  private void undone(Change change, MissingStep given, Event now) {
    Ruling ruling = change.ruling();
    EntryPlace place = change.place();
    long since = change.event().number();
    MissingStep missing = tlbis.refine(given, place, since);
    Event tlbi = tlbis.culprit(missing, place, since);
    String evidence =
        "The "
            + place.words()
            + " was changed from "
            + Hex.plain(ruling.old())
            + " to "
            + Hex.plain(ruling.value())
            + " by "
            + Report.when(change.event())
            + ". "
            + (tlbi == null
                ? Report.sentence(missing.words())
                : LatestTlbis.words(tlbi, missing, place, ruling.old()))
            + " At "
            + Report.when(now)
            + " its tables were in use again.";
    found.accept(
        new Finding(
            kindOf(missing),
            Report.at(tlbi == null ? change.event() : tlbi, Report.entry(place)),
            evidence,
            Report.sentence(missing.mend()) + " " + Report.inThisOrder(ruling.mend())));
  }

  // What is wrong with a TLBI or an access by itself

  private void invalidated(Event event, TlbiScope scope) {
    int certain = referee.synchronisedVmid(event.pe());
    int named = machine.second(event.pe()).vmid();
    if (scope.vmid() >= 0 && certain != named) {
      found.accept(
          new Finding(
              FindingKind.ISB_MISSING,
              Report.at(event, null),
              "VTTBR_EL2 was written with VMID "
                  + named
                  + " and no ISB followed: the TLBI may have acted on VMID "
                  + certain
                  + ", which was there before.",
              "ISB between the write of VTTBR_EL2 and the TLBI."));
    }
    if (scope.ipas() && !scope.vas() && scope.operand() < 0) {
      found.accept(
          new Finding(
              FindingKind.TLBI_OPERAND,
              Report.at(event, null),
              "Bit 63 (NS) of the operand "
                  + Hex.plain(scope.operand())
                  + " is set. It is RES0 here, and in Secure state it would name the other IPA"
                  + " space.",
              "An operand with bit 63 clear: IPA >> 12."));
    }
  }

  /** An access through what this PE has just invalidated, before any context synchronisation. */
  private void usesUnsynchronised(Event event, Translation walk) {
    List<EntryPlace> places = referee.unsynchronised(event.pe());
    Regime regime = machine.el(event.pe()) < 2 ? Regime.EL1_0 : machine.regimeOfEl2(event.pe());
    for (EntryPlace place : places) {
      boolean used =
          place.stage() == walk.stage()
              && place.regime() == regime
              && place.meets(EntryPlace.comparable(walk.input()), 1);
      if (used) {
        found.accept(
            new Finding(
                FindingKind.ISB_MISSING,
                Report.at(event, Report.entry(place)),
                "The "
                    + place.words()
                    + " was invalidated and used by the same PE before any context"
                    + " synchronisation: it may still have used what it had translated or fetched"
                    + " before.",
                "ISB after the DSB that completes the TLBI."));
        return;
      }
    }
  }

  private static FindingKind kindOf(MissingStep missing) {
    return switch (missing) {
      case BREAK -> FindingKind.BBM_MISSING;
      case STILL_NAMED -> FindingKind.TABLE_FREED;
      case TLBI -> FindingKind.TLBI_MISSING;
      case NAMES_NOTHING, OTHER_ADDRESS -> FindingKind.TLBI_OPERAND;
      case OTHER_REGIME -> FindingKind.TLBI_REGIME;
      case OTHER_VMID -> FindingKind.TLBI_VMID;
      case OTHER_ASID -> FindingKind.TLBI_ASID;
      case STAGE_1_ONLY, LAST_LEVEL_ONLY -> FindingKind.TLBI_SCOPE;
      case STAGE_2_ONLY, COMBINED_TOO_EARLY, DSB_BETWEEN_TLBIS -> FindingKind.TLBI_COMBINED;
      case WRONG_LEVEL -> FindingKind.TLBI_LEVEL;
      case OTHER_PES -> FindingKind.TLBI_DOMAIN;
      case ISB_BEFORE_TLBI, ISB -> FindingKind.ISB_MISSING;
      case DSB_BEFORE_TLBI, DSB_BEFORE_TLBI_TOO_NARROW -> FindingKind.TLBI_BEFORE_DSB;
      case DSB_AFTER_TLBI,
          DSB_AFTER_TLBI_NOT_FOR_ALL,
          DSB_AFTER_TLBI_NXS,
          DSB_AFTER_TLBI_TOO_NARROW ->
          FindingKind.TLBI_WRONG_DSB;
    };
  }
}
