package dev.stagewalk.mmu;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.event.MemoryAttributes;
import dev.stagewalk.event.MemoryType;
import dev.stagewalk.event.Permissions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the descriptors of one translation table mean: the stage and level they stand at and the
 * controls they are read under. Two values of one descriptor can only be compared under these.
 *
 * <p>Source: Arm ARM, "VMSAv8-64 descriptor formats".
 */
public final class EntryFormat {
  static final long NT = 1L << 16;
  private static final long BIT_11 = 1L << 11;
  private static final long GUARDED = 1L << 50;

  private final int level;
  private final Stage2Format format;
  private final int outputBits;
  private final boolean accessFlagByHardware;
  private final boolean dirtyStateByHardware;
  private final BbmSupport bbm;
  private final @Nullable Stage2Parameters second;
  private final @Nullable Stage1Parameters first;
  private final @Nullable Stage1Range range;

  private EntryFormat(
      int level,
      Stage2Format format,
      int outputBits,
      boolean accessFlagByHardware,
      boolean dirtyStateByHardware,
      BbmSupport bbm,
      @Nullable Stage2Parameters second,
      @Nullable Stage1Parameters first,
      @Nullable Stage1Range range) {
    this.level = level;
    this.format = format;
    this.outputBits = outputBits;
    this.accessFlagByHardware = accessFlagByHardware;
    this.dirtyStateByHardware = dirtyStateByHardware;
    this.bbm = bbm;
    this.second = second;
    this.first = first;
    this.range = range;
  }

  /**
   * A table of stage 2.
   *
   * @param level level of lookup, −1 to 3
   */
  public static EntryFormat of(Stage2Parameters parameters, int level, BbmSupport bbm) {
    return new EntryFormat(
        level,
        parameters.format(),
        parameters.outputBits(),
        parameters.hardwareAccessFlag(),
        parameters.hardwareDirtyState(),
        bbm,
        parameters,
        null,
        null);
  }

  /**
   * A table of stage 1.
   *
   * @param level level of lookup, −1 to 3
   */
  public static EntryFormat of(
      Stage1Parameters parameters, Stage1Range range, int level, BbmSupport bbm) {
    return new EntryFormat(
        level,
        range.format(),
        range.outputBits(),
        parameters.hardwareAccessFlag(),
        parameters.hardwareDirtyState(),
        bbm,
        null,
        parameters,
        range);
  }

  /** 1 or 2. */
  public int stage() {
    return second == null ? 1 : 2;
  }

  public Regime regime() {
    return first == null ? Regime.EL1_0 : first.regime();
  }

  /** Level of lookup, −1 to 3. */
  public int level() {
    return level;
  }

  /** How the address bits of a descriptor are laid out. */
  public Stage2Format layout() {
    return format;
  }

  public BbmSupport bbm() {
    return bbm;
  }

  /** log2 of the bytes one descriptor covers. */
  public int shift() {
    return format.granule().levelShift(level);
  }

  /** TABLE, BLOCK, PAGE; INVALID also for what faults because of its type or its address. */
  public Verdict kind(long descriptor) {
    Verdict kind = format.kind(descriptor, level);
    return format.tableAddress(descriptor) >>> outputBits != 0 ? Verdict.INVALID : kind;
  }

  /**
   * Whether a TLB may hold a descriptor: it gives no Translation, Address size or Access flag
   * fault.
   *
   * <p>Source: Arm ARM, "Translation Lookaside Buffers".
   */
  public boolean mayBeCached(long descriptor) {
    Verdict kind = kind(descriptor);
    return kind == Verdict.TABLE || (kind != Verdict.INVALID && accessible(descriptor));
  }

  private boolean accessible(long leaf) {
    return accessFlagByHardware || accessFlag(leaf);
  }

  /** Whether the walker sets the Access flag by itself. */
  public boolean accessFlagByHardware() {
    return accessFlagByHardware;
  }

  /** Whether a leaf has its Access flag set. */
  public boolean accessFlag(long leaf) {
    return (leaf & Stage2Format.ACCESS_FLAG) != 0;
  }

  /** The same leaf with its Access flag set. */
  public long withAccessFlag(long leaf) {
    return leaf | Stage2Format.ACCESS_FLAG;
  }

  /**
   * Which attribute of a leaf has an encoding that is reserved; empty if none has.
   *
   * <p>Source: Arm ARM, "Stage 2 memory type and Cacheability attributes"; MAIR_EL1, Memory
   * Attribute Indirection Register; "Shareability attributes".
   */
  public Optional<String> reserved(long leaf) {
    if (first != null) {
      int index = Stage1Format.attrIndex(leaf);
      int attr = (int) (first.registers().mair() >>> (8 * index)) & 0xff;
      boolean device = (attr & 0xf0) == 0;
      // Without inner cacheability only those of FEAT_XS and FEAT_MTE mean something.
      boolean known = attr == 0x40 || attr == 0xa0 || attr == 0xf0;
      if (!device && (attr & 0xf) == 0 && !known) {
        return Optional.of(
            "AttrIndx = "
                + index
                + ", and Attr"
                + index
                + " of MAIR is 0x"
                + Integer.toHexString(attr));
      }
      return device || Stage1Format.sh(leaf) != 1 || format.ds()
          ? Optional.empty()
          : Optional.of("SH = 0b01");
    }
    MemoryType type = memoryType(leaf);
    if (type == MemoryType.RESERVED) {
      return Optional.of("MemAttr = " + Stage2Attributes.memAttr(leaf));
    }
    return shareability(leaf) == 1 ? Optional.of("SH = 0b01") : Optional.empty();
  }

  /** Output address of a leaf; address of the next table where it is a table descriptor. */
  public long output(long descriptor) {
    return kind(descriptor) == Verdict.TABLE
        ? format.tableAddress(descriptor)
        : format.leafAddress(descriptor, level);
  }

  /** Bytes of one translation table. */
  public long tableBytes() {
    return format.granule().bytes();
  }

  /** What a leaf allows, the tables above it aside. */
  public Permissions permissions(long leaf) {
    return permissions(leaf, 0);
  }

  /**
   * What a leaf allows.
   *
   * @param limits those of all tables above it, or-ed: see {@link #tableLimits}
   */
  public Permissions permissions(long leaf, long limits) {
    if (first != null) {
      return Stage1Permissions.of(first, leaf, limits);
    }
    return Stage2Attributes.permissions(leaf, second != null && second.features().xnx());
  }

  /** Whether a leaf grants write permission, now or as soon as the hardware marks it dirty. */
  boolean grantsWrites(long leaf) {
    Permissions now = permissions(leaf);
    boolean modifier = (leaf & Stage2Format.DBM) != 0 && dirtyStateByHardware;
    return modifier || now.writable(true) || now.writable(false);
  }

  /** Memory type of a leaf, without its shareability. */
  public MemoryType memoryType(long leaf) {
    return first == null
        ? Stage2Attributes.memoryType(
            Stage2Attributes.memAttr(leaf), second != null && second.fwb())
        : stage1Attributes(leaf).type();
  }

  /** Cacheability of a leaf, in a number that differs where it does. */
  public int cacheability(long leaf) {
    if (first != null) {
      return stage1Attributes(leaf).attr();
    }
    boolean forced = second != null && second.fwb();
    return Stage2Attributes.memAttr(leaf) & (forced ? 7 : 0xf);
  }

  /** SH of a leaf; always Outer Shareable where the type leaves no choice. */
  public int shareability(long leaf) {
    if (first != null) {
      return stage1Attributes(leaf).shareability();
    }
    if (format.ds()) {
      return 0;
    }
    MemoryType type = memoryType(leaf);
    return type.isDevice() || type == MemoryType.NORMAL_NC
        ? MemoryAttributes.OUTER_SHAREABLE
        : (int) (leaf >>> 8) & 3;
  }

  private MemoryAttributes stage1Attributes(long leaf) {
    if (first == null || range == null) {
      throw new IllegalStateException("not a table of stage 1");
    }
    return first.attributes(range, leaf, false);
  }

  public Granule granule() {
    return format.granule();
  }

  /** Whether a leaf holds for every ASID: nG = 0 where the regime has ASIDs. */
  public boolean isGlobal(long leaf) {
    return first != null && first.hasEl0() && (leaf & Stage1Format.NOT_GLOBAL) == 0;
  }

  /** nT, which is RES0 with FEAT_BBM level 0 and in all but blocks. */
  boolean blockTranslation(long descriptor) {
    return bbm != BbmSupport.LEVEL_0 && kind(descriptor) == Verdict.BLOCK && (descriptor & NT) != 0;
  }

  /** How many entries a Contiguous bit joins; 1 where it means nothing. */
  public int contiguousEntries() {
    return format.contiguousEntries(level);
  }

  /**
   * Whether two valid leaves can stand in one run of entries that the Contiguous bit joins, or in
   * none. With FEAT_BBM the bit alone may differ while it is changed.
   *
   * @param entries how many entries the second is behind the first
   */
  public boolean goesBeside(long leaf, long other, int entries) {
    if (!contiguous(leaf) && !contiguous(other)) {
      return true;
    }
    boolean follows = output(other) - output(leaf) == (long) entries << shift();
    return follows
        && kind(leaf) == kind(other)
        && EntryChange.between(this, leaf, other).reasons().stream().allMatch(this::maySeparate);
  }

  /** In what entries of a run may differ beside their output addresses. */
  private boolean maySeparate(ChangeReason difference) {
    return switch (difference) {
      case EQUAL, IGNORED_BITS, OUTPUT_ADDRESS, SAME_CONTENT_ELSEWHERE -> true;
      case ACCESS_FLAG, DIRTY_BIT_MODIFIER, CONTIGUOUS_IN_PLACE -> true;
      case LESS_PERMISSION, MORE_PERMISSION -> dirtyStateByHardware;
      case NEVER_CACHED, NOW_FAULTS, NOW_NOT_GLOBAL, NOW_GLOBAL, TABLE_LIMITS -> false;
      case OTHER_ATTRIBUTE, BLOCK_TRANSLATION, SIZE_WITH_NT, SIZE_IN_PLACE -> false;
      case SAME_TABLE_ELSEWHERE, OTHER_TABLE, SMALLER, LARGER, CONTIGUOUS -> false;
      case MEMORY_TYPE, CACHEABILITY, SHAREABILITY, CONTIGUOUS_RUN -> false;
    };
  }

  /** The Contiguous bit, where it means something. */
  public boolean contiguous(long leaf) {
    return format.contiguousEntries(level) > 1 && (leaf & Stage2Format.CONTIGUOUS) != 0;
  }

  /** Limits that a table descriptor sets for everything below; only stage 1 has such. */
  public long tableLimits(long table) {
    return range == null || range.hierarchicalDisabled() ? 0 : table & Stage1Format.HIERARCHICAL;
  }

  /** Bits that a leaf has beside those asked for above: GP and FnXS, which need a TLBI only. */
  long otherAttributes(long leaf) {
    return leaf & (first == null ? BIT_11 : GUARDED);
  }
}
