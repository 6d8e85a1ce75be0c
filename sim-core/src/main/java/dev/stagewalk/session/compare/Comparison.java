package dev.stagewalk.session.compare;

import dev.stagewalk.event.Moment;
import dev.stagewalk.session.Snapshot;
import java.util.List;

/**
 * Two moments side by side, of one run or of two: which registers, translation tables, mappings,
 * memory, TLB entries and events differ. Devices, interrupts and time are not compared.
 *
 * @param first the one moment
 * @param second the other moment
 * @param recorded whether one of them is of a recording of a real machine: then nothing is known
 *     but events and the registers that they state, so that tables, memory and TLB are not compared
 * @param registers that differ, PE by PE
 * @param trees all translation tables in force at one of the moments
 * @param memory physical memory
 * @param tlb what the TLB holds
 * @param events what happened
 */
public record Comparison(
    Moment first,
    Moment second,
    boolean recorded,
    List<RegisterDifference> registers,
    List<TreeDifference> trees,
    MemoryDifference memory,
    TlbDifference tlb,
    EventDifference events) {

  public Comparison {
    registers = List.copyOf(registers);
    trees = List.copyOf(trees);
  }

  /** Compares two moments of two runs. */
  public static Comparison of(Snapshot first, Snapshot second) {
    return of(first, second, 0);
  }

  /** Compares two moments of one run, without an edit between them. */
  public static Comparison ofOneRun(Snapshot first, Snapshot second) {
    return of(first, second, Long.MAX_VALUE);
  }

  /**
   * Compares two moments.
   *
   * @param common events from the start that both runs are known to have in common: they are not
   *     compared, which matters where there are many
   */
  public static Comparison of(Snapshot first, Snapshot second, long common) {
    TablePages pages = new TablePages();
    boolean recorded = first.recording().isPresent() || second.recording().isPresent();
    List<TreeDifference> trees = recorded ? List.of() : TreePairs.compare(first, second, pages);
    return new Comparison(
        first.moment(),
        second.moment(),
        recorded,
        RegisterComparison.of(first, second),
        trees,
        recorded ? MemoryDifference.NONE : MemoryComparison.of(first, second, pages),
        TlbDifference.of(first, second),
        EventComparison.of(first, second, common));
  }

  /** Whether nothing of what is compared differs. */
  public boolean isEqual() {
    return sameState() && events.isEqual();
  }

  /** Whether registers, tables, memory and TLB are the same, whatever has happened. */
  public boolean sameState() {
    return registers.isEmpty()
        && trees.stream().allMatch(TreeDifference::isEqual)
        && memory.isEqual()
        && tlb.isEqual();
  }
}
