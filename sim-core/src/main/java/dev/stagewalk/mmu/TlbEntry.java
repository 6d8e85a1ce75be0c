package dev.stagewalk.mmu;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.arch.Size;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.event.LookupTrace;
import dev.stagewalk.event.MemoryType;
import dev.stagewalk.event.Permissions;
import dev.stagewalk.event.StageOutput;
import dev.stagewalk.event.Stages;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mem.Mix;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A translation a TLB holds: what the leaves said when they were read, and whose it is. It is
 * either one of stage 2, from IPA to PA, or with a {@link #stage1()} one from VA to PA that
 * combines what both stages said.
 *
 * @param number how many entries this TLB had been given before: older is smaller
 * @param pe processing element that filled it
 * @param regime translation regime it belongs to
 * @param vmid VMID it is tagged with; −1 where the regime has none
 * @param input first IPA or VA it covers, a multiple of its size
 * @param shift log2 of the bytes it covers
 * @param output first output address (PA)
 * @param level level of lookup the leaf was found at; here and below the leaf of stage 2, or of
 *     stage 1 where there is no other
 * @param leaf the leaf descriptor, as it was then
 * @param leafAddress physical address it was read at
 * @param readable stage 2 allows reads
 * @param writable stage 2 allows writes
 * @param executableAtEl1 stage 2 allows execution at EL1
 * @param executableAtEl0 stage 2 allows execution at EL0
 * @param memoryType of stage 2; of both stages combined in an entry of VAs
 * @param dirtyOnWrite a write needs a walk that updates a descriptor (HD and DBM) first
 * @param stage1 what stage 1 said, in an entry of VAs; null in one of IPAs
 */
public record TlbEntry(
    long number,
    int pe,
    Regime regime,
    int vmid,
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
    @Nullable Stage1Tag stage1) {

  /**
   * What a TLB may keep of a walk; null for what it must never keep: a Translation, Address size or
   * Access flag fault. A walk that only lacked permission leaves an entry that refuses likewise.
   *
   * <p>Source: Arm ARM, "TLB maintenance", on the entries permitted to be cached.
   */
  static @Nullable TlbEntry of(long number, int pe, Stage2Parameters parameters, Translation walk) {
    if (walk.lookups().isEmpty()) {
      return null;
    }
    long leaf;
    int level;
    switch (walk.outcome()) {
      case Translation.Output output -> {
        leaf = output.leaf();
        level = output.level();
      }
      case Translation.Fault fault -> {
        // With the Access flag clear the leaf itself must not be kept.
        Lookup last = walk.lookups().getLast();
        if (fault.kind() != FaultKind.PERMISSION
            || (last.descriptor() & Stage2Format.ACCESS_FLAG) == 0) {
          return null;
        }
        leaf = last.descriptor();
        level = last.level();
      }
    }
    int shift = parameters.granule().levelShift(level);
    boolean xnx = parameters.features().xnx();
    return new TlbEntry(
        number,
        pe,
        Regime.EL1_0,
        walk.vmid(),
        walk.input() & -(1L << shift),
        shift,
        parameters.format().leafAddress(leaf, level),
        level,
        leaf,
        addressOfLast(walk),
        Stage2Attributes.readable(leaf),
        Stage2Attributes.writable(leaf),
        Stage2Attributes.executable(leaf, true, xnx),
        Stage2Attributes.executable(leaf, false, xnx),
        Stage2Attributes.memoryType(Stage2Attributes.memAttr(leaf), parameters.fwb()),
        dirtyOnWrite(parameters, leaf),
        null);
  }

  private static boolean dirtyOnWrite(Stage2Parameters parameters, long leaf) {
    return parameters.hardwareDirtyState()
        && !Stage2Attributes.writable(leaf)
        && (leaf & Stage2Format.DBM) != 0;
  }

  private static long addressOfLast(Translation walk) {
    return walk.lookups() instanceof LookupTrace trace
        ? trace.lastDescriptorAddress()
        : walk.lookups().getLast().descriptorAddress();
  }

  /**
   * What a TLB may keep of a translation of a VA, likewise. Where stage 1 lacked permission, stage
   * 2 was not asked, and nothing is kept if it has a say.
   */
  static @Nullable TlbEntry of(
      long number, int pe, Stage1Parameters first, Stage2Parameters second, Translation walk) {
    Stages stages = walk.stages();
    if (stages == null || stages.stage1() == null || walk.lookups().isEmpty()) {
      return null;
    }
    boolean underStage2 = first.regime() == Regime.EL1_0 && second.enabled();
    StageOutput one = stages.stage1();
    StageOutput two = stages.stage2();
    if (walk.outcome() instanceof Translation.Fault fault
        && (fault.kind() != FaultKind.PERMISSION || fault.onStage1Walk())) {
      return null;
    }
    if ((two == null && underStage2)
        || (one.leaf() & Stage1Format.ACCESS_FLAG) == 0
        || (two != null && (two.leaf() & Stage2Format.ACCESS_FLAG) == 0)) {
      return null;
    }
    StageOutput last = two == null ? one : two;
    int shift = Math.min(one.shift(), last.shift());
    Permissions below = two == null ? Permissions.ALL : two.permissions();
    boolean clean =
        first.hardwareDirtyState()
            && (one.leaf() & Stage1Format.READ_ONLY) != 0
            && (one.leaf() & Stage1Format.DBM) != 0;
    return new TlbEntry(
        number,
        pe,
        first.regime(),
        walk.vmid(),
        first.untagged(walk.input()) & -(1L << shift),
        shift,
        last.address() & -(1L << shift),
        last.level(),
        last.leaf(),
        addressOfLast(walk),
        below.readable(true),
        below.writable(true),
        below.executable(true),
        below.executable(false),
        last.attributes().type(),
        clean || (two != null && dirtyOnWrite(second, two.leaf())),
        new Stage1Tag(
            stages.asid(),
            stages.global() || stages.asid() < 0,
            one.address() & -(1L << shift),
            one.level(),
            one.permissions(),
            first.writableExecuteNever(),
            one.attributes().isDevice(),
            underStage2));
  }

  /** Bytes covered. */
  public long size() {
    return 1L << shift;
  }

  /** Whether this is a translation of an IPA for that PE and VMID. */
  public boolean matches(int ofPe, int ofVmid, long ipa) {
    return (ipa ^ input) >>> shift == 0 && ofVmid == vmid && ofPe == pe && stage1 == null;
  }

  /** Whether this is a translation of a VA, without its tag, for that PE, regime and ASID. */
  boolean matches(int ofPe, Regime ofRegime, int ofVmid, int ofAsid, long va) {
    return (va ^ input) >>> shift == 0
        && ofPe == pe
        && ofRegime == regime
        && ofVmid == vmid
        && stage1 != null
        && stage1.matches(ofAsid);
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
          !access.aligned() && above.device()
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

  /**
   * In which ways the tables of stage 2 now say something else.
   *
   * @param now a stage-2 walk of the {@link #ipa} of {@link #input}, under the VMID of this entry
   * @return one clause each; empty if they agree
   */
  public List<String> disagreements(Stage2Parameters parameters, Translation now) {
    List<String> found = new ArrayList<>();
    Lookup last = now.lookups().isEmpty() ? null : now.lookups().getLast();
    TlbEntry fresh = of(number, pe, parameters, now);
    if (fresh == null || last == null) {
      String why =
          now.outcome() instanceof Translation.Fault fault
              ? fault.kind().at(fault.level())
              : "no leaf";
      found.add(
          last != null && last.verdict() == Verdict.INVALID
              ? "the tables no longer map it (" + why + ")"
              : "the tables now refuse it (" + why + ")");
      return found;
    }
    long there = stage1 == null ? fresh.output : fresh.output(ipa(input));
    if (there != output) {
      found.add("it gives PA " + Hex.address(output) + ", the tables say " + Hex.address(there));
    }
    // Combined with a smaller page of stage 1 an entry covers less than the leaf of stage 2.
    if (stage1 == null ? fresh.shift != shift : fresh.shift < shift) {
      found.add(
          "it covers "
              + Size.words(size())
              + ", the tables map "
              + Size.words(fresh.size())
              + " there");
    }
    if (!fresh.permissions().equals(permissions())) {
      found.add("it allows " + permissions() + ", the tables " + fresh.permissions());
    }
    if (stage1 == null && fresh.memoryType != memoryType) {
      found.add("it is " + memoryType.words() + ", the tables say " + fresh.memoryType.words());
    }
    return found;
  }

  /** Permissions of stage 2 in short: {@code rwx}. */
  public String permissions() {
    return Stage2Attributes.permissionText(readable, writable, executableAtEl1, executableAtEl0);
  }

  /** Whether another entry translates the same addresses to something else. */
  boolean contradicts(TlbEntry other) {
    long common = Math.max(input, other.input);
    return output(common) != other.output(common)
        || readable != other.readable
        || writable != other.writable
        || executableAtEl1 != other.executableAtEl1
        || executableAtEl0 != other.executableAtEl0
        || memoryType != other.memoryType
        || !Objects.equals(permissionsAbove(), other.permissionsAbove());
  }

  private @Nullable Permissions permissionsAbove() {
    return stage1 == null ? null : stage1.permissions();
  }

  /** Whether there are accesses that both this entry and another could answer. */
  boolean overlaps(TlbEntry other) {
    return (input ^ other.input) >>> Math.max(shift, other.shift) == 0
        && vmid == other.vmid
        && pe == other.pe
        && regime == other.regime
        && meets(stage1, other.stage1);
  }

  private static boolean meets(@Nullable Stage1Tag a, @Nullable Stage1Tag b) {
    if (a == null || b == null) {
      return a == b;
    }
    return a.global() || b.matches(a.asid());
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

  long hash() {
    long h = Mix.mix(number, (long) pe << 8 | regime.ordinal());
    h = Mix.mix(h ^ input, (long) vmid << 8 | shift);
    h = Mix.mix(h ^ output, level);
    h = Mix.mix(h ^ leaf, leafAddress);
    h = Mix.mix(h, memoryType.ordinal() << 1 | (dirtyOnWrite ? 1 : 0));
    if (stage1 == null) {
      return h;
    }
    h = Mix.mix(h ^ stage1.ipa(), (long) stage1.asid() << 16 | stage1.permissions().bits());
    return Mix.mix(h, (stage1.global() ? 1 : 0) | (stage1.underStage2() ? 2 : 0));
  }
}
