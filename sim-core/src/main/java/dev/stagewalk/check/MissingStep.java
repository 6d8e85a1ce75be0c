package dev.stagewalk.check;

/**
 * The step that a break-before-make sequence lacks, the farthest from complete first.
 *
 * <p>Source: Arm ARM, "Using break-before-make when updating translation table entries"; "TLB
 * maintenance instructions"; "Ordering and completion of TLB maintenance instructions".
 */
public enum MissingStep {
  BREAK(
      "no invalid value was stored between the two: the old one was never broken",
      "store 0 first, then invalidate, then store the new value"),
  STILL_NAMED(
      "the entry above, or VTTBR_EL2, still names it",
      "store 0 in the entry above first, and invalidate"),
  TLBI("no TLBI followed the store", "TLBI that covers the entry, between two DSBs"),
  NAMES_NOTHING(
      "the operand of the TLBI has a reserved value, so that it may name nothing",
      "an operand with a granule in TG"),
  OTHER_REGIME(
      "the TLBI acted on another translation regime",
      "the TLBI of the regime that the tables belong to; at EL2 HCR_EL2.{E2H, TGE} decide"),
  OTHER_VMID(
      "the TLBI acted on another VMID: it takes the one that VTTBR_EL2 names",
      "write VTTBR_EL2 with the VMID of the tables and ISB before the TLBI"),
  OTHER_ASID("the TLBI named another ASID", "the ASID of the tables, or a form for every ASID"),
  STAGE_1_ONLY(
      "the TLBI removes entries of VAs only, and stage-2 entries stay",
      "TLBI IPAS2E1IS before it, or TLBI VMALLS12E1IS"),
  STAGE_2_ONLY(
      "the TLBI by IPA removes stage-2 entries only: stage 1 is in use, and entries that combine"
          + " both stages stay",
      "DSB ISH and TLBI VMALLE1IS after it, or TLBI VMALLS12E1IS"),
  OTHER_ADDRESS(
      "the addresses that TLBIs named do not cover all that the entry translated",
      "the whole range of the entry, or a TLBI for every address"),
  LAST_LEVEL_ONLY(
      "the TLBI is for the last level alone, but a table descriptor was broken: walk caches stay",
      "the form without L"),
  WRONG_LEVEL(
      "the TLBI's level hint (TTL) or granule (TG) is not that of the entry, so that it may do"
          + " nothing",
      "the right TTL and TG, or TTL = 0"),
  OTHER_PES(
      "the TLBI reached its own PE only, and others use the same tables", "the form with IS or OS"),
  COMBINED_TOO_EARLY(
      "entries that combine both stages were invalidated before those of stage 2, from which they"
          + " can come back",
      "TLBI IPAS2E1IS, DSB ISH, and TLBI VMALLE1IS only then"),
  DSB_BETWEEN_TLBIS(
      "there was no DSB between the TLBI of stage 2 and that of combined entries, which can come"
          + " back from stage 2",
      "DSB ISH between the two"),
  ISB_BEFORE_TLBI(
      "VTTBR_EL2 or VTCR_EL2 was written and no ISB followed before the TLBI, so that it may have"
          + " acted on the old VMID",
      "ISB between the write and the TLBI"),
  DSB_BEFORE_TLBI(
      "the store was not complete when the TLBI was executed: no DSB for stores stood between, so"
          + " that a walker may have read the old value again",
      "DSB ISHST between the store and the TLBI"),
  DSB_BEFORE_TLBI_TOO_NARROW(
      "the DSB before the TLBI completes the store for its own PE only, and others use the same"
          + " tables",
      "DSB ISHST between the store and the TLBI"),
  DSB_AFTER_TLBI("no DSB followed the TLBI, so that it need not be complete", "DSB ISH after it"),
  DSB_AFTER_TLBI_NOT_FOR_ALL(
      "the DSB after the TLBI is for loads or for stores alone, which does not complete a TLBI",
      "DSB ISH after it, without ST or LD"),
  DSB_AFTER_TLBI_NXS(
      "the DSB after the TLBI is one with nXS, which completes only TLBIs with nXS",
      "DSB ISH after it, or the nXS form of the TLBI where no access has the XS attribute"),
  DSB_AFTER_TLBI_TOO_NARROW(
      "the domain of the DSB after the TLBI is smaller than that of the TLBI, which it does not"
          + " complete",
      "a DSB of the same domain: DSB ISH for a TLBI …IS"),
  ISB(
      "no context synchronisation followed, so that this PE may still use what it fetched or"
          + " translated before",
      "ISB, or an exception entry or return");

  private final String words;
  private final String mend;

  MissingStep(String words, String mend) {
    this.words = words;
    this.mend = mend;
  }

  /** What is missing, without full stop. */
  public String words() {
    return words;
  }

  /** What would have been right. */
  public String mend() {
    return mend;
  }

  /** The one that is nearer to complete. */
  MissingStep nearer(MissingStep other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
