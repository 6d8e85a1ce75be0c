package dev.stagewalk.mmu;

import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.MemoryAttributes;
import dev.stagewalk.mmu.Problem.Effect;
import dev.stagewalk.mmu.Problem.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What SCTLR_ELx, TCR_ELx, TTBRn_ELx, MAIR_ELx and HCR_EL2 mean to the stage-1 walker of a PE with
 * certain features: whether stage 1 is on, its ranges of VAs, the ASID, and everything that is
 * wrong with them.
 *
 * <p>Source: Arm ARM, TCR_EL1, Translation Control Register; SCTLR_EL1, System Control Register;
 * HCR_EL2, Hypervisor Configuration Register; "Translation process".
 */
public final class Stage1Parameters {
  private static final long SCTLR_M = 1L;
  private static final long SCTLR_C = 1L << 2;
  private static final long SCTLR_I = 1L << 12;
  private static final long SCTLR_WXN = 1L << 19;
  private static final long SCTLR_EE = 1L << 25;
  private static final long SCTLR_EPAN = 1L << 57;
  private static final long HCR_DC = 1L << 12;
  private static final long HCR_TGE = 1L << 27;
  private static final long HCR_E2H = 1L << 34;

  /** Instructions while stage 1 is off, with SCTLR_ELx.I: Write-Through, Read-Allocate. */
  private static final int WRITE_THROUGH_READ_ALLOCATE = 0xaa;

  private final Stage1Registers registers;
  private final Features features;
  private final Policy policy;
  private final Stage1Range lower;
  private final @Nullable Stage1Range upper;
  private final List<Problem> problems;
  private final boolean defaultCacheable;
  private final boolean enabled;
  private final boolean writableExecuteNever;
  private final boolean enhancedPan;
  private final boolean hardwareAccessFlag;
  private final boolean hardwareDirtyState;
  private final int asid;
  private final int asidBits;

  /** The parameters of a PE that refuses a TnSZ out of range. */
  public static Stage1Parameters decode(Stage1Registers registers, Features features) {
    return decode(registers, features, Policy.USUAL);
  }

  /** The parameters of a PE with a chosen answer to a TnSZ out of range. */
  public static Stage1Parameters decode(
      Stage1Registers registers, Features features, Stage2Parameters.OutOfRangeT0sz policy) {
    return decode(registers, features, Policy.usual(policy));
  }

  /** The parameters of a PE with a policy. */
  public static Stage1Parameters decode(
      Stage1Registers registers, Features features, Policy policy) {
    return new Stage1Parameters(registers, features, policy);
  }

  private Stage1Parameters(Stage1Registers registers, Features features, Policy policy) {
    this.registers = registers;
    this.features = features;
    this.policy = policy;
    boolean twoRanges = registers.hasEl0();
    long sctlr = registers.sctlr();
    long hcr = registers.hcr();
    long tcr = twoRanges ? registers.tcr() : Tcr.twoRanges(registers.tcr());
    String suffix = registers.suffix();
    lower = new Stage1Range(false, suffix, tcr, registers.ttbr0(), features, policy);
    upper =
        twoRanges ? new Stage1Range(true, suffix, tcr, registers.ttbr1(), features, policy) : null;

    boolean tge = (hcr & HCR_TGE) != 0;
    boolean e2h = (hcr & HCR_E2H) != 0;
    boolean guestRegime = registers.regime() == Regime.EL1_0;
    defaultCacheable = guestRegime && (hcr & HCR_DC) != 0 && !(tge && e2h);
    boolean hostHasNoEl1 = guestRegime && tge && !e2h;
    enabled = (sctlr & SCTLR_M) != 0 && !defaultCacheable && !hostHasNoEl1;
    writableExecuteNever = (sctlr & SCTLR_WXN) != 0;

    List<Problem> found = new ArrayList<>();
    enhancedPan = twoRanges && (sctlr & SCTLR_EPAN) != 0 && features.stage1().epan();
    if (twoRanges && (sctlr & SCTLR_EPAN) != 0 && !features.stage1().epan()) {
      found.add(
          new Problem(
              Kind.EPAN_NOT_IMPLEMENTED,
              "SCTLR_" + suffix + ".EPAN is set, but this PE has not FEAT_PAN3; it counts as 0",
              "SCTLR_EL1, System Control Register, field EPAN",
              Effect.WALK_GOES_ON));
    }
    if ((sctlr & SCTLR_EE) != 0) {
      found.add(
          new Problem(
              Kind.BIG_ENDIAN_NOT_SIMULATED,
              "SCTLR_" + suffix + ".EE asks for big-endian tables; they are read as little-endian",
              "SCTLR_EL1, System Control Register, field EE",
              Effect.WALK_GOES_ON));
    }
    boolean ha = (tcr & Tcr.HA) != 0;
    boolean hd = (tcr & Tcr.HD) != 0;
    Features.HardwareUpdates updates = features.hardwareUpdates();
    hardwareAccessFlag = ha && updates != Features.HardwareUpdates.NONE;
    hardwareDirtyState =
        hardwareAccessFlag && hd && updates == Features.HardwareUpdates.ACCESS_FLAG_AND_DIRTY_STATE;
    checkHardwareUpdates(ha, hd, found);

    asidBits = (tcr & Tcr.AS) != 0 && features.stage1().asid16() ? 16 : 8;
    if (twoRanges && (tcr & Tcr.AS) != 0 && !features.stage1().asid16()) {
      found.add(
          new Problem(
              Kind.ASID_16_NOT_IMPLEMENTED,
              "TCR_"
                  + suffix
                  + ".AS asks for 16-bit ASIDs, which this PE has not; they have 8 bits",
              "TCR_EL1, Translation Control Register, field AS",
              Effect.WALK_GOES_ON));
    }
    long holder = (tcr & Tcr.A1) != 0 ? registers.ttbr1() : registers.ttbr0();
    asid = twoRanges ? (int) (holder >>> 48) & ((1 << asidBits) - 1) : -1;
    problems = List.copyOf(found);
  }

  private void checkHardwareUpdates(boolean ha, boolean hd, List<Problem> found) {
    boolean refused =
        (ha && !hardwareAccessFlag)
            || (hd
                && features.hardwareUpdates()
                    != Features.HardwareUpdates.ACCESS_FLAG_AND_DIRTY_STATE);
    String section = "TCR_EL1, Translation Control Register, fields HA and HD";
    if (refused) {
      found.add(
          new Problem(
              Kind.HARDWARE_UPDATE_NOT_IMPLEMENTED,
              "TCR_"
                  + registers.suffix()
                  + ".HA or HD asks for hardware updates of descriptors (FEAT_HAFDBS) that this PE"
                  + " does not make",
              section,
              Effect.WALK_GOES_ON));
    } else if (hd && !ha) {
      found.add(
          new Problem(
              Kind.DIRTY_STATE_WITHOUT_ACCESS_FLAG,
              "TCR_"
                  + registers.suffix()
                  + ".HD is set without HA; dirty state is managed only with both",
              section,
              Effect.WALK_GOES_ON));
    }
  }

  public Stage1Registers registers() {
    return registers;
  }

  /** TCR_ELx.DS as written, whether or not a granule in use makes it count. */
  public boolean ds() {
    long tcr = registers.tcr();
    return ((registers.hasEl0() ? tcr : Tcr.twoRanges(tcr)) & Tcr.DS) != 0;
  }

  public Features features() {
    return features;
  }

  /** What was chosen where the architecture leaves the choice. */
  public Policy policy() {
    return policy;
  }

  /** What other values of the registers mean to the same PE. */
  public Stage1Parameters with(Stage1Registers others) {
    return decode(others, features, policy);
  }

  public Regime regime() {
    return registers.regime();
  }

  /** Everything wrong with the controls of the regime; those of a range are with the range. */
  public List<Problem> problems() {
    return problems;
  }

  /**
   * Stage 1 is on: SCTLR_ELx.M, unless HCR_EL2.DC or TGE makes EL1&amp;0 count as if it were clear.
   */
  public boolean enabled() {
    return enabled;
  }

  /** HCR_EL2.DC: stage 1 of EL1&amp;0 is off and memory is Normal Write-Back. */
  public boolean defaultCacheable() {
    return defaultCacheable;
  }

  /** The range of TTBR0_ELx. */
  public Stage1Range lower() {
    return lower;
  }

  /** The range of TTBR1_ELx; null in EL2 without EL0. */
  public @Nullable Stage1Range upper() {
    return upper;
  }

  /** The range a VA belongs to: bit 55 decides. */
  public Stage1Range rangeOf(long va) {
    Stage1Range high = upper;
    return high != null && (va >>> 55 & 1) != 0 ? high : lower;
  }

  /** A VA as translation sees it: where TBIn ignores the top byte, without it. */
  public long untagged(long va) {
    if (!rangeOf(va).topByteIgnored()) {
      return va;
    }
    return hasEl0() ? va << 8 >> 8 : va << 8 >>> 8;
  }

  /** Whether EL0 is in this regime: then permissions differ by level, and there are ASIDs. */
  public boolean hasEl0() {
    return registers.hasEl0();
  }

  /** The current ASID; −1 where the regime has none. */
  public int asid() {
    return asid;
  }

  /** 8 or 16. */
  public int asidBits() {
    return asidBits;
  }

  /** SCTLR_ELx.WXN: what is writable is not executable. */
  public boolean writableExecuteNever() {
    return writableExecuteNever;
  }

  /** SCTLR_ELx.EPAN: PAN also guards what EL0 can only execute. */
  public boolean enhancedPan() {
    return enhancedPan;
  }

  /** The walker sets the Access flag by itself (HA). */
  public boolean hardwareAccessFlag() {
    return hardwareAccessFlag;
  }

  /** The walker makes a descriptor with DBM writable on a write (HA and HD). */
  public boolean hardwareDirtyState() {
    return hardwareDirtyState;
  }

  /**
   * What a leaf says of the memory.
   *
   * <p>Source: Arm ARM, "Memory attribute fields in the VMSAv8-64 translation table format
   * descriptors".
   */
  MemoryAttributes attributes(Stage1Range range, long leaf, boolean fetch) {
    int attr = (int) (registers.mair() >>> (8 * Stage1Format.attrIndex(leaf))) & 0xff;
    MemoryAttributes said =
        new MemoryAttributes(attr, range.ds() ? range.sh() : Stage1Format.sh(leaf));
    if (said.isDevice()) {
      if (fetch) {
        return AttributeCombination.effective(MemoryAttributes.NON_CACHEABLE, 0);
      }
      // Bits 1:0 tell of transactions (FEAT_XS) and do not make another type.
      return new MemoryAttributes(attr & 0xc, MemoryAttributes.OUTER_SHAREABLE);
    }
    boolean cached = (registers.sctlr() & (fetch ? SCTLR_I : SCTLR_C)) != 0;
    // Reserved encodings count as Non-cacheable and as Non-shareable.
    boolean reserved = said.inner() == 0;
    return AttributeCombination.effective(
        cached && !reserved ? attr : MemoryAttributes.NON_CACHEABLE,
        said.shareability() == 1 ? MemoryAttributes.NON_SHAREABLE : said.shareability());
  }

  /**
   * What memory is while stage 1 is off.
   *
   * <p>Source: Arm ARM, "The effects of disabling a stage of address translation".
   */
  public MemoryAttributes attributesWhileOff(boolean fetch) {
    if (defaultCacheable) {
      return new MemoryAttributes(MemoryAttributes.WRITE_BACK, MemoryAttributes.NON_SHAREABLE);
    }
    if (!fetch) {
      return MemoryAttributes.STRONGEST;
    }
    boolean cached = (registers.sctlr() & SCTLR_I) != 0;
    return new MemoryAttributes(
        cached ? WRITE_THROUGH_READ_ALLOCATE : MemoryAttributes.NON_CACHEABLE,
        MemoryAttributes.OUTER_SHAREABLE);
  }
}
