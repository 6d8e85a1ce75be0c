package dev.stagewalk.explain;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Regime;
import java.util.ArrayList;
import java.util.List;

/**
 * The sequences by which a hypervisor changes an entry that a TLB may hold.
 *
 * <p>Source: Arm ARM, "TLB maintenance instructions"; "Using break-before-make when updating
 * translation table entries".
 */
final class Maintenance {
  private Maintenance() {}

  /** A store, then what makes every PE forget the old translation of an IPA. */
  static List<String> changeInPlace(long entry, long value, long ipa) {
    List<String> operations = new ArrayList<>();
    operations.add(store(entry, value));
    operations.addAll(invalidate(ipa));
    return operations;
  }

  /** Break-before-make: invalid, forgotten everywhere, and only then the new value. */
  static List<String> breakBeforeMake(long entry, String newValue, long ipa) {
    List<String> operations = new ArrayList<>();
    operations.add(store(entry, 0) + " (break)");
    operations.addAll(invalidate(ipa));
    operations.add("store [" + Hex.address(entry) + "] = " + newValue + " (make)");
    operations.add("DSB ISHST");
    return operations;
  }

  /**
   * By IPA, and then the entries that hold stage 1 and stage 2 combined, which a TLBI by IPA does
   * not remove.
   */
  static List<String> invalidate(long ipa) {
    return List.of(
        "DSB ISHST, so that the store comes first",
        "TLBI IPAS2E1IS, operand "
            + Hex.plain(ipa >>> 12)
            + " (the IPA >> 12), with the guest's VMID in VTTBR_EL2",
        "DSB ISH",
        "TLBI VMALLE1IS, for entries that combine both stages",
        "DSB ISH",
        "ISB");
  }

  /**
   * By VA, as the owner of stage-1 tables does.
   *
   * @param asid −1 where the regime has none
   */
  static List<String> invalidateVa(Regime regime, long va, int asid) {
    long page = va << 8 >>> 20;
    return List.of(
        "DSB ISHST, so that the store comes first",
        "TLBI "
            + (regime == Regime.EL1_0 ? "VAE1IS" : "VAE2IS")
            + ", operand "
            + Hex.plain(page | (asid < 0 ? 0 : (long) asid << 48))
            + (asid < 0 ? " (the VA >> 12)" : " (ASID " + asid + " and the VA >> 12)"),
        "DSB ISH",
        "ISB");
  }

  static String store(long entry, long value) {
    return "store [" + Hex.address(entry) + "] = " + Wording.descriptor(value);
  }

  static String store(long entry, String value) {
    return "store [" + Hex.address(entry) + "] = " + value;
  }
}
