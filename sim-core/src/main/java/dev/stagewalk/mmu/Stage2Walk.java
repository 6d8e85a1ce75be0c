package dev.stagewalk.mmu;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Ipa;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.event.Translation;
import org.jspecify.annotations.Nullable;

/**
 * The stage-2 translation table walk: a pure function of parameters, IPA, access and descriptors.
 * It has no TLB and changes nothing; where the hardware would update the leaf (HA, HD), {@link
 * Translation#updates()} of the result says what to store.
 *
 * <p>Source: Arm ARM, "Translation process"; "MMU faults".
 */
public final class Stage2Walk {
  private static final long HCR_PTW = 1L << 2;

  /** How stage 1 reads its descriptors. */
  static final Access DESCRIPTOR_READ = Access.read(8);

  private Stage2Walk() {}

  /** Why stage 2 is asked. */
  enum Purpose {
    /** For the output of stage 1, or an IPA on its own. */
    ACCESS,
    /** As {@link #ACCESS} for AT, which sets no dirty state. */
    PROBE,
    /** For a descriptor of stage 1. */
    STAGE1_WALK
  }

  /** Translates an IPA. Stage 2 must be enabled: without it there is no walk. */
  public static Translation walk(
      Stage2Parameters parameters, Ipa ipa, Access access, DescriptorReader reader) {
    return walk(parameters, ipa.value(), access, reader);
  }

  /**
   * Translates an IPA. Stage 2 must be enabled: without it there is no walk.
   *
   * @param ipa in bytes
   */
  public static Translation walk(
      Stage2Parameters parameters, long ipa, Access access, DescriptorReader reader) {
    WalkState state = new WalkState(reader, new WalkTrace.Tables(null, parameters));
    Translation.Outcome outcome;
    if (run(parameters, ipa, access, Purpose.ACCESS, access, state)) {
      outcome = output(parameters, state.stage2);
    } else {
      outcome = state.outcomeOfFault();
    }
    return new Translation(
        2, parameters.vmid(), ipa, access, state.trace(ipa), outcome, null, state.updates());
  }

  private static Translation.Output output(Stage2Parameters parameters, WalkState.Leaf leaf) {
    long after = leaf.after;
    boolean xnx = parameters.features().xnx();
    return new Translation.Output(
        leaf.output,
        leaf.level,
        leaf.shift,
        after,
        Stage2Attributes.readable(after),
        Stage2Attributes.writable(after),
        Stage2Attributes.executable(after, true, xnx),
        Stage2Attributes.executable(after, false, xnx),
        Stage2Attributes.memoryType(Stage2Attributes.memAttr(after), parameters.fwb()));
  }

  /**
   * Translates an IPA as a part of a translation.
   *
   * @param access what stage 2 must allow
   * @param original what the program wants, to which the fault belongs
   * @return whether it ended well: in {@code state.stage2}, otherwise in {@code state.fault}
   */
  static boolean run(
      Stage2Parameters parameters,
      long ipa,
      Access access,
      Purpose purpose,
      Access original,
      WalkState state) {
    boolean onStage1Walk = purpose == Purpose.STAGE1_WALK;
    Problem problem = parameters.refusal();
    if (problem != null) {
      state.refuse(FaultKind.TRANSLATION, problem, 2, onStage1Walk, ipa, original);
      return false;
    }
    if (ipa >>> parameters.inputBits() != 0) {
      state.refuse(Refusal.INPUT_TOO_LARGE, 0, 2, onStage1Walk, ipa, original);
      return false;
    }
    Problem rootProblem = parameters.rootRefusal();
    if (rootProblem != null) {
      state.refuse(FaultKind.ADDRESS_SIZE, rootProblem, 2, onStage1Walk, ipa, original);
      return false;
    }

    Descent descent = parameters.descent();
    int level = parameters.startLevel();
    long table = parameters.rootBase();
    TlbEntry held = state.held(2, ipa, level, parameters.granule(), access);
    if (held != null) {
      level = Math.max(level, held.level());
      table = held.leafAddress() - 8L * descent.index(ipa, level);
    }
    for (; ; level++) {
      long at = table + 8L * descent.index(ipa, level);
      long descriptor;
      try {
        descriptor = state.read(at);
      } catch (ExternalAbort _) {
        state.last(at, 0);
        state.refuseDescriptor(Refusal.NO_MEMORY, level, 2, onStage1Walk, ipa, original);
        return false;
      }
      long next = descent.table(descriptor);
      if (!Descent.isTable(descriptor, level) || !descent.fits(next)) {
        state.last(at, descriptor);
        return last(parameters, ipa, level, at, descriptor, access, purpose, original, state);
      }
      state.table(descriptor);
      table = next;
    }
  }

  /** The descriptor that ends a walk: a leaf, or one that is refused. */
  private static boolean last(
      Stage2Parameters parameters,
      long ipa,
      int level,
      long at,
      long descriptor,
      Access access,
      Purpose purpose,
      Access original,
      WalkState state) {
    Stage2Format format = parameters.format();
    Verdict kind = format.kind(descriptor, level);
    long output = format.address(level, descriptor, kind);
    int low = parameters.granule().levelShift(level);
    Refusal refusal = refusal(parameters, access, purpose, descriptor, level, kind, output, ipa);
    if (refusal != null) {
      boolean onStage1Walk = purpose == Purpose.STAGE1_WALK;
      state.refuseDescriptor(refusal, level, 2, onStage1Walk, ipa, original);
      if (refusal.kind() == FaultKind.PERMISSION) {
        found(state.stage2, ipa, at, level, low, output, descriptor, descriptor);
      }
      return false;
    }
    long after = leafAfter(parameters, access, purpose, descriptor);
    found(state.stage2, ipa, at, level, low, output, descriptor, after);
    if (after != descriptor) {
      state.update(at, descriptor, after);
    }
    return true;
  }

  private static void found(
      WalkState.Leaf leaf,
      long ipa,
      long at,
      int level,
      int shift,
      long base,
      long descriptor,
      long after) {
    leaf.level = level;
    leaf.shift = shift;
    leaf.output = base | (ipa & ((1L << shift) - 1));
    leaf.address = at;
    leaf.descriptor = descriptor;
    leaf.after = after;
  }

  /**
   * The hardware updates a stage-1 descriptor, whose address was the latest that stage 2 has
   * translated: that needs permission to write.
   *
   * @param readToo whether a mere read would need the update as well
   * @return whether stage 2 allows it; if not, the fault is in {@code state.fault}
   */
  static boolean allowUpdate(
      Stage2Parameters parameters, long ipa, Access original, boolean readToo, WalkState state) {
    WalkState.Leaf leaf = state.stage2;
    Access write = Access.write(8);
    long after = leafAfter(parameters, write, Purpose.STAGE1_WALK, leaf.after);
    if (!Stage2Attributes.writable(after)) {
      boolean asWrite =
          original.kind() == Access.Kind.WRITE
              || (original.kind() == Access.Kind.ATOMIC && !readToo);
      state.refuse(Refusal.NO_WRITE, leaf.level, 2, true, ipa, asWrite);
      return false;
    }
    if (after != leaf.after) {
      state.update(leaf.address, leaf.after, after);
      leaf.after = after;
    }
    return true;
  }

  /**
   * Which rule refuses a descriptor; null if the walk goes on or ends well.
   *
   * @param base address in the descriptor: of the next table, block or page
   */
  private static @Nullable Refusal refusal(
      Stage2Parameters parameters,
      Access access,
      Purpose purpose,
      long descriptor,
      int level,
      Verdict kind,
      long base,
      long ipa) {
    return switch (kind) {
      case TABLE -> base >>> parameters.outputBits() != 0 ? Refusal.TABLE_TOO_HIGH : null;
      case BLOCK, PAGE -> {
        // A block may be larger than the output size: then the offset in it counts too.
        long offset = ipa & ((1L << parameters.granule().levelShift(level)) - 1);
        if ((base | offset) >>> parameters.outputBits() != 0) {
          yield Refusal.OUTPUT_TOO_HIGH;
        }
        // The Access flag comes before permissions ("The MMU fault-checking sequence").
        if ((descriptor & Stage2Format.ACCESS_FLAG) == 0 && !parameters.hardwareAccessFlag()) {
          yield Refusal.NOT_ACCESSED;
        }
        boolean walk = purpose == Purpose.STAGE1_WALK;
        if ((!access.aligned() || (walk && (parameters.hcr() & HCR_PTW) != 0))
            && Stage2Attributes.memoryType(Stage2Attributes.memAttr(descriptor), parameters.fwb())
                .isDevice()) {
          yield walk ? Refusal.WALK_FROM_DEVICE : Refusal.UNALIGNED_DEVICE;
        }
        yield Stage2Attributes.denial(
            access,
            leafAfter(parameters, access, Purpose.ACCESS, descriptor),
            parameters.features().xnx());
      }
      case INVALID, REFUSED, EXTERNAL_ABORT, UNREACHED -> {
        if ((descriptor & Stage2Format.VALID) == 0) {
          yield Refusal.INVALID;
        }
        yield level == 3 ? Refusal.RESERVED_AT_LEVEL_3 : Refusal.NO_BLOCK_AT_THIS_LEVEL;
      }
    };
  }

  /**
   * The leaf as the hardware leaves it in memory if the access is allowed: Access flag set with HA,
   * writable after a write to a descriptor with DBM with HD.
   *
   * <p>Source: Arm ARM, "Hardware management of the Access flag and dirty state".
   */
  private static long leafAfter(
      Stage2Parameters parameters, Access access, Purpose purpose, long leaf) {
    long after = leaf;
    if (parameters.hardwareAccessFlag()) {
      after |= Stage2Format.ACCESS_FLAG;
    }
    boolean writes = access.kind() == Access.Kind.WRITE || access.kind() == Access.Kind.ATOMIC;
    if (writes
        && purpose != Purpose.PROBE
        && parameters.hardwareDirtyState()
        && (leaf & Stage2Format.DBM) != 0) {
      after |= Stage2Format.S2AP_WRITE;
    }
    return after;
  }
}
