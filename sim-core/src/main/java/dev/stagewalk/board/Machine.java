package dev.stagewalk.board;

import dev.stagewalk.cpu.El2Software;
import dev.stagewalk.cpu.Engine;
import dev.stagewalk.cpu.Interpreter;
import dev.stagewalk.cpu.Pe;
import dev.stagewalk.event.EventSink;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.mem.MemoryImage;
import dev.stagewalk.mem.Mix;
import dev.stagewalk.mem.PageAllocator;
import dev.stagewalk.mem.PhysicalMemory;
import dev.stagewalk.mem.PhysicalSpace;
import dev.stagewalk.mmu.Tlb;
import java.util.List;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** One PE, RAM, a UART, the TLB and the host's page allocator; everything that can be rewound. */
public final class Machine {
  /** Physical address of the UART, as on the usual virtual boards. */
  public static final long UART = 0x0900_0000L;

  /** Where RAM begins. */
  public static final long RAM_BASE = 0x4000_0000L;

  /** Bytes of RAM where nothing else is asked for. */
  public static final long RAM_SIZE = 256L << 20;

  /** From here on pages belong to the host's page allocator. */
  public static final long ALLOCATOR_BASE = 0x4800_0000L;

  /** Bytes the host's page allocator may hand out: to the end of {@link #RAM_SIZE}. */
  public static final long ALLOCATOR_SIZE = RAM_BASE + RAM_SIZE - ALLOCATOR_BASE;

  private final Profile profile;
  private final PhysicalMemory ram;
  private final PhysicalSpace space;
  private final Tlb tlb;
  private final PageAllocator allocator;
  private final Pe pe;
  private final HostOperations host;
  private final PendingWork pendingWork = new PendingWork();
  private Engine engine = Engine.USUAL;
  private @Nullable El2Software software;
  private Interpreter interpreter;

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
    if (ramSize < RAM_SIZE) {
      throw new IllegalArgumentException("RAM of " + ramSize + " bytes");
    }
    this.profile = profile;
    this.ram = new PhysicalMemory(RAM_BASE, ramSize);
    this.tlb = tlb;
    Pl011 uart = new Pl011(UART, b -> sink.happened(0, new SimEvent.UartByte(b)));
    this.space = new PhysicalSpace(ram, List.of(uart));
    this.allocator = new PageAllocator(ALLOCATOR_BASE, ALLOCATOR_SIZE, hostPageSize);
    this.pe = new Pe(0, space, tlb, profile.features(), sink);
    pe.implement(profile.identification());
    pe.reset();
    this.host = new HostOperations(pe, space, allocator, pendingWork);
    this.interpreter = new Interpreter(pe, null, engine);
  }

  /** Says what acts at EL2 when it is not A64 code. */
  public void install(El2Software hypervisor) {
    software = hypervisor;
    interpreter = new Interpreter(pe, hypervisor, engine);
  }

  /** Executes with another engine from now on; nothing that can be observed depends on it. */
  public void use(Engine newEngine) {
    engine = newEngine;
    interpreter = new Interpreter(pe, software, newEngine);
  }

  public Profile profile() {
    return profile;
  }

  public Pe pe() {
    return pe;
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

  /** What hypervisor code in Java may do to this machine. */
  public HostOperations host() {
    return host;
  }

  /** Instructions started and finished with, over all PEs. */
  public long instructions() {
    return pe.instructions();
  }

  /** Whether nothing more is executed. */
  public boolean isHalted() {
    return pe.isHalted();
  }

  /** Executes up to an instruction count, over all PEs, or until the machine halts. */
  public void run(long until) {
    interpreter.run(until);
  }

  /** As {@link #run}, stopping before a breakpoint; returns whether one was met. */
  public boolean runToBreakpoint(long until, LongPredicate breakpoint) {
    return interpreter.runToBreakpoint(until, breakpoint);
  }

  /** Everything that decides how the machine goes on; immutable. */
  public record State(
      Pe.State pe,
      MemoryImage memory,
      Tlb.State tlb,
      PageAllocator.State allocator,
      List<long[]> devices,
      PendingWork.State pendingWork) {}

  /** Hash of registers, memory, TLB, pending stores, devices and allocator. */
  public long stateHash() {
    State now = save();
    long h = now.pe.hash();
    h = Mix.mix(h, now.memory.hash());
    h = Mix.mix(h, tlb.hash());
    h = Mix.mix(h, now.allocator.hash());
    for (long[] device : now.devices) {
      h = Mix.mix(h, Mix.of(device));
    }
    return Mix.mix(h, now.pendingWork.hash());
  }

  /** Costs no copy of memory; see {@link PhysicalMemory#image()}. */
  public State save() {
    return new State(
        pe.save(),
        ram.image(),
        tlb.save(),
        allocator.save(),
        space.devices().stream().map(d -> d.save()).toList(),
        pendingWork.save());
  }

  /** Goes on from a state that this machine, or another of the same kind, has saved. */
  public void restore(State state) {
    ram.restore(state.memory);
    tlb.restore(state.tlb);
    allocator.restore(state.allocator);
    for (int i = 0; i < state.devices.size(); i++) {
      space.devices().get(i).restore(state.devices.get(i));
    }
    pendingWork.restore(state.pendingWork);
    pe.restore(state.pe);
  }
}
