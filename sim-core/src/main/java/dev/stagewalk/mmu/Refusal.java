package dev.stagewalk.mmu;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.event.Translation.Fault;

/** Why a walk ends in a fault, one rule each. */
enum Refusal {
  INPUT_TOO_LARGE(
      FaultKind.TRANSLATION,
      "The IPA has bits above the input size that VTCR_EL2.T0SZ gives, so no table can translate it"
          + " (Arm ARM, Translation fault)."),
  VA_TOO_LARGE(
      FaultKind.TRANSLATION,
      "The VA lies outside the range that TnSZ gives, so no table can translate it (Arm ARM,"
          + " Translation fault)."),
  FLAT_TOO_LARGE(
      FaultKind.ADDRESS_SIZE,
      "Stage 1 is off, so the VA is the output address, and it has bits above the implemented PA"
          + " size (Arm ARM, The effects of disabling a stage of address translation)."),
  WALKS_DISABLED(
      FaultKind.TRANSLATION,
      "TCR_ELx.EPDn is set: walks through this TTBR are disabled (Arm ARM, TCR_EL1, Translation"
          + " Control Register)."),
  NOT_FOR_EL0(
      FaultKind.TRANSLATION,
      "TCR_ELx.E0PDn is set: EL0 reaches no address of this range (Arm ARM, TCR_EL1, Translation"
          + " Control Register)."),
  INVALID(
      FaultKind.TRANSLATION,
      "Bit 0 is clear: the entry is invalid (Arm ARM, VMSAv8-64 descriptor formats)."),
  RESERVED_AT_LEVEL_3(
      FaultKind.TRANSLATION,
      "Bits [1:0] are 0b01 at level 3, which is reserved: the entry is invalid (Arm ARM, VMSAv8-64"
          + " descriptor formats)."),
  NO_BLOCK_AT_THIS_LEVEL(
      FaultKind.TRANSLATION,
      "Bits [1:0] are 0b01, but with this granule no block can stand at this level: the entry is"
          + " invalid (Arm ARM, VMSAv8-64 descriptor formats)."),
  TABLE_TOO_HIGH(
      FaultKind.ADDRESS_SIZE,
      "The next table lies beyond the output size that VTCR_EL2.PS gives (Arm ARM, Address size"
          + " fault)."),
  OUTPUT_TOO_HIGH(
      FaultKind.ADDRESS_SIZE,
      "The output address lies beyond the output size that VTCR_EL2.PS gives (Arm ARM, Address size"
          + " fault)."),
  STAGE1_TABLE_TOO_HIGH(
      FaultKind.ADDRESS_SIZE,
      "The next table lies beyond the output size that TCR_ELx.IPS gives (Arm ARM, Address size"
          + " fault)."),
  STAGE1_OUTPUT_TOO_HIGH(
      FaultKind.ADDRESS_SIZE,
      "The output address lies beyond the output size that TCR_ELx.IPS gives (Arm ARM, Address size"
          + " fault)."),
  NOT_ACCESSED(
      FaultKind.ACCESS_FLAG,
      "The Access flag (bit 10) is clear and the hardware does not set it: the access faults,"
          + " whatever the permissions say (Arm ARM, The Access flag)."),
  UNALIGNED_DEVICE(
      FaultKind.ALIGNMENT,
      "The access is not aligned, and this stage makes the memory a Device type, which takes"
          + " aligned accesses only (Arm ARM, Alignment of data accesses)."),
  NO_READ(
      FaultKind.PERMISSION,
      "S2AP[0] (bit 6) is clear: stage 2 allows no reads (Arm ARM, Stage 2 data accesses)."),
  NO_WRITE(
      FaultKind.PERMISSION,
      "S2AP[1] (bit 7) is clear: stage 2 allows no writes (Arm ARM, Stage 2 data accesses)."),
  NO_FETCH_AT_EL1(
      FaultKind.PERMISSION,
      "XN (bits 54:53) forbids execution at EL1 (Arm ARM, Instruction execution permissions)."),
  NO_FETCH_AT_EL0(
      FaultKind.PERMISSION,
      "XN (bits 54:53) forbids execution at EL0 (Arm ARM, Instruction execution permissions)."),
  WALK_FROM_DEVICE(
      FaultKind.PERMISSION,
      "HCR_EL2.PTW is set and stage 2 makes this table Device memory: stage 1 may not walk it (Arm"
          + " ARM, HCR_EL2, Hypervisor Configuration Register)."),
  STAGE1_NO_EL0_ACCESS(
      FaultKind.PERMISSION,
      "AP[1] (bit 6), or APTable of a table above, gives EL0 no access (Arm ARM, Stage 1 data"
          + " accesses)."),
  STAGE1_READ_ONLY(
      FaultKind.PERMISSION,
      "AP[2] (bit 7), or APTable of a table above, makes the memory read-only (Arm ARM, Stage 1"
          + " data accesses)."),
  PRIVILEGED_ACCESS_NEVER(
      FaultKind.PERMISSION,
      "PSTATE.PAN is set and EL0 can reach the address, so a privileged access may not (Arm ARM,"
          + " Privileged Access Never)."),
  STAGE1_EXECUTE_NEVER(
      FaultKind.PERMISSION,
      "UXN (bit 54) or PXN (bit 53), or their likes of a table above, forbid execution at this"
          + " level (Arm ARM, Instruction execution permissions)."),
  WRITABLE_AT_EL0(
      FaultKind.PERMISSION,
      "EL0 can write here, so EL1 may not execute it (Arm ARM, Instruction execution"
          + " permissions)."),
  WRITABLE_EXECUTE_NEVER(
      FaultKind.PERMISSION,
      "SCTLR_ELx.WXN is set and the memory is writable, so it is not executable (Arm ARM,"
          + " Preventing execution from writable locations)."),
  NO_MEMORY(
      FaultKind.EXTERNAL_ON_WALK,
      "No memory answers where the descriptor should be (Arm ARM, External abort on translation"
          + " table walk)."),
  CONFLICT(
      FaultKind.TLB_CONFLICT,
      "Two TLB entries match the address and cover it in different sizes: that is CONSTRAINED"
          + " UNPREDICTABLE, and by the policy ABORT, one allowed choice, a TLB conflict abort is"
          + " taken (Arm ARM, TLB conflict aborts)."),
  STAGE2_REFUSES(
      FaultKind.TRANSLATION,
      "Stage 2 does not let the walk read this descriptor (Arm ARM, Stage 2 fault on a stage 1"
          + " translation table walk).");

  private final FaultKind kind;
  private final String rule;

  Refusal(FaultKind kind, String rule) {
    this.kind = kind;
    this.rule = rule;
  }

  FaultKind kind() {
    return kind;
  }

  /** One sentence, with the section that holds the rule. */
  String rule() {
    return rule;
  }

  /** What a lookup says of a descriptor of some kind that this refuses. */
  Verdict verdict(Verdict kind) {
    if (this == NO_MEMORY) {
      return Verdict.EXTERNAL_ABORT;
    }
    return kind == Verdict.INVALID ? Verdict.INVALID : Verdict.REFUSED;
  }

  /** The fault of an access; of an atomic WnR tells whether a read alone would have passed. */
  Fault fault(int level, int stage, boolean onStage1Walk, long ipa, Access access) {
    boolean asWrite =
        switch (access.kind()) {
          case READ, FETCH -> false;
          case WRITE -> true;
          case ATOMIC -> this == NO_WRITE || this == STAGE1_READ_ONLY;
        };
    return fault(level, stage, onStage1Walk, ipa, asWrite);
  }

  Fault fault(int level, int stage, boolean onStage1Walk, long ipa, boolean asWrite) {
    return new Fault(kind, level, stage, onStage1Walk, ipa, rule, asWrite);
  }

  /** One sentence: why a descriptor that nothing refuses is of this kind. */
  static String taken(Verdict kind) {
    return switch (kind) {
      case TABLE -> "Bits [1:0] are 0b11 above level 3: the entry names the next table.";
      case BLOCK -> "Bits [1:0] are 0b01 above level 3: the entry maps a block.";
      case PAGE -> "Bits [1:0] are 0b11 at level 3: the entry maps a page.";
      case INVALID, REFUSED, EXTERNAL_ABORT, UNREACHED -> INVALID.rule;
    };
  }
}
