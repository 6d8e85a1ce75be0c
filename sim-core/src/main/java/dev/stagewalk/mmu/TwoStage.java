package dev.stagewalk.mmu;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.MemoryAttributes;
import dev.stagewalk.event.MemoryType;
import dev.stagewalk.event.Permissions;
import dev.stagewalk.event.StageOutput;
import dev.stagewalk.event.Stages;
import dev.stagewalk.event.Translation;

/**
 * Translation of a VA by both stages: stage 1, each of its descriptors fetched through stage 2,
 * then stage 2 of its output. A pure function of parameters, VA, access and descriptors, with no
 * TLB inside.
 *
 * <p>Source: Arm ARM, "Translation process"; "The MMU fault-checking sequence".
 */
public final class TwoStage {
  private static final long HCR_CD = 1L << 32;
  private static final long HCR_ID = 1L << 33;

  private TwoStage() {}

  /**
   * Translates a VA for an access.
   *
   * @param second stage 2 of the current VMID, on or off; not looked at in a regime that has none
   */
  public static Translation translate(
      Stage1Parameters first,
      Stage2Parameters second,
      long va,
      Access access,
      DescriptorReader reader) {
    return walk(first, second, va, access, false, true, reader);
  }

  /** As {@link #translate} for AT S12E…, which sets no dirty state. */
  public static Translation probe(
      Stage1Parameters first,
      Stage2Parameters second,
      long va,
      Access access,
      DescriptorReader reader) {
    return walk(first, second, va, access, true, true, reader);
  }

  /** As {@link #probe} for AT S1E…: the output of stage 1 is not translated further. */
  public static Translation probeStage1(
      Stage1Parameters first,
      Stage2Parameters second,
      long va,
      Access access,
      DescriptorReader reader) {
    return walk(first, second, va, access, true, false, reader);
  }

  private static Translation walk(
      Stage1Parameters first,
      Stage2Parameters second,
      long va,
      Access access,
      boolean probe,
      boolean outputToo,
      DescriptorReader reader) {
    boolean guest = first.regime() == Regime.EL1_0;
    Stage2Parameters below = guest && second.enabled() ? second : null;
    int vmid = guest ? second.vmid() : -1;
    Stage1Range range = first.enabled() ? first.rangeOf(va) : null;
    WalkState state = new WalkState(reader, new WalkTrace.Tables(range, below));

    StageOutput one = Stage1Walk.run(first, below, va, access, probe, state);
    StageOutput two = null;
    Translation.Outcome outcome;
    if (one == null) {
      one = state.denied;
      outcome = state.outcomeOfFault();
    } else if (below == null || !outputToo) {
      outcome = output(one, one.attributes(), access);
    } else {
      Stage2Walk.Purpose purpose = probe ? Stage2Walk.Purpose.PROBE : Stage2Walk.Purpose.ACCESS;
      if (Stage2Walk.run(below, one.address(), access, purpose, access, state)) {
        two = second(below, one, access, state);
        outcome = combined(one, two, access);
      } else {
        Translation.Fault fault = state.outcomeOfFault();
        if (fault.kind() == FaultKind.PERMISSION) {
          two = second(below, one, access, state);
        }
        outcome = fault;
      }
    }
    boolean global = one == null || !first.hasEl0() || (one.leaf() & Stage1Format.NOT_GLOBAL) == 0;
    return new Translation(
        1,
        vmid,
        va,
        access,
        state.trace(range == null && one != null ? one.address() : va),
        outcome,
        new Stages(first.regime(), first.asid(), global, one, two),
        state.updates());
  }

  private static StageOutput second(
      Stage2Parameters parameters, StageOutput one, Access access, WalkState state) {
    WalkState.Leaf leaf = state.stage2;
    boolean xnx = parameters.features().xnx();
    boolean fetch = access.kind() == Access.Kind.FETCH;
    boolean cacheDisabled = (parameters.hcr() & (fetch ? HCR_ID : HCR_CD)) != 0;
    int sh = parameters.ds() ? Vtcr.sh0(parameters.vtcr()) : Stage1Format.sh(leaf.after);
    MemoryAttributes attributes =
        AttributeCombination.combine(
            one.attributes(),
            Stage2Attributes.memAttr(leaf.after),
            sh,
            parameters.fwb(),
            fetch,
            cacheDisabled);
    return new StageOutput(
        leaf.output,
        leaf.level,
        leaf.shift,
        leaf.after,
        Stage2Attributes.permissions(leaf.after, xnx),
        attributes);
  }

  /**
   * The type that both stages give memory for data while stage 1 is off.
   *
   * @param leaf of stage 2
   */
  public static MemoryType typeWhileStage1Off(
      Stage1Parameters first, Stage2Parameters second, long leaf) {
    return ofData(first.attributesWhileOff(false), second, leaf).type();
  }

  /** What both stages say of memory to data, shareability aside. */
  static MemoryAttributes ofData(MemoryAttributes one, Stage2Parameters second, long leaf) {
    int memAttr = Stage2Attributes.memAttr(leaf);
    boolean cacheDisabled = (second.hcr() & HCR_CD) != 0;
    return AttributeCombination.combine(one, memAttr, 0, second.fwb(), false, cacheDisabled);
  }

  private static Translation.Output output(
      StageOutput one, MemoryAttributes attributes, Access access) {
    return output(one, one, one.permissions(), attributes, access);
  }

  private static Translation.Output combined(StageOutput one, StageOutput two, Access access) {
    Permissions both = one.permissions().and(two.permissions());
    return output(one, two, both, two.attributes(), access);
  }

  private static Translation.Output output(
      StageOutput one,
      StageOutput last,
      Permissions both,
      MemoryAttributes attributes,
      Access access) {
    return new Translation.Output(
        last.address(),
        last.level(),
        Math.min(one.shift(), last.shift()),
        last.leaf(),
        both.readable(access.privileged()),
        both.writable(access.privileged()),
        both.executable(true),
        both.executable(false),
        attributes.type());
  }
}
