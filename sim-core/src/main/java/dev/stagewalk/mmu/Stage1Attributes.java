package dev.stagewalk.mmu;

import dev.stagewalk.event.MemoryAttributes;
import dev.stagewalk.event.Permissions;

/**
 * What a stage-1 leaf descriptor says beside its address, by itself: the limits of the tables above
 * it are not in it.
 *
 * <p>Source: Arm ARM, "VMSAv8-64 descriptor formats"; "Stage 1 data accesses".
 *
 * @param permissions by AP, UXN and PXN
 * @param memory by AttrIndx and SH, for data
 * @param accessFlag AF
 * @param global nG clear
 * @param contiguous one of a run of descriptors that a TLB may hold as one entry
 */
public record Stage1Attributes(
    Permissions permissions,
    MemoryAttributes memory,
    boolean accessFlag,
    boolean global,
    boolean contiguous) {

  /** The attributes of a leaf of a range under these controls. */
  public static Stage1Attributes of(long leaf, Stage1Parameters parameters, Stage1Range range) {
    return new Stage1Attributes(
        Stage1Permissions.now(Stage1Permissions.of(parameters, leaf, 0), leaf),
        parameters.attributes(range, leaf, false),
        (leaf & Stage1Format.ACCESS_FLAG) != 0,
        (leaf & Stage1Format.NOT_GLOBAL) == 0,
        (leaf & Stage1Format.CONTIGUOUS) != 0);
  }
}
