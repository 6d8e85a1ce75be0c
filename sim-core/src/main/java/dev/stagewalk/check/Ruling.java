package dev.stagewalk.check;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.mmu.ChangeReason;
import dev.stagewalk.mmu.ChangeReason.Need;
import dev.stagewalk.mmu.EntryChange;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the referee says of one thing that software did to live translation tables.
 *
 * @param verdict how it is classed
 * @param act what was done
 * @param pe PE that did it
 * @param place the descriptor; for a freed table, the one that names it or named it
 * @param old value that TLBs may hold and that it is judged against
 * @param value value stored; 0 where nothing was
 * @param change what the architecture asks for, to put the one in place of the other
 * @param missing the step that lacks; null unless it is a violation, or something is still to do
 * @param other place of the held value, where it is another one
 */
public record Ruling(
    Verdict verdict,
    Act act,
    int pe,
    EntryPlace place,
    long old,
    long value,
    EntryChange change,
    @Nullable MissingStep missing,
    @Nullable EntryPlace other) {

  /** How something is classed. */
  public enum Verdict {
    /** Nothing has to be invalidated. */
    SAFE("safe"),
    /** A valid value after a break that was completed. */
    MADE("break-before-make, completed"),
    /** The old value may be used until a TLBI has completed; nothing worse. */
    NEEDS_TLBI("needs a TLBI"),
    /** The first step of break-before-make, or an unmapping: the old value may still be used. */
    BREAK("a break: needs a TLBI before a new value, or before memory is freed"),
    /** The architecture asked for steps that were not taken. */
    VIOLATION("break-before-make violation");

    private final String words;

    Verdict(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }
  }

  /** What was done. */
  public enum Act {
    /** A descriptor was stored. */
    STORE,
    /** The memory of a table was given back. */
    FREE,
    /** Other tables came into use under a VMID. */
    VMID_REUSE
  }

  public boolean isViolation() {
    return verdict == Verdict.VIOLATION;
  }

  /** The ruling in one or two sentences. */
  public String words() {
    return switch (act) {
      case STORE -> stored();
      case FREE ->
          "Violation: the table at "
              + Hex.address(value)
              + " was freed while walks may still reach it through the "
              + place.words()
              + "; "
              + step()
              + ".";
      case VMID_REUSE ->
          "Violation: VMID "
              + place.vmid()
              + " now names the tables at "
              + Hex.address(value)
              + ", and TLBs may hold entries of those at "
              + Hex.address(old)
              + " under the same VMID; "
              + step()
              + ".";
    };
  }

  private String stored() {
    String from = Hex.plain(old) + " → " + Hex.plain(value);
    if (!isViolation()) {
      return place.words() + ", " + from + ": " + verdict.words() + ". " + reasons() + ".";
    }
    String instead = other == null ? "" : " Held is the " + other.words() + ".";
    return "Violation: "
        + place.words()
        + ", "
        + from
        + ", needs break-before-make ("
        + reasons()
        + "); "
        + step()
        + "."
        + instead
        + " A TLB conflict abort is possible, or a mix of both values.";
  }

  private String reasons() {
    return String.join("; ", change.reasons().stream().map(r -> r.words()).toList());
  }

  private String step() {
    MissingStep lacks = missing;
    return lacks == null ? "nothing is missing" : "missing: " + lacks.words();
  }

  /** What would have been right, or is still to be done, step by step; empty if nothing. */
  public List<String> mend() {
    if (verdict == Verdict.SAFE || verdict == Verdict.MADE) {
      return List.of();
    }
    EntryPlace held = other == null ? place : other;
    List<String> steps = new ArrayList<>();
    boolean root = act == Act.FREE && old == 0;
    if (change.reasons().contains(ChangeReason.CONTIGUOUS_RUN)) {
      steps.add("store 0 in every valid entry of the run (break)");
    } else if (missing == MissingStep.BREAK || (missing == MissingStep.STILL_NAMED && !root)) {
      steps.add("store [" + Hex.address(place.at()) + "] = 0 (break)");
    }
    Mend mend =
        act == Act.VMID_REUSE || root
            ? Mend.ofVmid(place.vmid())
            : Mend.of(held, isTable(held, old));
    steps.addAll(mend.steps());
    if (act == Act.STORE && change.need() == Need.BREAK_BEFORE_MAKE) {
      steps.add("store [" + Hex.address(place.at()) + "] = " + Hex.plain(value) + " (make)");
      steps.add("DSB ISHST");
    }
    if (act == Act.FREE) {
      steps.add("free the table at " + Hex.address(value));
    }
    return steps;
  }

  private static boolean isTable(EntryPlace place, long descriptor) {
    return place.level() < 3 && (descriptor & 3) == 3;
  }

  /** Titles of the Arm ARM sections it rests on. */
  public List<String> sources() {
    return change.sources();
  }
}
