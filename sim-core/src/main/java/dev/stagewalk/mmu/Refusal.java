package dev.stagewalk.mmu;

import dev.stagewalk.arch.FaultKind;

/** Why a stage-2 walk ends in a fault, one rule each. */
enum Refusal {
  INPUT_TOO_LARGE(
      FaultKind.TRANSLATION,
      "The IPA has bits above the input size that VTCR_EL2.T0SZ gives, so no table can translate it"
          + " (Arm ARM, Translation fault)."),
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
  NOT_ACCESSED(
      FaultKind.ACCESS_FLAG,
      "The Access flag (bit 10) is clear and the hardware does not set it: the access faults,"
          + " whatever the permissions say (Arm ARM, The Access flag)."),
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
  NO_MEMORY(
      FaultKind.EXTERNAL_ON_WALK,
      "No memory answers where the descriptor should be (Arm ARM, External abort on translation"
          + " table walk).");

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
}
