package dev.stagewalk.session;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Register;
import dev.stagewalk.arch.RegisterTable;
import dev.stagewalk.board.HostOperations;
import dev.stagewalk.board.Machine;
import dev.stagewalk.cpu.Interference;
import dev.stagewalk.cpu.Pe;
import dev.stagewalk.cpu.SystemRegisters;
import dev.stagewalk.hyp.GuestPlan;
import dev.stagewalk.hyp.Hypervisor;
import dev.stagewalk.time.Input;
import dev.stagewalk.time.Planned;
import dev.stagewalk.time.Run;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What edits do to the machine of a scenario, and which of them cannot be done now. */
final class Interventions {
  private static final int VMID_SHIFT = 48;
  private static final long VMID_MASK = 0xffffL << VMID_SHIFT;

  private final Scenario scenario;
  private final @Nullable Hypervisor hypervisor;

  /**
   * @param hypervisor what can be asked to map and unmap; null where a program is at EL2 itself
   */
  Interventions(Scenario scenario, @Nullable Hypervisor hypervisor) {
    this.scenario = scenario;
    this.hypervisor = hypervisor;
  }

  /** A planned edit as a run carries it out. */
  Planned planned(PlannedEdit plan) {
    Edit edit = plan.edit();
    return new Planned(
        plan.when(), edit.words(), actionOf(edit), machine -> refusal(machine, edit));
  }

  private Optional<String> refusal(Machine machine, Edit edit) {
    try {
      check(machine, edit);
      return Optional.empty();
    } catch (Refused e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Refuses an edit that cannot be done to a machine as it is now.
   *
   * @throws Refused with the reason and the next step
   */
  void check(Machine machine, Edit edit) {
    if (machine.isHalted()) {
      throw new Refused(
          (library() == null ? "the program" : "the guest")
              + " has ended; go back to a moment where it runs");
    }
    switch (edit) {
      case Edit.Unmap e -> {
        checkRange(machine, e.ipa(), e.size());
        checkGuest(machine);
      }
      case Edit.MapFresh e -> {
        checkRange(machine, e.ipa(), e.size());
        checkGuest(machine);
      }
      case Edit.SetRegister e -> {
        checkRegister(e.register());
        checkPe(e.pe());
      }
      case Edit.Type e -> {
        if (e.text().isEmpty()) {
          throw new Refused("there is no text to type");
        }
      }
      case Edit.SetMemory e -> EntryEdit.checkMemory(machine, e.pa());
      case Injection e -> check(machine, e);
      case LibraryCall _ -> checkGuest(machine);
    }
  }

  private void check(Machine machine, Injection injection) {
    switch (injection) {
      case Injection.Unmap e -> {
        if (library() != null) {
          checkGuest(machine);
        }
        Unmapping.of(machine, e, library() != null);
      }
      case Injection.ClearAccessFlag e -> EntryEdit.of(machine, pe(machine, e.pe()), e);
      case Injection.SetS2ap e -> EntryEdit.of(machine, pe(machine, e.pe()), e);
      case Injection.SetXn e -> EntryEdit.of(machine, pe(machine, e.pe()), e);
      case Injection.SetMemAttr e -> EntryEdit.of(machine, pe(machine, e.pe()), e);
      case Injection.PointTable e -> EntryEdit.of(machine, pe(machine, e.pe()), e);
      case Injection.FlipMemory e -> EntryEdit.of(machine, e);
      case Injection.SkipNext e -> checkNotArmed(machine.interference(), e.what());
      case Injection.NarrowNext _ -> {}
      case Injection.NarrowDsb _ -> {
        if (machine.interference().narrowsDsb()) {
          throw new Refused("the next DSB is to be narrowed already, and none has come since");
        }
      }
      case Injection.SetVmid e -> checkVmid(machine, pe(machine, e.pe()), e.vmid());
      case Injection.SetVtcr e -> checkChange(machine, e.pe(), "VTCR_EL2", e.value());
      case Injection.SetVttbr e -> checkChange(machine, e.pe(), "VTTBR_EL2", e.value());
      case Injection.FailAllocation _ -> {
        if (library() == null) {
          throw new Refused(
              "the program at EL2 has an allocator of its own, which nobody knows from outside");
        }
        if (machine.allocator().failsNext()) {
          throw new Refused("the next allocation is to fail already");
        }
      }
      case Injection.Interrupt e -> checkInterrupt(machine, e);
      case Injection.FlipRegister e -> {
        checkPe(e.pe());
        if (BitFlip.knows(e.register())) {
          BitFlip.check(e.register(), e.bit());
        } else {
          checkRegister(e.register());
          EntryEdit.checkBit(e.bit());
        }
      }
    }
  }

  private static void checkNotArmed(Interference interference, Injection.Maintenance what) {
    boolean armed =
        switch (what) {
          case TLBI -> interference.nextTlbi() instanceof Interference.Change.Withhold;
          case DSB -> interference.withholdsDsb();
          case ISB -> interference.withholdsIsb();
        };
    if (armed) {
      throw new Refused("the next " + what + " is to be withheld already, and none has come since");
    }
  }

  private void checkVmid(Machine machine, int pe, int vmid) {
    int bits = new dev.stagewalk.check.ObservedMachine(machine).second(pe).vmidBits();
    if (vmid >>> bits != 0) {
      throw new Refused("VMID " + vmid + " does not fit into the " + bits + " bits of VMIDs here");
    }
    long vttbr = machine.pes().get(pe).system(SystemRegisters.VTTBR_EL2);
    if ((vttbr & VMID_MASK) >>> VMID_SHIFT == vmid) {
      throw new Refused("VTTBR_EL2 of PE " + pe + " names VMID " + vmid + " already");
    }
  }

  private void checkChange(Machine machine, int number, String register, long value) {
    Pe pe = machine.pes().get(pe(machine, number));
    if (pe.system(SystemRegisters.index(register)) == value) {
      throw new Refused(register + " of PE " + pe.id() + " is " + Hex.address(value) + " already");
    }
  }

  private void checkInterrupt(Machine machine, Injection.Interrupt e) {
    Pe pe = machine.pes().get(pe(machine, e.pe()));
    boolean routed = (pe.system(SystemRegisters.HCR_EL2) & e.kind().routeBit()) != 0;
    if (e.virtual() && !routed) {
      throw new Refused(
          "a virtual "
              + e.kind().words()
              + " needs HCR_EL2."
              + e.kind().route()
              + " = 1, and on PE "
              + pe.id()
              + " it is 0");
    }
  }

  private void checkGuest(Machine machine) {
    if (library() == null) {
      throw new Refused("there is no hypervisor that could do it: the program itself is at EL2");
    }
    if (machine.host().register("TPIDR_EL2") == 0) {
      throw new Refused("the hypervisor has no guest at this moment: go to one where it runs");
    }
  }

  private void checkRange(Machine machine, long ipa, long size) {
    GuestPlan plan = hypervisor == null ? null : hypervisor.plan(machine.host());
    Granule unit = plan == null ? scenario.granule() : plan.granule();
    int ipaBits = plan == null ? scenario.ipaBits() : plan.ipaBits();
    long granule = unit.bytes();
    if (size <= 0 || ((ipa | size) & (granule - 1)) != 0) {
      throw new Refused(
          "address and size must be multiples of the granule, "
              + unit.text()
              + ": "
              + Hex.address(ipa)
              + ", "
              + Hex.address(size));
    }
    if (Long.compareUnsigned(ipa + size - 1, (1L << ipaBits) - 1) > 0
        || Long.compareUnsigned(ipa + size, ipa) < 0) {
      throw new Refused("the range ends beyond the " + ipaBits + "-bit input size of stage 2");
    }
  }

  /** The number of the PE that is meant. */
  private int pe(Machine machine, int number) {
    checkPe(number);
    return number < 0 ? machine.pe().id() : number;
  }

  private void checkPe(int number) {
    int pes = scenario.board().pes();
    if (number >= pes) {
      throw new Refused("there is no PE " + number + "; the last is PE " + (pes - 1));
    }
  }

  private static void checkRegister(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.equals("sp") || lower.equals("pc") || generalRegister(lower) >= 0) {
      return;
    }
    Register register;
    try {
      register = RegisterTable.standard().require(name);
    } catch (IllegalArgumentException e) {
      throw new Refused(String.valueOf(e.getMessage()));
    }
    if (!register.access().writable()) {
      throw new Refused(register.name() + " is read-only: it says what this PE is");
    }
  }

  /** 0 to 30 for x0 to x30, otherwise −1. */
  private static int generalRegister(String lower) {
    for (int i = 0; i < 31; i++) {
      if (lower.equals("x" + i)) {
        return i;
      }
    }
    return -1;
  }

  /** What an edit does; it has been checked. */
  Input.Action actionOf(Edit edit) {
    return switch (edit) {
      case Edit.Unmap e -> run -> unmap(run, e.ipa(), e.size());
      case Edit.MapFresh e ->
          run -> {
            Hypervisor asked = library();
            if (asked != null) {
              asked.mapFresh(host(run), host(run), e.ipa(), e.size());
            }
          };
      case Edit.SetRegister e -> atOnce(e.pe(), pe -> setRegister(pe, e.register(), e.value()));
      case Edit.Type e -> Input.Action.atOnce(run -> type(run, e.text()));
      case Edit.SetMemory e -> run -> host(run).storeDescriptor(e.pa(), e.value());
      case Injection e -> actionOf(e);
      case LibraryCall e ->
          run -> {
            Hypervisor asked = library();
            if (asked != null) {
              asked.call(host(run), host(run), e::perform);
            }
          };
    };
  }

  private Input.Action actionOf(Injection injection) {
    return switch (injection) {
      case Injection.Unmap e -> run -> unmap(run, e);
      case Injection.ClearAccessFlag e ->
          run -> store(run, EntryEdit.of(run.machine(), pe(run.machine(), e.pe()), e));
      case Injection.SetS2ap e ->
          run -> store(run, EntryEdit.of(run.machine(), pe(run.machine(), e.pe()), e));
      case Injection.SetXn e ->
          run -> store(run, EntryEdit.of(run.machine(), pe(run.machine(), e.pe()), e));
      case Injection.SetMemAttr e ->
          run -> store(run, EntryEdit.of(run.machine(), pe(run.machine(), e.pe()), e));
      case Injection.PointTable e ->
          run -> store(run, EntryEdit.of(run.machine(), pe(run.machine(), e.pe()), e));
      case Injection.FlipMemory e -> run -> store(run, EntryEdit.of(run.machine(), e));
      case Injection.SkipNext e ->
          Input.Action.atOnce(run -> skipNext(run.machine().interference(), e.what()));
      case Injection.NarrowNext e ->
          Input.Action.atOnce(run -> run.machine().interference().changeNextTlbi(change(e.how())));
      case Injection.NarrowDsb _ ->
          Input.Action.atOnce(run -> run.machine().interference().narrowNextDsb());
      case Injection.SetVmid e ->
          atOnce(
              e.pe(),
              pe -> {
                long vttbr = pe.system(SystemRegisters.VTTBR_EL2);
                pe.setSystem(
                    SystemRegisters.VTTBR_EL2, vttbr & ~VMID_MASK | (long) e.vmid() << VMID_SHIFT);
              });
      case Injection.SetVtcr e ->
          atOnce(e.pe(), pe -> pe.setSystem(SystemRegisters.VTCR_EL2, e.value()));
      case Injection.SetVttbr e ->
          atOnce(e.pe(), pe -> pe.setSystem(SystemRegisters.VTTBR_EL2, e.value()));
      case Injection.FailAllocation _ ->
          Input.Action.atOnce(run -> run.machine().allocator().failNext());
      case Injection.Interrupt e -> atOnce(e.pe(), pe -> pe.wiring().raise(e.kind(), e.virtual()));
      case Injection.FlipRegister e -> atOnce(e.pe(), pe -> flip(pe, e.register(), e.bit()));
    };
  }

  private Input.Action atOnce(int number, Consumer<Pe> effect) {
    return Input.Action.atOnce(
        run -> effect.accept(run.machine().pes().get(pe(run.machine(), number))));
  }

  private static void skipNext(Interference interference, Injection.Maintenance what) {
    switch (what) {
      case TLBI -> interference.changeNextTlbi(new Interference.Change.Withhold());
      case DSB -> interference.withholdNextDsb();
      case ISB -> interference.withholdNextIsb();
    }
  }

  private static Interference.Change change(Injection.Narrowing how) {
    return switch (how) {
      case Injection.Narrowing.Local _ -> new Interference.Change.ThisPeOnly();
      case Injection.Narrowing.Vmid(int vmid) -> new Interference.Change.OtherVmid(vmid);
      case Injection.Narrowing.Shift(int bits) -> new Interference.Change.OtherShift(bits);
      case Injection.Narrowing.Stage2 _ -> new Interference.Change.Stage2Only();
    };
  }

  private void unmap(Run run, Injection.Unmap e) {
    Unmapping what = Unmapping.of(run.machine(), e, library() != null);
    if (library() != null) {
      unmap(run, what.ipa(), what.size());
    } else {
      what.leaves().forEach(leaf -> host(run).storeDescriptor(leaf.at(), 0));
    }
  }

  private void unmap(Run run, long ipa, long size) {
    Hypervisor asked = library();
    if (asked != null) {
      asked.unmap(host(run), host(run), ipa, size);
    }
  }

  /** Memory that a walk has read descriptors from is stored to as descriptors are. */
  private static void store(Run run, EntryEdit edit) {
    if (run.machine().tlb().tables().contains(edit.pa())) {
      host(run).storeDescriptor(edit.pa(), edit.value());
    } else {
      host(run).store(edit.pa(), 8, edit.value());
    }
  }

  /** What can be asked to map and unmap; null where a program is at EL2 itself. */
  private @Nullable Hypervisor library() {
    return scenario.bare() ? null : hypervisor;
  }

  private static HostOperations host(Run run) {
    return run.machine().host();
  }

  private static void type(Run run, String text) {
    run.machine().receiveInTime(text.getBytes(StandardCharsets.UTF_8));
  }

  private static long register(Pe pe, String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    int general = generalRegister(lower);
    if (general >= 0) {
      return pe.x(general);
    }
    return switch (lower) {
      case "sp" -> pe.sp();
      case "pc" -> pe.pc();
      default -> pe.system(SystemRegisters.index(name));
    };
  }

  private static void flip(Pe pe, String name, int bit) {
    if (BitFlip.knows(name)) {
      BitFlip.apply(pe, name, bit);
    } else {
      setRegister(pe, name, register(pe, name) ^ 1L << bit);
    }
  }

  private static void setRegister(Pe pe, String name, long value) {
    String lower = name.toLowerCase(Locale.ROOT);
    int general = generalRegister(lower);
    if (general >= 0) {
      pe.setX(general, value);
    } else if (lower.equals("sp")) {
      pe.setSp(value);
    } else if (lower.equals("pc")) {
      pe.branch(value);
    } else {
      pe.setSystem(SystemRegisters.index(name), value);
    }
  }
}
