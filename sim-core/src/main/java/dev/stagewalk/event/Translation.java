package dev.stagewalk.event;

import dev.stagewalk.arch.FaultKind;
import java.util.List;
import java.util.Optional;

/**
 * The result of a translation table walk together with the lookups that led to it. Animation,
 * explanation, recording and tests all read this one list.
 *
 * @param stage 1 or 2: what is translated (a stage-1 walk under stage 2 has stage-2 lookups nested)
 * @param vmid VMID the walk was made under; −1 where the regime has none
 * @param input input address: VA for stage 1, IPA for stage 2
 * @param access what was wanted
 * @param lookups in the order they were made; empty where the input was refused before any
 * @param outcome output or fault
 */
public record Translation(
    int stage, int vmid, long input, Access access, List<Lookup> lookups, Outcome outcome) {

  public Translation {
    lookups = List.copyOf(lookups);
  }

  /** Descriptor reads of the whole walk. */
  public int reads() {
    int sum = 0;
    for (Lookup lookup : lookups) {
      sum += lookup.reads();
    }
    return sum;
  }

  /**
   * The store by which the hardware updates the leaf (Access flag, dirty state) before the access;
   * empty if there is none. The walk itself stores nothing.
   */
  public Optional<DescriptorUpdate> update() {
    if (outcome instanceof Output output && !lookups.isEmpty()) {
      Lookup last = lookups.getLast();
      if (last.descriptor() != output.leaf()) {
        return Optional.of(
            new DescriptorUpdate(last.descriptorAddress(), last.descriptor(), output.leaf()));
      }
    }
    return Optional.empty();
  }

  /** A descriptor that the hardware changes: compare with {@code old}, then store {@code value}. */
  public record DescriptorUpdate(long pa, long old, long value) {}

  /** What a walk ends in. */
  public sealed interface Outcome {}

  /**
   * The address translates.
   *
   * @param address output address of the access
   * @param level level of the leaf
   * @param leafShift log2 of what the leaf maps, in bytes
   * @param leaf the leaf descriptor, with the Access flag and dirty state the hardware sets
   * @param readable S2AP bit 0
   * @param writable S2AP bit 1
   * @param executableAtEl1 by XN[1:0]
   * @param executableAtEl0 by XN[1:0]
   * @param memoryType resulting type of this stage
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
   */
  public record Fault(
      FaultKind kind, int level, int stage, boolean onStage1Walk, long ipa, String rule)
      implements Outcome {

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
