package dev.stagewalk.mmu;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Granule;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.LookupTrace;
import dev.stagewalk.event.StageOutput;
import dev.stagewalk.event.Translation.DescriptorUpdate;
import dev.stagewalk.event.Translation.Fault;
import java.util.ArrayList;
import java.util.Arrays;
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
  private final WalkTrace.Tables tables;
  private long[] descriptors;
  private int count;
  private @Nullable List<WalkTrace.HeldStart> heldStarts;
  private @Nullable Refusal refused;
  private boolean unreached;
  private long lastAddress;
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

  WalkState(DescriptorReader reader, WalkTrace.Tables tables) {
    this.reader = reader;
    this.tables = tables;
    this.descriptors = new long[tables.lookups()];
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
      if (heldStarts == null) {
        heldStarts = new ArrayList<>(2);
      }
      int first = Math.max(level, entry.level());
      heldStarts.add(new WalkTrace.HeldStart(stage, count, first, entry.leafAddress()));
    }
    return entry;
  }

  /** A descriptor was read and names a table: the walk goes on. */
  void table(long descriptor) {
    if (count == descriptors.length) {
      descriptors = Arrays.copyOf(descriptors, count * 2);
    }
    descriptors[count++] = descriptor;
  }

  /** A descriptor was read, of a leaf or of what will be refused. */
  void last(long address, long descriptor) {
    table(descriptor);
    lastAddress = address;
  }

  /** The lookups so far, with the last of which the translation has ended. */
  LookupTrace trace(long input) {
    List<WalkTrace.HeldStart> held = heldStarts == null ? List.of() : heldStarts;
    return new WalkTrace(descriptors, count, tables, input, held, refused, unreached, lastAddress);
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
   * The descriptor read last ends the translation.
   *
   * @param ipa what stage 2 refused; 0 for stage 1
   */
  void refuseDescriptor(
      Refusal refusal, int level, int stage, boolean onStage1Walk, long ipa, Access access) {
    refused = refusal;
    refuse(refusal, level, stage, onStage1Walk, ipa, access);
  }

  /** Stage 2 has ended the translation before a descriptor of stage 1 was read. */
  void unreached() {
    unreached = true;
    lastAddress = 0;
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
}
