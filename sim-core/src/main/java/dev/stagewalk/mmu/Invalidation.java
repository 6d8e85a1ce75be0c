package dev.stagewalk.mmu;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Domain;
import dev.stagewalk.event.TlbiScope;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the operand of a TLBI instruction is read, and which entries must go.
 *
 * <p>Source: Arm ARM, "TLB maintenance instructions" and the pages of the TLBI instructions.
 */
public final class Invalidation {
  private static final long VA = 0xfff_ffff_ffffL;
  private static final long IPA = 0xff_ffff_ffffL;
  private static final long ADDRESS = 0xff_ffff_ffff_ffffL;

  private Invalidation() {}

  /**
   * What decides how an operand is read.
   *
   * @param regime of the instructions named after EL1: EL1&amp;0, or EL2&amp;0 for the host at EL2
   * @param vmid the current VMID
   * @param asidBits 8 or 16, in the regime the instruction acts on
   * @param e2h HCR_EL2.E2H: instructions named after EL2 act on EL2&amp;0
   * @param ds TCR_ELx.DS of that regime, of instructions by IPA VTCR_EL2.DS: with FEAT_LPA2 ranges
   *     count in 64 KiB
   * @param broadcast HCR_EL2.FB at EL1: what names this PE alone reaches the Inner Shareable domain
   * @param hints the operand of one address may name the level of the leaf (FEAT_TTL)
   * @param lpa2 granules with FEAT_LPA2, where leaves at level 0 with 4K and at level 1 with 16K
   *     exist
   */
  public record Situation(
      Regime regime,
      int vmid,
      int asidBits,
      boolean e2h,
      boolean ds,
      boolean broadcast,
      boolean hints,
      Set<Granule> lpa2) {

    public Situation {
      lpa2 = Set.copyOf(lpa2);
    }

    /** Without FEAT_LPA2, broadcast and hints. */
    public Situation(Regime regime, int vmid, int asidBits, boolean e2h) {
      this(regime, vmid, asidBits, e2h, false, false, false, Set.of());
    }
  }

  /** A leaf level with the granule it belongs to. */
  private record Hint(int level, @Nullable Granule granule) {
    static final Hint NONE = new Hint(TlbiScope.NO_HINT, null);

    /** Whether leaves can be there; 0 to 3. */
    static boolean mayHaveLeaves(Granule granule, int level, Situation s) {
      return switch (granule) {
        case K4 -> level != 0 || s.lpa2.contains(granule);
        case K16 -> level > 1 || (level == 1 && s.lpa2.contains(granule));
        case K64 -> level != 0;
      };
    }
  }

  /** The addresses of an operand. */
  private record Range(long first, long bytes, Hint hint, boolean nothing) {
    static final Range ALL = new Range(0, 0, Hint.NONE, false);
  }

  /**
   * Reads an instruction of the TLBI space (op0 = 1, CRn = 8, or 9 with nXS); null if it is none
   * that is defined for EL1 or EL2.
   *
   * @param operand the register, as far as the instruction has one
   */
  public static @Nullable TlbiScope decode(
      int op1, int crm, int op2, long operand, boolean nxs, Situation situation) {
    if (op1 == 4 && (crm == 0 || crm == 4)) {
      return ofIpas(crm, op2, operand, nxs, situation);
    }
    Domain domain =
        switch (crm) {
          case 1, 5 -> Domain.OUTER_SHAREABLE;
          case 2, 3 -> Domain.INNER_SHAREABLE;
          case 6, 7 -> Domain.NON_SHAREABLE;
          default -> null;
        };
    if (domain == null || (op1 != 0 && op1 != 4)) {
      return null;
    }
    boolean range = crm == 2 || crm == 5 || crm == 6;
    Names names = op1 == 0 ? ofEl1(op2, situation) : ofEl2(op2, situation);
    if (names == null || (range && !names.byAddress)) {
      return null;
    }
    Range which =
        !names.byAddress
            ? Range.ALL
            : range ? range(operand, true, situation) : single(operand, true, situation);
    boolean wider = situation.broadcast() && op1 == 0 && domain.isLocal();
    return new TlbiScope(
        named(names.name, range, domain, nxs),
        wider ? Domain.INNER_SHAREABLE : domain,
        names.regime,
        true,
        names.bothStages,
        names.vmid,
        names.byAsid ? asid(operand, situation) : -1,
        !names.byAsid || names.byAddress,
        names.lastLevel,
        which.first,
        which.bytes,
        which.hint.level,
        which.hint.granule,
        which.nothing,
        nxs,
        names.byAsid || names.byAddress ? operand : 0);
  }

  /** Whether the instruction exists only with FEAT_TLBIRANGE. */
  public static boolean isRange(int op1, int crm, int op2) {
    return op1 == 4 && (crm == 0 || crm == 4)
        ? op2 == 2 || op2 == 6 || (crm == 4 && (op2 == 3 || op2 == 7))
        : crm == 2 || crm == 5 || crm == 6;
  }

  /** What op2 says of an instruction that names VAs, or everything. */
  private record Names(
      String name,
      Regime regime,
      int vmid,
      boolean byAddress,
      boolean byAsid,
      boolean lastLevel,
      boolean bothStages) {}

  private static @Nullable Names ofEl1(int op2, Situation s) {
    Regime regime = s.regime();
    int vmid = regime == Regime.EL1_0 ? s.vmid() : -1;
    return switch (op2) {
      case 0 -> new Names("vmalle1", regime, vmid, false, false, false, false);
      case 1 -> new Names("vae1", regime, vmid, true, true, false, false);
      case 2 -> new Names("aside1", regime, vmid, false, true, false, false);
      case 3 -> new Names("vaae1", regime, vmid, true, false, false, false);
      case 5 -> new Names("vale1", regime, vmid, true, true, true, false);
      case 7 -> new Names("vaale1", regime, vmid, true, false, true, false);
      default -> null;
    };
  }

  private static @Nullable Names ofEl2(int op2, Situation s) {
    Regime own = s.e2h() ? Regime.EL2_0 : Regime.EL2;
    return switch (op2) {
      case 0 -> new Names("alle2", own, -1, false, false, false, false);
      case 1 -> new Names("vae2", own, -1, true, s.e2h(), false, false);
      case 4 -> new Names("alle1", Regime.EL1_0, -1, false, false, false, true);
      case 5 -> new Names("vale2", own, -1, true, s.e2h(), true, false);
      case 6 -> new Names("vmalls12e1", Regime.EL1_0, s.vmid(), false, false, false, true);
      default -> null;
    };
  }

  private static @Nullable TlbiScope ofIpas(
      int crm, int op2, long operand, boolean nxs, Situation s) {
    boolean lastLevel = op2 >= 4;
    int which = op2 & 3;
    Domain domain;
    if (crm == 0) {
      if (which != 1 && which != 2) {
        return null;
      }
      domain = Domain.INNER_SHAREABLE;
    } else {
      domain = which == 0 || which == 3 ? Domain.OUTER_SHAREABLE : Domain.NON_SHAREABLE;
    }
    boolean range = isRange(4, crm, op2);
    Range where = range ? range(operand, false, s) : single(operand, false, s);
    return new TlbiScope(
        named(lastLevel ? "ipas2le1" : "ipas2e1", range, domain, nxs),
        domain,
        Regime.EL1_0,
        false,
        true,
        s.vmid(),
        -1,
        true,
        lastLevel,
        where.first,
        where.bytes,
        where.hint.level,
        where.hint.granule,
        where.nothing,
        nxs,
        operand);
  }

  private static String named(String name, boolean range, Domain domain, boolean nxs) {
    return (range ? "r" : "") + name + domain.suffix() + (nxs ? "nxs" : "");
  }

  private static int asid(long operand, Situation s) {
    return (int) (operand >>> 48) & ((1 << s.asidBits()) - 1);
  }

  /** Bits 43:0 are VA[55:12], what is above takes no part; bits 39:0 are IPA[51:12]. */
  private static Range single(long operand, boolean va, Situation s) {
    long first = va ? (operand & VA) << 20 >> 8 : (operand & IPA) << 12;
    Hint hint = s.hints() ? hint((int) (operand >>> 44) & 15, s) : Hint.NONE;
    return new Range(first, 1 << 12, hint, false);
  }

  /** TTL of one address: granule in bits 3:2, level in bits 1:0. Reserved values say nothing. */
  private static Hint hint(int ttl, Situation s) {
    Granule granule =
        switch (ttl >>> 2) {
          case 1 -> Granule.K4;
          case 2 -> Granule.K16;
          case 3 -> Granule.K64;
          default -> null;
        };
    int level = ttl & 3;
    return granule == null || !Hint.mayHaveLeaves(granule, level, s)
        ? Hint.NONE
        : new Hint(level, granule);
  }

  /**
   * BaseADDR, in units of the granule that TG names, and (NUM + 1) × 2^(5 × SCALE + 1) granules; a
   * VA has its top bit in all above. The reserved TG names nothing: the one choice that no software
   * can rely on. TTL = 0 names no level, nor does one where the granule has no leaves.
   */
  private static Range range(long operand, boolean va, Situation s) {
    Granule granule =
        switch ((int) (operand >>> 46) & 3) {
          case 1 -> Granule.K4;
          case 2 -> Granule.K16;
          case 3 -> Granule.K64;
          default -> null;
        };
    long base = va ? operand << 27 >> 27 : operand << 27 >>> 27;
    int shift = granule == null ? 12 : granule.shift();
    boolean wide = granule != null && s.ds() && s.lpa2().contains(granule);
    long first = base << (wide ? 16 : shift);
    long num = operand >>> 39 & 0x1f;
    int scale = (int) (operand >>> 44) & 3;
    int level = (int) (operand >>> 37) & 3;
    boolean hinted = granule != null && level != 0 && Hint.mayHaveLeaves(granule, level, s);
    Hint hint = new Hint(hinted ? level : TlbiScope.NO_HINT, granule);
    return new Range(first, (num + 1) << (5 * scale + 1 + shift), hint, granule == null);
  }

  /**
   * Whether an entry must go.
   *
   * @param pe the PE that executed the instruction
   */
  public static boolean covers(TlbiScope scope, int pe, TlbEntry entry) {
    Stage1Tag tag = entry.stage1();
    return !scope.nothing()
        && (!scope.domain().isLocal() || entry.pe() == pe)
        && entry.regime() == scope.regime()
        && (scope.vmid() < 0 || entry.vmid() == scope.vmid())
        && (tag == null ? scope.ipas() : scope.vas() && coversAsid(scope, tag))
        && !(scope.lastLevelOnly() && entry.kind().isTable())
        && coversAddress(scope, entry);
  }

  /**
   * Whether an operand names some of the descriptors of a run with the Contiguous bit and not all:
   * the others need not go.
   *
   * <p>Source: Arm ARM, "Operation of the TLB maintenance instructions".
   */
  static boolean cuts(TlbiScope scope, TlbEntry entry) {
    return entry.contiguous()
        && !scope.everyAddress()
        && ((entry.input() - scope.first()) & ADDRESS) + entry.size() > scope.bytes();
  }

  /**
   * Whether an entry must go by the letter: what the operand says of the leaf's level and of the
   * granule holds for the entry too. Where it says something wrong nothing has to go, though most
   * TLBs look at the address alone, as {@link #covers} does.
   */
  public static boolean mustRemove(TlbiScope scope, int pe, TlbEntry entry) {
    return covers(scope, pe, entry) && isAsHinted(scope, entry);
  }

  private static boolean isAsHinted(TlbiScope scope, TlbEntry entry) {
    if (scope.granule() != null && scope.granule() != entry.granule()) {
      return false;
    }
    Stage1Tag tag = entry.stage1();
    int level = tag == null ? entry.level() : tag.level();
    return scope.hint() == TlbiScope.NO_HINT
        || ((entry.kind().isTable() ? level < scope.hint() : level == scope.hint())
            && !beginsAmiss(scope));
  }

  /**
   * Which addresses a range names is UNPREDICTABLE where its base is no multiple of what a leaf
   * covers at the level of its hint. For level 1 with 16K the architecture does not say so.
   *
   * <p>Source: Arm ARM, the pages of the TLBI instructions of ranges.
   */
  private static boolean beginsAmiss(TlbiScope scope) {
    Granule granule = scope.granule();
    boolean range = scope.bytes() > 1 << 12;
    return range
        && granule != null
        && scope.hint() > 0
        && (granule != Granule.K16 || scope.hint() != 1)
        && (scope.first() & (1L << granule.levelShift(scope.hint())) - 1) != 0;
  }

  private static boolean coversAsid(TlbiScope scope, Stage1Tag tag) {
    return scope.asid() < 0 || (tag.global() ? scope.globalToo() : tag.asid() == scope.asid());
  }

  /** Addresses compare in bits 55:0, which is all that an operand can name. */
  private static boolean coversAddress(TlbiScope scope, TlbEntry entry) {
    if (scope.everyAddress()) {
      return true;
    }
    long ahead = (entry.input() - scope.first()) & ADDRESS;
    long behind = (scope.first() - entry.input()) & ADDRESS;
    return ahead < scope.bytes() || behind < entry.size();
  }
}
