package dev.stagewalk.check;

/**
 * Whose TLB may hold copies of the entries of some tables, and under which tags.
 *
 * @param vmid −1 where the regime has none
 * @param asid −1 for stage 2, and where the regime has none
 */
record Holder(int pe, int vmid, int asid) {}
