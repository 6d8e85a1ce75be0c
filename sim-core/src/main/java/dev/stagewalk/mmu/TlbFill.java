package dev.stagewalk.mmu;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.event.LookupTrace;
import dev.stagewalk.event.MemoryAttributes;
import dev.stagewalk.event.MemoryType;
import dev.stagewalk.event.Permissions;
import dev.stagewalk.event.StageOutput;
import dev.stagewalk.event.Stages;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.TlbEntry.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a TLB may keep of a walk; nothing of what it must never keep: a Translation, Address size or
 * Access flag fault. A walk that only lacked permission leaves an entry that refuses likewise.
 *
 * <p>A run of descriptors with the Contiguous bit makes one entry, where input and output stand
 * alike in the run.
 *
 * <p>Source: Arm ARM, "TLB maintenance", on the entries permitted to be cached; "The Contiguous
 * bit".
 */
final class TlbFill {
  private TlbFill() {}

  /**
   * Of a walk of stage 2 alone; null if nothing.
   *
   * @param all whether a misprogrammed run of contiguous descriptors makes one entry too
   */
  static @Nullable TlbEntry stage2(
      long number, int pe, Stage2Parameters parameters, Translation walk, boolean all) {
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
    return stage2(
        number, pe, parameters, walk.input(), level, leaf, addressOfLast(walk), all, List.of());
  }

  /** Of a leaf of stage 2 that an IPA led to. */
  static TlbEntry stage2(
      long number,
      int pe,
      Stage2Parameters parameters,
      long ipa,
      int level,
      long leaf,
      long address,
      boolean all,
      List<Long> sources) {
    Granule granule = parameters.granule();
    long output = parameters.format().leafAddress(leaf, level);
    int single = granule.levelShift(level);
    int shift =
        Math.min(
            run(parameters.format(), level, single, leaf, ipa, output, all),
            parameters.outputBits());
    boolean xnx = parameters.features().xnx();
    return new TlbEntry(
        number,
        Kind.STAGE_2,
        pe,
        Regime.EL1_0,
        parameters.vmid(),
        granule,
        ipa & -(1L << shift),
        shift,
        output & -(1L << shift),
        level,
        leaf,
        address,
        Stage2Attributes.readable(leaf),
        Stage2Attributes.writable(leaf),
        Stage2Attributes.executable(leaf, true, xnx),
        Stage2Attributes.executable(leaf, false, xnx),
        Stage2Attributes.memoryType(Stage2Attributes.memAttr(leaf), parameters.fwb()),
        dirtyOnWrite(parameters, leaf),
        shift > single,
        null,
        sources);
  }

  private static boolean dirtyOnWrite(Stage2Parameters parameters, long leaf) {
    return parameters.hardwareDirtyState()
        && !Stage2Attributes.writable(leaf)
        && (leaf & Stage2Format.DBM) != 0;
  }

  private static boolean dirtyOnWrite(Stage1Parameters parameters, long leaf) {
    return parameters.hardwareDirtyState()
        && (leaf & Stage1Format.READ_ONLY) != 0
        && (leaf & Stage1Format.DBM) != 0;
  }

  private static long addressOfLast(Translation walk) {
    return walk.lookups() instanceof LookupTrace trace
        ? trace.lastDescriptorAddress()
        : walk.lookups().getLast().descriptorAddress();
  }

  /** log2 of what a leaf of stage 1 stands for. */
  private static int run(Stage1Range range, StageOutput one, long va, boolean all) {
    int shift = run(range.format(), one.level(), one.shift(), one.leaf(), va, one.address(), all);
    // Of a block larger than the output size only its beginning translates.
    return Math.min(shift, range.outputBits());
  }

  /** log2 of what a leaf stands for. */
  private static int run(
      Stage2Format format, int level, int shift, long leaf, long input, long output, boolean all) {
    if ((leaf & Stage2Format.CONTIGUOUS) == 0) {
      return shift;
    }
    int entries = format.contiguousEntries(level);
    long within = (long) (entries - 1) << shift;
    return all || ((input ^ output) & within) == 0
        ? shift + Integer.numberOfTrailingZeros(entries)
        : shift;
  }

  /**
   * Of a translation of a VA, likewise. Where stage 1 lacked permission, stage 2 was not asked, and
   * nothing is kept if it has a say.
   */
  static @Nullable TlbEntry ofVa(
      long number,
      int pe,
      Stage1Parameters first,
      Stage2Parameters second,
      Translation walk,
      boolean all,
      List<Long> sources) {
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
    long va = first.untagged(walk.input());
    Stage1Range range = first.rangeOf(va);
    int shift = run(range, one, va, all);
    if (two != null) {
      long ipa = one.address();
      int below =
          run(second.format(), two.level(), two.shift(), two.leaf(), ipa, two.address(), all);
      shift = Math.min(shift, Math.min(below, second.outputBits()));
    }
    Permissions below = two == null ? Permissions.ALL : two.permissions();
    return new TlbEntry(
        number,
        two == null ? Kind.STAGE_1 : Kind.COMBINED,
        pe,
        first.regime(),
        walk.vmid(),
        range.granule(),
        va & -(1L << shift),
        shift,
        last.address() & -(1L << shift),
        last.level(),
        last.leaf(),
        addressOfLast(walk),
        below.readable(true),
        below.writable(true),
        below.executable(true),
        below.executable(false),
        dataType(first, second, walk, one, two),
        dirtyOnWrite(first, one.leaf()) || (two != null && dirtyOnWrite(second, two.leaf())),
        shift > Math.min(one.shift(), last.shift()),
        tag(first, stages, walk, one, shift, underStage2, 0),
        sources);
  }

  /** Of a leaf of stage 1 whose output stage 2 has yet to translate. */
  static @Nullable TlbEntry stage1(
      long number,
      int pe,
      Stage1Parameters first,
      Translation walk,
      Lookup leaf,
      long hierarchical,
      boolean all,
      List<Long> sources) {
    Stages stages = walk.stages();
    StageOutput one = stages == null ? null : stages.stage1();
    if (stages == null || one == null || (one.leaf() & Stage1Format.ACCESS_FLAG) == 0) {
      return null;
    }
    long va = first.untagged(walk.input());
    Stage1Range range = first.rangeOf(va);
    int shift = run(range, one, va, all);
    return new TlbEntry(
        number,
        Kind.STAGE_1,
        pe,
        first.regime(),
        walk.vmid(),
        range.granule(),
        va & -(1L << shift),
        shift,
        one.address() & -(1L << shift),
        one.level(),
        one.leaf(),
        leaf.descriptorAddress(),
        true,
        true,
        true,
        true,
        ofData(first, walk, one).type(),
        dirtyOnWrite(first, one.leaf()),
        shift > one.shift(),
        tag(first, stages, walk, one, shift, true, hierarchical),
        sources);
  }

  /**
   * What stage 1 says of the memory to data: a fetch from Device memory is one from Non-cacheable
   * memory, but the entry it leaves answers loads too.
   */
  private static MemoryAttributes ofData(
      Stage1Parameters first, Translation walk, StageOutput one) {
    return walk.access().kind() == Access.Kind.FETCH && one.walked()
        ? first.attributes(first.rangeOf(walk.input()), one.leaf(), false)
        : one.attributes();
  }

  private static MemoryType dataType(
      Stage1Parameters first,
      Stage2Parameters second,
      Translation walk,
      StageOutput one,
      @Nullable StageOutput two) {
    MemoryAttributes above = ofData(first, walk, one);
    if (two == null) {
      return above.type();
    }
    if (walk.access().kind() != Access.Kind.FETCH) {
      return two.attributes().type();
    }
    return TwoStage.ofData(above, second, two.leaf()).type();
  }

  private static Stage1Tag tag(
      Stage1Parameters first,
      Stages stages,
      Translation walk,
      StageOutput one,
      int shift,
      boolean underStage2,
      long hierarchical) {
    return new Stage1Tag(
        stages.asid(),
        stages.global() || stages.asid() < 0,
        one.address() & -(1L << shift),
        one.level(),
        one.permissions(),
        first.writableExecuteNever(),
        ofData(first, walk, one).type(),
        underStage2,
        hierarchical);
  }

  /** Of a table descriptor of stage 2 that an IPA led to. */
  static TlbEntry table2(
      long number, int pe, Stage2Parameters second, long ipa, Lookup table, List<Long> sources) {
    int shift = second.granule().levelShift(table.level());
    return table(
        number,
        Kind.TABLE_2,
        pe,
        Regime.EL1_0,
        second.vmid(),
        second.granule(),
        ipa & -(1L << shift),
        shift,
        table,
        null,
        sources);
  }

  /** Of a table descriptor of stage 1 that a VA led to. */
  static TlbEntry table1(
      long number,
      int pe,
      Stage1Parameters first,
      int vmid,
      long va,
      Lookup table,
      boolean underStage2,
      long hierarchical,
      List<Long> sources) {
    Granule granule = first.rangeOf(va).granule();
    int shift = granule.levelShift(table.level());
    Stage1Tag tag =
        new Stage1Tag(
            first.asid(),
            first.asid() < 0,
            table.output(),
            table.level(),
            Permissions.ALL,
            false,
            MemoryType.NORMAL_WB,
            underStage2,
            hierarchical);
    return table(
        number,
        Kind.TABLE_1,
        pe,
        first.regime(),
        vmid,
        granule,
        va & -(1L << shift),
        shift,
        table,
        tag,
        sources);
  }

  private static TlbEntry table(
      long number,
      Kind kind,
      int pe,
      Regime regime,
      int vmid,
      Granule granule,
      long input,
      int shift,
      Lookup table,
      @Nullable Stage1Tag tag,
      List<Long> sources) {
    return new TlbEntry(
        number,
        kind,
        pe,
        regime,
        vmid,
        granule,
        input,
        shift,
        table.output(),
        table.level(),
        table.descriptor(),
        table.descriptorAddress(),
        true,
        true,
        true,
        true,
        MemoryType.NORMAL_WB,
        false,
        false,
        tag,
        sources);
  }

  /** Whether a lookup found a leaf that may be kept, permission or not. */
  static boolean isLeaf(Lookup lookup, Translation.Outcome outcome, boolean last) {
    return switch (lookup.verdict()) {
      case BLOCK, PAGE -> true;
      case REFUSED ->
          last && outcome instanceof Translation.Fault f && f.kind() == FaultKind.PERMISSION;
      case TABLE, INVALID, EXTERNAL_ABORT, UNREACHED -> false;
    };
  }

  static boolean isTable(Lookup lookup) {
    return lookup.verdict() == Verdict.TABLE;
  }
}
