package dev.stagewalk.check;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Size;
import dev.stagewalk.board.Machine;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.Stage2Walk;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds the hypervisor's map and unmap functions to what they were asked: after each the tables are
 * walked as a PE would, with the controls they were made for.
 */
final class MapCallCheck {
  private static final Access PROBE = Access.read(1);
  private static final long HCR_VM = 1;

  /** Leaves and holes of a range that are looked at. */
  private static final int MOST_STEPS = 1 << 10;

  private static final int MOST_STORES = 1 << 12;

  /** Failed calls that are remembered. */
  private static final int MOST_FAILED = 64;

  private final Machine machine;
  private final Observed observed;
  private final Consumer<Finding> found;
  private final Set<Long> stored = new HashSet<>();
  private final Deque<Asked> failed = new ArrayDeque<>();
  private @Nullable Asked open;
  private boolean byYou;

  MapCallCheck(Machine machine, Observed observed, Consumer<Finding> found) {
    this.machine = machine;
    this.observed = observed;
    this.found = found;
  }

  void happened(Event event) {
    Asked now = open;
    switch (event.what()) {
      case SimEvent.HostCallBegan _ -> {
        Asked asked = Asked.of(event);
        if (asked != null) {
          open = asked;
          stored.clear();
        }
      }
      case SimEvent.DescriptorStored e -> {
        if (now != null && stored.size() < MOST_STORES) {
          stored.add(e.pa());
        }
      }
      case SimEvent.HostCallEnded e -> {
        if (now != null && e.name().equals(now.call())) {
          open = null;
          ended(now, e, event);
        }
      }
      case SimEvent.Edited _ -> byYou = true;
      case SimEvent.ExceptionTaken _ -> byYou = false;
      case SimEvent.Translated e ->
          e.translation()
              .lastStage2()
              .ifPresent(walk -> {
                if (walk.outcome() instanceof Translation.Output output) {
                  reaches(event, walk.input(), output.address());
                }
              });
      default -> {
        // Of no concern to a range.
      }
    }
  }

  private void ended(Asked asked, SimEvent.HostCallEnded result, Event event) {
    failed.removeIf(asked::meets);
    if (asked.size() == 0) {
      return;
    }
    Stage2Parameters second = parameters(asked);
    if (result.ok() && asked.isMap()) {
      mapped(asked, second, event);
    } else if (result.ok()) {
      unmapped(asked, second, event);
    } else if (asked.isMap()) {
      notMapped(asked, second, result, event);
    }
  }

  private Stage2Parameters parameters(Asked asked) {
    return Stage2Parameters.decode(
        asked.vtcr(), asked.vttbr(), HCR_VM, machine.profile().features(), machine.tlb().policy());
  }

  private Translation walk(Stage2Parameters second, long ipa) {
    return Stage2Walk.walk(second, ipa, PROBE, observed.descriptors());
  }

  /** Where a leaf leads, also one that refuses reads; −1 if a walk finds none. */
  private static long output(Stage2Parameters second, Translation walk) {
    return switch (walk.outcome()) {
      case Translation.Output output -> output.address();
      case Translation.Fault fault -> {
        boolean leaf =
            (fault.kind() == FaultKind.PERMISSION || fault.kind() == FaultKind.ACCESS_FLAG)
                && !walk.lookups().isEmpty();
        if (!leaf) {
          yield -1;
        }
        int shift = second.granule().levelShift(fault.level());
        long base =
            second.format().leafAddress(walk.lookups().getLast().descriptor(), fault.level());
        yield base | walk.input() & (1L << shift) - 1;
      }
    };
  }

  /** log2 of what the descriptor covers at which a walk ended. */
  private static int shift(Stage2Parameters second, Translation walk) {
    int level =
        switch (walk.outcome()) {
          case Translation.Output output -> output.level();
          case Translation.Fault fault -> fault.level();
        };
    return second.granule().levelShift(Math.clamp(level, second.startLevel(), 3));
  }

  private Place place(Asked asked, Event event) {
    Place about =
        new Place.Input(
            Place.Owner.ofStage2((int) (asked.vttbr() >>> 48)), asked.ipa(), asked.size());
    return Report.at(event, about);
  }

  private void say(FindingKind kind, Asked asked, Event event, String evidence, String mend) {
    found.accept(new Finding(kind, place(asked, event), evidence, mend));
  }

  private static String words(Asked asked) {
    return asked.call()
        + " was asked to "
        + (asked.isMap()
            ? "map IPA " + Hex.address(asked.ipa()) + " to PA " + Hex.address(asked.pa())
            : "unmap IPA " + Hex.address(asked.ipa()))
        + ", "
        + Size.words(asked.size());
  }

  // After success

  private void mapped(Asked asked, Stage2Parameters second, Event event) {
    long at = 0;
    for (int steps = 0; steps < MOST_STEPS; steps++) {
      Translation walk = walk(second, asked.ipa() + at);
      long output = output(second, walk);
      if (output != asked.pa() + at || asked.wraps()) {
        say(
            FindingKind.MAP_NOT_AS_ASKED,
            asked,
            event,
            words(asked)
                + (asked.wraps() ? ", which passes 2^64," : "")
                + " and reported success. A walk for IPA "
                + Hex.address(asked.ipa() + at)
                + " ends "
                + end(walk, output)
                + ".",
            "Check range, alignment and sizes before the first store, and refuse what the tables"
                + " cannot hold: here PA "
                + Hex.address(asked.pa() + at)
                + " was meant.");
        break;
      }
      long leaf = 1L << shift(second, walk);
      at = (asked.ipa() + at & -leaf) + leaf - asked.ipa();
      if (Long.compareUnsigned(at, asked.size()) >= 0) {
        break;
      }
    }
    excess(asked, second, event);
  }

  private static String end(Translation walk, long output) {
    return output >= 0
        ? "at PA " + Hex.address(output)
        : "in a "
            + (walk.outcome() instanceof Translation.Fault f ? f.kind().at(f.level()) : "fault");
  }

  /** What the entries at both ends, if they are new, give beyond what was asked. */
  private void excess(Asked asked, Stage2Parameters second, Event event) {
    long last = asked.ipa() + asked.size() - 1;
    long before = 0;
    long behind = 0;
    Translation first = walk(second, asked.ipa());
    if (isNew(second, first)) {
      before = asked.ipa() & (1L << shift(second, first)) - 1;
    }
    Translation end = walk(second, last);
    if (isNew(second, end)) {
      behind = ~last & (1L << shift(second, end)) - 1;
    }
    if (before == 0 && behind == 0) {
      return;
    }
    long leaf = 1L << shift(second, behind != 0 ? end : first);
    long output = output(second, behind != 0 ? end : first) & -leaf;
    say(
        FindingKind.EXPORTED_MORE,
        asked,
        event,
        words(asked)
            + ". One entry maps "
            + Size.words(leaf)
            + ": PA "
            + Hex.address(output)
            + " to "
            + Hex.address(output + leaf - 1)
            + ", so the guest reaches "
            + Size.words(before + behind)
            + " that nobody meant.",
        "Give out memory in units of the granule, "
            + second.granule().text()
            + ", and refuse addresses and sizes that are no multiples of it.");
  }

  private boolean isNew(Stage2Parameters second, Translation walk) {
    return output(second, walk) >= 0
        && !walk.lookups().isEmpty()
        && stored.contains(walk.lookups().getLast().descriptorAddress());
  }

  private void unmapped(Asked asked, Stage2Parameters second, Event event) {
    long at = 0;
    for (int steps = 0; steps < MOST_STEPS; steps++) {
      Translation walk = walk(second, asked.ipa() + at);
      long output = output(second, walk);
      if (output >= 0) {
        say(
            FindingKind.MAP_NOT_AS_ASKED,
            asked,
            event,
            words(asked)
                + " and reported success. IPA "
                + Hex.address(asked.ipa() + at)
                + " still leads to PA "
                + Hex.address(output)
                + ", by an entry for "
                + Size.words(1L << shift(second, walk))
                + ".",
            "Split an entry that the range covers only in part, with break-before-make, or refuse"
                + " the range.");
        return;
      }
      long hole = 1L << shift(second, walk);
      at = (asked.ipa() + at & -hole) + hole - asked.ipa();
      if (Long.compareUnsigned(at, asked.size()) >= 0 || at == 0) {
        return;
      }
    }
  }

  // After failure

  private void notMapped(
      Asked asked, Stage2Parameters second, SimEvent.HostCallEnded result, Event event) {
    if (!byYou) {
      failed.add(asked);
      if (failed.size() > MOST_FAILED) {
        failed.remove();
      }
    }
    if (stored.isEmpty()) {
      return;
    }
    Translation first = walk(second, asked.ipa());
    boolean part = isNew(second, first) && output(second, first) == asked.pa();
    say(
        FindingKind.CALL_HALF_DONE,
        asked,
        event,
        words(asked)
            + " and failed: "
            + result.result()
            + ". It had stored "
            + stored.size()
            + (stored.size() == 1 ? " descriptor" : " descriptors")
            + (part
                ? ", so that IPA " + Hex.address(asked.ipa()) + " is mapped, and more may be."
                : "."),
        "Look the whole range over and allocate the tables before the first store, or take back"
            + " what was stored.");
  }

  /** A guest gets to a PA by an IPA. */
  void reaches(Event event, long ipa, long pa) {
    Iterator<Asked> left = failed.iterator();
    while (left.hasNext()) {
      Asked asked = left.next();
      boolean named = observed.second(event.pe()).vttbr() == asked.vttbr();
      if (!named || !asked.contains(ipa) || observed.el(event.pe()) == 2) {
        continue;
      }
      left.remove();
      if (pa != asked.pa() + (ipa - asked.ipa())) {
        say(
            FindingKind.MAP_FAILURE_IGNORED,
            asked,
            event,
            words(asked)
                + " in "
                + Report.when(asked.event())
                + " and failed. The guest ran all the same: its access to IPA "
                + Hex.address(ipa)
                + " reached PA "
                + Hex.address(pa)
                + " and not PA "
                + Hex.address(asked.pa() + (ipa - asked.ipa()))
                + ".",
            "Let the function return an error and stop at it, or choose an IPA that is free: a"
                + " test that reads the wrong frame can pass without testing.");
      }
    }
  }
}
