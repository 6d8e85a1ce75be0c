package dev.stagewalk.oracle;

import static dev.stagewalk.oracle.Controls.bit;
import static dev.stagewalk.oracle.Controls.bits;

/**
 * The controls of stage 1 for one range of VAs. Source: AArch64.S1TTWParamsEL10, …EL2, …EL20 and
 * the functions that judge them.
 */
final class Stage1Params {
  final Implementation pe;
  final OracleRegime regime;
  final boolean upper;
  final boolean enabled;
  final boolean defaultCacheable;
  final Tgx tgx;
  final int ps;
  final int sh;
  final boolean ds;
  final boolean tbi;
  final boolean epd;
  final boolean e0pd;
  final boolean hpd;
  final boolean ha;
  final boolean hd;
  final boolean wxn;
  final boolean epan;
  final boolean dataCache;
  final boolean instructionCache;

  /** Stage 2's VM, which stage 1 looks at for Shareability. */
  final boolean vm;

  final TableFormat format;
  final int txsz;
  final boolean txSzFaults;

  private final long mair;
  private final long ttbr;

  Stage1Params(Implementation pe, Controls c, long va) {
    this.pe = pe;
    regime = c.regime();
    upper = regime.hasUnprivileged() && bit(va, 55);
    long tcr = c.tcr();
    boolean noStage1 = bit(c.hcr(), Controls.TGE) && !bit(c.hcr(), Controls.E2H);
    defaultCacheable = regime == OracleRegime.EL10 && c.guestBit(Controls.DC);
    enabled =
        bit(c.sctlr(), 0) && (regime != OracleRegime.EL10 || !c.guestBit(Controls.DC) && !noStage1);
    dataCache = bit(c.sctlr(), 2);
    instructionCache = bit(c.sctlr(), 12);
    wxn = bit(c.sctlr(), 19);
    epan = regime.hasUnprivileged() && pe.pan3() && bit(c.sctlr(), 57);
    vm = c.guestBit(Controls.VM);
    mair = c.mair();
    ttbr = upper ? c.ttbr1() : c.ttbr0();
    int written;
    if (regime == OracleRegime.EL2) {
      written = bits(tcr, 5, 0);
      sh = bits(tcr, 13, 12);
      tgx = decodeTg0(bits(tcr, 15, 14));
      ps = bits(tcr, 18, 16);
      tbi = bit(tcr, 20);
      ha = pe.haf() && bit(tcr, 21);
      hd = pe.dbm() && bit(tcr, 22);
      hpd = pe.hpds() && bit(tcr, 24);
      ds = pe.lpa2At1().contains(tgx) && bit(tcr, 32);
      epd = false;
      e0pd = false;
    } else {
      if (upper) {
        written = bits(tcr, 21, 16);
        epd = bit(tcr, 23);
        sh = bits(tcr, 29, 28);
        tgx = decodeTg1(bits(tcr, 31, 30));
      } else {
        written = bits(tcr, 5, 0);
        epd = bit(tcr, 7);
        sh = bits(tcr, 13, 12);
        tgx = decodeTg0(bits(tcr, 15, 14));
      }
      int range = upper ? 1 : 0;
      ps = bits(tcr, 34, 32);
      tbi = bit(tcr, 37 + range);
      ha = pe.haf() && bit(tcr, 39);
      hd = pe.dbm() && bit(tcr, 40);
      hpd = pe.hpds() && bit(tcr, 41 + range);
      e0pd = pe.e0pd() && bit(tcr, 55 + range);
      ds = pe.lpa2At1().contains(tgx) && bit(tcr, 59);
    }
    format = new TableFormat(pe, tgx, ds);
    int least = pe.lva() && tgx == Tgx.K64 || ds ? 12 : 16;
    int most = pe.maxTxSz(tgx);
    txSzFaults =
        written < least && (pe.lva() || pe.choices().txSzFaults())
            || written > most && pe.choices().txSzFaults();
    txsz = txSzFaults ? written : Math.clamp(written, least, most);
  }

  private Tgx decodeTg0(int tg0) {
    return switch (tg0) {
      case 0 -> supported(Tgx.K4);
      case 1 -> supported(Tgx.K64);
      case 2 -> supported(Tgx.K16);
      default -> smallest();
    };
  }

  private Tgx decodeTg1(int tg1) {
    return switch (tg1) {
      case 1 -> supported(Tgx.K16);
      case 2 -> supported(Tgx.K4);
      case 3 -> supported(Tgx.K64);
      default -> smallest();
    };
  }

  private Tgx supported(Tgx named) {
    return pe.granules1().contains(named) ? named : smallest();
  }

  private Tgx smallest() {
    return pe.granules1().stream().min(Tgx::compareTo).orElseThrow();
  }

  int iaSize() {
    return 64 - txsz;
  }

  /** The highest address bit that is not a tag. Source: AArch64.AddrTop, TBID absent. */
  int addressTop() {
    return tbi ? 55 : 63;
  }

  /** Source: AArch64.VAIsOutOfRange. */
  boolean vaOutOfRange(long va) {
    int count = addressTop() - iaSize() + 1;
    long mask = (1L << count) - 1;
    long above = va >>> iaSize() & mask;
    return upper ? above != mask : above != 0;
  }

  /** Source: AArch64.S1StartLevel. */
  int startLevel() {
    return 3 - (iaSize() - 1 - tgx.granuleBits) / tgx.stride;
  }

  /** Source: AArch64.S1TTBaseAddress. */
  long tableBase() {
    int alignment = iaSize() - tgx.translationSize(startLevel()) + 3;
    long base;
    if (pe.lpa() && tgx == Tgx.K64 && ps == 6 || ds) {
      alignment = Math.max(alignment, 6);
      base = (long) bits(ttbr, 5, 2) << 48 | ttbr & 0xffff_ffff_ffc0L;
    } else {
      base = ttbr & 0xffff_ffff_fffeL;
    }
    return base >>> alignment << alignment;
  }

  /** Source: AArch64.OAOutOfRange. */
  boolean outOfRange(long address) {
    return address >>> pe.physicalAddressSize(ps, tgx, pe.lpa2At1().contains(tgx)) != 0;
  }

  /** Source: AArch64.MAIRAttr, S1DecodeMemAttrs. */
  MemAttrs attributes(long descriptor) {
    int attr = (int) (mair >>> 8 * bits(descriptor, 4, 2)) & 0xff;
    int shareability = ds ? sh : bits(descriptor, 9, 8);
    return MemAttrs.stage1(attr, shareability, pe.choices());
  }
}
