package dev.stagewalk.oracle;

import static dev.stagewalk.oracle.Controls.bit;
import static dev.stagewalk.oracle.Controls.bits;

/** The controls of stage 2. Source: AArch64.NSS2TTWParams and the functions that judge them. */
final class Stage2Params {
  final Implementation pe;
  final boolean vm;
  final Tgx tgx;
  final int ps;
  final int sl0;
  final boolean sl2;
  final int sh;
  final boolean ds;
  final boolean ptw;
  final boolean fwb;
  final boolean ha;
  final boolean hd;
  final boolean cd;
  final boolean id;
  final TableFormat format;

  /** T0SZ that takes effect, or that makes every translation fault. */
  final int txsz;

  private final long vttbr;
  private final boolean txSzFaults;

  Stage2Params(Implementation pe, Controls controls) {
    long vtcr = controls.vtcr();
    this.pe = pe;
    vttbr = controls.vttbr();
    vm = controls.guestBit(Controls.VM) || controls.guestBit(Controls.DC);
    tgx = decodeTg0(bits(vtcr, 15, 14));
    ps = bits(vtcr, 18, 16);
    sl0 = bits(vtcr, 7, 6);
    sh = bits(vtcr, 13, 12);
    ha = pe.haf() && bit(vtcr, 21);
    hd = pe.dbm() && bit(vtcr, 22);
    ds = pe.lpa2At2().contains(tgx) && bit(vtcr, 32);
    sl2 = tgx == Tgx.K4 && ds && bit(vtcr, 33);
    ptw = controls.protectedTableWalk();
    fwb = pe.fwb() && bit(controls.hcr(), Controls.FWB);
    cd = controls.guestBit(Controls.CD);
    id = controls.guestBit(Controls.ID);
    format = new TableFormat(pe, tgx, ds);
    int written = bits(vtcr, 5, 0);
    int least = minTxSz();
    int most = pe.maxTxSz(tgx);
    txSzFaults =
        written < least && (pe.lpa() || pe.choices().txSzFaults())
            || written > most && pe.choices().txSzFaults();
    txsz = txSzFaults ? written : Math.clamp(written, least, most);
  }

  /** A granule that is reserved or missing stands for one that is there, here the smallest. */
  private Tgx decodeTg0(int tg0) {
    Tgx named =
        switch (tg0) {
          case 0 -> Tgx.K4;
          case 1 -> Tgx.K64;
          case 2 -> Tgx.K16;
          default -> null;
        };
    if (named != null && pe.granules2().contains(named)) {
      return named;
    }
    return pe.granules2().stream().min(Tgx::compareTo).orElseThrow();
  }

  /** Source: AArch64.S2MinTxSZ. */
  private int minTxSz() {
    int ips = pe.lpa() && tgx != Tgx.K64 && !ds ? 48 : Math.min(52, pe.paMax());
    return 64 - ips;
  }

  int iaSize() {
    return 64 - txsz;
  }

  /** Source: AArch64.S2StartLevel. Only where the start level is valid. */
  int startLevel() {
    return switch (tgx) {
      case K4 -> sl2 ? -1 : new int[] {2, 1, 0, 3}[sl0];
      case K16 -> 3 - sl0;
      case K64 -> 3 - sl0;
    };
  }

  /** Source: AArch64.S2InvalidSL. */
  private boolean invalidStartLevel() {
    return switch (tgx) {
      case K4 ->
          sl2
              ? sl0 != 0
              : switch (sl0) {
                case 2 -> pe.paMax() < 44;
                case 3 -> !pe.ttst();
                default -> false;
              };
      case K16 ->
          switch (sl0) {
            case 3 -> !ds;
            case 2 -> pe.paMax() < 42;
            default -> false;
          };
      case K64 ->
          switch (sl0) {
            case 3 -> true;
            case 2 -> pe.paMax() < 44;
            default -> false;
          };
    };
  }

  /** Source: AArch64.S2InconsistentSL. */
  private boolean inconsistentStartLevel() {
    int least = (3 - startLevel()) * tgx.stride + tgx.granuleBits + 1;
    int most = least + tgx.stride - 1 + 4;
    return iaSize() < least || iaSize() > most;
  }

  /** Whether every translation is a Translation fault at level 0. Source: AArch64.S2Translate. */
  boolean faultsAlways() {
    return txSzFaults || invalidStartLevel() || inconsistentStartLevel();
  }

  /** log2 of the bytes of the root. */
  int rootBits() {
    return iaSize() - tgx.translationSize(startLevel()) + 3;
  }

  /** Source: AArch64.S2TTBaseAddress. */
  long tableBase() {
    int alignment = rootBits();
    long base;
    if (pe.lpa() && tgx == Tgx.K64 && ps == 6 || ds) {
      alignment = Math.max(alignment, 6);
      base = (long) bits(vttbr, 5, 2) << 48 | vttbr & 0xffff_ffff_ffc0L;
    } else {
      base = vttbr & 0xffff_ffff_fffeL;
    }
    return base >>> alignment << alignment;
  }

  /** Source: AArch64.OAOutOfRange. */
  boolean outOfRange(long address) {
    return address >>> pe.physicalAddressSize(ps, tgx, pe.lpa2At2().contains(tgx)) != 0;
  }
}
