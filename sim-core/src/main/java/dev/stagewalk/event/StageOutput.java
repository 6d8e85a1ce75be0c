package dev.stagewalk.event;

/**
 * What one stage said about an address, before the other stage had its say.
 *
 * @param address output address: an IPA from a stage 1 that has a stage 2 below it, else a PA
 * @param level level of the leaf, −1 to 3; 0 where the stage is off
 * @param shift log2 of what the leaf maps, in bytes; 64 where the stage is off
 * @param leaf the leaf descriptor with the Access flag and dirty state the hardware sets; 0 where
 *     the stage is off
 * @param permissions what this stage allows
 * @param attributes what this stage says of the memory; those of stage 2 are already combined with
 *     those of stage 1
 */
public record StageOutput(
    long address,
    int level,
    int shift,
    long leaf,
    Permissions permissions,
    MemoryAttributes attributes) {

  /** Whether a table was read; false where the stage is off. */
  public boolean walked() {
    return leaf != 0;
  }
}
