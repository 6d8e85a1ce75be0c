package dev.stagewalk.mmu;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Granule;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.event.LookupTrace;
import dev.stagewalk.event.StageOutput;
import dev.stagewalk.event.Translation.DescriptorUpdate;
import dev.stagewalk.event.Translation.Fault;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A translation while it is being made: where descriptors come from, the lookups so far, the
 * updates the hardware would have stored by now, and the fault if there is one.
 *
 * <p>A later lookup of the same translation sees those updates, as it would in memory.
 */
final class WalkState {
  private final DescriptorReader reader;
  final LookupTrace.Builder trace;
  private @Nullable List<DescriptorUpdate> updates;

  /** The fault; null while there is none. */
  @Nullable Fault fault;

  /** What the latest walk of stage 2 ended in, if it ended well or lacked only permission. */
  final Leaf stage2 = new Leaf();

  /** What stage 1 said where it lacked only permission. */
  @Nullable StageOutput denied;

  /** A leaf that a walk has found. */
  static final class Leaf {
    int level;
    int shift = 64;

    /** Output address of the input, with its offset. */
    long output;

    /** Physical address of the descriptor. */
    long address;

    long descriptor;

    /** The descriptor with the Access flag and dirty state the hardware sets. */
    long after;
  }

  /**
   * @param outputs how descriptors hold addresses, for who reads the lookups
   */
  WalkState(DescriptorReader reader, int expectedLookups, LookupTrace.Outputs outputs) {
    this.reader = reader;
    this.trace = new LookupTrace.Builder(expectedLookups, outputs, Refusal.RULES);
  }

  /**
   * Reads a descriptor.
   *
   * @throws ExternalAbort if no memory answers
   */
  long read(long pa) {
    long descriptor = reader.read(pa);
    if (updates != null) {
      for (DescriptorUpdate update : updates) {
        if (update.pa() == pa) {
          descriptor = update.value();
        }
      }
    }
    return descriptor;
  }

  /** What to begin a walk with in place of the root; null for the root. */
  @Nullable TlbEntry held(int stage, long input, int level, Granule granule, Access access) {
    TlbEntry entry = reader.held(stage, input, level, granule, access);
    if (entry != null) {
      trace.nextIsHeld();
    }
    return entry;
  }

  /** The hardware stores a descriptor. */
  void update(long pa, long old, long value) {
    if (updates == null) {
      updates = new ArrayList<>(2);
    }
    updates.add(new DescriptorUpdate(pa, old, value));
  }

  List<DescriptorUpdate> updates() {
    return updates == null ? List.of() : updates;
  }

  /**
   * Ends the translation.
   *
   * @param ipa what stage 2 refused; 0 for stage 1
   */
  void refuse(
      Refusal refusal, int level, int stage, boolean onStage1Walk, long ipa, Access access) {
    fault = refusal.fault(level, stage, onStage1Walk, ipa, access);
  }

  /** Ends the translation; {@code asWrite} becomes WnR. */
  void refuse(
      Refusal refusal, int level, int stage, boolean onStage1Walk, long ipa, boolean asWrite) {
    fault = refusal.fault(level, stage, onStage1Walk, ipa, asWrite);
  }

  /** Ends the translation because of the controls. */
  void refuse(
      FaultKind kind, Problem problem, int stage, boolean onStage1Walk, long ipa, Access access) {
    boolean asWrite = access.kind() == Access.Kind.WRITE;
    fault = new Fault(kind, 0, stage, onStage1Walk, ipa, problem.text(), asWrite);
  }

  /** The fault, once there is one. */
  Fault outcomeOfFault() {
    Fault ended = fault;
    if (ended == null) {
      throw new IllegalStateException("the walk has not ended in a fault");
    }
    return ended;
  }

  /** The number of the rule by which a descriptor is taken. */
  static int rule(Verdict kind) {
    return switch (kind) {
      case TABLE -> Refusal.TABLE;
      case BLOCK -> Refusal.BLOCK;
      case PAGE -> Refusal.PAGE;
      case INVALID, REFUSED, EXTERNAL_ABORT, UNREACHED -> Refusal.INVALID.number();
    };
  }
}
