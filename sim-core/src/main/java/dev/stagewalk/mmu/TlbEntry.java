package dev.stagewalk.mmu;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.MemoryType;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mem.Mix;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a TLB holds of a walk: what descriptors said when they were read, and whose it is. See
 * {@link Kind}.
 *
 * @param number how many entries this TLB had been given before: older is smaller
 * @param kind what it translates
 * @param pe processing element that filled it
 * @param regime translation regime it belongs to
 * @param vmid VMID it is tagged with, whether or not stage 2 was on; −1 where the regime has none
 * @param granule translation granule of the stage whose addresses it takes
 * @param input first IPA or VA it covers, a multiple of its size
 * @param shift log2 of the bytes it covers
 * @param output first output address: a PA; of {@link Kind#STAGE_1} under stage 2 an IPA; of a walk
 *     cache the address of the next table, for stage 1 under stage 2 an IPA too
 * @param level level of lookup the descriptor was found at; here and below the leaf of stage 2, or
 *     of stage 1 where there is no other
 * @param leaf the descriptor, as it was then
 * @param leafAddress physical address it was read at
 * @param readable stage 2 allows reads
 * @param writable stage 2 allows writes
 * @param executableAtEl1 stage 2 allows execution at EL1
 * @param executableAtEl0 stage 2 allows execution at EL0
 * @param memoryType of stage 2; of both stages combined in an entry of VAs
 * @param dirtyOnWrite a write needs a walk that updates a descriptor (HD and DBM) first
 * @param contiguous whether it stands for a run of descriptors with the Contiguous bit
 * @param stage1 what stage 1 said, in an entry of VAs; null in one of IPAs
 * @param sources physical addresses of all descriptors it rests on; known in an adversarial TLB
 */
public record TlbEntry(
    long number,
    Kind kind,
    int pe,
    Regime regime,
    int vmid,
    Granule granule,
    long input,
    int shift,
    long output,
    int level,
    long leaf,
    long leafAddress,
    boolean readable,
    boolean writable,
    boolean executableAtEl1,
    boolean executableAtEl0,
    MemoryType memoryType,
    boolean dirtyOnWrite,
    boolean contiguous,
    @Nullable Stage1Tag stage1,
    List<Long> sources) {

  private static final int CONTIGUOUS_FLAG = 1 << 5;

  public TlbEntry {
    sources = List.copyOf(sources);
  }

  /** What an entry translates. */
  public enum Kind {
    /** A VA by stage 1, whose output is a PA where there was no stage 2, else an IPA. */
    STAGE_1("stage 1"),
    /** An IPA by stage 2. */
    STAGE_2("stage 2"),
    /** A VA by both stages at once. */
    COMBINED("combined"),
    /** A part of a walk of stage 1: a table descriptor. */
    TABLE_1("walk cache, stage 1"),
    /** A part of a walk of stage 2: a table descriptor. */
    TABLE_2("walk cache, stage 2");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /** "combined", "walk cache, stage 1". */
    public String words() {
      return words;
    }

    /** Whether it takes IPAs. */
    public boolean ofIpas() {
      return this == STAGE_2 || this == TABLE_2;
    }

    /** Whether it is a part of a walk and no translation. */
    public boolean isTable() {
      return this == TABLE_1 || this == TABLE_2;
    }
  }

  /** Bytes covered. */
  public long size() {
    return 1L << shift;
  }

  /** Whether this is a translation of an IPA for that PE and VMID. */
  public boolean matches(int ofPe, int ofVmid, long ipa) {
    return (ipa ^ input) >>> shift == 0 && ofVmid == vmid && ofPe == pe && kind == Kind.STAGE_2;
  }

  /** Whether it is of that PE, regime and ASID and covers that VA, which has no tag. */
  boolean covers(int ofPe, Regime ofRegime, int ofVmid, int ofAsid, long va) {
    return (va ^ input) >>> shift == 0
        && ofPe == pe
        && ofRegime == regime
        && ofVmid == vmid
        && stage1 != null
        && stage1.matches(ofAsid);
  }

  /** Whether it is of that PE and VMID and covers that IPA. */
  boolean covers(int ofPe, int ofVmid, long ipa) {
    return (ipa ^ input) >>> shift == 0 && ofPe == pe && ofVmid == vmid && stage1 == null;
  }

  /** log2 of the bytes that one descriptor of its run stands for; its own where there is no run. */
  private int singleShift() {
    Stage1Tag tag = stage1;
    return contiguous
        ? Math.min(shift, granule.levelShift(tag == null ? level : tag.level()))
        : shift;
  }

  /**
   * Whether this and another entry stand for the same descriptors of a run, and say the same: one
   * is what a TLBI has left of it, and no size has changed.
   */
  boolean isOfSameRun(TlbEntry other) {
    long common = Math.max(input, other.input);
    return (contiguous || other.contiguous)
        && level == other.level
        && granule == other.granule
        && (flags() & ~CONTIGUOUS_FLAG) == (other.flags() & ~CONTIGUOUS_FLAG)
        && output(common) == other.output(common)
        && saysAbove(other);
  }

  private boolean saysAbove(TlbEntry other) {
    Stage1Tag one = stage1;
    Stage1Tag two = other.stage1;
    return one == null || two == null
        ? one == two
        : one.level() == two.level() && one.permissions().equals(two.permissions());
  }

  /**
   * One entry for each descriptor of a run with the Contiguous bit, alone if it is none. Each is as
   * old as this one and rests on the same descriptors.
   */
  List<TlbEntry> singles() {
    int single = singleShift();
    if (single == shift) {
      return List.of(this);
    }
    long run = size() - 1;
    List<TlbEntry> singles = new ArrayList<>();
    for (long at = 0; at <= run; at += 1L << single) {
      Stage1Tag tag = stage1;
      boolean own = kind != Kind.COMBINED;
      singles.add(
          new TlbEntry(
              number,
              kind,
              pe,
              regime,
              vmid,
              granule,
              input + at,
              single,
              output + at,
              level,
              own ? (leaf & ~run) | ((output + at) & run) | (leaf & (1L << single) - 1) : leaf,
              own ? (leafAddress & -(8L << shift - single)) | at >>> single << 3 : leafAddress,
              readable,
              writable,
              executableAtEl1,
              executableAtEl0,
              memoryType,
              dirtyOnWrite,
              false,
              tag == null ? null : tag.at(at),
              sources));
    }
    return singles;
  }

  /** Output address of an address it covers. */
  public long output(long address) {
    return output | (address & (size() - 1));
  }

  /** The IPA that stage 2 translates for an address this entry covers. */
  public long ipa(long address) {
    return stage1 == null ? address : stage1.ipa() | (address & (size() - 1));
  }

  /** The alignment or permission fault with which this entry refuses an access; null if none. */
  public Translation.@Nullable Fault refusal(long address, Access access) {
    Stage1Tag above = stage1;
    if (above != null) {
      Refusal refusal =
          !access.aligned() && above.memoryType().isDevice()
              ? Refusal.UNALIGNED_DEVICE
              : Stage1Permissions.denial(access, above.permissions(), above.wxn());
      if (refusal != null) {
        return refusal.fault(above.level(), 1, false, 0, access);
      }
      if (!above.underStage2()) {
        return null;
      }
    }
    Refusal refusal =
        !access.aligned() && memoryType.isDevice()
            ? Refusal.UNALIGNED_DEVICE
            : Stage2Attributes.denial(access, readable, writable, executableAtEl1, executableAtEl0);
    return refusal == null ? null : refusal.fault(level, 2, false, ipa(address), access);
  }

  /** Permissions of stage 2 in short: {@code rwx}. */
  public String permissions() {
    return Stage2Attributes.permissionText(readable, writable, executableAtEl1, executableAtEl0);
  }

  /** Whether there are accesses that both this entry and another could answer. */
  boolean overlaps(TlbEntry other) {
    return (input ^ other.input) >>> Math.max(shift, other.shift) == 0
        && vmid == other.vmid
        && pe == other.pe
        && regime == other.regime
        && group() == other.group()
        && meets(stage1, other.stage1);
  }

  private static boolean meets(@Nullable Stage1Tag a, @Nullable Stage1Tag b) {
    if (a == null || b == null) {
      return a == b;
    }
    return a.global() || b.matches(a.asid());
  }

  /** Entries of one group can answer the same question; 0 for those that answer for a VA. */
  int group() {
    return switch (kind) {
      case COMBINED -> 0;
      case STAGE_1 -> stage1 != null && stage1.underStage2() ? 2 : 0;
      case STAGE_2 -> 1;
      case TABLE_1 -> 3;
      case TABLE_2 -> 4;
    };
  }

  /**
   * The TLB conflict abort of an access that this entry and another one match. Of entries that
   * combine both stages it is one of stage 1 where what stage 1 says differs, else one of stage 2:
   * the choice is IMPLEMENTATION DEFINED.
   */
  Translation.Fault conflict(TlbEntry other, long address, Access access) {
    Stage1Tag one = stage1;
    Stage1Tag two = other.stage1;
    if (one != null
        && two != null
        && (!one.underStage2()
            || one.level() != two.level()
            || ipa(address) != other.ipa(address))) {
      return Refusal.CONFLICT.fault(one.level(), 1, false, 0, access);
    }
    return Refusal.CONFLICT.fault(level, 2, false, ipa(address), access);
  }

  /** Rights granted, to compare two entries. */
  int rights() {
    int above = stage1 == null ? 0 : Integer.bitCount(stage1.permissions().bits() & 0x3f);
    return above
        + (readable ? 1 : 0)
        + (writable ? 1 : 0)
        + (executableAtEl1 ? 1 : 0)
        + (executableAtEl0 ? 1 : 0);
  }

  /** Hash of every component. */
  long hash() {
    long h = Mix.mix(number, kind.ordinal());
    h = Mix.mix(h, (long) pe << 8 | regime.ordinal());
    h = Mix.mix(h, (long) vmid << 8 | granule.ordinal());
    h = Mix.mix(h ^ input, (long) shift << 8 | (level & 0xff));
    h = Mix.mix(h ^ output, flags());
    h = Mix.mix(h ^ leaf, leafAddress);
    h = Mix.mix(h, stage1 == null ? 0 : stage1.hash());
    h = Mix.mix(h, sources.size());
    for (long source : sources) {
      h = Mix.mix(h, source);
    }
    return h;
  }

  private int flags() {
    return memoryType.ordinal() << 6
        | (readable ? 1 : 0)
        | (writable ? 1 << 1 : 0)
        | (executableAtEl1 ? 1 << 2 : 0)
        | (executableAtEl0 ? 1 << 3 : 0)
        | (dirtyOnWrite ? 1 << 4 : 0)
        | (contiguous ? CONTIGUOUS_FLAG : 0);
  }
}
