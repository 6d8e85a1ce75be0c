package dev.stagewalk.cpu;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.MemoryType;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.StageOutput;
import dev.stagewalk.event.Stages;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mem.PhysicalMemory;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.LiveTables;
import dev.stagewalk.mmu.Policy;
import dev.stagewalk.mmu.Stage1Parameters;
import dev.stagewalk.mmu.Stage1Tag;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.Stage2Walk;
import dev.stagewalk.mmu.Tlb;
import dev.stagewalk.mmu.TlbEntry;
import dev.stagewalk.mmu.TwoStage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one PE finds the physical address of an access: through the TLB, or else by a walk that is
 * reported, whose updates of descriptors are stored, and which the TLB may keep.
 *
 * <p>Where stage 1 is off a VA is the IPA, and only stage 2 is walked and kept.
 */
final class Translator {
  private final Pe pe;
  private final PhysicalMemory ram;
  private final Tlb tlb;
  private final Features features;
  private final TranslationControls controls;
  private final LiveTables tables;

  /** What gave the latest output address: an entry, a walk, or nothing where no table had a say. */
  private @Nullable TlbEntry usedEntry;

  private @Nullable Translation usedWalk;

  Translator(Pe pe, PhysicalMemory ram, Tlb tlb, Features features) {
    this.pe = pe;
    this.ram = ram;
    this.tlb = tlb;
    this.features = features;
    this.controls = new TranslationControls(pe, features, tlb);
    this.tables = new LiveTables(pe.id(), ram, tlb);
  }

  TranslationControls controls() {
    return controls;
  }

  /**
   * Output address of an access in a regime, most often the PE's present one.
   *
   * @throws GuestException if there is none
   */
  long translate(Regime regime, long va, Access access) {
    usedEntry = null;
    usedWalk = null;
    if (controls.stage1On(regime)) {
      return byTables(regime, va, access);
    }
    long ipa = flat(regime, va, access);
    if (regime != Regime.EL1_0) {
      return ipa;
    }
    Stage2Parameters second = controls.second();
    return second.enabled() ? byStage2(second, va, ipa, access) : ipa;
  }

  /** Source: Arm ARM, "The effects of disabling a stage of address translation". */
  private long flat(Regime regime, long va, Access access) {
    long address = flatInput(regime, va);
    if (address >>> features.paBits() != 0) {
      throw refusedByStage1(FaultKind.ADDRESS_SIZE, va, access);
    }
    if (!access.aligned() && !(regime == Regime.EL1_0 && pe.system.hcr(SystemRegisters.HCR_DC))) {
      throw refusedByStage1(FaultKind.ALIGNMENT, va, access);
    }
    return address;
  }

  private long flatInput(Regime regime, long va) {
    return va >>> features.paBits() == 0
        ? va
        : controls.first(regime).untagged(va) & 0xff_ffff_ffff_ffffL;
  }

  private RuntimeException refusedByStage1(FaultKind kind, long va, Access access) {
    int target = pe.exceptions().targetOfOwnExceptions();
    return pe.pending.abort(target, kind.statusCode(0), va, access.kind());
  }

  private long byStage2(Stage2Parameters second, long va, long ipa, Access access) {
    TlbEntry entry = tlb.lookup(pe.id(), second.vmid(), ipa, access);
    if (entry != null) {
      Translation.Fault refusal = conflicts() ? tlb.conflict(entry, ipa, access) : null;
      if (refusal == null) {
        refusal = entry.refusal(ipa, access);
      }
      if (refusal != null) {
        throw refused(
            va, new Translation(2, second.vmid(), ipa, access, List.of(), refusal), refusal);
      }
      usedEntry = entry;
      pe.onlookers().answered(entry, ipa, access);
      return entry.output(ipa);
    }
    long before = pe.interventions();
    tables.begin(null, second);
    Translation walk = Stage2Walk.walk(second, ipa, access, tables);
    if (!tables.canStore(walk)) {
      tables.beginAfresh();
      walk = Stage2Walk.walk(second, ipa, access, tables);
    }
    pe.report(new SimEvent.Translated(pe.instructionAddress, walk));
    if (pe.interventions() != before) {
      // What was read may be no longer so: the walk is made again.
      return translate(Regime.EL1_0, va, access);
    }
    store(walk);
    tlb.insert(pe.id(), second, walk, tables.used());
    usedWalk = walk;
    return output(va, walk);
  }

  private long byTables(Regime regime, long va, Access access) {
    Stage1Parameters first = controls.first(regime);
    Stage2Parameters second = controls.second();
    int vmid = first.regime() == Regime.EL1_0 ? second.vmid() : -1;
    boolean barred = !access.privileged() && first.rangeOf(va).notForEl0();
    TlbEntry entry = barred ? null : tlb.lookup(pe.id(), first, vmid, first.untagged(va), access);
    if (entry != null) {
      long address = first.untagged(va);
      Translation.Fault refusal = conflicts() ? tlb.conflict(entry, first, address, access) : null;
      if (refusal == null) {
        refusal = entry.refusal(address, access);
      }
      if (refusal != null) {
        throw refused(va, withoutWalk(first, vmid, va, access, refusal), refusal);
      }
      usedEntry = entry;
      pe.onlookers().answered(entry, address, access);
      return entry.output(address);
    }
    long before = pe.interventions();
    tables.begin(first, second);
    Translation walk = TwoStage.translate(first, second, va, access, tables);
    if (!tables.canStore(walk)) {
      tables.beginAfresh();
      walk = TwoStage.translate(first, second, va, access, tables);
    }
    pe.report(new SimEvent.Translated(pe.instructionAddress, walk));
    if (pe.interventions() != before) {
      return translate(regime, va, access);
    }
    store(walk);
    tlb.insert(pe.id(), first, second, walk, tables.used());
    usedWalk = walk;
    return output(va, walk);
  }

  /** Whether two entries that answer for one access end it. */
  private boolean conflicts() {
    return tlb.policy().conflict() == Policy.Conflict.ABORT;
  }

  /** What a TLB entry refused. */
  private static Translation withoutWalk(
      Stage1Parameters first, int vmid, long va, Access access, Translation.Fault refusal) {
    Stages stages = new Stages(first.regime(), first.asid(), false, null, null);
    return new Translation(1, vmid, va, access, List.of(), refusal, stages, List.of());
  }

  private void store(Translation walk) {
    for (Translation.DescriptorUpdate update : walk.updates()) {
      pe.memory().walkerWrites(walk, update);
      ram.write(update.pa(), 8, update.value());
      pe.memory().walkerWrote(update.pa());
    }
  }

  private long output(long va, Translation walk) {
    return switch (walk.outcome()) {
      case Translation.Output output -> output.address();
      case Translation.Fault fault -> throw refused(va, walk, fault);
    };
  }

  /**
   * The abort of a refused translation; stage 2 reports to EL2, HCR_EL2.TEA external aborts too.
   */
  RuntimeException refused(long va, Translation walk, Translation.Fault fault) {
    boolean routed =
        fault.kind() == FaultKind.EXTERNAL_ON_WALK && pe.system.hcr(SystemRegisters.HCR_TEA);
    int target = fault.stage() == 2 || routed ? 2 : pe.exceptions().targetOfOwnExceptions();
    return pe.pending.translationAbort(target, va, walk, fault);
  }

  /**
   * Throws an Unsupported Exclusive or Atomic access of the stage that makes memory something else
   * than Normal Write-Back, by what the latest translation was made from. The access has been
   * translated by that already.
   */
  void requireWriteBack(long va, Access access) {
    Stage1Parameters first = controls.first(controls.regime());
    Memory memory = memoryUsed(first, va);
    if (memory.type == MemoryType.NORMAL_WB) {
      return;
    }
    boolean byStage2 = memory.byStage1 == MemoryType.NORMAL_WB;
    Translation.Fault fault =
        new Translation.Fault(
            FaultKind.UNSUPPORTED_EXCLUSIVE,
            0,
            byStage2 ? 2 : 1,
            false,
            byStage2 ? memory.ipa : 0,
            "This PE makes exclusive and atomic accesses to Normal Write-Back memory only (Arm ARM,"
                + " Load-Exclusive and Store-Exclusive).",
            access.kind() == Access.Kind.WRITE);
    int vmid = first.regime() == Regime.EL1_0 ? controls.second().vmid() : -1;
    Translation walk = usedWalk;
    List<Lookup> lookups = walk == null ? List.of() : walk.lookups();
    Stages stages = walk == null ? null : walk.stages();
    if (stages == null) {
      stages = new Stages(first.regime(), first.asid(), false, null, null);
    }
    throw refused(
        va, new Translation(1, vmid, va, access, lookups, fault, stages, List.of()), fault);
  }

  /**
   * The IPA that stage 2 translated for the latest translation, which was of this VA; {@link
   * DataWatch#NO_IPA} where stage 2 took no part.
   */
  long ipaUsed(Regime regime, long va) {
    if (regime != Regime.EL1_0 || !controls.second().enabled()) {
      return DataWatch.NO_IPA;
    }
    TlbEntry entry = usedEntry;
    Translation walk = usedWalk;
    if (entry != null) {
      boolean flat = entry.stage1() == null;
      return entry.ipa(flat ? flatInput(regime, va) : controls.first(regime).untagged(va));
    }
    if (walk == null) {
      return DataWatch.NO_IPA;
    }
    Stages stages = walk.stages();
    StageOutput one = stages == null ? null : stages.stage1();
    return one == null ? walk.input() : one.address();
  }

  /**
   * What memory is for data.
   *
   * @param byStage1 as stage 1 says
   * @param type by both stages
   * @param ipa the output of stage 1; 0 where that is none
   */
  private record Memory(MemoryType byStage1, MemoryType type, long ipa) {}

  private Memory memoryUsed(Stage1Parameters first, long va) {
    TlbEntry entry = usedEntry;
    Translation walk = usedWalk;
    if (entry != null && entry.stage1() instanceof Stage1Tag tag) {
      long ipa = tag.underStage2() ? entry.ipa(first.untagged(va)) : 0;
      return new Memory(tag.memoryType(), entry.memoryType(), ipa);
    }
    if (walk != null && walk.outcome() instanceof Translation.Output output) {
      Stages stages = walk.stages();
      StageOutput one = stages == null ? null : stages.stage1();
      return one == null
          ? ofIpa(first, output.leaf(), walk.input())
          : new Memory(one.attributes().type(), output.memoryType(), one.address());
    }
    if (entry != null) {
      return ofIpa(first, entry.leaf(), first.untagged(va));
    }
    MemoryType off = first.attributesWhileOff(false).type();
    return new Memory(off, off, 0);
  }

  /** Where stage 1 is off and stage 2 is on. */
  private Memory ofIpa(Stage1Parameters first, long leaf, long ipa) {
    MemoryType off = first.attributesWhileOff(false).type();
    return new Memory(off, TwoStage.typeWhileStage1Off(first, controls.second(), leaf), ipa);
  }

  /**
   * Translates for AT, without the TLB.
   *
   * @param bothStages whether the output of stage 1 is translated too
   */
  Translation probe(Regime regime, boolean bothStages, long va, Access access) {
    while (true) {
      Stage1Parameters first = controls.first(regime);
      Stage2Parameters second = controls.second();
      tables.beginAfresh();
      Translation walk =
          bothStages
              ? TwoStage.probe(first, second, va, access, tables)
              : TwoStage.probeStage1(first, second, va, access, tables);
      if (walk.lookups().isEmpty()) {
        return walk;
      }
      long before = pe.interventions();
      pe.report(new SimEvent.Translated(pe.instructionAddress, walk));
      if (pe.interventions() == before) {
        store(walk);
        return walk;
      }
    }
  }
}
