package dev.stagewalk.explain;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.SimEvent.ExceptionTaken;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Geometry;
import dev.stagewalk.mmu.Stage1Parameters;
import dev.stagewalk.mmu.Stage1Range;
import dev.stagewalk.mmu.Stage1Registers;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.TwoStage;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A guest with stage-1 tables made by hand, over a stage 2 that maps its RAM one to one; or a
 * hypervisor with such tables of its own, at EL2 or as a host at EL2 and EL0. Registers are set by
 * their names of EL1; those of EL2 are meant in the other regimes.
 */
final class GuestTables {
  static final long VM = 1;
  static final long PTW = 1 << 2;

  /** Where the stage-1 tables are, as an IPA and as a PA. */
  static final long TABLES = 0x4900_0000L;

  /** MAIR_EL1: 0 Normal Write-Back, 1 Device-nGnRnE. */
  static final long MAIR = 0x00ff;

  private static final long SCTLR = 1 | 1 << 2 | 1 << 12;
  private static final int ASID = 5;

  private static final long E2H_AND_TGE = 1L << 34 | 1L << 27;

  final Stage stage;
  final Features features;
  final Regime regime;
  private final Map<String, Long> registers = new LinkedHashMap<>();
  private long root = TABLES;
  private long nextTable = TABLES + 0x10_0000;

  /**
   * @param stage2 geometry of stage 2
   * @param hcr HCR_EL2; without VM there is no stage 2
   * @param stage1 granule of stage 1
   * @param vaBits size of a VA; above 48 the wide formats are used
   */
  GuestTables(Geometry stage2, long hcr, Granule stage1, int vaBits, Features features) {
    this(Regime.EL1_0, stage2, hcr, stage1, vaBits, features);
  }

  /** A hypervisor; stage 2 is none of its business, though it is set up. */
  GuestTables(Regime regime, Geometry stage2, Granule stage1, int vaBits, Features features) {
    this(regime, stage2, regime == Regime.EL2_0 ? E2H_AND_TGE : VM, stage1, vaBits, features);
  }

  private GuestTables(
      Regime regime, Geometry stage2, long hcr, Granule stage1, int vaBits, Features features) {
    this.features = features;
    this.regime = regime;
    stage = new Stage(stage2.vtcr(), 1L << 48 | Stage.ROOT, hcr, features);
    boolean wide = vaBits > 48;
    boolean ds = wide && stage1 != Granule.K64;
    long tg = stage1 == Granule.K4 ? 0 : stage1 == Granule.K64 ? 1 : 2;
    long ips = wide ? 6 : 5;
    long low = (64 - vaBits) | tg << 14 | 3 << 12 | 1L << 23;
    set("TCR_EL1", low | (ds ? regime == Regime.EL2 ? 1L << 32 : 1L << 59 : 0));
    outputSize(ips);
    rootAt(TABLES);
    set("TTBR1_EL1", 0);
    set("MAIR_EL1", MAIR);
    set("SCTLR_EL1", SCTLR);
    mapRam();
  }

  /** RAM one to one, in blocks of level 2. */
  private void mapRam() {
    Stage2Parameters second = stage.parameters;
    if (!second.enabled()) {
      return;
    }
    long size = 1L << second.granule().levelShift(2);
    long attributes = 0xfL << 2 | 3 << 6 | (second.ds() ? 0 : 3 << 8) | 1 << 10;
    for (long pa = Stage.RAM; pa < Stage.RAM + (256L << 20); pa += size) {
      stage.put(pa, 2, pa & -size | attributes | 1);
    }
  }

  private String name(String ofEl1) {
    return regime == Regime.EL1_0 ? ofEl1 : ofEl1.replace("_EL1", "_EL2");
  }

  void set(String register, long value) {
    registers.put(name(register), value);
    stage.with(name(register), value);
  }

  long get(String register) {
    return registers.get(name(register));
  }

  /** IPS, or PS of a regime with one range. */
  void outputSize(long code) {
    int shift = regime == Regime.EL2 ? 16 : 32;
    set("TCR_EL1", get("TCR_EL1") & ~(7L << shift) | code << shift);
  }

  /** The ASID in use; −1 where the regime has none. */
  int asid() {
    return regime == Regime.EL2 ? -1 : ASID;
  }

  /** The level that takes the faults of stage 1. */
  int ownLevel() {
    return regime == Regime.EL1_0 ? 1 : 2;
  }

  /** Moves the first table of stage 1 to another IPA that stage 2 gives the same memory. */
  void rootAt(long ipa) {
    long asid = (long) Math.max(0, asid()) << 48;
    set("TTBR0_EL1", asid | ipa & 0xffff_ffff_ffffL | ipa >>> 48 << 2);
  }

  /** A stage-1 descriptor with an address; SH is left out where there is none. */
  long entry(long ipa, long attributes) {
    Stage1Range range = first().lower();
    return LeafBits.address(range.format(), ipa) | (range.ds() ? attributes & ~0x300L : attributes);
  }

  Stage1Parameters first() {
    return first(registers);
  }

  private Stage1Parameters first(Map<String, Long> values) {
    return Stage1Parameters.decode(
        new Stage1Registers(
            regime,
            values.get(name("SCTLR_EL1")),
            values.get(name("TCR_EL1")),
            values.get(name("TTBR0_EL1")),
            values.get(name("TTBR1_EL1")),
            values.get(name("MAIR_EL1")),
            stage.parameters.hcr()),
        features);
  }

  /** Makes stage-1 tables down to a level and stores a descriptor there; returns where. */
  long put(long va, int level, long descriptor) {
    Stage1Range range = first().lower();
    long table = root;
    for (int at = range.startLevel(); ; at++) {
      int shift = range.granule().levelShift(at);
      int entries = at == range.startLevel() ? range.rootEntries() : range.granule().entries();
      long slot = table + 8 * ((va >>> shift) & (entries - 1));
      if (at == level) {
        stage.memory.write(slot, 8, descriptor);
        return slot;
      }
      long found = stage.memory.read(slot, 8);
      if ((found & 1) == 0) {
        found = nextTable | 3;
        nextTable += range.granule().bytes();
        stage.memory.write(slot, 8, found);
      }
      table = range.format().tableAddress(found);
    }
  }

  Translation walk(long va, Access access) {
    return TwoStage.translate(first(), stage.parameters, va, access, stage.reader());
  }

  /** What memory gives now, with some registers different. */
  Translation walk(long va, Access access, Map<String, Long> different) {
    Map<String, Long> values = new LinkedHashMap<>(registers);
    values.putAll(different);
    Stage2Parameters now = stage.parameters;
    Stage2Parameters second =
        Stage2Parameters.decode(
            different.getOrDefault("VTCR_EL2", now.vtcr()), now.vttbr(), now.hcr(), features);
    return TwoStage.translate(first(values), second, va, access, stage.reader());
  }

  /** The exception a PE takes for a refused access of EL1 or EL2, or of EL0. */
  ExceptionTaken abort(Translation walk) {
    Translation.Fault fault = (Translation.Fault) walk.outcome();
    int from = walk.access().privileged() ? ownLevel() : 0;
    int to = fault.stage() == 2 ? 2 : ownLevel();
    boolean fetch = walk.access().kind() == Access.Kind.FETCH;
    long ec = (fetch ? 0x20 : 0x24) + (from == to ? 1 : 0);
    boolean described =
        fault.stage() == 2
            && !fetch
            && !fault.onStage1Walk()
            && fault.kind() != FaultKind.EXTERNAL_ON_WALK
            && walk.access().kind() != Access.Kind.ATOMIC;
    long esr =
        ec << 26
            | 1L << 25
            | (described ? 1L << 24 | 3L << 22 | 2L << 16 | 1L << 15 : 0)
            | (fault.onStage1Walk() ? 1L << 7 : 0)
            | (!fetch && fault.asWrite() ? 1L << 6 : 0)
            | fault.kind().statusCode(fault.level());
    boolean valid = fault.givesHpfar();
    return new ExceptionTaken(
        from,
        to,
        from == to ? 4 : 8,
        esr,
        walk.input(),
        valid ? fault.ipa() >>> 12 << 4 : 0,
        valid,
        0x4008_0158L,
        from == 2 ? 0x3c9 : from == 1 ? 0x3c5 : 0x3c0,
        walk);
  }
}
