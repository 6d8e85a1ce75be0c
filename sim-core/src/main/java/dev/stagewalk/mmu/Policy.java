package dev.stagewalk.mmu;

import dev.stagewalk.event.TlbiScope;

/**
 * What a machine does where the architecture leaves the choice: CONSTRAINED UNPREDICTABLE behaviour
 * and UNKNOWN values. Which choice was taken is seen in what happened: in the rule of a fault, in a
 * {@link Problem}, in the entries a TLBI has removed, in the value of a register.
 *
 * @param unknown what an UNKNOWN register holds
 * @param conflict what happens where two TLB entries match that break-before-make keeps apart
 * @param outOfRange what a T0SZ or T1SZ out of range does
 * @param misalignedRoot what a table base does that is not aligned to the size of the table
 * @param wrongHint what a TLBI does whose operand names a level or a granule that the entry has not
 * @param memoryInDoubt what an exclusive, an atomic or DC ZVA does to memory where it need not work
 */
public record Policy(
    Unknown unknown,
    Conflict conflict,
    Stage2Parameters.OutOfRangeT0sz outOfRange,
    MisalignedRoot misalignedRoot,
    WrongHint wrongHint,
    MemoryInDoubt memoryInDoubt) {

  /**
   * What an UNKNOWN register holds in {@link Unknown#POISON}, as far as it has such bits: FAR_ELx,
   * HPFAR_EL2 and ESR_ELx where the exception does not write them or a return has made them
   * UNKNOWN.
   */
  public static final long POISON = 0x0bad_0bad_0bad_0badL;

  /** The commonest choices. */
  public static final Policy USUAL =
      new Policy(
          Unknown.KEPT,
          Conflict.OLDER_ANSWERS,
          Stage2Parameters.OutOfRangeT0sz.FAULT,
          MisalignedRoot.ALIGNED_DOWN,
          WrongHint.IGNORED,
          MemoryInDoubt.WORKS);

  /** The choices that no software gets away with. */
  public static final Policy WORST =
      new Policy(
          Unknown.POISON,
          Conflict.ABORT,
          Stage2Parameters.OutOfRangeT0sz.FAULT,
          MisalignedRoot.CORRUPTED,
          WrongHint.NOTHING,
          MemoryInDoubt.FAULTS);

  /** What an UNKNOWN register holds. */
  public enum Unknown {
    /** What it held before. */
    KEPT,
    /** {@link Policy#POISON}. */
    POISON
  }

  /** Two entries match. Source: Arm ARM, "TLB conflict aborts". */
  public enum Conflict {
    /** The older one answers, the stale one. */
    OLDER_ANSWERS,
    /** A TLB conflict abort. */
    ABORT
  }

  /** Source: Arm ARM, VTTBR_EL2 and TTBR0_EL1, field BADDR. */
  public enum MisalignedRoot {
    /** The low bits count as zero. */
    ALIGNED_DOWN,
    /** They corrupt the address of the descriptor. */
    CORRUPTED
  }

  /** Source: Arm ARM, TLBI VAE1 and its likes, field TTL; TLBI RVAE1 and its likes, field TG. */
  public enum WrongHint {
    /** The hint does not count: what the address covers goes. */
    IGNORED,
    /** Nothing goes that does not fit the hint. */
    NOTHING
  }

  /**
   * Exclusives and atomics are certain to work on Normal Write-Back memory only, DC ZVA on Normal
   * memory. Source: Arm ARM, "Load-Exclusive and Store-Exclusive"; DC ZVA.
   */
  public enum MemoryInDoubt {
    /** They work. */
    WORKS,
    /** Unsupported Exclusive or Atomic access; for DC ZVA an Alignment fault. */
    FAULTS
  }

  /** Whether a TLBI of a PE removes an entry, once it is complete. */
  public boolean removes(TlbiScope scope, int pe, TlbEntry entry) {
    return wrongHint == WrongHint.NOTHING
        ? Invalidation.mustRemove(scope, pe, entry)
        : Invalidation.covers(scope, pe, entry);
  }

  /** What a sentence says before it tells what a machine does: "…, one allowed choice: ". */
  static String chosen(Enum<?> choice) {
    return "; that is CONSTRAINED UNPREDICTABLE, and by the policy "
        + choice.name()
        + ", one allowed choice, ";
  }

  /** The usual choices, or before an adversarial TLB the worst. */
  static Policy of(Tlb.Mode mode) {
    return mode == Tlb.Mode.ADVERSARIAL ? WORST : USUAL;
  }

  /** The usual choices, but for a T0SZ out of range. */
  static Policy usual(Stage2Parameters.OutOfRangeT0sz outOfRange) {
    return new Policy(
        USUAL.unknown,
        USUAL.conflict,
        outOfRange,
        USUAL.misalignedRoot,
        USUAL.wrongHint,
        USUAL.memoryInDoubt);
  }
}
