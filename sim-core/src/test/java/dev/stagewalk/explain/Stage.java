package dev.stagewalk.explain;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.cpu.RegisterFile;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.SimEvent.ExceptionTaken;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mem.PhysicalMemory;
import dev.stagewalk.mmu.DescriptorReader;
import dev.stagewalk.mmu.ExternalAbort;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.Stage2Walk;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A machine for explanations: tables made by hand in memory, and the exceptions they lead to. */
final class Stage {
  static final long RAM = 0x4000_0000L;
  static final long ROOT = 0x4400_0000L;

  private static final long TABLES = 0x4500_0000L;
  private static final long VMID_1 = 1L << 48;
  private static final long VM = 1;

  final PhysicalMemory memory = new PhysicalMemory(RAM, 256L << 20);
  final Stage2Parameters parameters;
  private final Map<String, Long> system = new HashMap<>();
  private long nextTable = TABLES;

  Stage(long vtcr, Features features) {
    this(vtcr, VMID_1 | ROOT, features);
  }

  Stage(long vtcr, long vttbr, Features features) {
    this(vtcr, vttbr, VM, features);
  }

  Stage(long vtcr, long vttbr, long hcr, Features features) {
    this(Stage2Parameters.decode(vtcr, vttbr, hcr, features));
  }

  Stage(Stage2Parameters parameters) {
    this.parameters = parameters;
    system.put("SCTLR_EL1", 0L);
    system.put("VBAR_EL1", 0x4010_0000L);
  }

  Stage with(String register, long value) {
    system.put(register, value);
    return this;
  }

  /** Makes the tables down to a level and stores a descriptor there; returns where. */
  long put(long ipa, int level, long descriptor) {
    long table = parameters.rootBase();
    for (int at = parameters.startLevel(); ; at++) {
      int shift = parameters.granule().levelShift(at);
      boolean root = at == parameters.startLevel();
      int entries = root ? parameters.rootEntries() : parameters.granule().entries();
      long slot = table + 8 * ((ipa >>> shift) & (entries - 1));
      if (at == level) {
        memory.write(slot, 8, descriptor);
        return slot;
      }
      long found = memory.read(slot, 8);
      if ((found & 1) == 0) {
        found = nextTable | 3;
        nextTable += parameters.granule().bytes();
        memory.write(slot, 8, found);
      }
      table = parameters.format().tableAddress(found);
    }
  }

  DescriptorReader reader() {
    return pa -> {
      if (!memory.contains(pa, 8)) {
        throw ExternalAbort.ABORT;
      }
      return memory.read(pa, 8);
    };
  }

  Translation walk(long ipa, Access access) {
    return Stage2Walk.walk(parameters, ipa, access, reader());
  }

  /** The exception that a refused access of EL1 leads to; stage 1 is off. */
  ExceptionTaken abort(Translation walk) {
    Translation.Fault fault = (Translation.Fault) walk.outcome();
    boolean fetch = walk.access().kind() == Access.Kind.FETCH;
    long esr = (fetch ? 0x20L : 0x24L) << 26 | 1L << 25;
    esr |= fault.kind().statusCode(fault.level());
    if (!fetch) {
      esr |= 1L << 24 | 3L << 22 | 2L << 16 | 1L << 15;
      esr |= walk.access().kind() == Access.Kind.WRITE ? 1L << 6 : 0;
    }
    return abort(esr, walk, fault);
  }

  ExceptionTaken abort(long esr, Translation walk, Translation.Fault fault) {
    boolean valid = fault.givesHpfar();
    return new ExceptionTaken(
        1,
        2,
        8,
        esr,
        walk.input(),
        valid ? walk.input() >>> 12 << 4 : 0,
        valid,
        0x4008_0158L,
        0x3c5,
        walk);
  }

  /** An exception without a walk. */
  static ExceptionTaken other(int toEl, int vector, long esr) {
    return new ExceptionTaken(1, toEl, vector, esr, 0, 0, false, 0x4008_0120L, 0x3c5, null);
  }

  Scene scene(SimEvent what, SimEvent... following) {
    Map<String, Integer> index = new HashMap<>();
    long[] values = new long[system.size()];
    system.forEach((name, value) -> {
      values[index.size()] = value;
      index.put(name, index.size());
    });
    return new Scene(
        new Event(7, Moment.at(3, 2), 0, what),
        List.of(following),
        new RegisterFile(new long[31], index, values),
        Scene.readerOf(memory.image()),
        RAM + (256L << 20),
        parameters,
        Optional.of("str x2, [x0, #0x18]"),
        Optional.of("touch_pages+0x14"));
  }

  Explanation explain(SimEvent what, SimEvent... following) {
    return Explainer.explain(scene(what, following));
  }

  static FaultKind kind(Translation walk) {
    return ((Translation.Fault) walk.outcome()).kind();
  }
}
