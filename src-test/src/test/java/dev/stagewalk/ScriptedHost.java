package dev.stagewalk;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Pa;
import dev.stagewalk.board.BoardPlan;
import dev.stagewalk.board.Machine;
import dev.stagewalk.board.Profiles;
import dev.stagewalk.check.Findings;
import dev.stagewalk.check.RunChecks;
import dev.stagewalk.check.Severity;
import dev.stagewalk.cpu.El2;
import dev.stagewalk.cpu.El2Software;
import dev.stagewalk.cpu.Pe;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.hyp.Defect;
import dev.stagewalk.hyp.Defects;
import dev.stagewalk.hyp.HostFault;
import dev.stagewalk.hyp.Result;
import dev.stagewalk.hyp.Stage2Mmu;
import dev.stagewalk.isa.asm.Assembler;
import dev.stagewalk.mmu.Tlb;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A machine whose host is a list of steps in Java, one at each exit of its guest, watched by the
 * checks of a run. The guest reads the IPA that the step before has chosen, and exits.
 */
final class ScriptedHost {
  static final long CODE = 0x4000_0000L;
  static final long ENTRY = CODE + 0x8_0000;

  /** Map flags: normal memory, read-write, execute-never; and code. */
  static final long DATA = 0x7fcL | 1L << 54;

  static final long EXECUTABLE = 0x77cL;

  private static final long HCR = 1L | 1L << 31;
  private static final String GUEST =
      """
      loop:
          cbz   x1, exit
          ldr   x2, [x1]
      exit:
          hvc   #0
          b     loop
      """;

  final Machine machine;
  final Defects defects;
  private final Findings findings = new Findings();
  private final List<Consumer<ScriptedHost>> steps;
  private final RunChecks checks;
  private long events;
  private long instruction;
  private long micro;
  private int step;
  private long reads;

  private ScriptedHost(
      String profile, Defects defects, Tlb.Mode mode, List<Consumer<ScriptedHost>> steps) {
    this.defects = defects;
    this.steps = steps;
    machine =
        new Machine(
            Profiles.standard().require(profile),
            BoardPlan.USUAL,
            Machine.RAM_SIZE,
            4096,
            new Tlb(mode, 64, 1),
            this::happened);
    machine.ram().write(ENTRY, new Assembler().assemble("guest.s", GUEST, ENTRY).image());
    checks = new RunChecks(machine, findings);
    machine.install(software());
  }

  /** Ids of what is found, but for information, when the steps are done one after the other. */
  @SafeVarargs
  static Set<String> found(String profile, Defects defects, Consumer<ScriptedHost>... steps) {
    Findings findings =
        new ScriptedHost(profile, defects, Tlb.Mode.REALISTIC, new ArrayList<>(List.of(steps)))
            .run();
    return findings.groups().stream()
        .filter(group -> group.kind().severity() != Severity.INFO)
        .map(group -> group.kind().id())
        .collect(Collectors.toSet());
  }

  private Findings run() {
    machine.run(1000);
    checks.ended();
    return findings;
  }

  private void happened(int pe, SimEvent what) {
    if (machine.instructions() != instruction) {
      instruction = machine.instructions();
      micro = 0;
    }
    checks.happened(new Event(events++, Moment.at(instruction, ++micro), pe, what));
  }

  private El2Software software() {
    return new El2Software() {
      @Override
      public void started(Pe pe) {
        next();
      }

      @Override
      public void entered(Pe pe, int vector) {
        next();
      }
    };
  }

  private void next() {
    if (step == steps.size()) {
      machine.host().guestStopped("done", true);
      return;
    }
    reads = 0;
    try {
      steps.get(step++).accept(this);
    } catch (HostFault fault) {
      machine.host().guestStopped("the hypervisor died: " + fault.getMessage(), false);
      return;
    }
    el2().writeRegister("HCR_EL2", HCR);
    long[] x = new long[31];
    x[1] = reads;
    machine.host().loadContext(0, x, ENTRY, 0x3c5, 0);
    machine.host().exceptionReturn();
  }

  El2 el2() {
    return machine.host();
  }

  /** The guest reads this IPA next. */
  void read(long ipa) {
    reads = ipa;
  }

  /** A frame of zeroes. */
  long frame() {
    return el2().allocate(0).value();
  }

  /** Gives a frame away, so that the allocator has only so many left. */
  void leave(int frames) {
    List<Long> taken = new ArrayList<>();
    for (long pa = frame(); pa != 0; pa = frame()) {
      taken.add(pa);
    }
    for (int i = 0; i < frames; i++) {
      el2().free(new Pa(taken.removeLast()));
    }
  }

  /** New tables; their structure lies in a page of its own. */
  Stage2Mmu make(int vmid, Granule granule, int ipaBits) {
    Stage2Mmu mmu = new Stage2Mmu(el2(), defects, frame());
    mmu.init(vmid, granule, ipaBits, true);
    return mmu;
  }

  /** The guest's code, at its own address. */
  Result mapCode(Stage2Mmu mmu) {
    return mmu.map(CODE, CODE, 2L << 20, EXECUTABLE);
  }

  /** Tables with the guest's code, in use. */
  Stage2Mmu guest(int vmid, Granule granule, int ipaBits) {
    Stage2Mmu mmu = make(vmid, granule, ipaBits);
    mapCode(mmu);
    mmu.enable();
    return mmu;
  }

  /** Makes other tables the ones in use. */
  void use(Stage2Mmu mmu) {
    el2().writeRegister("VTTBR_EL2", mmu.vttbr());
    if (!defects.has(Defect.VTCR_NOT_IN_GUEST)) {
      el2().writeRegister("VTCR_EL2", mmu.vtcr());
    }
    el2().isb();
  }
}
