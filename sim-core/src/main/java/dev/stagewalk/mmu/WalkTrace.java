package dev.stagewalk.mmu;

import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.event.LookupTrace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The lookups of a walk, kept as the descriptors it has read, in that order. All else follows from
 * them: a descriptor that names a table says where the next lookup was made, and the index of each
 * is in the input address.
 */
final class WalkTrace extends LookupTrace {
  private final long[] descriptors;
  private final int count;
  private final Tables tables;
  private final long input;
  private final List<HeldStart> heldStarts;
  private final @Nullable Refusal refused;
  private final boolean unreached;
  private final long lastAddress;

  /**
   * The tables that a walk may go through.
   *
   * @param first of stage 1; null if stage 1 is off or not asked
   * @param second of stage 2; null if stage 2 is off or not asked
   */
  record Tables(@Nullable Stage1Range first, @Nullable Stage2Parameters second) {
    /** Lookups of a walk that ends in pages. */
    int lookups() {
      int ones = first == null ? 0 : first.levels();
      return second == null ? Math.max(1, ones) : ones + (ones + 1) * second.levels();
    }
  }

  /**
   * A way down that begins with what a TLB holds in place of the root.
   *
   * @param stage 1 or 2
   * @param position descriptors read before
   * @param level level of the first lookup
   * @param address where the held descriptor was read
   */
  record HeldStart(int stage, int position, int level, long address) {}

  /**
   * @param descriptors what was read, from the first element on; 0 for a read that failed
   * @param count how many there are
   * @param input the VA; without stage 1 the IPA
   * @param refused why the descriptor read last ends the walk; null if it does not
   * @param unreached whether stage 2 refused the address of the next descriptor of stage 1
   * @param lastAddress where the latest lookup was made; 0 if it was not reached
   */
  WalkTrace(
      long[] descriptors,
      int count,
      Tables tables,
      long input,
      List<HeldStart> heldStarts,
      @Nullable Refusal refused,
      boolean unreached,
      long lastAddress) {
    this.descriptors = descriptors;
    this.count = count;
    this.tables = tables;
    this.input = input;
    this.heldStarts = heldStarts;
    this.refused = refused;
    this.unreached = unreached;
    this.lastAddress = lastAddress;
  }

  @Override
  public int reads() {
    return count - heldStarts.size();
  }

  @Override
  public int steps() {
    return count;
  }

  @Override
  public long lastDescriptorAddress() {
    return lastAddress;
  }

  @Override
  public boolean isEmpty() {
    return count == 0 && !unreached;
  }

  @Override
  protected List<Lookup> make() {
    return new Reading().all();
  }

  /** Goes through the descriptors from the first to the last. */
  private final class Reading {
    private int position;

    /** What the latest way down has ended in: an output address, if in a leaf. */
    private long output = input;

    List<Lookup> all() {
      List<Lookup> lookups = new ArrayList<>();
      if (tables.first != null) {
        stage1(tables.first, lookups);
      }
      if (tables.second != null && position < count) {
        stage2(tables.second, output, lookups);
      }
      return List.copyOf(lookups);
    }

    private void stage1(Stage1Range range, List<Lookup> lookups) {
      Descent descent = range.descent();
      HeldStart held = heldStart(1);
      int level = held == null ? range.startLevel() : held.level;
      long table =
          held == null ? range.rootBase() : held.address - 8L * descent.index(input, level);
      for (; position < count || unreached; level++) {
        List<Lookup> nested = new ArrayList<>();
        long at = table + 8L * descent.index(input, level);
        if (tables.second != null && held == null) {
          stage2(tables.second, at, nested);
          at = output;
        }
        Lookup lookup =
            lookup(1, range.format(), descent, input, level, table, at, nested, held != null);
        lookups.add(lookup);
        if (lookup.verdict() != Verdict.TABLE) {
          return;
        }
        table = lookup.output();
        held = null;
      }
    }

    private void stage2(Stage2Parameters parameters, long ipa, List<Lookup> lookups) {
      Descent descent = parameters.descent();
      HeldStart held = heldStart(2);
      int level = held == null ? parameters.startLevel() : held.level;
      long table =
          held == null ? parameters.rootBase() : held.address - 8L * descent.index(ipa, level);
      for (; position < count; level++) {
        long at = table + 8L * descent.index(ipa, level);
        Lookup lookup =
            lookup(2, parameters.format(), descent, ipa, level, table, at, List.of(), held != null);
        lookups.add(lookup);
        if (lookup.verdict() != Verdict.TABLE) {
          return;
        }
        table = lookup.output();
        held = null;
      }
    }

    private @Nullable HeldStart heldStart(int stage) {
      for (HeldStart start : heldStarts) {
        if (start.stage == stage && start.position == position) {
          return start;
        }
      }
      return null;
    }

    /** The lookup of the next descriptor, which is that of an address at a level. */
    private Lookup lookup(
        int stage,
        Stage2Format format,
        Descent descent,
        long address,
        int level,
        long table,
        long at,
        List<Lookup> nested,
        boolean held) {
      boolean read = position < count;
      long descriptor = read ? descriptors[position++] : 0;
      Verdict verdict = read ? format.kind(descriptor, level) : Verdict.UNREACHED;
      String rule;
      long base = 0;
      if (!read) {
        rule = Refusal.STAGE2_REFUSES.rule();
      } else if (position == count && refused != null) {
        rule = refused.rule();
        verdict = refused.verdict(verdict);
      } else {
        rule = Refusal.taken(verdict);
        base = format.address(level, descriptor, verdict);
        output = base | (address & ((1L << descent.low(level)) - 1));
      }
      return new Lookup(
          stage,
          level,
          table,
          descent.index(address, level),
          descent.high(level),
          descent.low(level),
          read ? at : 0,
          descriptor,
          verdict,
          base,
          rule,
          nested,
          held);
    }
  }
}
