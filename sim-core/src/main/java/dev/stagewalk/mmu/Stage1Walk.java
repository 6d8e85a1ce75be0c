package dev.stagewalk.mmu;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.event.MemoryAttributes;
import dev.stagewalk.event.Permissions;
import dev.stagewalk.event.StageOutput;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The stage-1 translation table walk: a pure function of parameters, VA, access and descriptors,
 * each descriptor's address translated by stage 2 where that is on.
 *
 * <p>Source: Arm ARM, "Translation process"; "The MMU fault-checking sequence"; "Hardware
 * management of the Access flag and dirty state".
 */
final class Stage1Walk {
  private Stage1Walk() {}

  /**
   * Translates a VA by stage 1.
   *
   * @param second stage 2; null where it is off or the regime has none
   * @param probe for AT, which sets no dirty state
   * @return what stage 1 says; null if the translation has ended in {@code state.fault}
   */
  static @Nullable StageOutput run(
      Stage1Parameters parameters,
      @Nullable Stage2Parameters second,
      long va,
      Access access,
      boolean probe,
      WalkState state) {
    if (!parameters.enabled()) {
      return flat(parameters, va, access, state);
    }
    Stage1Range range = parameters.rangeOf(va);
    if (!enter(range, va, access, state)) {
      return null;
    }
    Descent descent = range.descent();
    int level = range.startLevel();
    long table = range.rootBase();
    long hierarchical = 0;
    TlbEntry held = state.held(1, parameters.untagged(va), level, range.granule(), access);
    if (held != null) {
      level = Math.max(level, held.level());
      table = held.leafAddress() - 8L * descent.index(va, level);
      hierarchical = Objects.requireNonNull(held.stage1()).hierarchical();
    }
    for (; ; level++) {
      long ipa = table + 8L * descent.index(va, level);
      long at = ipa;
      if (held != null) {
        held = null;
      } else if (second != null) {
        if (!Stage2Walk.run(
            second,
            ipa,
            Stage2Walk.DESCRIPTOR_READ,
            Stage2Walk.Purpose.STAGE1_WALK,
            access,
            state)) {
          state.unreached();
          return null;
        }
        at = state.stage2.output;
      }
      long descriptor;
      try {
        descriptor = state.read(at);
      } catch (ExternalAbort _) {
        state.last(at, 0);
        state.refuseDescriptor(Refusal.NO_MEMORY, level, 1, false, 0, access);
        return null;
      }
      long next = descent.table(descriptor);
      if (!Descent.isTable(descriptor, level) || !descent.fits(next)) {
        state.last(at, descriptor);
        return last(
            parameters,
            range,
            second,
            va,
            level,
            ipa,
            at,
            descriptor,
            hierarchical,
            access,
            probe,
            state);
      }
      state.table(descriptor);
      if (!range.hierarchicalDisabled()) {
        hierarchical |= descriptor & Stage1Format.HIERARCHICAL;
      }
      table = next;
    }
  }

  /**
   * The descriptor that ends a walk: a leaf, or one that is refused.
   *
   * @param ipa where the descriptor is, before stage 2
   * @param at where it is in physical memory
   * @param hierarchical what the tables above limit
   */
  private static @Nullable StageOutput last(
      Stage1Parameters parameters,
      Stage1Range range,
      @Nullable Stage2Parameters second,
      long va,
      int level,
      long ipa,
      long at,
      long descriptor,
      long hierarchical,
      Access access,
      boolean probe,
      WalkState state) {
    Verdict kind = range.format().kind(descriptor, level);
    long output = range.format().address(level, descriptor, kind);
    int low = range.granule().levelShift(level);
    Refusal refusal = refusal(parameters, range, descriptor, level, kind, output, va);
    if (refusal != null) {
      state.refuseDescriptor(refusal, level, 1, false, 0, access);
      return null;
    }
    Permissions permissions = Stage1Permissions.of(parameters, descriptor, hierarchical);
    MemoryAttributes attributes =
        parameters.attributes(range, descriptor, access.kind() == Access.Kind.FETCH);
    // Alignment to a Device type comes before permissions, and both before stage 2.
    refusal =
        !access.aligned() && attributes.isDevice()
            ? Refusal.UNALIGNED_DEVICE
            : Stage1Permissions.denial(access, permissions, parameters.writableExecuteNever());
    if (refusal != null) {
      state.refuseDescriptor(refusal, level, 1, false, 0, access);
      if (refusal.kind() == FaultKind.PERMISSION) {
        Permissions now = Stage1Permissions.now(permissions, descriptor);
        state.denied = leaf(va, level, low, output, descriptor, now, attributes);
      }
      return null;
    }
    long after = stored(parameters, access, descriptor);
    if (probe) {
      after |= descriptor & Stage1Format.READ_ONLY;
    }
    if (after != descriptor) {
      boolean readToo = (descriptor & Stage1Format.ACCESS_FLAG) == 0;
      if (second != null && !Stage2Walk.allowUpdate(second, ipa, access, readToo, state)) {
        return null;
      }
      state.update(at, descriptor, after);
    }
    Permissions now = Stage1Permissions.now(permissions, after);
    return leaf(va, level, low, output, after, now, attributes);
  }

  private static StageOutput leaf(
      long va,
      int level,
      int shift,
      long base,
      long descriptor,
      Permissions permissions,
      MemoryAttributes attributes) {
    long address = base | (va & ((1L << shift) - 1));
    return new StageOutput(address, level, shift, descriptor, permissions, attributes);
  }

  /** Stage 1 is off: the VA is the output, if it is not larger than any PA. */
  private static @Nullable StageOutput flat(
      Stage1Parameters parameters, long va, Access access, WalkState state) {
    boolean ignored = parameters.rangeOf(va).topByteIgnored();
    long address = ignored ? va & 0xff_ffff_ffff_ffffL : va;
    if (address >>> parameters.features().paBits() != 0) {
      state.refuse(Refusal.FLAT_TOO_LARGE, 0, 1, false, 0, access);
      return null;
    }
    MemoryAttributes attributes = parameters.attributesWhileOff(access.kind() == Access.Kind.FETCH);
    if (!access.aligned() && attributes.isDevice()) {
      state.refuse(Refusal.UNALIGNED_DEVICE, 0, 1, false, 0, access);
      return null;
    }
    return new StageOutput(address, 0, 64, 0, Permissions.ALL, attributes);
  }

  /** Whether the controls let a walk begin; if not, the fault is in the state. */
  private static boolean enter(Stage1Range range, long va, Access access, WalkState state) {
    Problem problem = range.refusal();
    if (problem != null) {
      state.refuse(FaultKind.TRANSLATION, problem, 1, false, 0, access);
      return false;
    }
    Refusal refusal = null;
    if (!range.contains(va)) {
      refusal = Refusal.VA_TOO_LARGE;
    } else if (range.notForEl0() && !access.privileged()) {
      refusal = Refusal.NOT_FOR_EL0;
    } else if (range.walksDisabled()) {
      refusal = Refusal.WALKS_DISABLED;
    }
    if (refusal != null) {
      state.refuse(refusal, 0, 1, false, 0, access);
      return false;
    }
    Problem rootProblem = range.rootRefusal();
    if (rootProblem != null) {
      state.refuse(FaultKind.ADDRESS_SIZE, rootProblem, 1, false, 0, access);
      return false;
    }
    return true;
  }

  /**
   * Which rule refuses a descriptor, permissions aside; null if none does.
   *
   * @param base address in the descriptor: of the next table, block or page
   */
  private static @Nullable Refusal refusal(
      Stage1Parameters parameters,
      Stage1Range range,
      long descriptor,
      int level,
      Verdict kind,
      long base,
      long va) {
    return switch (kind) {
      case TABLE -> base >>> range.outputBits() != 0 ? Refusal.STAGE1_TABLE_TOO_HIGH : null;
      case BLOCK, PAGE -> {
        // A block may be larger than the output size: then the offset in it counts too.
        long offset = va & ((1L << range.granule().levelShift(level)) - 1);
        if ((base | offset) >>> range.outputBits() != 0) {
          yield Refusal.STAGE1_OUTPUT_TOO_HIGH;
        }
        boolean accessed =
            (descriptor & Stage1Format.ACCESS_FLAG) != 0 || parameters.hardwareAccessFlag();
        yield accessed ? null : Refusal.NOT_ACCESSED;
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
   * and with HD writable after a write to a descriptor with DBM.
   */
  private static long stored(Stage1Parameters parameters, Access access, long leaf) {
    long after = leaf;
    if (parameters.hardwareAccessFlag()) {
      after |= Stage1Format.ACCESS_FLAG;
    }
    boolean writes = access.kind() == Access.Kind.WRITE || access.kind() == Access.Kind.ATOMIC;
    if (writes && parameters.hardwareDirtyState() && (leaf & Stage1Format.DBM) != 0) {
      after &= ~Stage1Format.READ_ONLY;
    }
    return after;
  }
}
