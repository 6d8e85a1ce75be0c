package dev.stagewalk.board;

import dev.stagewalk.cpu.Barriers;
import dev.stagewalk.cpu.DataWatch;
import dev.stagewalk.cpu.El2Software;
import dev.stagewalk.cpu.Engine;
import dev.stagewalk.cpu.Interference;
import dev.stagewalk.cpu.Interpreter;
import dev.stagewalk.cpu.Pe;
import dev.stagewalk.cpu.PeState;
import dev.stagewalk.cpu.RegisterWatch;
import dev.stagewalk.cpu.Surroundings;
import dev.stagewalk.cpu.SystemRegisters;
import dev.stagewalk.cpu.TlbMaintenance;
import dev.stagewalk.event.Barrier;
import dev.stagewalk.event.EventSink;
import dev.stagewalk.mem.MemoryImage;
import dev.stagewalk.mem.Mix;
import dev.stagewalk.mem.PageAllocator;
import dev.stagewalk.mem.PhysicalMemory;
import dev.stagewalk.mem.PhysicalSpace;
import dev.stagewalk.mmu.Tlb;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One to four PEs, RAM, devices, the TLBs, firmware, and the host's page allocator; everything that
 * can be rewound.
 */
public final class Machine {
  /** Physical address of the UART, as on the usual virtual boards. */
  public static final long UART = 0x0900_0000L;

  /** Physical address of the real-time clock. */
  public static final long RTC = 0x0901_0000L;

  /** Physical address of the first virtio transport; the others follow. */
  public static final long VIRTIO = 0x0a00_0000L;

  /** Physical address of the interrupt controller's distributor. */
  public static final long DISTRIBUTOR = 0x0800_0000L;

  /** Bytes of its window. */
  public static final long DISTRIBUTOR_SIZE = 0x1_0000;

  /** Physical address of the first PE's redistributor; the others follow. */
  public static final long REDISTRIBUTORS = 0x080a_0000L;

  /** Bytes of the window of one PE's redistributor. */
  public static final long REDISTRIBUTOR_SIZE = 0x2_0000;

  /** Where RAM begins. */
  public static final long RAM_BASE = 0x4000_0000L;

  /** Bytes of RAM where nothing else is asked for. */
  public static final long RAM_SIZE = 256L << 20;

  /** From here on pages belong to the host's page allocator. */
  public static final long ALLOCATOR_BASE = 0x4800_0000L;

  /** Bytes the host's page allocator may hand out: to the end of {@link #RAM_SIZE}. */
  public static final long ALLOCATOR_SIZE = RAM_BASE + RAM_SIZE - ALLOCATOR_BASE;

  /** TLBI ALLE1IS and ALLE2IS: op1, CRm, and op2 of each; CRm of DSB ISH. */
  private static final int EL2_NAMES = 4;

  private static final int INNER_SHAREABLE = 3;
  private static final int ALLE1 = 4;
  private static final int ALLE2 = 0;
  private static final int ISH = 11;

  private static final int MPIDR_EL1 = SystemRegisters.index("MPIDR_EL1");
  private static final int VMPIDR_EL2 = SystemRegisters.index("VMPIDR_EL2");

  private final Profile profile;
  private final PhysicalMemory ram;
  private final PhysicalSpace space;
  private final Tlb tlb;
  private final PageAllocator allocator;
  private final List<Pe> pes;
  private final Interpreter[] engines;
  private final SystemCounter counter;
  private final Turns turns;
  private final BoardDevices devices;
  private final List<HostOperations> hosts;
  private final Interference interference = new Interference();
  private Engine engine = Engine.USUAL;
  private @Nullable El2Software software;

  /** How it was before its first instruction, images and all; null until that is executed. */
  private @Nullable State start;

  /** A machine after reset, with no hypervisor: call {@link #install} before running it. */
  public Machine(Profile profile, int hostPageSize, Tlb tlb, EventSink sink) {
    this(profile, RAM_SIZE, hostPageSize, tlb, sink);
  }

  /**
   * As above, with more RAM; the page allocator's share stays the same.
   *
   * @param ramSize bytes of RAM from {@link #RAM_BASE}, at least {@link #RAM_SIZE}
   */
  public Machine(Profile profile, long ramSize, int hostPageSize, Tlb tlb, EventSink sink) {
    this(profile, BoardPlan.USUAL, ramSize, hostPageSize, tlb, sink);
  }

  /**
   * As above, with several PEs, of which all but the first are off. With less RAM the page
   * allocator has nothing, or not as much, to hand out.
   *
   * @param ramSize bytes of RAM from {@link #RAM_BASE}, a multiple of 2 MiB
   */
  public Machine(
      Profile profile, BoardPlan plan, long ramSize, int hostPageSize, Tlb tlb, EventSink sink) {
    this.profile = profile;
    this.ram = new PhysicalMemory(RAM_BASE, ramSize);
    this.tlb = tlb;
    this.allocator = new PageAllocator(ALLOCATOR_BASE, allocatable(ramSize), hostPageSize);
    this.space = new PhysicalSpace(ram, List.of());
    this.pes =
        IntStream.range(0, plan.pes())
            .mapToObj(id -> new Pe(id, space, tlb, profile.features(), sink))
            .toList();
    this.counter = new SystemCounter(pes);
    for (Pe pe : pes) {
      pe.implement(profile.identification());
      pe.setSystem(MPIDR_EL1, pe.system(MPIDR_EL1) | pe.id());
      pe.setSystem(VMPIDR_EL2, pe.system(MPIDR_EL1));
      pe.reset();
    }
    this.devices = new BoardDevices(plan, pes, counter, UART, this::executing);
    devices.windows().forEach(space::add);
    Psci firmware =
        new Psci(pes, ram, pes.stream().map(Pe::save).toList(), devices::reset, this::reset);
    for (Pe pe : pes) {
      List<Pe> others = pes.stream().filter(other -> other != pe).toList();
      pe.wiring().use(interference);
      pe.wiring().place(surroundings(firmware), devices.gic().cpuInterface(pe.id()), others);
      if (pe.id() > 0 && plan.others() == 0) {
        pe.waiting().powerOff();
      } else if (pe.id() > 0) {
        pe.branch(plan.others());
      }
    }
    HostInterrupts interrupts = new HostInterrupts(devices.gic());
    this.hosts =
        pes.stream()
            .map(pe -> new HostOperations(pe, pes, space, tlb, allocator, firmware, interrupts))
            .toList();
    this.engines = new Interpreter[plan.pes()];
    this.turns = new Turns(pes, engines, plan.quantum(), counter, devices);
    use(engine);
  }

  private static long allocatable(long ramSize) {
    return Math.clamp(RAM_BASE + ramSize - ALLOCATOR_BASE, 0, ALLOCATOR_SIZE);
  }

  private Surroundings surroundings(Psci firmware) {
    return new Surroundings() {
      @Override
      public long count() {
        return counter.count();
      }

      @Override
      public long nextEvent(Pe pe, long after) {
        return devices.timer(pe.id()).nextEvent(after);
      }

      @Override
      public boolean secureMonitorCall(Pe pe) {
        return firmware.answers(pe);
      }
    };
  }

  /** The PE that executes, or that did last. */
  public Pe executing() {
    return turns.executing();
  }

  /**
   * Says what acts at EL2 when it is not A64 code, on every PE.
   *
   * @param hypervisor what acts; null for A64 code there as well
   */
  public void install(@Nullable El2Software hypervisor) {
    software = hypervisor;
    use(engine);
  }

  /** Executes with another engine from now on; nothing that can be observed depends on it. */
  public void use(Engine newEngine) {
    engine = newEngine;
    for (Pe pe : pes) {
      engines[pe.id()] = new Interpreter(pe, software, newEngine);
    }
  }

  /** A byte comes in at the UART. */
  public void receive(int value) {
    devices.uart().receive(value);
  }

  /** Bytes come in at the UART, one after the other as there is room for them. */
  public void receiveInTime(byte[] bytes) {
    devices.uart().receiveInTime(bytes);
  }

  public Profile profile() {
    return profile;
  }

  /** The PE that executes the next instruction. */
  public Pe pe() {
    return turns.next();
  }

  /** All PEs, by number. */
  public List<Pe> pes() {
    return pes;
  }

  public PhysicalMemory ram() {
    return ram;
  }

  public Tlb tlb() {
    return tlb;
  }

  public PageAllocator allocator() {
    return allocator;
  }

  /** What is done from outside to maintenance of the hypervisor. */
  public Interference interference() {
    return interference;
  }

  /** What hypervisor code in Java may do to this machine on its first PE. */
  public HostOperations host() {
    return hosts.getFirst();
  }

  /** What hypervisor code in Java may do to this machine on one of its PEs. */
  public HostOperations host(Pe pe) {
    return hosts.get(pe.id());
  }

  /** Instructions started and finished with, over all PEs. */
  public long instructions() {
    return counter.instructions();
  }

  /** Whether nothing more is executed. */
  public boolean isHalted() {
    return turns.isHalted();
  }

  /**
   * Whether the next instruction is one of these addresses; not while every PE waits.
   *
   * @param breakpoint instruction addresses
   */
  public boolean isAt(LongPredicate breakpoint) {
    Pe next = pe();
    return next.waiting().isOver() && breakpoint.test(next.pc());
  }

  /**
   * Says that somebody outside has acted on the machine in the middle of an instruction, so that
   * what it has read of the tables so far may be no longer so.
   */
  public void intervened() {
    executing().intervened();
  }

  /**
   * Whether every PE waits for an interrupt, and only bytes that {@linkplain #receive come in at
   * the UART} can raise one. Until they do nothing is executed and no time passes.
   */
  public boolean awaitsInput() {
    return turns.awaitsInput();
  }

  /** Whether bytes that come in at the UART would interrupt what the machine does. */
  public boolean inputWouldBeNoticed() {
    return devices.inputWouldBeNoticed();
  }

  /**
   * Executes up to an instruction count, over all PEs, or until the machine halts or {@linkplain
   * #awaitsInput waits for input}.
   */
  public void run(long until) {
    begin();
    turns.run(until, null);
  }

  /** As {@link #run}, stopping before a breakpoint; returns whether one was met. */
  public boolean runToBreakpoint(long until, LongPredicate breakpoint) {
    begin();
    return turns.run(until, breakpoint);
  }

  /** Says what is watched in memory; null for nothing. It changes nothing that can be observed. */
  public void watch(@Nullable DataWatch what) {
    pes.forEach(pe -> pe.wiring().watch(what));
  }

  /** Says which register is watched; null for none. It changes nothing that can be observed. */
  public void watch(@Nullable RegisterWatch what) {
    pes.forEach(pe -> pe.wiring().watch(what));
  }

  /** Lets the machine execute nothing after the present instruction in the run under way. */
  public void stopAfterThisInstruction() {
    executing().wiring().stopAfterThisInstruction();
  }

  private void begin() {
    if (start == null && counter.instructions() == 0) {
      start = save();
    }
  }

  /**
   * What the firmware does when it is asked to reset the board: TLBs are emptied, and memory with
   * the images loaded into it, PEs and devices are as at the start. Time goes on, and the clock
   * with it.
   *
   * @return false, and nothing is done, where a hypervisor in Java acts at EL2, which has no
   *     firmware that could load it again, or where the start is not known
   */
  private boolean reset(Pe caller) {
    State first = start;
    if (first == null || software != null) {
      return false;
    }
    interference.none();
    TlbMaintenance.byHost(caller, EL2_NAMES, INNER_SHAREABLE, ALLE1, 0);
    TlbMaintenance.byHost(caller, EL2_NAMES, INNER_SHAREABLE, ALLE2, 0);
    Barriers.byHost(caller, Barrier.ofOption(Barrier.Kind.DSB, ISH));
    DataWatch watch = caller.wiring().dataWatch();
    DataWatch.Held before = watch == null ? null : watch.held(ram);
    ram.restore(first.memory);
    if (watch != null && before != null) {
      watch.reset(caller, ram, before);
    }
    tlb.restore(first.tlb);
    for (Pe pe : pes) {
      pe.waiting().beginAgain(first.pes.get(pe.id()));
    }
    turns.restore(first.turn, counter.instructions());
    devices.restore(first.devices);
    return true;
  }

  /**
   * Everything that decides how the machine goes on; immutable.
   *
   * @param start what a reset of the board goes back to; null before the first instruction
   */
  public record State(
      List<PeState> pes,
      int turn,
      long turnEnds,
      long skippedTicks,
      MemoryImage memory,
      Tlb.State tlb,
      PageAllocator.State allocator,
      List<long[]> devices,
      Interference.State interference,
      @Nullable State start) {

    /** Instructions up to here, over all PEs. */
    public long instructions() {
      return pes.stream().mapToLong(PeState::instructions).sum();
    }
  }

  /** Hash of registers, memory, TLB, pending stores, devices and allocator. */
  public long stateHash() {
    State now = save();
    long h = now.skippedTicks;
    for (PeState pe : now.pes) {
      h = Mix.mix(h, pe.hash());
    }
    if (pes.size() > 1) {
      h = Mix.mix(Mix.mix(h, now.turn), now.turnEnds);
    }
    h = Mix.mix(h, now.memory.hash());
    h = Mix.mix(h, tlb.hash());
    h = Mix.mix(h, now.allocator.hash());
    for (long[] device : now.devices) {
      h = Mix.mix(h, Mix.of(device));
    }
    return withInterference(h);
  }

  /**
   * Hash of everything that decides how the machine goes on, except what time it is: if it comes to
   * the same again and {@link #awaitsTimer} is false, it goes round in a circle.
   */
  public long timelessHash() {
    State now = save();
    long h = Mix.mix(now.turn, turnLeft());
    for (PeState pe : now.pes) {
      h = Mix.mix(h, pe.timeless().hash());
    }
    h = Mix.mix(h, now.memory.hash());
    h = Mix.mix(h, tlb.hash());
    for (long[] device : now.devices) {
      h = Mix.mix(h, Mix.of(device));
    }
    return withInterference(h);
  }

  private long withInterference(long hash) {
    long waiting = interference.save().hash();
    return waiting == 0 ? hash : Mix.mix(hash, waiting);
  }

  /** Whether the time that passes will raise a signal. */
  public boolean awaitsTimer() {
    devices.update();
    return devices.nextChange() != Long.MAX_VALUE;
  }

  /** Instructions left of the turn; 0 where there is one PE, whose turn never ends. */
  public long turnLeft() {
    return pes.size() == 1 ? 0 : Math.max(0, turns.ends() - instructions());
  }

  /** How often the UART was asked for a byte or for its flags; no part of the state. */
  public long uartPolls() {
    return devices.uart().polls();
  }

  /** Whether the UART has room for a byte. */
  public boolean canReceive() {
    return devices.uart().hasRoom();
  }

  /** Costs no copy of memory; see {@link PhysicalMemory#image()}. */
  public State save() {
    return new State(
        pes.stream().map(Pe::save).toList(),
        turns.turn(),
        turns.ends(),
        counter.skipped(),
        ram.image(),
        tlb.save(),
        allocator.save(),
        devices.save(),
        interference.save(),
        start);
  }

  /** Goes on from a state that this machine, or another of the same kind, has saved. */
  public void restore(State state) {
    ram.restore(state.memory);
    tlb.restore(state.tlb);
    allocator.restore(state.allocator);
    for (Pe pe : pes) {
      pe.restore(state.pes.get(pe.id()));
    }
    turns.restore(state.turn, state.turnEnds);
    counter.restore(state.skippedTicks);
    devices.restore(state.devices);
    interference.restore(state.interference);
    start = state.start;
  }
}
