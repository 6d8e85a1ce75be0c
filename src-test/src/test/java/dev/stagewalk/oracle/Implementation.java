package dev.stagewalk.oracle;

import java.util.Set;

/**
 * What a PE implements, as its ID registers say it.
 *
 * @param paMax implemented physical address bits; FEAT_LPA is 52
 * @param granules1 granules of stage 1
 * @param granules2 granules of stage 2
 * @param lpa2At1 granules with FEAT_LPA2 at stage 1
 * @param lpa2At2 granules with FEAT_LPA2 at stage 2
 * @param ttst FEAT_TTST
 * @param lva FEAT_LVA
 * @param haf FEAT_HAFDBS, Access flag
 * @param dbm FEAT_HAFDBS, dirty state
 * @param xnx FEAT_XNX
 * @param fwb FEAT_S2FWB
 * @param hpds FEAT_HPDS
 * @param pan FEAT_PAN
 * @param pan3 FEAT_PAN3
 * @param e0pd FEAT_E0PD
 * @param choices what the architecture leaves to it
 */
record Implementation(
    int paMax,
    Set<Tgx> granules1,
    Set<Tgx> granules2,
    Set<Tgx> lpa2At1,
    Set<Tgx> lpa2At2,
    boolean ttst,
    boolean lva,
    boolean haf,
    boolean dbm,
    boolean xnx,
    boolean fwb,
    boolean hpds,
    boolean pan,
    boolean pan3,
    boolean e0pd,
    Choices choices) {

  boolean lpa() {
    return paMax >= 52;
  }

  /** The largest TxSZ. Source: AArch64.MaxTxSZ. */
  int maxTxSz(Tgx tgx) {
    if (!ttst) {
      return 39;
    }
    return tgx == Tgx.K64 ? 47 : 48;
  }

  /** Bits of an output address. Source: AArch64.PhysicalAddressSize. */
  int physicalAddressSize(int encoded, Tgx tgx, boolean lpa2) {
    int ps = new int[] {32, 36, 40, 42, 44, 48, 52, choices.reservedPsBits()}[encoded];
    int most = tgx != Tgx.K64 && !lpa2 || !lpa() ? Math.min(48, paMax) : Math.min(52, paMax);
    return Math.min(ps, most);
  }
}
