package dev.stagewalk.session.compare;

import dev.stagewalk.check.Freshness;
import dev.stagewalk.mmu.TlbEntry;
import dev.stagewalk.session.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Entries of the TLB that only one of the moments has.
 *
 * @param onlyFirst how they agree with the tables of the first moment
 * @param onlySecond how they agree with the tables of the second moment
 * @param both how many entries both have
 */
public record TlbDifference(List<Freshness> onlyFirst, List<Freshness> onlySecond, long both) {

  public TlbDifference {
    onlyFirst = List.copyOf(onlyFirst);
    onlySecond = List.copyOf(onlySecond);
  }

  static TlbDifference of(Snapshot first, Snapshot second) {
    Map<TlbEntry, Integer> counts = new HashMap<>();
    first.tlb().forEach(entry -> counts.merge(content(entry), 1, Integer::sum));
    List<Freshness> onlySecond = new ArrayList<>();
    for (Freshness entry : second.checks().tlb()) {
      if (!taken(counts, content(entry.entry()))) {
        onlySecond.add(entry);
      }
    }
    Map<TlbEntry, Integer> left = new HashMap<>();
    second.tlb().forEach(entry -> left.merge(content(entry), 1, Integer::sum));
    List<Freshness> onlyFirst = new ArrayList<>();
    for (Freshness entry : first.checks().tlb()) {
      if (!taken(left, content(entry.entry()))) {
        onlyFirst.add(entry);
      }
    }
    return new TlbDifference(onlyFirst, onlySecond, (long) first.tlb().size() - onlyFirst.size());
  }

  private static boolean taken(Map<TlbEntry, Integer> counts, TlbEntry content) {
    int count = counts.getOrDefault(content, 0);
    counts.put(content, count - 1);
    return count > 0;
  }

  /** An entry without when it came, and without what it rests on, which only some TLBs note. */
  private static TlbEntry content(TlbEntry e) {
    return new TlbEntry(
        0,
        e.kind(),
        e.pe(),
        e.regime(),
        e.vmid(),
        e.granule(),
        e.input(),
        e.shift(),
        e.output(),
        e.level(),
        e.leaf(),
        e.leafAddress(),
        e.readable(),
        e.writable(),
        e.executableAtEl1(),
        e.executableAtEl0(),
        e.memoryType(),
        e.dirtyOnWrite(),
        e.contiguous(),
        e.stage1(),
        List.of());
  }

  public boolean isEqual() {
    return onlyFirst.isEmpty() && onlySecond.isEmpty();
  }
}
