package dev.stagewalk.event;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.event.Lookup.Verdict;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The result of a translation table walk together with the lookups that led to it. Animation,
 * explanation, recording and tests all read this one list.
 *
 * @param stage 1 or 2: what is translated. Of a VA (1) the lookups of stage 1 come first, each with
 *     the stage-2 lookups of its own address nested, then the stage-2 lookups of the output
 * @param vmid VMID the walk was made under; −1 where the regime has none
 * @param input input address: VA for stage 1, IPA for stage 2
 * @param access what was wanted
 * @param lookups in the order they were made; empty where the input was refused before any
 * @param outcome output or fault
 * @param stages what each stage said of a VA; null for a walk of stage 2 alone
 * @param updates the stores by which the hardware updates descriptors (Access flag, dirty state)
 *     before the access; the walk itself stores nothing
 */
public record Translation(
    int stage,
    int vmid,
    long input,
    Access access,
    List<Lookup> lookups,
    Outcome outcome,
    @Nullable Stages stages,
    List<DescriptorUpdate> updates) {

  public Translation {
    lookups = lookups instanceof LookupTrace ? lookups : List.copyOf(lookups);
    updates = List.copyOf(updates);
  }

  /** A walk of stage 2 alone that updates no descriptor. */
  public Translation(
      int stage, int vmid, long input, Access access, List<Lookup> lookups, Outcome outcome) {
    this(stage, vmid, input, access, lookups, outcome, null, List.of());
  }

  /**
   * The last walk of stage 2 in this translation, as one of its own: of the output of stage 1, or
   * of the stage-1 descriptor that stage 2 refused. This one, if it is of stage 2; empty if there
   * was none.
   */
  public Optional<Translation> lastStage2() {
    if (stage == 2) {
      return Optional.of(this);
    }
    List<Lookup> made = lookups.stream().filter(l -> l.stage() == 2).toList();
    boolean refused = outcome instanceof Fault fault && fault.stage() == 2;
    boolean onWalk = outcome instanceof Fault fault && fault.onStage1Walk();
    boolean unreached = !lookups.isEmpty() && lookups.getLast().verdict() == Verdict.UNREACHED;
    // A descriptor of stage 1 that was read, and that stage 2 does not let the hardware update.
    boolean noUpdate = onWalk && !unreached && !lookups.isEmpty();
    if (unreached || noUpdate) {
      made = lookups.getLast().nested();
    }
    StageOutput first = stages == null ? null : stages.stage1();
    if (made.isEmpty() && !refused) {
      return Optional.empty();
    }
    long ipa =
        outcome instanceof Fault fault ? fault.ipa() : first == null ? input : first.address();
    Access wanted = !onWalk ? access : noUpdate ? Access.write(8) : Access.read(8);
    return Optional.of(new Translation(2, vmid, ipa, wanted, made, outcome));
  }

  /** Descriptor reads of the whole walk. */
  public int reads() {
    if (lookups instanceof LookupTrace trace) {
      return trace.reads();
    }
    int sum = 0;
    for (Lookup lookup : lookups) {
      sum += lookup.reads();
    }
    return sum;
  }

  /**
   * The steps in which the walk can be shown: descriptor reads, and what the TLB held instead of
   * some.
   */
  public int steps() {
    if (lookups instanceof LookupTrace trace) {
      return trace.steps();
    }
    int sum = 0;
    for (Lookup lookup : lookups) {
      sum += lookup.steps();
    }
    return sum;
  }

  /** The one store of {@link #updates()} of a walk of stage 2 alone; empty if there is none. */
  public Optional<DescriptorUpdate> update() {
    return updates.isEmpty() ? Optional.empty() : Optional.of(updates.getLast());
  }

  /** A descriptor that the hardware changes: compare with {@code old}, then store {@code value}. */
  public record DescriptorUpdate(long pa, long old, long value) {}

  /** What a walk ends in. */
  public sealed interface Outcome {}

  /**
   * The address translates.
   *
   * @param address output address of the access
   * @param level level of the leaf; of two stages, that of stage 2
   * @param leafShift log2 of what the leaf maps, in bytes; of two stages, the smaller
   * @param leaf the leaf descriptor, with the Access flag and dirty state the hardware sets; of two
   *     stages, that of stage 2
   * @param readable reads allowed: S2AP bit 0; of a VA, by all stages at the privilege of the
   *     access
   * @param writable writes allowed: S2AP bit 1; of a VA likewise
   * @param executableAtEl1 by XN[1:0]; of a VA, by all stages
   * @param executableAtEl0 by XN[1:0]; of a VA, by all stages
   * @param memoryType resulting type of the stages that were walked
   */
  public record Output(
      long address,
      int level,
      int leafShift,
      long leaf,
      boolean readable,
      boolean writable,
      boolean executableAtEl1,
      boolean executableAtEl0,
      MemoryType memoryType)
      implements Outcome {

    /** Contiguous bit: one of a run of descriptors that a TLB may hold as one entry. */
    public boolean contiguous() {
      return (leaf >>> 52 & 1) != 0;
    }
  }

  /**
   * The walk was refused.
   *
   * @param kind why
   * @param level level of lookup reported in the syndrome, −1 to 3
   * @param stage stage that refused, 1 or 2
   * @param onStage1Walk S1PTW: a stage-2 fault on the fetch of a stage-1 descriptor
   * @param ipa the IPA that stage 2 refused; 0 for stage-1 faults
   * @param rule one sentence with the Arm ARM section title
   * @param asWrite WnR: a write was refused, or the write of an atomic that might have read
   */
  public record Fault(
      FaultKind kind,
      int level,
      int stage,
      boolean onStage1Walk,
      long ipa,
      String rule,
      boolean asWrite)
      implements Outcome {

    /** A fault of a read. */
    public Fault(
        FaultKind kind, int level, int stage, boolean onStage1Walk, long ipa, String rule) {
      this(kind, level, stage, onStage1Walk, ipa, rule, false);
    }

    /**
     * Whether HPFAR_EL2 is written: for stage-2 Translation, Access flag and Address size faults,
     * and for Permission faults on a stage-1 walk; UNKNOWN for plain Permission faults.
     *
     * <p>Source: Arm ARM, HPFAR_EL2, Hypervisor IPA Fault Address Register.
     */
    public boolean givesHpfar() {
      return stage == 2
          && switch (kind) {
            case TRANSLATION, ACCESS_FLAG, ADDRESS_SIZE -> true;
            case PERMISSION -> onStage1Walk;
            case EXTERNAL, EXTERNAL_ON_WALK -> false;
            case ALIGNMENT, TLB_CONFLICT, UNSUPPORTED_EXCLUSIVE -> false;
          };
    }
  }
}
