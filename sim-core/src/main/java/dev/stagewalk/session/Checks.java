package dev.stagewalk.session;

import dev.stagewalk.check.Freshness;
import dev.stagewalk.check.Observed;
import dev.stagewalk.check.Preview;
import dev.stagewalk.check.Staleness;
import dev.stagewalk.mem.MemoryImage;
import dev.stagewalk.mmu.Policy;
import dev.stagewalk.mmu.TlbEntry;
import dev.stagewalk.time.Rerun;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What checks say at the moment of a snapshot. Nothing is computed before somebody asks; then the
 * answer is kept. Any thread may ask.
 */
public final class Checks {
  private final Supplier<Judgement> referee;
  private final Observed machine;
  private final int pe;
  private final List<TlbEntry> entries;
  private @Nullable Judgement judgement;
  private @Nullable List<Freshness> freshness;

  private Checks(Supplier<Judgement> referee, Observed machine, int pe, List<TlbEntry> entries) {
    this.referee = referee;
    this.machine = machine;
    this.pe = pe;
    this.entries = List.copyOf(entries);
  }

  static Checks of(
      Rerun rerun,
      List<PeState> pes,
      int pe,
      MemoryImage memory,
      List<TlbEntry> entries,
      Policy policy) {
    return new Checks(
        () -> Judgement.of(rerun), new ObservedSnapshot(pes, memory, policy), pe, entries);
  }

  /** Of a moment that no run is behind, with the usual choices: the referee has seen nothing. */
  public static Checks standing(
      List<PeState> pes, int pe, MemoryImage memory, List<TlbEntry> entries) {
    return new Checks(
        () -> new Judgement(List.of(), List.of()),
        new ObservedSnapshot(pes, memory, Policy.USUAL),
        pe,
        entries);
  }

  /**
   * The break-before-make referee's view of everything up to this moment. The first call executes
   * the run again, so it takes as long as that.
   */
  public synchronized Judgement judgement() {
    Judgement known = judgement;
    if (known == null) {
      known = referee.get();
      judgement = known;
    }
    return known;
  }

  /** How each entry of the snapshot's TLB agrees with the tables as they are, in its order. */
  public synchronized List<Freshness> tlb() {
    List<Freshness> known = freshness;
    if (known == null) {
      known = Staleness.of(machine, entries);
      freshness = known;
    }
    return known;
  }

  /** Entries that disagree with the tables. */
  public long stale() {
    return tlb().stream().filter(Freshness::isStale).count();
  }

  /**
   * What a TLBI would remove if the PE that executes next did it now, at EL2.
   *
   * @param operand the register, as far as the instruction has one
   */
  public Preview preview(Preview.Instruction instruction, long operand) {
    return Preview.of(machine, pe, instruction, operand, entries);
  }
}
