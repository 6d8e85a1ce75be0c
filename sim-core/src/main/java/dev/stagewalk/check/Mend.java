package dev.stagewalk.check;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Regime;
import java.util.ArrayList;
import java.util.List;

/**
 * The maintenance that makes every TLB forget an entry, in the canonical order.
 *
 * <p>Source: Arm ARM, "TLB maintenance instructions"; "Ordering and completion of TLB maintenance
 * instructions".
 *
 * @param steps one instruction each, with its operand and why
 */
public record Mend(List<String> steps) {

  public Mend {
    steps = List.copyOf(steps);
  }

  /**
   * For copies of a descriptor.
   *
   * @param table whether it was a table descriptor: then also of all the leaves below it
   */
  public static Mend of(EntryPlace place, boolean table) {
    if (place.stage() == 2) {
      return table ? ofVmid(place.vmid()) : ofStage2(place.vmid(), place.input());
    }
    if (table) {
      return ofRegime(place.regime(), place.vmid());
    }
    return ofStage1(place.regime(), place.vmid(), place.asid(), place.input());
  }

  /** For what a TLB holds of an IPA; entries that combine both stages need a TLBI of their own. */
  public static Mend ofStage2(int vmid, long ipa) {
    return new Mend(
        List.of(
            "DSB ISHST, so that walkers see the store",
            "TLBI IPAS2E1IS, operand "
                + Hex.plain(ipa >>> 12)
                + " (IPA >> 12), with VMID "
                + vmid
                + " in VTTBR_EL2",
            "DSB ISH",
            "TLBI VMALLE1IS, for entries that combine both stages",
            "DSB ISH",
            "ISB"));
  }

  /** For everything of a VMID. */
  public static Mend ofVmid(int vmid) {
    return new Mend(
        List.of(
            "DSB ISHST, so that walkers see the store",
            "TLBI VMALLS12E1IS, with VMID " + vmid + " in VTTBR_EL2",
            "DSB ISH",
            "ISB"));
  }

  /** For everything that a TLB holds of the VAs of a regime. */
  public static Mend ofRegime(Regime regime, int vmid) {
    String tlbi =
        switch (regime) {
          case EL1_0 -> "TLBI VMALLE1IS, under VMID " + vmid;
          case EL2, EL2_0 -> "TLBI ALLE2IS";
        };
    return new Mend(List.of("DSB ISHST, so that walkers see the store", tlbi, "DSB ISH", "ISB"));
  }

  /**
   * For what a TLB holds of a VA.
   *
   * @param vmid −1 where the regime has none, or the guest that does it knows none
   * @param asid −1 for a global entry, and where the regime has none
   */
  public static Mend ofStage1(Regime regime, int vmid, int asid, long va) {
    long operand = (va >>> 12 & 0xfff_ffff_ffffL) | (asid < 0 ? 0 : (long) asid << 48);
    String name =
        switch (regime) {
          case EL1_0 -> asid < 0 ? "VAAE1IS" : "VAE1IS";
          case EL2, EL2_0 -> "VAE2IS";
        };
    List<String> steps = new ArrayList<>();
    steps.add("DSB ISHST, so that walkers see the store");
    steps.add(
        "TLBI "
            + name
            + ", operand "
            + Hex.plain(operand)
            + (asid < 0 ? " (VA >> 12)" : " (ASID " + asid + ", VA >> 12)")
            + (regime == Regime.EL1_0 && vmid >= 0 ? ", under VMID " + vmid : ""));
    steps.add("DSB ISH");
    steps.add("ISB");
    return new Mend(steps);
  }

  /** The steps in one line. */
  public String words() {
    return String.join("; ", steps);
  }
}
