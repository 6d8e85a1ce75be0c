package dev.stagewalk.mmu;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Size;
import dev.stagewalk.mmu.Problem.Effect;
import dev.stagewalk.mmu.Problem.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What VTCR_EL2, VTTBR_EL2 and HCR_EL2 mean to the stage-2 walker of a PE with certain features:
 * the geometry of the tables, where the root is, and everything that is wrong with it.
 *
 * <p>Source: Arm ARM, VTCR_EL2, Virtualization Translation Control Register; VTTBR_EL2,
 * Virtualization Translation Table Base Register; "Translation process".
 */
public final class Stage2Parameters {
  private static final long HCR_VM = 1L;
  private static final long HCR_DC = 1L << 12;
  private static final long HCR_TGE = 1L << 27;
  private static final long HCR_E2H = 1L << 34;
  private static final long HCR_FWB = 1L << 46;

  private static final String VTCR_SECTION =
      "VTCR_EL2, Virtualization Translation Control Register";
  private static final String VTTBR_SECTION =
      "VTTBR_EL2, Virtualization Translation Table Base Register";

  /**
   * What a T0SZ outside the legal range does: CONSTRAINED UNPREDICTABLE, either of these.
   *
   * <p>Source: Arm ARM, VTCR_EL2, field T0SZ.
   */
  public enum OutOfRangeT0sz {
    /** Every translation ends in a level 0 Translation fault. */
    FAULT,
    /** The nearest legal value is used. */
    CLAMP
  }

  private final long vtcr;
  private final long vttbr;
  private final long hcr;
  private final Features features;
  private final Policy policy;
  private final List<Problem> problems;

  private final boolean enabled;
  private final Granule granule;
  private final int inputBits;
  private final int outputBits;
  private final int startLevel;
  private final boolean startLevelReserved;
  private final int rootEntries;
  private final long rootAlignment;
  private final long rootBase;
  private final int vmid;
  private final int vmidBits;
  private final boolean ds;
  private final Stage2Format format;
  private final Descent descent;
  private final boolean hardwareAccessFlag;
  private final boolean hardwareDirtyState;
  private final boolean fwb;
  private final @Nullable Problem refusal;
  private final @Nullable Problem rootRefusal;

  /** The parameters of a PE that refuses a T0SZ out of range. */
  public static Stage2Parameters decode(long vtcr, long vttbr, long hcr, Features features) {
    return decode(vtcr, vttbr, hcr, features, Policy.USUAL);
  }

  /** The parameters of a PE with a chosen answer to a T0SZ out of range. */
  public static Stage2Parameters decode(
      long vtcr, long vttbr, long hcr, Features features, OutOfRangeT0sz policy) {
    return decode(vtcr, vttbr, hcr, features, Policy.usual(policy));
  }

  /** The parameters of a PE with a policy. */
  public static Stage2Parameters decode(
      long vtcr, long vttbr, long hcr, Features features, Policy policy) {
    return new Stage2Parameters(vtcr, vttbr, hcr, features, policy);
  }

  private Stage2Parameters(long vtcr, long vttbr, long hcr, Features features, Policy policy) {
    this.vtcr = vtcr;
    this.vttbr = vttbr;
    this.hcr = hcr;
    this.features = features;
    this.policy = policy;
    List<Problem> found = new ArrayList<>();

    boolean hostRegime = (hcr & (HCR_E2H | HCR_TGE)) == (HCR_E2H | HCR_TGE);
    enabled = !hostRegime && (hcr & (HCR_VM | HCR_DC)) != 0;
    granule = granule(found);
    ds = ds(found);
    format = new Stage2Format(granule, ds, granule == Granule.K64 && features.lpa());
    outputBits = outputBits(found);
    inputBits = 64 - t0sz(policy.outOfRange(), found);

    int level = Vtcr.startLevel(granule, ds, ds && (vtcr & Vtcr.SL2) != 0, Vtcr.sl0(vtcr));
    startLevelReserved = level == Vtcr.RESERVED_LEVEL;
    startLevel = startLevelReserved ? 0 : level;
    int rootBits = Math.max(0, inputBits - granule.levelShift(startLevel));
    checkStartLevel(rootBits, found);
    rootEntries = 1 << Math.min(rootBits, granule.bitsPerLevel() + 4);
    descent = new Descent(format, startLevel, inputBits, outputBits);

    // Bits [5:2] of VTTBR_EL2 are address bits [51:48] only with 52-bit addresses.
    boolean wideBase = ds || (format.wide64K() && Vtcr.ps(vtcr) == 6);
    rootAlignment = Math.max(rootBytes(), wideBase ? 64 : 2);
    long base =
        wideBase ? (vttbr & 0xffff_ffff_ffc0L) | (vttbr & 0x3c) << 46 : vttbr & 0xffff_ffff_fffeL;
    boolean corrupted = policy.misalignedRoot() == Policy.MisalignedRoot.CORRUPTED;
    rootBase = base & -(corrupted ? 8 : rootAlignment);
    checkRoot(base, found);

    vmidBits = features.vmid16() && (vtcr & Vtcr.VS) != 0 ? 16 : 8;
    vmid = (int) (vttbr >>> 48) & ((1 << vmidBits) - 1);
    checkVmid(found);

    hardwareAccessFlag =
        (vtcr & Vtcr.HA) != 0 && features.hardwareUpdates() != Features.HardwareUpdates.NONE;
    hardwareDirtyState =
        hardwareAccessFlag
            && (vtcr & Vtcr.HD) != 0
            && features.hardwareUpdates() == Features.HardwareUpdates.ACCESS_FLAG_AND_DIRTY_STATE;
    checkHardwareUpdates(found);
    fwb = features.fwb() && (hcr & HCR_FWB) != 0;
    if ((vtcr & Vtcr.RES1) == 0) {
      note(found, Kind.RES1_CLEAR, "VTCR_EL2 bit 31 is RES1 but is written as 0", VTCR_SECTION);
    }

    problems = List.copyOf(found);
    refusal = first(Effect.TRANSLATION_FAULT);
    rootRefusal = first(Effect.ADDRESS_SIZE_FAULT);
  }

  private Granule granule(List<Problem> found) {
    Granule named = Vtcr.granule(Vtcr.tg0(vtcr));
    if (named != null && features.granules().contains(named)) {
      return named;
    }
    // Programmed otherwise, the field counts as an implemented size of the PE's choice.
    Granule chosen = Granule.K64;
    for (Granule granule : Granule.values()) {
      if (features.granules().contains(granule)) {
        chosen = granule;
        break;
      }
    }
    if (named == null) {
      note(
          found,
          Kind.GRANULE_RESERVED,
          "VTCR_EL2.TG0 = 3 is reserved; the PE takes the granule "
              + chosen.text()
              + ", one allowed choice",
          VTCR_SECTION + ", field TG0");
    } else {
      note(
          found,
          Kind.GRANULE_NOT_SUPPORTED,
          "this PE has no "
              + named.text()
              + " granule at stage 2; it takes the granule "
              + chosen.text()
              + ", one allowed choice",
          VTCR_SECTION + ", field TG0");
    }
    return chosen;
  }

  private boolean ds(List<Problem> found) {
    boolean written = (vtcr & Vtcr.DS) != 0;
    boolean has = features.lpa2().contains(granule);
    if (written && !has && granule != Granule.K64) {
      note(
          found,
          Kind.DS_NOT_IMPLEMENTED,
          "VTCR_EL2.DS is set, but this PE has no 52-bit addresses with the "
              + granule.text()
              + " granule (FEAT_LPA2); it counts as 0",
          VTCR_SECTION + ", field DS");
    }
    boolean effective = written && has;
    if ((vtcr & Vtcr.SL2) != 0 && !(effective && granule == Granule.K4)) {
      note(
          found,
          Kind.SL2_IGNORED,
          "VTCR_EL2.SL2 is set but counts only with DS = 1 and the 4K granule",
          VTCR_SECTION + ", field SL2");
    }
    return effective;
  }

  /** 52-bit addresses need DS with 4K and 16K; PARange limits everything. */
  private int addressLimit() {
    return granule == Granule.K64 || ds ? features.paBits() : Math.min(48, features.paBits());
  }

  private int outputBits(List<Problem> found) {
    int limit = addressLimit();
    int bits = Features.bitsOfPs(Vtcr.ps(vtcr));
    if (bits < 0) {
      note(
          found,
          Kind.OUTPUT_SIZE_RESERVED,
          "VTCR_EL2.PS = 7 is reserved; the PE takes " + limit + " bits, one allowed choice",
          VTCR_SECTION + ", field PS");
      return limit;
    }
    if (bits > limit) {
      note(
          found,
          Kind.OUTPUT_SIZE_WIDER_THAN_IMPLEMENTED,
          "VTCR_EL2.PS says "
              + bits
              + " bits, but with the "
              + granule.text()
              + " granule"
              + (ds ? " and DS = 1" : "")
              + " this PE has "
              + limit
              + "; output addresses are limited to those",
          VTCR_SECTION + ", field PS");
    }
    return Math.min(bits, limit);
  }

  private int t0sz(OutOfRangeT0sz policy, List<Problem> found) {
    int t0sz = Vtcr.t0sz(vtcr);
    int least = 64 - addressLimit();
    int most = features.smallTables() ? (granule == Granule.K64 ? 47 : 48) : 39;
    if (t0sz >= least && t0sz <= most) {
      return t0sz;
    }
    int nearest = Math.clamp(t0sz, least, most);
    // With FEAT_LPA too small a T0SZ leaves no choice.
    boolean choice = t0sz > most || !features.lpa();
    boolean clamp = choice && policy == OutOfRangeT0sz.CLAMP;
    String answer =
        (choice ? Policy.chosen(policy) : "; ")
            + (clamp ? "this PE takes " + nearest : "every translation faults");
    found.add(
        new Problem(
            t0sz < least ? Kind.T0SZ_TOO_SMALL : Kind.T0SZ_TOO_LARGE,
            t0sz < least
                ? "T0SZ = "
                    + t0sz
                    + " asks for "
                    + (64 - t0sz)
                    + "-bit IPAs, but this PE has "
                    + addressLimit()
                    + "-bit addresses here, so T0SZ is at least "
                    + least
                    + answer
                : "T0SZ = "
                    + t0sz
                    + " leaves "
                    + (64 - t0sz)
                    + "-bit IPAs; "
                    + (features.smallTables()
                        ? ""
                        : "without small translation tables (FEAT_TTST) ")
                    + "T0SZ is at most "
                    + most
                    + answer,
            VTCR_SECTION + ", field T0SZ",
            clamp ? Effect.WALK_GOES_ON : Effect.TRANSLATION_FAULT));
    return clamp ? nearest : t0sz;
  }

  private void checkStartLevel(int rootBits, List<Problem> found) {
    String code = (ds && granule == Granule.K4 ? "SL2:SL0 = " + sl2() + ":" : "SL0 = ");
    String named = code + Vtcr.sl0(vtcr);
    if (startLevelReserved) {
      refuse(
          found,
          Kind.START_LEVEL_RESERVED,
          named + " is reserved with the " + granule.text() + " granule");
      return;
    }
    int needed = paBitsForStartLevel(granule, startLevel);
    if (features.paBits() < needed) {
      refuse(
          found,
          Kind.START_LEVEL_NEEDS_WIDER_PA,
          "start level "
              + startLevel
              + " with the "
              + granule.text()
              + " granule needs an implemented PA size (PARange) of at least "
              + needed
              + " bits; this PE has "
              + features.paBits()
              + ", whatever PS says");
    }
    if (granule == Granule.K4 && startLevel == 3 && !features.smallTables()) {
      refuse(
          found,
          Kind.START_LEVEL_NEEDS_SMALL_TABLES,
          "start level 3 with the 4K granule needs small translation tables (FEAT_TTST)");
    }
    if (rootBits < 1) {
      refuse(
          found,
          Kind.START_LEVEL_HAS_NOTHING_TO_RESOLVE,
          "T0SZ = "
              + Vtcr.t0sz(vtcr)
              + " gives IPAs of "
              + inputBits
              + " bits, too few for start level "
              + startLevel
              + ", whose one entry covers all of them");
    } else if (rootBits > granule.bitsPerLevel() + 4) {
      refuse(
          found,
          Kind.START_LEVEL_NEEDS_MORE_THAN_16_TABLES,
          "T0SZ = "
              + Vtcr.t0sz(vtcr)
              + " gives IPAs of "
              + inputBits
              + " bits; from start level "
              + startLevel
              + " that needs "
              + (1L << (rootBits - granule.bitsPerLevel()))
              + " concatenated tables, and 16 is the most");
    }
  }

  private int sl2() {
    return (vtcr & Vtcr.SL2) != 0 ? 1 : 0;
  }

  /** The PARange below which the architecture reserves a start level; 0 for none. */
  static int paBitsForStartLevel(Granule granule, int level) {
    return switch (granule) {
      case K4 -> level == 0 ? 44 : 0;
      case K16 -> level == 1 ? 42 : 0;
      case K64 -> level == 1 ? 44 : 0;
    };
  }

  private void checkRoot(long base, List<Problem> found) {
    if ((base & (rootAlignment - 1)) != 0) {
      note(
          found,
          Kind.ROOT_MISALIGNED,
          "VTTBR_EL2 names the root "
              + Hex.address(base)
              + ", which is not aligned to "
              + Size.words(rootAlignment)
              + (refused(found)
                  ? ""
                  : Policy.chosen(policy.misalignedRoot())
                      + "the walker reads "
                      + Hex.address(rootBase)),
          VTTBR_SECTION + ", field BADDR");
    }
    if (rootBase >>> outputBits != 0) {
      found.add(
          new Problem(
              Kind.ROOT_BEYOND_OUTPUT_SIZE,
              "the root "
                  + Hex.address(rootBase)
                  + " lies beyond the output size of "
                  + outputBits
                  + " bits",
              "Address size fault",
              Effect.ADDRESS_SIZE_FAULT));
    }
  }

  private void checkVmid(List<Problem> found) {
    if ((vtcr & Vtcr.VS) != 0 && !features.vmid16()) {
      note(
          found,
          Kind.VMID_16_NOT_IMPLEMENTED,
          "VTCR_EL2.VS asks for 16-bit VMIDs, which this PE has not; they have 8 bits",
          VTCR_SECTION + ", field VS");
    }
    if (vmidBits == 8 && vttbr >>> 56 != 0) {
      note(
          found,
          Kind.VMID_BITS_IGNORED,
          "VTTBR_EL2 holds VMID "
              + (vttbr >>> 48)
              + ", but VMIDs have 8 bits here: it is VMID "
              + vmid,
          VTTBR_SECTION + ", field VMID");
    }
  }

  private void checkHardwareUpdates(List<Problem> found) {
    boolean ha = (vtcr & Vtcr.HA) != 0;
    boolean hd = (vtcr & Vtcr.HD) != 0;
    if ((ha && !hardwareAccessFlag)
        || (hd
            && features.hardwareUpdates()
                != Features.HardwareUpdates.ACCESS_FLAG_AND_DIRTY_STATE)) {
      note(
          found,
          Kind.HARDWARE_UPDATE_NOT_IMPLEMENTED,
          "VTCR_EL2.HA or HD asks for hardware updates of descriptors (FEAT_HAFDBS) that this PE"
              + " does not make",
          VTCR_SECTION + ", fields HA and HD");
    } else if (hd && !ha) {
      note(
          found,
          Kind.DIRTY_STATE_WITHOUT_ACCESS_FLAG,
          "VTCR_EL2.HD is set without HA; dirty state is managed only with both",
          VTCR_SECTION + ", field HD");
    }
  }

  private boolean refused(List<Problem> found) {
    return rootBase >>> outputBits != 0
        || found.stream().anyMatch(p -> p.effect() != Effect.WALK_GOES_ON);
  }

  private static void note(List<Problem> found, Kind kind, String sentence, String source) {
    found.add(new Problem(kind, sentence, source, Effect.WALK_GOES_ON));
  }

  private static void refuse(List<Problem> found, Kind kind, String sentence) {
    found.add(
        new Problem(
            kind, sentence, VTCR_SECTION + ", fields SL0 and SL2", Effect.TRANSLATION_FAULT));
  }

  private @Nullable Problem first(Effect effect) {
    for (Problem problem : problems) {
      if (problem.effect() == effect) {
        return problem;
      }
    }
    return null;
  }

  public long vtcr() {
    return vtcr;
  }

  public long vttbr() {
    return vttbr;
  }

  public long hcr() {
    return hcr;
  }

  public Features features() {
    return features;
  }

  /** What was chosen where the architecture leaves the choice. */
  public Policy policy() {
    return policy;
  }

  /** What other values of the registers mean to the same PE. */
  public Stage2Parameters with(long otherVtcr, long otherVttbr, long otherHcr) {
    return otherVtcr == vtcr && otherVttbr == vttbr && otherHcr == hcr
        ? this
        : decode(otherVtcr, otherVttbr, otherHcr, features, policy);
  }

  /** Everything wrong with these controls; empty if they are what the architecture wants. */
  public List<Problem> problems() {
    return problems;
  }

  /** Whether no problem makes every translation fault. */
  public boolean walkable() {
    return refusal == null && rootRefusal == null;
  }

  /** The problem that makes every translation a level 0 Translation fault; null if none. */
  @Nullable Problem refusal() {
    return refusal;
  }

  /** The root lies beyond the output size: each one an Address size fault; null if not. */
  @Nullable Problem rootRefusal() {
    return rootRefusal;
  }

  /** Stage 2 of EL1&amp;0 is on: HCR_EL2.VM or DC, outside the host's regime (E2H, TGE both 1). */
  public boolean enabled() {
    return enabled;
  }

  public Granule granule() {
    return granule;
  }

  /** Size of an IPA in bits (64 − T0SZ). */
  public int inputBits() {
    return inputBits;
  }

  /** Size of an output address in bits: PS, limited by what the PE implements. */
  public int outputBits() {
    return outputBits;
  }

  /** Initial level of lookup, −1 to 3; 0 where SL0 is reserved, which {@link #problems} says. */
  public int startLevel() {
    return startLevel;
  }

  /** Levels of lookup of a walk that ends in a page. */
  public int levels() {
    return 4 - startLevel;
  }

  /** Tables concatenated at the root, 1 to 16. */
  public int rootTables() {
    return Math.max(1, rootEntries >> granule.bitsPerLevel());
  }

  /** Entries of the whole root, 2 to 16 tables' worth. */
  public int rootEntries() {
    return rootEntries;
  }

  /** Bytes of the whole root; less than a granule if the input does not need a full table. */
  public long rootBytes() {
    return 8L * rootEntries;
  }

  /** What the root must be aligned to, in bytes. */
  public long rootAlignment() {
    return rootAlignment;
  }

  /** Physical address the walker reads the root at: BADDR, usually with alignment bits cleared. */
  public long rootBase() {
    return rootBase;
  }

  /** The current VMID, 0 to 2^{@link #vmidBits}−1. */
  public int vmid() {
    return vmid;
  }

  /** 8 or 16. */
  public int vmidBits() {
    return vmidBits;
  }

  /** FEAT_LPA2 in use: descriptor bits 9:8 are address bits 51:50, and blocks exist a level up. */
  public boolean ds() {
    return ds;
  }

  /** How descriptors are laid out under these controls. */
  public Stage2Format format() {
    return format;
  }

  /** How a walk goes down these tables. */
  Descent descent() {
    return descent;
  }

  /** The walker sets the Access flag by itself (HA). */
  public boolean hardwareAccessFlag() {
    return hardwareAccessFlag;
  }

  /** The walker makes a descriptor with DBM writable on a write (HA and HD). */
  public boolean hardwareDirtyState() {
    return hardwareDirtyState;
  }

  /** HCR_EL2.FWB in use: MemAttr can force Write-Back or leave the type to stage 1. */
  public boolean fwb() {
    return fwb;
  }

  /** What follows from the registers, one row a fact, in the order one would ask. */
  public List<Fact> derivedFacts() {
    return Stage2Facts.of(this, startLevelReserved);
  }
}
