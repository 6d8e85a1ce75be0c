package dev.stagewalk.check;

import dev.stagewalk.mmu.TlbEntry;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How a TLB entry agrees with the tables as they are now.
 *
 * @param entry the entry
 * @param basis what it was compared with
 * @param differences in which ways the tables say something else; empty if they agree
 * @param mend the maintenance that would remove it, whether or not it is needed
 */
public record Freshness(TlbEntry entry, Basis basis, List<Difference> differences, Mend mend) {

  /** What an entry is compared with. */
  public enum Basis {
    /** The tables that the registers of its PE name now, walked again. */
    TABLES,
    /**
     * The descriptor it was read from, because no register names its tables now: another VMID or
     * ASID is in use, or stage 1 is off. What stands above that descriptor is not looked at.
     */
    DESCRIPTOR
  }

  /** A way in which the tables now say something else. */
  public enum Kind {
    /** A descriptor on the way is invalid. */
    INVALID,
    /** A walk now ends in another fault. */
    REFUSED,
    OUTPUT_ADDRESS,
    SIZE,
    PERMISSION,
    MEMORY_TYPE,
    /** nG: for which ASIDs it holds. */
    GLOBAL,
    /** A walk cache names another table. */
    NEXT_TABLE,
    /** The descriptor has another value; more is not known without its controls. */
    DESCRIPTOR
  }

  /**
   * One difference.
   *
   * @param stage whose tables changed, 1 or 2
   * @param words "the table now says invalid (Translation fault, level 3)"
   */
  public record Difference(Kind kind, int stage, String words) {}

  public Freshness {
    differences = List.copyOf(differences);
  }

  public boolean isStale() {
    return !differences.isEmpty();
  }

  /** "stale: the table now says invalid (Translation fault, level 3)" or that it agrees. */
  public String words() {
    if (isStale()) {
      return differences.stream()
          .map(Difference::words)
          .collect(Collectors.joining("; ", "stale: ", ""));
    }
    return basis == Basis.TABLES
        ? "agrees with the tables"
        : "its descriptor is unchanged; no register names its tables now";
  }
}
