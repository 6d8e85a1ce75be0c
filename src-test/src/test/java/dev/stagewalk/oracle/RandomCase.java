package dev.stagewalk.oracle;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Features.HardwareUpdates;
import dev.stagewalk.mmu.Stage1Features;
import java.util.EnumSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A random PE with random controls, memory full of random descriptors and an access: a pure
 * function of a number. Most of it is legal and most descriptors are valid, so that walks go deep;
 * each thing that can be wrong is so in a few cases of a hundred.
 */
final class RandomCase {
  private static final int[] PA_BITS = {52, 52, 52, 52, 48, 48, 44, 42, 40, 36, 32};

  final Features features;
  final Implementation pe;
  final Controls controls;
  final long va;
  final AccessDescriptor access;

  /** For AT: also stage 2; true for ordinary accesses. */
  final boolean outputToo;

  private final SplittableRandom random;
  private final long seed;

  /** Address bits that descriptors use. */
  private final int width;

  private final boolean wide;
  private final boolean clear15to12;

  /** 4 or 5 levels at both stages; 0 for what the dice say. */
  private final int deep;

  private final int oddity;
  private final boolean unaccessed;
  private final int blocks;

  RandomCase(long number) {
    random = new SplittableRandom(number);
    seed = random.nextLong();
    deep = chance(14) ? random.nextInt(4, 6) : 0;
    features = deep != 0 ? Features.MAX : features();
    pe = Engine.implementation(features, chance(70));
    OracleRegime regime =
        deep != 0 || chance(70)
            ? OracleRegime.EL10
            : chance(50) ? OracleRegime.EL2 : OracleRegime.EL20;
    oddity = new int[] {0, 0, 0, 6, 25}[random.nextInt(5)];
    blocks = chance(25) ? 12 : 1;
    unaccessed = chance(30);
    Controls drawn = controls(regime);
    long address = random.nextLong();
    for (int tries = 0; tries < 40 && chance(97) && faults(drawn, address); tries++) {
      drawn = controls(regime);
    }
    va = va(drawn, address);
    Stage1Params one = new Stage1Params(pe, drawn, va);
    Stage2Params two = new Stage2Params(pe, drawn);
    boolean both = regime == OracleRegime.EL10 && two.vm;
    int most = bits(one.pe, one.ps, one.tgx, one.ds);
    if (both) {
      most = Math.min(most, Math.min(two.iaSize(), bits(pe, two.ps, two.tgx, two.ds)));
    }
    width = chance(95) ? most : Math.min(52, most + random.nextInt(1, 9));
    wide = one.ds || both && two.ds;
    clear15to12 = one.tgx == Tgx.K64 || both && two.tgx == Tgx.K64;
    controls =
        new Controls(
            regime,
            drawn.sctlr(),
            drawn.tcr(),
            base(drawn.ttbr0()),
            base(drawn.ttbr1()),
            drawn.mair(),
            drawn.hcr(),
            drawn.vtcr(),
            base(drawn.vttbr()));
    access = access();
    outputToo = access.type() != AccessDescriptor.Type.AT || chance(60);
  }

  private static int bits(Implementation pe, int ps, Tgx tgx, boolean ds) {
    int bits = pe.physicalAddressSize(ps, tgx, ds);
    return tgx == Tgx.K64 || ds ? bits : Math.min(bits, 48);
  }

  private boolean faults(Controls c, long address) {
    Stage1Params one = new Stage1Params(pe, c, address);
    Stage2Params two = new Stage2Params(pe, c);
    boolean second = c.regime() == OracleRegime.EL10 && two.vm;
    return one.txSzFaults || one.epd || second && two.faultsAlways();
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private Features features() {
    Stage1Features all = Stage1Features.MAX;
    if (chance(60)) {
      return Features.MAX.withPaBits(PA_BITS[random.nextInt(PA_BITS.length)]);
    }
    Set<Granule> granules1 = granules();
    Set<Granule> granules2 = granules();
    boolean pan = chance(80);
    Stage1Features stage1 =
        new Stage1Features(
            granules1,
            wideOf(granules1),
            chance(50),
            all.asid16(),
            chance(50),
            pan,
            pan && chance(50),
            chance(50));
    return new Features(
        PA_BITS[random.nextInt(PA_BITS.length)],
        granules2,
        wideOf(granules2),
        chance(50),
        chance(50),
        chance(50),
        HardwareUpdates.values()[random.nextInt(3)],
        chance(60),
        stage1);
  }

  private Set<Granule> granules() {
    EnumSet<Granule> set = EnumSet.noneOf(Granule.class);
    while (set.isEmpty()) {
      for (Granule granule : Granule.values()) {
        if (chance(70)) {
          set.add(granule);
        }
      }
    }
    return set;
  }

  private Set<Granule> wideOf(Set<Granule> granules) {
    EnumSet<Granule> set = EnumSet.noneOf(Granule.class);
    set.addAll(granules);
    set.remove(Granule.K64);
    set.removeIf(_ -> chance(40));
    return set;
  }

  private Controls controls(OracleRegime regime) {
    long hcr = 0;
    if (regime == OracleRegime.EL10) {
      hcr |= flag(Controls.VM, 88) | flag(Controls.DC, 10) | flag(Controls.TGE, 3);
      hcr |= flag(Controls.E2H, 30) | flag(Controls.PTW, 15) | flag(Controls.FWB, 40);
      hcr |= flag(Controls.CD, 8) | flag(Controls.ID, 8);
    } else {
      hcr |= regime == OracleRegime.EL20 ? 1L << Controls.E2H : 0;
      hcr |= flag(Controls.TGE, 50) | flag(Controls.VM, 50);
    }
    long sctlr = flag(0, 90) | flag(2, 85) | flag(12, 85) | flag(19, 15) | flag(57, 40);
    return new Controls(
        regime,
        sctlr,
        regime == OracleRegime.EL2 ? tcrEl2() : deepTcr(tcr()),
        random.nextLong(),
        random.nextLong(),
        mair(),
        hcr,
        deepVtcr(vtcr()),
        random.nextLong());
  }

  private long deepTcr(long tcr) {
    if (deep == 0) {
      return tcr;
    }
    long shape = 0x3fL << 16 | 3L << 30 | 0x3fL | 3L << 14 | 7L << 32 | 1L << 59;
    long size = deep == 5 ? 12 : 16;
    long ds = deep == 5 ? 1L << 59 : 0;
    return tcr & ~shape | size | size << 16 | 2L << 30 | ps() << 32 | ds;
  }

  private long deepVtcr(long vtcr) {
    if (deep == 0) {
      return vtcr;
    }
    long shape = 0xffL | 3L << 14 | 7L << 16 | 3L << 32;
    long levels = deep == 5 ? 12 | 3L << 32 : 16 | 2 << 6;
    return vtcr & ~shape | ps() << 16 | levels;
  }

  private long flag(int at, int percent) {
    return chance(percent) ? 1L << at : 0;
  }

  private long tcr() {
    return size()
        | size() << 16
        | flag(7, 2)
        | flag(23, 2)
        | (long) random.nextInt(4) << 12
        | (long) random.nextInt(4) << 28
        | (long) random.nextInt(4) << 14
        | (long) random.nextInt(4) << 30
        | ps() << 32
        | flag(37, 30)
        | flag(38, 30)
        | flag(39, 40)
        | flag(40, 50)
        | flag(41, 20)
        | flag(42, 20)
        | flag(55, 10)
        | flag(56, 10)
        | flag(59, 50);
  }

  private long tcrEl2() {
    return size()
        | (long) random.nextInt(4) << 12
        | (long) random.nextInt(4) << 14
        | ps() << 16
        | flag(20, 30)
        | flag(21, 40)
        | flag(22, 50)
        | flag(24, 20)
        | flag(32, 50);
  }

  private long vtcr() {
    return size()
        | (long) random.nextInt(4) << 6
        | (long) random.nextInt(4) << 12
        | (long) random.nextInt(4) << 14
        | ps() << 16
        | flag(19, 50)
        | flag(21, 40)
        | flag(22, 50)
        | 1L << 31
        | flag(32, 50)
        | flag(33, 40);
  }

  private long size() {
    return chance(40)
        ? random.nextInt(12, 17)
        : chance(90) ? random.nextInt(12, 40) : random.nextInt(64);
  }

  private long ps() {
    return chance(60) ? 6 : random.nextInt(8);
  }

  private long mair() {
    long mair = 0;
    for (int i = 0; i < 8; i++) {
      long attr =
          switch (random.nextInt(6)) {
            case 0 -> random.nextInt(256);
            case 1 -> 0x44;
            case 2 -> random.nextInt(4) << 2;
            case 3 -> random.nextInt(4, 16) << 4 | random.nextInt(4, 16);
            default -> 0xff;
          };
      mair |= attr << 8 * i;
    }
    return mair | 0xffL << 56;
  }

  /** Table bases within the width, with ASID or VMID and CnP as drawn. */
  private long base(long drawn) {
    long low = drawn & 0x0000_ffff_ffff_ffffL;
    if (width < 48) {
      low &= (1L << width) - 1;
    }
    if (width < 52 && chance(95)) {
      low &= ~0x3eL;
    }
    return drawn & 0xffff_0000_0000_0000L | low;
  }

  private long va(Controls c, long drawn) {
    Stage1Params one = new Stage1Params(pe, c, drawn);
    if (!one.enabled) {
      Stage2Params two = new Stage2Params(pe, c);
      int bits = two.faultsAlways() ? pe.paMax() : Math.min(pe.paMax(), two.iaSize());
      return chance(90) ? drawn & (1L << bits) - 1 : drawn;
    }
    long above = -1L << one.iaSize();
    long made = one.upper ? drawn | above : drawn & ~above;
    if (one.tbi) {
      made = made & ~(0xffL << 56) | drawn & 0xffL << 56;
    }
    return chance(97) ? made : made ^ 1L << random.nextInt(64);
  }

  private AccessDescriptor access() {
    boolean el0 = controls.regime().hasUnprivileged() && chance(40);
    boolean pan = pe.pan() && controls.regime().hasUnprivileged() && !el0 && chance(15);
    int kind = random.nextInt(10);
    if (kind < 2) {
      return AccessDescriptor.fetch(el0);
    }
    if (kind < 4) {
      boolean write = chance(50);
      return new AccessDescriptor(AccessDescriptor.Type.AT, el0, !write, write, pan, true);
    }
    boolean read = kind < 8;
    boolean write = kind >= 7;
    return new AccessDescriptor(AccessDescriptor.Type.DATA, el0, read, write, pan, chance(85));
  }

  private static long mix(long value) {
    long mixed = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
    return mixed ^ mixed >>> 31;
  }

  /** The word at a physical address; empty where no memory answers. */
  OptionalLong memory(long pa) {
    long dice = mix(seed + pa * 0x9e3779b97f4a7c15L);
    long bits = mix(dice + 0x9e3779b97f4a7c15L);
    if (odd(dice, 0, 8)) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(descriptor(dice, bits));
  }

  /** One of the rarer things; up to the oddity in 1024, divided. */
  private boolean odd(long dice, int at, int divisor) {
    return (dice >>> at & 1023) * divisor < oddity * 4L;
  }

  private long descriptor(long dice, long bits) {
    long type = odd(dice, 5, 2) ? bits & 2 : (dice >>> 50 & 31) < blocks ? 1 : 3;
    long address = bits & 0x0000_ffff_ffff_f000L;
    long attributes = bits & 0xffc0_0000_0000_0000L;
    boolean beyond = odd(dice, 10, 4);
    if (width < 48 && !beyond) {
      address &= (1L << width) - 1;
    }
    if (clear15to12 && width < 52 && !beyond) {
      address &= ~0xf000L;
    }
    long sh = (bits >>> 8 & 3) << 8;
    if (wide && !beyond) {
      int above = Math.max(0, width - 48);
      long high = bits >>> 60 & (1L << above) - 1;
      sh = high >>> 2 << 8;
      address |= (high & 3) << 48;
    } else if (beyond) {
      address |= (bits & 3) << 48;
    }
    // Read and write for stage 2, everything for EL0 at stage 1, unless the dice say otherwise.
    long permission = (dice >>> 20 & 7) == 0 ? bits & 0xc0 : 0x40;
    if ((dice >>> 23 & 1) == 0) {
      permission |= 0x80;
    }
    long memory = (dice >>> 24 & 1) == 0 ? bits & 0x3c : 0x3c;
    boolean old = odd(dice, 15, 1) || unaccessed && (dice >>> 36 & 3) == 0;
    long accessFlag = old ? 0 : 1L << 10;
    // Hierarchical permissions, execute-never, DBM and the contiguous bit.
    if ((dice >>> 28 & 3) != 0) {
      attributes &= ~(0x1fL << 59);
    }
    if ((dice >>> 30 & 1) != 0) {
      attributes &= ~(3L << 53);
    }
    long dbm = (dice >>> 31 & 1) << 51;
    long contiguous = (dice >>> 32 & 3) == 0 ? 1L << 52 : 0;
    long nonGlobal = (dice >>> 34 & 1) << 11;
    return type
        | address
        | attributes
        | sh
        | permission
        | memory
        | accessFlag
        | dbm
        | contiguous
        | nonGlobal;
  }

  @Override
  public String toString() {
    return controls
        + " hcr 0x"
        + Long.toHexString(controls.hcr())
        + " vtcr 0x"
        + Long.toHexString(controls.vtcr())
        + " tcr 0x"
        + Long.toHexString(controls.tcr())
        + " va 0x"
        + Long.toHexString(va)
        + " "
        + access
        + (outputToo ? " " : " stage 1 alone ")
        + pe;
  }
}
