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
 * One range of VAs of a regime and the tables that translate it: the lower one, which TTBR0_ELx
 * serves, or the upper one of TTBR1_ELx.
 *
 * <p>Source: Arm ARM, TCR_EL1, Translation Control Register; TTBR0_EL1, Translation Table Base
 * Register 0; "Translation process".
 */
public final class Stage1Range {
  private final boolean upper;
  private final String tcrName;
  private final String ttbrName;
  private final Features features;
  private final long tcr;
  private final List<Problem> problems;

  private final Granule granule;
  private final boolean ds;
  private final int outputBits;
  private final int inputBits;
  private final int startLevel;
  private final int rootEntries;
  private final long rootBase;
  private final Stage2Format format;
  private final Descent descent;
  private final boolean walksDisabled;
  private final boolean topByteIgnored;
  private final boolean hierarchicalDisabled;
  private final boolean notForEl0;
  private final @Nullable Problem refusal;
  private final @Nullable Problem rootRefusal;

  /**
   * @param tcr in the layout of TCR_EL1
   * @param ttbr the register of this range
   */
  Stage1Range(boolean upper, String suffix, long tcr, long ttbr, Features features, Policy policy) {
    this.upper = upper;
    this.tcrName = "TCR_" + suffix;
    this.ttbrName = (upper ? "TTBR1_" : "TTBR0_") + suffix;
    this.features = features;
    this.tcr = tcr;
    List<Problem> found = new ArrayList<>();

    granule = granule(found);
    ds = ds(found);
    outputBits = outputBits(found);
    inputBits = 64 - tsz(policy.outOfRange(), found);
    format = new Stage2Format(granule, ds, granule == Granule.K64 && features.lpa());
    int levels = Math.ceilDiv(inputBits - granule.shift(), granule.bitsPerLevel());
    startLevel = 4 - Math.clamp(levels, 1, 5);
    int rootBits =
        Math.clamp(inputBits - granule.levelShift(startLevel), 0, granule.bitsPerLevel());
    rootEntries = 1 << rootBits;
    descent = new Descent(format, startLevel, inputBits, outputBits);

    boolean wideBase = ds || (format.wide64K() && Tcr.ips(tcr) == 6);
    long alignment = Math.max(8L * rootEntries, wideBase ? 64 : 2);
    long base =
        wideBase ? (ttbr & 0xffff_ffff_ffc0L) | (ttbr & 0x3c) << 46 : ttbr & 0xffff_ffff_fffeL;
    boolean corrupted = policy.misalignedRoot() == Policy.MisalignedRoot.CORRUPTED;
    rootBase = base & -(corrupted ? 8 : alignment);
    checkRoot(base, alignment, policy, found);

    walksDisabled = (tcr & (upper ? Tcr.EPD1 : Tcr.EPD0)) != 0;
    topByteIgnored = (tcr & (upper ? Tcr.TBI1 : Tcr.TBI0)) != 0;
    Stage1Features stage1 = features.stage1();
    hierarchicalDisabled =
        feature(
            (tcr & (upper ? Tcr.HPD1 : Tcr.HPD0)) != 0,
            stage1.hierarchicalDisable(),
            Kind.HIERARCHICAL_DISABLE_NOT_IMPLEMENTED,
            upper ? "HPD1" : "HPD0",
            "FEAT_HPDS",
            found);
    notForEl0 =
        feature(
            (tcr & (upper ? Tcr.E0PD1 : Tcr.E0PD0)) != 0,
            stage1.e0pd(),
            Kind.E0PD_NOT_IMPLEMENTED,
            upper ? "E0PD1" : "E0PD0",
            "FEAT_E0PD",
            found);
    problems = List.copyOf(found);
    refusal = first(Effect.TRANSLATION_FAULT);
    rootRefusal = first(Effect.ADDRESS_SIZE_FAULT);
  }

  private String tszName() {
    return upper ? "T1SZ" : "T0SZ";
  }

  private String tgName() {
    return upper ? "TG1" : "TG0";
  }

  private Granule granule(List<Problem> found) {
    int code = Tcr.tg(tcr, upper);
    Granule named = Tcr.granule(code, upper);
    if (named != null && features.stage1().granules().contains(named)) {
      return named;
    }
    // Programmed otherwise, the field counts as an implemented size of the PE's choice.
    Granule chosen = Granule.K64;
    for (Granule granule : Granule.values()) {
      if (features.stage1().granules().contains(granule)) {
        chosen = granule;
        break;
      }
    }
    String why =
        named == null
            ? tcrName + "." + tgName() + " = " + code + " is reserved"
            : "this PE has no " + named.text() + " granule at stage 1";
    note(
        found,
        named == null ? Kind.GRANULE_RESERVED : Kind.GRANULE_NOT_SUPPORTED,
        why + "; it takes the granule " + chosen.text() + ", one allowed choice",
        tgName());
    return chosen;
  }

  private boolean ds(List<Problem> found) {
    boolean written = (tcr & Tcr.DS) != 0;
    boolean has = features.stage1().lpa2().contains(granule);
    if (written && !has && granule != Granule.K64) {
      note(
          found,
          Kind.DS_NOT_IMPLEMENTED,
          tcrName
              + ".DS is set, but this PE has no 52-bit addresses with the "
              + granule.text()
              + " granule at stage 1 (FEAT_LPA2); it counts as 0",
          "DS");
    }
    return written && has;
  }

  private int outputBits(List<Problem> found) {
    int limit = granule == Granule.K64 || ds ? features.paBits() : Math.min(48, features.paBits());
    int bits = Features.bitsOfPs(Tcr.ips(tcr));
    if (bits < 0) {
      note(
          found,
          Kind.OUTPUT_SIZE_RESERVED,
          tcrName + ".IPS = 7 is reserved; the PE takes " + limit + " bits, one allowed choice",
          "IPS");
      return limit;
    }
    if (bits > limit) {
      note(
          found,
          Kind.OUTPUT_SIZE_WIDER_THAN_IMPLEMENTED,
          tcrName
              + ".IPS says "
              + bits
              + " bits, but here this PE has "
              + limit
              + "; output addresses are limited to those",
          "IPS");
    }
    return Math.min(bits, limit);
  }

  private int tsz(Stage2Parameters.OutOfRangeT0sz policy, List<Problem> found) {
    int tsz = Tcr.tsz(tcr, upper);
    boolean wide = granule == Granule.K64 ? features.stage1().wideVa() : ds;
    int least = wide ? 12 : 16;
    int most = features.smallTables() ? (granule == Granule.K64 ? 47 : 48) : 39;
    if (tsz >= least && tsz <= most) {
      return tsz;
    }
    int nearest = Math.clamp(tsz, least, most);
    // With FEAT_LVA too small a TnSZ leaves no choice.
    boolean choice = tsz > most || !features.stage1().wideVa();
    boolean clamp = choice && policy == Stage2Parameters.OutOfRangeT0sz.CLAMP;
    found.add(
        new Problem(
            tsz < least ? Kind.T0SZ_TOO_SMALL : Kind.T0SZ_TOO_LARGE,
            tcrName
                + "."
                + tszName()
                + " = "
                + tsz
                + " asks for VAs of "
                + (64 - tsz)
                + " bits; with the "
                + granule.text()
                + " granule this PE takes "
                + least
                + " to "
                + most
                + (choice ? Policy.chosen(policy) : "; ")
                + (clamp ? "this PE takes " + nearest : "every translation faults"),
            section(tszName()),
            clamp ? Effect.WALK_GOES_ON : Effect.TRANSLATION_FAULT));
    return nearest;
  }

  private void checkRoot(long base, long alignment, Policy policy, List<Problem> found) {
    if ((base & (alignment - 1)) != 0) {
      found.add(
          new Problem(
              Kind.ROOT_MISALIGNED,
              ttbrName
                  + " names the table "
                  + Hex.address(base)
                  + ", which is not aligned to "
                  + Size.words(alignment)
                  + (refused(found)
                      ? ""
                      : Policy.chosen(policy.misalignedRoot())
                          + "the walker reads "
                          + Hex.address(rootBase)),
              "TTBR0_EL1, Translation Table Base Register 0, field BADDR",
              Effect.WALK_GOES_ON));
    }
    if (rootBase >>> outputBits != 0) {
      found.add(
          new Problem(
              Kind.ROOT_BEYOND_OUTPUT_SIZE,
              ttbrName
                  + " names the table "
                  + Hex.address(rootBase)
                  + ", beyond the output size of "
                  + outputBits
                  + " bits",
              "Address size fault",
              Effect.ADDRESS_SIZE_FAULT));
    }
  }

  private boolean refused(List<Problem> found) {
    return rootBase >>> outputBits != 0
        || found.stream().anyMatch(p -> p.effect() != Effect.WALK_GOES_ON);
  }

  private boolean feature(
      boolean written, boolean has, Kind kind, String field, String name, List<Problem> found) {
    if (written && !has) {
      note(
          found,
          kind,
          tcrName + "." + field + " is set, but this PE has not " + name + "; it counts as 0",
          field);
    }
    return written && has;
  }

  private static String section(String field) {
    return "TCR_EL1, Translation Control Register, field " + field;
  }

  private static void note(List<Problem> found, Kind kind, String sentence, String field) {
    found.add(new Problem(kind, sentence, section(field), Effect.WALK_GOES_ON));
  }

  private @Nullable Problem first(Effect effect) {
    for (Problem problem : problems) {
      if (problem.effect() == effect) {
        return problem;
      }
    }
    return null;
  }

  /**
   * Whether the bits of a VA above the input are those of this range: all 0, or all 1 in the upper
   * one; the top byte aside where it is ignored.
   */
  boolean contains(long va) {
    long seen = topByteIgnored ? va << 8 >> 8 : va;
    return (upper ? ~seen : seen) >>> inputBits == 0;
  }

  /** Everything wrong with the controls of this range. */
  public List<Problem> problems() {
    return problems;
  }

  /** The problem that makes every translation a level 0 Translation fault; null if none. */
  @Nullable Problem refusal() {
    return refusal;
  }

  /** The root lies beyond the output size: each one an Address size fault; null if not. */
  @Nullable Problem rootRefusal() {
    return rootRefusal;
  }

  /** The range of TTBR1_ELx. */
  public boolean upper() {
    return upper;
  }

  public Granule granule() {
    return granule;
  }

  /** Size of a VA in bits (64 − TnSZ). */
  public int inputBits() {
    return inputBits;
  }

  /** Size of an output address in bits: IPS, limited by what the PE implements. */
  public int outputBits() {
    return outputBits;
  }

  /** Initial level of lookup, −1 to 3. */
  public int startLevel() {
    return startLevel;
  }

  /** Levels of lookup of a walk that ends in a page. */
  public int levels() {
    return 4 - startLevel;
  }

  /** Entries of the first table. */
  public int rootEntries() {
    return rootEntries;
  }

  /** Address of the first table: an IPA where stage 2 is on, else a PA. */
  public long rootBase() {
    return rootBase;
  }

  /** FEAT_LPA2 in use: descriptor bits 9:8 are address bits 51:50. */
  public boolean ds() {
    return ds;
  }

  /** Where addresses stand in descriptors, which is as in stage 2. */
  public Stage2Format format() {
    return format;
  }

  /** How a walk goes down these tables. */
  Descent descent() {
    return descent;
  }

  /** EPDn: a walk through this TTBR is a Translation fault. */
  public boolean walksDisabled() {
    return walksDisabled;
  }

  /** TBIn: bits 63:56 of a VA take no part in translation. */
  public boolean topByteIgnored() {
    return topByteIgnored;
  }

  /** HPDn: table descriptors limit nothing below them. */
  public boolean hierarchicalDisabled() {
    return hierarchicalDisabled;
  }

  /** E0PDn: an unprivileged access to this range is a Translation fault. */
  public boolean notForEl0() {
    return notForEl0;
  }

  /** SHn: shareability where descriptors have no such field (DS = 1). */
  int sh() {
    return Tcr.sh(tcr, upper);
  }
}
