package dev.stagewalk.mmu;

import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.event.MemoryType;
import dev.stagewalk.event.Permissions;
import dev.stagewalk.mmu.ChangeReason.Need;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What it takes to replace one value of a descriptor by another. A pure comparison: whether a TLB
 * can hold the old value, and what was done before, is not looked at.
 *
 * <p>Source: Arm ARM, "Using break-before-make when updating translation table entries"; "Support
 * levels for changing table or block size"; "TLB maintenance".
 *
 * @param need what the change needs: the most that any reason asks for
 * @param reasons every way in which the values differ; never empty
 */
public record EntryChange(Need need, List<ChangeReason> reasons) {

  /** Whether two stretches of physical memory hold the same. */
  @FunctionalInterface
  public interface Contents {
    /** Nothing is known of memory, so it counts as different. */
    Contents UNKNOWN = (first, second, bytes) -> false;

    boolean same(long first, long second, long bytes);
  }

  public EntryChange {
    reasons = List.copyOf(reasons);
  }

  private EntryChange(Set<ChangeReason> reasons) {
    this(
        reasons.stream().map(ChangeReason::need).reduce(Need.NOTHING, EntryChange::more),
        List.copyOf(reasons));
  }

  private static Need more(Need a, Need b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  /** Compares two values, with nothing known of the memory they lead to. */
  public static EntryChange between(EntryFormat format, long old, long value) {
    return between(format, old, value, Contents.UNKNOWN);
  }

  /**
   * Compares two values.
   *
   * @param contents what the output addresses hold: two read-only mappings of the same content need
   *     no break
   */
  public static EntryChange between(EntryFormat format, long old, long value, Contents contents) {
    EnumSet<ChangeReason> found = EnumSet.noneOf(ChangeReason.class);
    if (old == value) {
      found.add(ChangeReason.EQUAL);
    } else if (!format.mayBeCached(old)) {
      found.add(ChangeReason.NEVER_CACHED);
    } else if (format.kind(value) == Verdict.INVALID) {
      found.add(ChangeReason.NOW_FAULTS);
    } else if (format.kind(old) != format.kind(value)) {
      found.add(
          format.kind(value) == Verdict.TABLE
              ? size(format, old, ChangeReason.SMALLER)
              : size(format, value, ChangeReason.LARGER));
    } else if (format.kind(old) == Verdict.TABLE) {
      tables(format, old, value, contents, found);
    } else {
      leaves(format, old, value, contents, found);
    }
    if (!found.isEmpty() && !format.mayBeCached(value) && format.mayBeCached(old)) {
      onlyAccessFlag(found);
    }
    if (found.isEmpty()) {
      found.add(ChangeReason.IGNORED_BITS);
    }
    return new EntryChange(found);
  }

  /** An entry whose Access flag is clear faults: it can never be held beside the old one. */
  private static void onlyAccessFlag(EnumSet<ChangeReason> found) {
    boolean alone = found.size() == 1 && found.contains(ChangeReason.ACCESS_FLAG);
    if (!alone && !found.contains(ChangeReason.EQUAL)) {
      found.clear();
      found.add(ChangeReason.NOW_FAULTS);
    }
  }

  private static ChangeReason size(EntryFormat format, long block, ChangeReason otherwise) {
    return switch (format.bbm()) {
      case LEVEL_0 -> otherwise;
      case LEVEL_1 -> format.blockTranslation(block) ? ChangeReason.SIZE_WITH_NT : otherwise;
      case LEVEL_2 -> ChangeReason.SIZE_IN_PLACE;
    };
  }

  /**
   * A block where smaller pages or blocks of a table were: what holds of the two descriptors that
   * both translate an address.
   *
   * @param format of the table the block stands in
   */
  public static EntryChange merge(EntryFormat format, long block) {
    return new EntryChange(EnumSet.of(size(format, block, ChangeReason.LARGER)));
  }

  private static void tables(
      EntryFormat format, long old, long value, Contents contents, Set<ChangeReason> found) {
    long before = format.output(old);
    long after = format.output(value);
    if (before != after) {
      found.add(
          contents.same(before, after, format.tableBytes())
              ? ChangeReason.SAME_TABLE_ELSEWHERE
              : ChangeReason.OTHER_TABLE);
    }
    if (format.tableLimits(old) != format.tableLimits(value)) {
      found.add(ChangeReason.TABLE_LIMITS);
    }
  }

  private static void leaves(
      EntryFormat format, long old, long value, Contents contents, Set<ChangeReason> found) {
    long before = format.output(old);
    long after = format.output(value);
    if (before != after) {
      boolean harmless =
          !format.grantsWrites(old)
              && !format.grantsWrites(value)
              && contents.same(before, after, 1L << format.shift());
      found.add(harmless ? ChangeReason.SAME_CONTENT_ELSEWHERE : ChangeReason.OUTPUT_ADDRESS);
    }
    memory(format, old, value, found);
    permissions(format.permissions(old), format.permissions(value), found);
    long changed = old ^ value;
    if ((changed & Stage2Format.ACCESS_FLAG) != 0) {
      found.add(ChangeReason.ACCESS_FLAG);
    }
    if ((changed & Stage2Format.DBM) != 0) {
      found.add(ChangeReason.DIRTY_BIT_MODIFIER);
    }
    if (format.contiguous(old) != format.contiguous(value)) {
      found.add(
          format.bbm() == BbmSupport.LEVEL_0
              ? ChangeReason.CONTIGUOUS
              : ChangeReason.CONTIGUOUS_IN_PLACE);
    }
    if (format.blockTranslation(old) != format.blockTranslation(value)) {
      found.add(ChangeReason.BLOCK_TRANSLATION);
    }
    if (format.isGlobal(old) != format.isGlobal(value)) {
      found.add(format.isGlobal(value) ? ChangeReason.NOW_GLOBAL : ChangeReason.NOW_NOT_GLOBAL);
    }
    if (format.otherAttributes(changed) != 0) {
      found.add(ChangeReason.OTHER_ATTRIBUTE);
    }
  }

  private static void memory(EntryFormat format, long old, long value, Set<ChangeReason> found) {
    MemoryType before = format.memoryType(old);
    MemoryType after = format.memoryType(value);
    boolean device = before.isDevice() || after.isDevice();
    if (before != after && device) {
      found.add(ChangeReason.MEMORY_TYPE);
    } else if (!device && format.cacheability(old) != format.cacheability(value)) {
      found.add(ChangeReason.CACHEABILITY);
    }
    if (format.shareability(old) != format.shareability(value)) {
      found.add(ChangeReason.SHAREABILITY);
    }
  }

  private static void permissions(Permissions before, Permissions after, Set<ChangeReason> found) {
    if ((before.bits() & 0x3f & ~after.bits()) != 0) {
      found.add(ChangeReason.LESS_PERMISSION);
    }
    if ((after.bits() & 0x3f & ~before.bits()) != 0) {
      found.add(ChangeReason.MORE_PERMISSION);
    }
  }

  /** "needs break-before-make: the output address changes, …; the memory type changes". */
  public String words() {
    return need.words()
        + ": "
        + reasons.stream().map(ChangeReason::words).collect(Collectors.joining("; "));
  }

  /** Titles of the Arm ARM sections behind {@link #need}. */
  public List<String> sources() {
    return reasons.stream()
        .filter(r -> r.need() == need)
        .map(ChangeReason::source)
        .distinct()
        .toList();
  }
}
