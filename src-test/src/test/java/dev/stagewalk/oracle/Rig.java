package dev.stagewalk.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.event.Translation;
import dev.stagewalk.event.Translation.Fault;
import dev.stagewalk.event.Translation.Output;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.ParEl1;
import dev.stagewalk.oracle.AccessDescriptor.Type;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A PE with registers and memory to write to. What it translates it asks of the engine and of the
 * rules, and both must agree.
 *
 * <p>At first: 4K granules, 39-bit VAs and IPAs that begin at level 1, 48-bit outputs, stage 1 and
 * stage 2 on, tables of stage 1 at {@link #TABLE1}, of stage 2 at {@link #TABLE2}, MAIR 0 Normal
 * Write-Back and 1 Device-nGnRE.
 */
final class Rig {
  static final long TABLE1 = 0x10_0000;
  static final long TABLE2 = 0x20_0000;

  static final long WRITE_BACK = 0;
  static final long DEVICE = 1 << 2;

  /** A page of stage 1, accessed, Inner Shareable: EL1 reads and writes it. */
  static final long PAGE1 = 0x703;

  /** A block of stage 1 likewise. */
  static final long BLOCK1 = 0x701;

  static final long EL0 = 1 << 6;
  static final long READ_ONLY1 = 1 << 7;
  static final long AF = 1 << 10;
  static final long DBM = 1L << 51;

  /** A page of stage 2, accessed, Inner Shareable, Write-Back: everything allowed. */
  static final long PAGE2 = 0x7ff;

  static final long BLOCK2 = 0x7fd;
  static final long WRITABLE2 = 1 << 7;
  static final long READABLE2 = 1 << 6;
  static final long MEMATTR2 = 0xf << 2;

  static final AccessDescriptor READ = data(false, true, false);
  static final AccessDescriptor WRITE = data(false, false, true);
  static final AccessDescriptor ATOMIC = data(false, true, true);
  static final AccessDescriptor FETCH = AccessDescriptor.fetch(false);

  Features features = Features.MAX;
  boolean txSzFaults = true;
  OracleRegime regime = OracleRegime.EL10;
  long sctlr = 1 | 1 << 2 | 1 << 12;
  long tcr = 25 | 25 << 16 | 2L << 30 | 5L << 32;
  long ttbr0 = TABLE1;
  long ttbr1 = TABLE1;
  long mair = 0x04ffL;
  long hcr = 1;
  long vtcr = 1L << 31 | 25 | 1 << 6 | 5 << 16;
  long vttbr = TABLE2;
  private final Map<Long, Long> memory = new HashMap<>();

  /** A PE whose stage 2 maps the first 512 GiB flat. */
  static Rig flat() {
    Rig rig = new Rig();
    for (long block = 0; block < 512; block++) {
      rig.store(TABLE2 + 8 * block, block << 30 | BLOCK2);
    }
    return rig;
  }

  /** The same without stage 2. */
  static Rig stage1Only() {
    Rig rig = new Rig();
    rig.hcr = 0;
    return rig;
  }

  static AccessDescriptor data(boolean el0, boolean read, boolean write) {
    return new AccessDescriptor(Type.DATA, el0, read, write, false, true);
  }

  static AccessDescriptor at(boolean el0, boolean write) {
    return new AccessDescriptor(Type.AT, el0, !write, write, false, true);
  }

  static AccessDescriptor unaligned(AccessDescriptor access) {
    return new AccessDescriptor(
        access.type(), access.el0(), access.read(), access.write(), access.pan(), false);
  }

  static AccessDescriptor panned(AccessDescriptor access) {
    return new AccessDescriptor(
        access.type(), access.el0(), access.read(), access.write(), true, access.aligned());
  }

  void store(long pa, long word) {
    memory.put(pa, word);
  }

  /** Maps VA 0 and what follows by a page at level 3 of stage 1, through two tables. */
  void page1(long page) {
    store(TABLE1, TABLE1 + 0x1000 | 3);
    store(TABLE1 + 0x1000, TABLE1 + 0x2000 | 3);
    store(TABLE1 + 0x2000, page);
  }

  /** Memory answers at every address below 2^56, as zero where nothing was stored. */
  private OptionalLong word(long pa) {
    return OptionalLong.of(memory.getOrDefault(pa, 0L));
  }

  private Controls controls() {
    return new Controls(regime, sctlr, tcr, ttbr0, ttbr1, mair, hcr, vtcr, vttbr);
  }

  Translation translate(long va, AccessDescriptor access) {
    return translate(va, access, true);
  }

  private Translation translate(long va, AccessDescriptor access, boolean outputToo) {
    Implementation pe = Engine.implementation(features, txSzFaults);
    WalkMemory seen = new WalkMemory(this::word);
    AddressTranslation oracle = new AddressTranslation(pe, controls(), va, seen);
    AddressTranslation.Result rules = oracle.translate(va, access, outputToo);
    Translation engine =
        Engine.translate(features, pe, controls(), va, access, outputToo, this::word);
    assertThat(Comparison.of(engine, rules, oracle, access, seen)).isEmpty();
    return engine;
  }

  Output output(long va, AccessDescriptor access) {
    return (Output) translate(va, access).outcome();
  }

  /** The fault and its level: "Translation fault, level 0", with what else matters of stage 2. */
  String fault(long va, AccessDescriptor access) {
    Fault fault = (Fault) translate(va, access).outcome();
    return fault.kind().at(fault.level())
        + (fault.stage() == 2 ? ", stage 2" : "")
        + (fault.onStage1Walk() ? ", S1PTW" : "")
        + (fault.asWrite() ? ", WnR" : "");
  }

  /** What AT S12E1R or a like of it leaves in PAR_EL1; AT S1E1R if stage 2 is not asked. */
  long par(long va, AccessDescriptor at, boolean bothStages) {
    return ParEl1.of(translate(va, at, bothStages));
  }
}
