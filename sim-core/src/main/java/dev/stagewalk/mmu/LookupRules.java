package dev.stagewalk.mmu;

import dev.stagewalk.event.Lookup.Verdict;

/** The rules that lookups name, where they follow from the verdict alone. */
public final class LookupRules {
  private LookupRules() {}

  /** Whether a lookup of this verdict goes on or ends in an output, and names no other rule. */
  public static boolean isPlain(Verdict verdict) {
    return switch (verdict) {
      case TABLE, BLOCK, PAGE -> true;
      case INVALID, REFUSED, EXTERNAL_ABORT, UNREACHED -> false;
    };
  }

  /** The rule of a lookup that {@linkplain #isPlain goes on}. */
  public static String of(Verdict verdict) {
    return Refusal.taken(verdict);
  }
}
