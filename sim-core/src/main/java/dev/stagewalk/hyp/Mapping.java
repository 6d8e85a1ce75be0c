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

  /** MemAttr, bits 5:2 of the leaf. */
  public int memAttr() {
    return (int) (leaf >>> 2) & 0xf;
  }

  /** SH, bits 9:8 of the leaf: 0 non-shareable, 2 outer, 3 inner. */
  public int shareability() {
    return (int) (leaf >>> 8) & 3;
  }

  /** The Access flag. */
  public boolean accessed() {
    return (leaf & MapFlags.ACCESS_FLAG) != 0;
  }

  /** Whether its writes are logged. */
  public boolean logged() {
    return (leaf & MapFlags.LOGGED) != 0;
  }

  /** Whether it was written since the log of its writes was collected last. */
  public boolean dirty() {
    return logged() && writable();
  }

  /** "0x4020_0000 4 KiB": the IPAs of the leaf that the asked one lies in. */
  String range() {
    return Words.address(ipa & -size) + " " + Words.size(size);
  }

  /** "0x4020_3018 → 0x4810_0018, RW, level 3, 4 KiB". */
  public String sentence() {
    return Words.address(ipa)
        + " → "
        + Words.address(pa)
        + ", "
        + words()
        + ", level "
        + level
        + ", "
        + Words.size(size);
  }
}
