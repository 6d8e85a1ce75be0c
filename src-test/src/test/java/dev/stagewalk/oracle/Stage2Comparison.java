package dev.stagewalk.oracle;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.event.MemoryType;
import dev.stagewalk.event.Translation;
import dev.stagewalk.event.Translation.DescriptorUpdate;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.Stage2Walk;
import dev.stagewalk.oracle.Stage2Rules.Leaf;
import dev.stagewalk.oracle.Stage2Rules.Rights;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Lists where a walk of stage 2 alone differs from what the rules say. */
final class Stage2Comparison {
  private Stage2Comparison() {}

  /** Differences; empty if there are none. The VA of a case serves as IPA. */
  static List<String> of(RandomCase one) {
    Stage2Params params = new Stage2Params(one.pe, one.controls);
    long ipa =
        params.faultsAlways() || one.va % 61 == 0 ? one.va : one.va & (1L << params.iaSize()) - 1;
    boolean fetch = one.access.type() == AccessDescriptor.Type.IFETCH;
    AccessDescriptor access =
        fetch
            ? one.access
            : new AccessDescriptor(
                AccessDescriptor.Type.DATA,
                one.access.el0(),
                one.access.read(),
                one.access.write(),
                false,
                one.access.aligned());
    WalkMemory memory = new WalkMemory(one::memory);
    Stage2Rules rules = new Stage2Rules(params, memory);
    String said;
    try {
      Leaf leaf = rules.translate(ipa, MemAttrs.NORMAL_NC, access, access.writeOnly());
      said = output(params, rules, leaf);
    } catch (Abort abort) {
      Abort.Fault fault = abort.fault();
      FaultKind kind = FaultKind.valueOf(fault.status().name());
      said = fault(kind, fault.level(), fault.ipa(), fault.write());
    }
    Stage2Parameters parameters = Engine.stage2(one.features, one.pe, one.controls);
    Translation walk =
        Stage2Walk.walk(parameters, ipa, Engine.access(access), Engine.reader(one::memory));
    String found =
        switch (walk.outcome()) {
          case Translation.Output output -> output.toString();
          case Translation.Fault fault ->
              fault(fault.kind(), fault.level(), fault.ipa(), fault.asWrite());
        };
    Map<Long, Long> updated = new HashMap<>();
    for (DescriptorUpdate update : walk.updates()) {
      updated.put(update.pa(), update.value());
    }
    found += " " + walk.reads() + " " + updated;
    said += " " + memory.steps().size() + " " + memory.updated();
    return found.equals(said)
        ? List.of()
        : List.of("stage 2 alone: " + found + "\n  rules " + said);
  }

  private static String fault(FaultKind kind, int level, long ipa, boolean write) {
    return kind + " " + kind.statusCode(level) + " " + Long.toHexString(ipa) + " " + write;
  }

  private static String output(Stage2Params params, Stage2Rules rules, Leaf leaf) {
    Rights rights = rules.rights(leaf.descriptor());
    return new Translation.Output(
            leaf.address(),
            leaf.level(),
            params.tgx.translationSize(leaf.level()),
            leaf.descriptor(),
            rights.r(),
            (leaf.descriptor() & 1 << 7) != 0,
            rights.px(),
            rights.ux(),
            type(Controls.bits(leaf.descriptor(), 5, 2), params.fwb))
        .toString();
  }

  /** What stage 2 alone says of the memory. */
  private static MemoryType type(int memAttr, boolean fwb) {
    int device = fwb ? memAttr & 7 : memAttr;
    if (device < 4) {
      return MemoryType.values()[device];
    }
    if (fwb) {
      return switch (device) {
        case 5 -> MemoryType.NORMAL_NC;
        case 6 -> MemoryType.NORMAL_WB;
        case 7 -> MemoryType.AS_STAGE_1;
        default -> MemoryType.RESERVED;
      };
    }
    int outer = memAttr >>> 2;
    int inner = memAttr & 3;
    if (inner == 0) {
      return MemoryType.RESERVED;
    }
    MemoryType[] types = {MemoryType.NORMAL_NC, MemoryType.NORMAL_WT, MemoryType.NORMAL_WB};
    return outer == inner ? types[outer - 1] : MemoryType.NORMAL_MIXED;
  }
}
