package dev.stagewalk.check;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.arch.Size;

/**
 * A descriptor in a translation table that something reaches.
 *
 * @param stage 1 or 2
 * @param regime translation regime
 * @param vmid VMID of the tables; −1 where the regime has none
 * @param asid ASID that they were last used under; −1 where there is none
 * @param level level of lookup, −1 to 3
 * @param input first input address it covers: VA of stage 1, IPA of stage 2
 * @param bytes how many it covers
 * @param at physical address of the descriptor
 * @param table physical address of the first descriptor of its table
 */
public record EntryPlace(
    int stage,
    Regime regime,
    int vmid,
    int asid,
    int level,
    long input,
    long bytes,
    long at,
    long table) {
  private static final long LOW_56 = 0xff_ffff_ffff_ffffL;

  /** "level 3 entry at 0x4820_1000 for IPA 0x4020_0000 (4 KiB), VMID 1". */
  public String words() {
    return "level "
        + level
        + " entry at "
        + Hex.address(at)
        + " for "
        + (stage == 2 ? "IPA " : "VA ")
        + Hex.address(input)
        + " ("
        + Size.words(bytes)
        + ")"
        + whose();
  }

  private String whose() {
    if (regime != Regime.EL1_0) {
      return " of " + regime.text();
    }
    return ", VMID " + vmid + (stage == 1 && asid >= 0 ? ", ASID " + asid : "");
  }

  /** The bits of an address that a TLBI can name. */
  static long comparable(long address) {
    return address & LOW_56;
  }

  /** Whether a range of input addresses has one in common with this. */
  boolean meets(long first, long size) {
    return comparable(input - first) < size || comparable(first - input) < bytes;
  }
}
