package dev.stagewalk.session;

import dev.stagewalk.check.Findings;
import dev.stagewalk.check.Freshness;
import dev.stagewalk.check.Observed;
import dev.stagewalk.check.Preview;
import dev.stagewalk.check.RunChecks;
import dev.stagewalk.check.Staleness;
import dev.stagewalk.check.Surroundings;
import dev.stagewalk.check.TableCheck;
import dev.stagewalk.check.TableTree;
import dev.stagewalk.mem.MemoryImage;
import dev.stagewalk.mmu.Policy;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.TlbEntry;
import dev.stagewalk.time.Rerun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What checks say at the moment of a snapshot. Nothing is computed before somebody asks; then the
 * answer is kept. Any thread may ask.
 */
public final class Checks {
  private final Supplier<Judgement> referee;

  /** Makes what {@link #ofRun} says; also its lock. */
  private final Supplier<Findings> watcher;

  private final Observed machine;
  private final int pe;
  private final List<TlbEntry> entries;
  private @Nullable Judgement judgement;
  private @Nullable List<Freshness> freshness;
  private volatile @Nullable Findings ofRun;

  private Checks(
      Supplier<Judgement> referee,
      Supplier<Findings> watcher,
      Observed machine,
      int pe,
      List<TlbEntry> entries) {
    this.referee = referee;
    this.watcher = watcher;
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
        () -> Judgement.of(rerun),
        () -> findings(rerun),
        new ObservedSnapshot(pes, memory, policy),
        pe,
        entries);
  }

  /**
   * Of a moment that no run is behind, with the usual choices: the referee has seen nothing, and
   * only the tables are judged.
   */
  public static Checks standing(
      List<PeState> pes, int pe, MemoryImage memory, List<TlbEntry> entries) {
    Observed observed = new ObservedSnapshot(pes, memory, Policy.USUAL);
    return new Checks(
        () -> new Judgement(List.of(), List.of()),
        () -> tables(observed, pes.size()),
        observed,
        pe,
        entries);
  }

  /** Of a dump of memory: the tables of stage 2 are judged that a PE's registers name. */
  static Checks ofDump(List<PeState> pes, int pe, MemoryImage memory) {
    Observed observed = new ObservedSnapshot(pes, memory, Policy.USUAL);
    return new Checks(
        () -> new Judgement(List.of(), List.of()),
        () -> ofDump(observed, pe),
        observed,
        pe,
        List.of());
  }

  private static Findings ofDump(Observed observed, int pe) {
    Findings found = new Findings();
    Stage2Parameters second = observed.second(pe);
    if (second.enabled()) {
      TableTree tree = TableTree.of(second, observed.bbm(), observed.descriptors());
      TableCheck.of(List.of(tree), Surroundings.OF_DUMP, found);
    }
    return found;
  }

  private static Findings tables(Observed observed, int pes) {
    Findings found = new Findings();
    TableCheck.of(TableTree.named(observed, pes, -1), Surroundings.OF_MACHINE, found);
    return found;
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

  /** Executes a run again with all its checks watching. */
  private static Findings findings(Rerun rerun) {
    Findings found = new Findings();
    List<RunChecks> checks = new ArrayList<>(1);
    rerun.watch(machine -> {
      RunChecks watching = new RunChecks(machine, found);
      checks.add(watching);
      return watching::happened;
    });
    checks.getFirst().ended();
    return found;
  }

  /**
   * What went wrong in the run up to this moment. The first call executes it again, so it takes as
   * long as that.
   */
  public Findings ofRun() {
    // Whoever asks for something short does not wait for this.
    synchronized (watcher) {
      Findings known = ofRun;
      if (known == null) {
        known = watcher.get();
        ofRun = known;
      }
      return known;
    }
  }

  /** What {@link #ofRun} says, if it has been asked before; never waits. */
  public Optional<Findings> knownOfRun() {
    return Optional.ofNullable(ofRun);
  }

  /** The moment as a check sees it: registers of every PE, and memory. */
  public Observed observed() {
    return machine;
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
