package dev.stagewalk.views;

import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.Lookup.Verdict;
import java.util.List;

/**
 * A walk of one stage: its input address and a column a level.
 *
 * @param stage 1 or 2
 * @param title what is translated: "Stage 1", "Stage 2 of the L1 table"; empty if there is no other
 * @param input VA or IPA
 * @param fields the input address, high bits first
 * @param columns one a level, from the start level on
 */
record WalkBand(
    int stage, String title, long input, List<AddressField> fields, List<WalkColumn> columns) {

  WalkBand {
    fields = List.copyOf(fields);
    columns = List.copyOf(columns);
  }

  /**
   * A piece of the input address.
   *
   * @param role what it is for
   * @param level level of lookup whose index it is; only for {@link Role#INDEX}
   * @param known whether the walk has used it, or is about to
   */
  record AddressField(Role role, int level, int high, int low, String value, boolean known) {
    /** What a piece of an input address is for. */
    enum Role {
      /** Bits above the input size, which no table can translate. */
      BEYOND,
      /** Bits of a VA that choose between TTBR0 and TTBR1. */
      RANGE,
      INDEX,
      /** Bits that no table is read for: the TLB held where they lead. */
      HELD,
      OFFSET
    }

    /** "L0", "offset", "too high". */
    String name() {
      return switch (role) {
        case BEYOND -> "too high";
        case RANGE -> "TTBR";
        case INDEX -> Levels.name(level);
        case HELD -> "TLB";
        case OFFSET -> "offset";
      };
    }

    /** "[47:39]". */
    String bits() {
      return high == low ? "[" + high + "]" : "[" + high + ":" + low + "]";
    }
  }

  /** Whether it began below the root, with a descriptor that the TLB held of an earlier walk. */
  boolean beginsHeld() {
    return !columns.isEmpty() && columns.getFirst().isHeld();
  }

  /** "VA", "IPA". */
  String inputName() {
    return stage == 1 ? "VA" : "IPA";
  }

  /** Level of the last column that was read; that of the first column if none was. */
  int lastLevel() {
    int level = columns.isEmpty() ? 0 : columns.getFirst().level();
    for (WalkColumn column : columns) {
      if (column.lookup() != null) {
        level = column.level();
      }
    }
    return level;
  }

  /** Whether the walk was refused at this entry. */
  static boolean isFailing(WalkColumn column) {
    Lookup lookup = column.lookup();
    return lookup != null
        && (lookup.verdict() == Verdict.INVALID
            || lookup.verdict() == Verdict.REFUSED
            || lookup.verdict() == Verdict.UNREACHED
            || lookup.verdict() == Verdict.EXTERNAL_ABORT);
  }
}
