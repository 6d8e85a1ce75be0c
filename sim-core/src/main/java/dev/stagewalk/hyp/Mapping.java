package dev.stagewalk.hyp;

/**
 * What a stage 2 makes of one IPA, read from its tables.
 *
 * @param ipa the IPA asked for
 * @param pa where it leads
 * @param level level of the leaf
 * @param size what the leaf maps, in bytes
 * @param leaf its descriptor
 */
public record Mapping(long ipa, long pa, int level, long size, long leaf) {

  public boolean readable() {
    return (leaf & 1L << 6) != 0;
  }

  public boolean writable() {
    return (leaf & 1L << 7) != 0;
  }

  /** Whether EL1 may execute it: XN clear (FEAT_XNX is not used). */
  public boolean executable() {
    return (leaf & 1L << 54) == 0;
  }

  /** "RW", "RX", "RW device". */
  public String words() {
    return MapFlags.words(leaf);
  }
}
