package dev.stagewalk.mmu;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.arch.Size;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a TLBI instruction names: entries of a regime, of one or both stages, of a VMID and an ASID,
 * in a range of addresses.
 *
 * <p>Source: Arm ARM, "TLB maintenance instructions" and the pages of the TLBI instructions.
 *
 * @param operation the instruction, as {@code vae1is}
 * @param domain whose TLBs it reaches
 * @param regime whose entries
 * @param vas whether entries that translate VAs are meant
 * @param ipas whether entries that translate IPAs are meant
 * @param vmid VMID of the entries; −1 for any, and where the regime has none
 * @param asid ASID of the entries; −1 for any
 * @param globalToo whether global entries are meant beside those of {@code asid}
 * @param first first address; 0 where {@code bytes} is 0
 * @param bytes size of the range; 0 for every address
 */
public record Invalidation(
    String operation,
    Domain domain,
    Regime regime,
    boolean vas,
    boolean ipas,
    int vmid,
    int asid,
    boolean globalToo,
    long first,
    long bytes) {

  /** Whose TLBs an instruction reaches. */
  public enum Domain {
    /** Those of the PE that executes it. */
    LOCAL(""),
    INNER_SHAREABLE("is"),
    OUTER_SHAREABLE("os");

    private final String suffix;

    Domain(String suffix) {
      this.suffix = suffix;
    }
  }

  /**
   * What decides how an operand is read.
   *
   * @param regime of the instructions named after EL1: EL1&amp;0, or EL2&amp;0 for the host at EL2
   * @param vmid the current VMID
   * @param asidBits 8 or 16, in the regime the instruction acts on
   * @param e2h HCR_EL2.E2H: instructions named after EL2 act on EL2&amp;0
   * @param wideUnits range instructions count in 64 KiB (FEAT_LPA2 in use)
   */
  public record Situation(Regime regime, int vmid, int asidBits, boolean e2h, boolean wideUnits) {}

  private static final long ADDRESS = 0xfff_ffff_ffffL;

  /**
   * Reads an instruction of the TLBI space (op0 = 1, CRn = 8); null if it is none that is defined
   * for EL1 or EL2.
   *
   * @param operand the register, as far as the instruction has one
   */
  public static @Nullable Invalidation decode(
      int op1, int crm, int op2, long operand, Situation situation) {
    if (op1 == 4 && (crm == 0 || crm == 4)) {
      return ofIpas(crm, op2, operand, situation);
    }
    Domain domain =
        switch (crm) {
          case 1, 5 -> Domain.OUTER_SHAREABLE;
          case 2, 3 -> Domain.INNER_SHAREABLE;
          case 6, 7 -> Domain.LOCAL;
          default -> null;
        };
    if (domain == null) {
      return null;
    }
    boolean range = crm == 2 || crm == 5 || crm == 6;
    return op1 == 0
        ? ofEl1(op2, range, domain, operand, situation)
        : op1 == 4 ? ofEl2(op2, range, domain, operand, situation) : null;
  }

  /** Whether the instruction exists only with FEAT_TLBIRANGE. */
  public static boolean isRange(int op1, int crm, int op2) {
    return op1 == 4 && (crm == 0 || crm == 4)
        ? op2 == 2 || op2 == 6 || (crm == 4 && (op2 == 3 || op2 == 7))
        : crm == 2 || crm == 5 || crm == 6;
  }

  private static @Nullable Invalidation ofEl1(
      int op2, boolean range, Domain domain, long operand, Situation s) {
    boolean hasVmid = s.regime() == Regime.EL1_0;
    int vmid = hasVmid ? s.vmid() : -1;
    int asid = asid(operand, s);
    if (!range && op2 == 0) {
      return all("vmalle1", domain, s.regime(), false, vmid);
    }
    if (!range && op2 == 2) {
      return new Invalidation(
          named("aside1", domain), domain, s.regime(), true, false, vmid, asid, false, 0, 0);
    }
    String name =
        switch (op2) {
          case 1 -> "vae1";
          case 3 -> "vaae1";
          case 5 -> "vale1";
          case 7 -> "vaale1";
          default -> null;
        };
    if (name == null) {
      return null;
    }
    boolean anyAsid = op2 == 3 || op2 == 7;
    return ofVas(name, range, domain, s.regime(), vmid, anyAsid ? -1 : asid, operand, s);
  }

  private static @Nullable Invalidation ofEl2(
      int op2, boolean range, Domain domain, long operand, Situation s) {
    Regime own = s.e2h() ? Regime.EL2_0 : Regime.EL2;
    int asid = s.e2h() ? asid(operand, s) : -1;
    return switch (op2) {
      case 0 -> range ? null : all("alle2", domain, own, false, -1);
      case 4 -> range ? null : all("alle1", domain, Regime.EL1_0, true, -1);
      case 6 -> range ? null : all("vmalls12e1", domain, Regime.EL1_0, true, s.vmid());
      case 1 -> ofVas("vae2", range, domain, own, -1, asid, operand, s);
      case 5 -> ofVas("vale2", range, domain, own, -1, asid, operand, s);
      default -> null;
    };
  }

  private static @Nullable Invalidation ofIpas(int crm, int op2, long operand, Situation s) {
    boolean lastLevel = op2 >= 4;
    int which = op2 & 3;
    Domain domain;
    if (crm == 0) {
      if (which != 1 && which != 2) {
        return null;
      }
      domain = Domain.INNER_SHAREABLE;
    } else {
      domain = which == 0 || which == 3 ? Domain.OUTER_SHAREABLE : Domain.LOCAL;
    }
    boolean range = isRange(4, crm, op2);
    long first = range ? rangeFirst(operand, false, s) : (operand & 0xf_ffff_ffffL) << 12;
    return new Invalidation(
        (range ? "r" : "") + named(lastLevel ? "ipas2le1" : "ipas2e1", domain),
        domain,
        Regime.EL1_0,
        false,
        true,
        s.vmid(),
        -1,
        true,
        first,
        range ? rangeBytes(operand) : 1 << 12);
  }

  private static Invalidation all(
      String name, Domain domain, Regime regime, boolean bothStages, int vmid) {
    return new Invalidation(
        named(name, domain), domain, regime, true, bothStages, vmid, -1, true, 0, 0);
  }

  private static Invalidation ofVas(
      String name,
      boolean range,
      Domain domain,
      Regime regime,
      int vmid,
      int asid,
      long operand,
      Situation s) {
    // Bits 43:0 are VA[55:12]; what is above takes no part.
    long first = range ? rangeFirst(operand, true, s) : (operand & ADDRESS) << 20 >> 8;
    return new Invalidation(
        (range ? "r" : "") + named(name, domain),
        domain,
        regime,
        true,
        false,
        vmid,
        asid,
        true,
        first,
        range ? rangeBytes(operand) : 1 << 12);
  }

  private static int asid(long operand, Situation s) {
    return (int) (operand >>> 48) & ((1 << s.asidBits()) - 1);
  }

  private static String named(String name, Domain domain) {
    return name + domain.suffix;
  }

  /** BaseADDR, in units of the granule that TG names; a VA has its top bit in all above. */
  private static long rangeFirst(long operand, boolean va, Situation s) {
    long base = va ? operand << 27 >> 27 : operand << 27 >>> 27;
    return base << (s.wideUnits() ? 16 : granuleShift(operand));
  }

  /** (NUM + 1) × 2^(5 × SCALE + 1) granules. */
  private static long rangeBytes(long operand) {
    long num = operand >>> 39 & 0x1f;
    int scale = (int) (operand >>> 44) & 3;
    return (num + 1) << (5 * scale + 1 + granuleShift(operand));
  }

  private static int granuleShift(long operand) {
    return switch ((int) (operand >>> 46) & 3) {
      case 2 -> 14;
      case 3 -> 16;
      default -> 12;
    };
  }

  /**
   * Whether an entry must go.
   *
   * @param pe the PE that executes the instruction
   */
  public boolean covers(int pe, TlbEntry entry) {
    Stage1Tag tag = entry.stage1();
    return (domain != Domain.LOCAL || entry.pe() == pe)
        && entry.regime() == regime
        && (vmid < 0 || entry.vmid() == vmid)
        && (tag == null ? ipas : vas && coversAsid(tag))
        && coversAddress(entry);
  }

  private boolean coversAsid(Stage1Tag tag) {
    return asid < 0 || (tag.global() ? globalToo : tag.asid() == asid);
  }

  /** Addresses compare in bits 55:0, which is all that an operand can name. */
  private boolean coversAddress(TlbEntry entry) {
    if (bytes == 0) {
      return true;
    }
    long ahead = (entry.input() - first) & 0xff_ffff_ffff_ffffL;
    long behind = (first - entry.input()) & 0xff_ffff_ffff_ffffL;
    return ahead < bytes || behind < entry.size();
  }

  /** What is named, in words: "VAs 0x… to 0x… of ASID 3, VMID 1, on this PE". */
  public String words() {
    StringBuilder out = new StringBuilder();
    String what = !vas ? "IPAs" : ipas ? "all translations" : "VAs";
    out.append(what);
    if (bytes != 0) {
      out.append(' ').append(Hex.address(first)).append(", ").append(Size.words(bytes));
    }
    out.append(" of ").append(regime.text());
    if (asid >= 0) {
      out.append(", ASID ").append(asid).append(globalToo ? " and global" : "");
    }
    if (vmid >= 0) {
      out.append(", VMID ").append(vmid);
    }
    return out.append(domain == Domain.LOCAL ? ", on this PE" : ", on all PEs").toString();
  }

  /** The instruction in capitals: {@code VAE1IS}. */
  public String title() {
    return operation.toUpperCase(Locale.ROOT);
  }
}
