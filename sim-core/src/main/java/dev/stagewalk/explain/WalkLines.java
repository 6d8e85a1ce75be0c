package dev.stagewalk.explain;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.event.Translation;
import java.util.ArrayList;
import java.util.List;

/** The lookups of a walk, one line each. */
final class WalkLines {
  private WalkLines() {}

  static List<String> of(Translation walk) {
    List<String> lines = new ArrayList<>();
    String refusal =
        walk.outcome() instanceof Translation.Fault fault ? fault.kind().words() : "refused";
    for (Lookup lookup : walk.lookups()) {
      add(lines, lookup, refusal, "");
    }
    return lines;
  }

  private static void add(List<String> lines, Lookup lookup, String refusal, String indent) {
    for (Lookup nested : lookup.nested()) {
      add(lines, nested, refusal, indent + "  ");
    }
    lines.add(indent + line(lookup, refusal));
  }

  private static String line(Lookup lookup, String refusal) {
    return "Stage "
        + lookup.stage()
        + " level "
        + lookup.level()
        + ": table "
        + Hex.address(lookup.table())
        + ", entry "
        + lookup.index()
        + " ("
        + (lookup.stage() == 1 ? "VA" : "IPA")
        + " bits "
        + Wording.indexBits(lookup)
        + ")"
        + (lookup.verdict() == Verdict.UNREACHED
            ? ""
            : " at " + Hex.address(lookup.descriptorAddress()))
        + (lookup.held() ? ", held by the TLB," : "")
        + (lookup.verdict() == Verdict.EXTERNAL_ABORT || lookup.verdict() == Verdict.UNREACHED
            ? ""
            : " = " + Wording.descriptor(lookup.descriptor()))
        + ": "
        + verdict(lookup, refusal);
  }

  private static String verdict(Lookup lookup, String refusal) {
    return switch (lookup.verdict()) {
      case TABLE -> "table at " + Hex.address(lookup.output());
      case BLOCK -> "block at " + Hex.address(lookup.output());
      case PAGE -> "page at " + Hex.address(lookup.output());
      case INVALID -> "invalid";
      case REFUSED -> refusal;
      case EXTERNAL_ABORT -> "no memory answers there";
      case UNREACHED -> "not read, because stage 2 refuses its address";
    };
  }

  /**
   * "Entry 3 of the level 3 table at 0x4800_4000 holds 0x0."
   *
   * @param both whether both stages took part, so that the stage must be named
   */
  static String found(Lookup lookup, boolean both) {
    String entry =
        "Entry "
            + lookup.index()
            + " of the "
            + (both ? "stage-" + lookup.stage() + " " : "")
            + "level "
            + lookup.level()
            + " table at "
            + Hex.address(lookup.table());
    return lookup.verdict() == Verdict.EXTERNAL_ABORT
        ? entry
            + " cannot be read: no memory answers at "
            + Hex.address(lookup.descriptorAddress())
            + "."
        : entry
            + (lookup.held() ? " was not read: the TLB held it as " : " holds ")
            + Wording.descriptor(lookup.descriptor())
            + ".";
  }
}
