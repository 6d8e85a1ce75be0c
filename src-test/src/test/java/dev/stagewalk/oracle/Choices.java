package dev.stagewalk.oracle;

/**
 * What the architecture leaves IMPLEMENTATION DEFINED or CONSTRAINED UNPREDICTABLE.
 *
 * @param txSzFaults a TxSZ out of range faults; it is clamped otherwise
 * @param reservedPsBits address bits of the reserved value of PS and IPS
 * @param instructionsFromDeviceFault fetching instructions from Device memory faults; it is as from
 *     Normal Non-cacheable memory otherwise
 * @param reservedMair what a reserved Attr field of MAIR that is not Device stands for; one that is
 *     counts as the type in its bits 3:2
 * @param reservedCacheability what a reserved half of MemAttr stands for, as MemAttr encodes it
 * @param reservedShareability what the reserved SH stands for, as SH encodes it
 * @param effectiveShareabilityAtStage1 stage 1 makes what is not cacheable Outer Shareable before
 *     stage 2 sees it
 */
record Choices(
    boolean txSzFaults,
    int reservedPsBits,
    boolean instructionsFromDeviceFault,
    int reservedMair,
    int reservedCacheability,
    int reservedShareability,
    boolean effectiveShareabilityAtStage1) {}
