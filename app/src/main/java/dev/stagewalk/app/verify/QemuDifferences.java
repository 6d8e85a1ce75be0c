package dev.stagewalk.app.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.StageOutput;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.DescriptorReader;
import dev.stagewalk.mmu.ExternalAbort;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Stage1Parameters;
import dev.stagewalk.mmu.Stage1Range;
import dev.stagewalk.mmu.Stage1Registers;
import dev.stagewalk.mmu.Stage2Format;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.TwoStage;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the recording machine and the architecture part ways although no note of a vector says so.
 * Each is told by the tables and registers of the vector, not by how the operation ended.
 */
final class QemuDifferences {
  private static final Set<String> ATOMICS = Set.of("ldadd", "swpb", "cas");
  private static final Set<String> PAIRS = Set.of("ldp", "stp", "ldxp");
  private static final long SCTLR_A = 1L << 1;
  private static final long HCR_DC = 1L << 12;
  private static final long HCR_FWB = 1L << 46;
  private static final long TCR_HD = 1L << 40;
  private static final int DEVICE_NGNRE = 4;

  static final String UNALIGNED_DEVICE =
      "unaligned access that stage 1 makes Device memory: the architecture says Alignment fault,"
          + " the recording machine lets it through";
  static final String UNALIGNED_STAGE2_DEVICE =
      "unaligned access that stage 2 makes Device memory: the architecture says Alignment fault,"
          + " the recording machine lets it through";
  static final String ATOMIC_ORDER =
      "atomic whose write stage 1 refuses and whose read stage 2 refuses: the architecture reports"
          + " stage 1, the recording machine asks both stages for the read first";
  static final String ATOMIC_ACCESS_FLAG =
      "atomic whose write stage 1 refuses, Access flag managed by the hardware: whether it is set"
          + " is CONSTRAINED UNPREDICTABLE";
  static final String RELAXED_DEVICE =
      "Device-nGRE or -GRE of stage 1 with Normal Non-cacheable of stage 2: the architecture keeps"
          + " the type, the recording machine answers Device-nGnRE";
  static final String FORCED_DEVICE =
      "HCR_EL2.FWB, both stages say Device memory: the architecture takes the stricter type, the"
          + " recording machine that of stage 2";
  static final String RESERVED_MEMATTR =
      "HCR_EL2.FWB with MemAttr bit 3 set, which is reserved: another choice of the same kind";

  static final String EXECUTES_WRITABLE_CLEAN =
      "fetch from memory that the hardware makes writable on a write (TCR_EL1.HD, DBM), by EL1 what"
          + " EL0 can write or with WXN: the architecture says execute-never, the recording machine"
          + " looks at AP[2] as it stands";

  static final String LARGE_BLOCK =
      "block larger than the output size: the architecture asks whether the output address fits,"
          + " the recording machine whether all address bits of the descriptor do";

  private final Features features;
  private final Stage1Parameters first;
  private final Stage2Parameters second;
  private final DescriptorReader reader;

  /**
   * @param machine with the registers and memory of the vector
   */
  QemuDifferences(RecordedMachine machine) {
    this.features = machine.machine().profile().features();
    long hcr = machine.get("HCR_EL2");
    this.first =
        Stage1Parameters.decode(
            new Stage1Registers(
                Regime.EL1_0,
                machine.get("SCTLR_EL1"),
                machine.get("TCR_EL1"),
                machine.get("TTBR0_EL1"),
                machine.get("TTBR1_EL1"),
                machine.get("MAIR_EL1"),
                hcr),
            features);
    this.second =
        Stage2Parameters.decode(machine.get("VTCR_EL2"), machine.get("VTTBR_EL2"), hcr, features);
    this.reader =
        pa -> {
          if (!machine.machine().ram().contains(pa, 8)) {
            throw ExternalAbort.ABORT;
          }
          return machine.machine().ram().read(pa, 8);
        };
  }

  /** Which difference an operation meets; null if none. */
  @Nullable String of(JsonNode op) {
    long va = RecordedMachine.number(op, "va");
    boolean large = meetsLargeBlock(va);
    if (large || (op.has("pc") && meetsLargeBlock(RecordedMachine.number(op, "pc")))) {
      return LARGE_BLOCK;
    }
    if (op.required("op").asText().equals("at")) {
      String name = op.required("name").asText();
      return name.startsWith("S12")
          ? ofAttributes(va, name.endsWith("W"), name.startsWith("S12E1"))
          : null;
    }
    String type = op.required("type").asText();
    boolean el1 = op.required("el").intValue() == 1;
    boolean unprivileged = type.equals("ldtr") || type.equals("sttr");
    boolean privileged = el1 && !unprivileged;
    if (type.equals("exec")) {
      return ofFetch(el1 ? va : va + 4, el1);
    }
    if (ATOMICS.contains(type)) {
      return ofAtomic(va, privileged);
    }
    int size = op.path("size").intValue();
    int alignment = PAIRS.contains(type) ? size / 2 : size;
    boolean unaligned = alignment > 0 && va % alignment != 0 && !type.equals("dczva");
    return unaligned && (first.registers().sctlr() & SCTLR_A) == 0
        ? ofUnaligned(va, privileged)
        : null;
  }

  /** Whether a walk meets a block of which only one of both says that its address is too large. */
  private boolean meetsLargeBlock(long va) {
    Access read = new Access(Access.Kind.READ, 1, true);
    Translation walk = TwoStage.probe(first, second, va, read, reader);
    boolean tooLarge =
        walk.outcome() instanceof Translation.Fault fault && fault.kind() == FaultKind.ADDRESS_SIZE;
    for (Lookup lookup : walk.lookups()) {
      if (isDisputed(lookup, va, tooLarge)
          || lookup.nested().stream().anyMatch(l -> isDisputed(l, va, tooLarge))) {
        return true;
      }
    }
    return false;
  }

  private boolean isDisputed(Lookup lookup, long va, boolean tooLarge) {
    boolean refused = lookup.verdict() == Lookup.Verdict.REFUSED;
    boolean block = (lookup.descriptor() & 3) == 1 && lookup.level() < 3;
    if (!block || !(refused || lookup.verdict() == Lookup.Verdict.BLOCK)) {
      return false;
    }
    Stage1Range range = first.rangeOf(va);
    Stage2Format format = lookup.stage() == 2 ? second.format() : range.format();
    int bits = lookup.stage() == 2 ? second.outputBits() : range.outputBits();
    boolean bitsTooLarge = format.tableAddress(lookup.descriptor()) >>> bits != 0;
    return bitsTooLarge != (refused && tooLarge);
  }

  private @Nullable String ofFetch(long va, boolean privileged) {
    if (!first.hardwareDirtyState() || !refusesFetch(first, va, privileged)) {
      return null;
    }
    Stage1Registers now = first.registers();
    Stage1Registers withoutHd =
        new Stage1Registers(
            now.regime(),
            now.sctlr(),
            now.tcr() & ~TCR_HD,
            now.ttbr0(),
            now.ttbr1(),
            now.mair(),
            now.hcr());
    return refusesFetch(Stage1Parameters.decode(withoutHd, features), va, privileged)
        ? null
        : EXECUTES_WRITABLE_CLEAN;
  }

  private boolean refusesFetch(Stage1Parameters stage1, long va, boolean privileged) {
    Access fetch = new Access(Access.Kind.FETCH, 4, privileged);
    return TwoStage.probe(stage1, second, va, fetch, reader).outcome()
            instanceof Translation.Fault fault
        && fault.stage() == 1
        && fault.kind() == FaultKind.PERMISSION;
  }

  private @Nullable String ofUnaligned(long va, boolean privileged) {
    Access access = new Access(Access.Kind.READ, 1, privileged);
    if (!first.enabled() && (second.hcr() & HCR_DC) == 0) {
      return UNALIGNED_DEVICE;
    }
    Translation walk = TwoStage.probe(first, second, va, access, reader);
    StageOutput one = stage1(walk);
    if (one != null && one.attributes().isDevice()) {
      return UNALIGNED_DEVICE;
    }
    StageOutput two = walk.stages() == null ? null : walk.stages().stage2();
    return two != null && two.attributes().isDevice() ? UNALIGNED_STAGE2_DEVICE : null;
  }

  private @Nullable String ofAtomic(long va, boolean privileged) {
    Access read = new Access(Access.Kind.READ, 1, privileged);
    Access write = new Access(Access.Kind.WRITE, 1, privileged);
    boolean writeRefused =
        TwoStage.probeStage1(first, second, va, write, reader).outcome()
                instanceof Translation.Fault fault
            && fault.stage() == 1
            && fault.kind() == FaultKind.PERMISSION;
    if (!writeRefused) {
      return null;
    }
    Translation both = TwoStage.probe(first, second, va, read, reader);
    if (both.outcome() instanceof Translation.Fault fault && fault.stage() == 2) {
      return ATOMIC_ORDER;
    }
    return first.hardwareAccessFlag() && !both.updates().isEmpty() ? ATOMIC_ACCESS_FLAG : null;
  }

  private @Nullable String ofAttributes(long va, boolean write, boolean privileged) {
    Access access = new Access(write ? Access.Kind.WRITE : Access.Kind.READ, 1, privileged);
    Translation walk = TwoStage.probe(first, second, va, access, reader);
    StageOutput one = stage1(walk);
    StageOutput two = walk.stages() == null ? null : walk.stages().stage2();
    if (walk.outcome() instanceof Translation.Fault || one == null || two == null) {
      return null;
    }
    int memAttr = (int) (two.leaf() >>> 2) & 0xf;
    boolean device = one.attributes().isDevice();
    if ((second.hcr() & HCR_FWB) != 0) {
      return memAttr >= 8
          ? RESERVED_MEMATTR
          : device && memAttr < 4 && memAttr << 2 != one.attributes().attr() ? FORCED_DEVICE : null;
    }
    boolean relaxed = device && one.attributes().attr() > DEVICE_NGNRE;
    return relaxed && memAttr == 5 ? RELAXED_DEVICE : null;
  }

  private static @Nullable StageOutput stage1(Translation walk) {
    return walk.stages() == null ? null : walk.stages().stage1();
  }
}
