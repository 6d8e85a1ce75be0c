package dev.stagewalk.session.compare;

import dev.stagewalk.event.Moment;
import dev.stagewalk.session.Snapshot;
import java.util.List;
import java.util.Optional;

/**
 * Two moments side by side, of one run or of two: which registers, translation tables, mappings,
 * memory, TLB entries and events differ. Devices, interrupts and time are not compared.
 *
 * @param first the one moment
 * @param second the other moment
 * @param recorded whether one of them is of a recording of a real machine: then nothing is known
 *     but events and the registers that they state, so that tables, memory and TLB are not compared
 * @param parting where the branches of the two moments part; empty if they are in one, or of two
 *     runs
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
    Optional<Parting> parting,
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
    return of(first, second, Optional.empty(), 0);
  }

  /** Compares two moments of one run, of one branch or of two. */
  public static Comparison ofOneRun(Snapshot first, Snapshot second) {
    Optional<Parting> parting = Parting.of(first, second);
    return of(
        first,
        second,
        parting,
        parting.map(at -> first.events().countAt(at.moment())).orElse(Long.MAX_VALUE));
  }

  /**
   * @param common events from the start that both runs are known to have in common: they are not
   *     compared, which matters where there are many
   */
  private static Comparison of(
      Snapshot first, Snapshot second, Optional<Parting> parting, long common) {
    TablePages pages = new TablePages();
    boolean recorded = first.recording().isPresent() || second.recording().isPresent();
    List<TreeDifference> trees = recorded ? List.of() : TreePairs.compare(first, second, pages);
    return new Comparison(
        first.moment(),
        second.moment(),
        recorded,
        parting,
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
