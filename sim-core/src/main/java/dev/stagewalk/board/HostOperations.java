package dev.stagewalk.board;

import dev.stagewalk.arch.Pa;
import dev.stagewalk.cpu.AddressTranslations;
import dev.stagewalk.cpu.Barriers;
import dev.stagewalk.cpu.DataWatch;
import dev.stagewalk.cpu.El2;
import dev.stagewalk.cpu.GuestRegisters;
import dev.stagewalk.cpu.Pe;
import dev.stagewalk.cpu.SystemRegisters;
import dev.stagewalk.cpu.TlbMaintenance;
import dev.stagewalk.cpu.WatchedAccess.Kind;
import dev.stagewalk.event.Barrier;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.mem.Device;
import dev.stagewalk.mem.PageAllocator;
import dev.stagewalk.mem.PhysicalSpace;
import dev.stagewalk.mmu.Tlb;
import java.util.List;
import java.util.OptionalLong;

/**
 * What hypervisor code in Java does to this machine: each operation takes effect, then is reported.
 */
public final class HostOperations implements El2, GuestRegisters {
  private final Pe pe;
  private final PhysicalSpace space;
  private final PageAllocator allocator;
  private final Tlb tlb;
  private final List<Pe> pes;
  private final Psci firmware;
  private final HostInterrupts interrupts;

  /**
   * @param pe the hypervisor code runs on it
   * @param pes all of the machine
   */
  HostOperations(
      Pe pe,
      List<Pe> pes,
      PhysicalSpace space,
      Tlb tlb,
      PageAllocator allocator,
      Psci firmware,
      HostInterrupts interrupts) {
    this.pe = pe;
    this.pes = pes;
    this.space = space;
    this.allocator = allocator;
    this.tlb = tlb;
    this.firmware = firmware;
    this.interrupts = interrupts;
  }

  @Override
  public long load(long pa) {
    return loaded(pa);
  }

  @Override
  public void storeDescriptor(long pa, long value) {
    long old = read(pa, 8);
    store(pa, value);
    tlb.pending().stored(pe.id(), pa, old, value);
    pe.report(new SimEvent.DescriptorStored(pa, old, value));
  }

  @Override
  public void store(long pa, int size, long value) {
    // Reading a device may change it.
    long old = space.isRam(pa, size) ? read(pa, size) : 0;
    writes(pa, size, value);
    write(pa, size, value);
    pe.report(new SimEvent.HostStored(pa, size, old, value));
  }

  @Override
  public void clear(long pa, long bytes) {
    if (space.isRam(pa, 1) && space.isRam(pa + bytes - 1, 1)) {
      for (long page = pa & -4096; page < pa + bytes; page += 4096) {
        if (tlb.tables().contains(page)) {
          clearsTable(Math.max(pa & -8, page), Math.min(pa + bytes, page + 4096));
        }
      }
      clears(pa, bytes);
      space.ram().clear(pa, bytes);
    }
    pe.report(new SimEvent.MemoryCleared(pa, bytes));
  }

  /** A walk need not see yet that descriptors are gone. */
  private void clearsTable(long from, long to) {
    for (long at = from; at < to; at += 8) {
      long old = read(at, 8);
      if (old != 0) {
        tlb.pending().stored(pe.id(), at, old, 0);
      }
    }
  }

  @Override
  public void copy(long from, long to, long bytes) {
    for (long at = 0; at < bytes; at += 8) {
      store(to + at, loaded(from + at));
    }
    pe.report(new SimEvent.MemoryCopied(from, to, bytes));
  }

  @Override
  public long register(String name) {
    int index = index(name);
    pe.onlookers().hasRead(index, true);
    return pe.system(index);
  }

  @Override
  public void writeRegister(String name, long value) {
    int index = index(name);
    long old = pe.system(index);
    pe.setSystem(index, value);
    pe.report(new SimEvent.RegisterWritten(name, old, value));
  }

  @Override
  public void tlbiVmalls12e1is() {
    TlbMaintenance.byHost(pe, 4, 3, 6, 0);
  }

  @Override
  public boolean atS1e1r(long va) {
    return AddressTranslations.stage1ByHost(pe, va);
  }

  @Override
  public void dsbIsh() {
    Barriers.byHost(pe, Barrier.DSB_ISH);
  }

  @Override
  public void dsbIshst() {
    Barriers.byHost(pe, Barrier.DSB_ISHST);
  }

  @Override
  public void isb() {
    Barriers.byHost(pe, Barrier.ISB);
  }

  @Override
  public Pa allocate(int order) {
    long pa = allocator.allocate(order);
    Pa result = pa < 0 ? NULL : new Pa(pa);
    if (pa >= 0) {
      clears(pa, (long) allocator.pageSize() << order);
      space.ram().clear(pa, (long) allocator.pageSize() << order);
    }
    pe.report(new SimEvent.Allocated(order, result.value()));
    return result;
  }

  @Override
  public void free(Pa pa) {
    String remark = "";
    if (pa.equals(NULL)) {
      remark = "null";
    } else if (allocator.free(pa.value()) < 0) {
      remark = allocator.isUsed(pa.value()) ? "not the start of an allocation" : "not allocated";
    }
    pe.report(new SimEvent.Freed(pa.value(), remark));
  }

  @Override
  public int hostPageSize() {
    return allocator.pageSize();
  }

  @Override
  public void print(String line) {
    pe.report(new SimEvent.Printed(line));
  }

  @Override
  public void callBegan(String name, String arguments) {
    pe.report(new SimEvent.HostCallBegan(name, arguments));
  }

  @Override
  public void callBegan(String name, String arguments, List<Long> operands) {
    pe.report(new SimEvent.HostCallBegan(name, arguments, operands));
  }

  @Override
  public void callEnded(String name, String result, boolean ok) {
    pe.report(new SimEvent.HostCallEnded(name, result, ok));
  }

  @Override
  public long x(int number) {
    return pe.x(number);
  }

  @Override
  public long vector(int number, int half) {
    return half == 0 ? pe.vectors().low(number) : pe.vectors().high(number);
  }

  @Override
  public void loadVectors(long from, long[] halves) {
    for (int i = 0; i < halves.length / 2; i++) {
      pe.vectors().set(i, halves[2 * i], halves[2 * i + 1]);
    }
    pe.report(new SimEvent.ContextLoaded(from));
  }

  @Override
  public void saveContext(int exitCode, long guest, long[] words) {
    for (int i = 0; i < words.length; i++) {
      store(guest + 8L * i, words[i]);
    }
    pe.report(new SimEvent.ContextSaved(exitCode, guest));
  }

  @Override
  public void loadContext(long guest, long[] x, long elr, long spsr, long spEl1) {
    for (int i = 0; i < 31; i++) {
      pe.setX(i, x[i]);
    }
    pe.setSystem(SystemRegisters.ELR_EL2, elr);
    pe.setSystem(SystemRegisters.SPSR_EL2, spsr);
    pe.setSystem(SystemRegisters.SP_EL1, spEl1);
    pe.report(new SimEvent.ContextLoaded(guest));
  }

  @Override
  public void handlerAnswered(boolean resume, String handler, String reason) {
    pe.report(new SimEvent.HandlerAnswered(resume, handler, reason));
  }

  @Override
  public void exceptionReturn() {
    pe.exceptionReturn();
  }

  @Override
  public void guestStopped(String reason, boolean ok) {
    pe.halt();
    pe.report(new SimEvent.GuestStopped(reason, ok));
  }

  @Override
  public long powerOn(int number, long context) {
    Pe target = pes.get(number);
    long result = firmware.switchOn(pe, target, Machine.RAM_BASE, context);
    if (result == 0) {
      interrupts.open(pe);
      interrupts.open(target);
    }
    return result;
  }

  @Override
  public void powerOff() {
    Psci.switchOff(pe);
  }

  @Override
  public void interrupt(int number) {
    long value = interrupts.send(pe, pes.get(number));
    pe.report(new SimEvent.RegisterWritten("ICC_SGI1R_EL1", 0, value));
  }

  @Override
  public void acknowledge() {
    HostInterrupts.acknowledge(pe);
  }

  private static int index(String name) {
    Integer known = SystemRegisters.indices().get(name);
    return known == null ? SystemRegisters.index(name) : known;
  }

  private long loaded(long pa) {
    long value = read(pa, 8);
    DataWatch watch = pe.wiring().dataWatch();
    if (watch != null) {
      watch.byHost(pe, Kind.READ, pa, 8, OptionalLong.empty(), OptionalLong.of(value));
    }
    return value;
  }

  private void store(long pa, long value) {
    writes(pa, 8, value);
    write(pa, 8, value);
  }

  /** Tells whoever watches that memory is about to be written. */
  private void writes(long pa, int size, long value) {
    DataWatch watch = pe.wiring().dataWatch();
    if (watch != null) {
      boolean ram = space.isRam(pa, size);
      OptionalLong old = ram ? OptionalLong.of(read(pa, size)) : OptionalLong.empty();
      watch.byHost(pe, Kind.WRITE, pa, size, old, OptionalLong.of(value));
    }
  }

  private void clears(long pa, long bytes) {
    DataWatch watch = pe.wiring().dataWatch();
    if (watch != null) {
      watch.clearedByHost(pe, space.ram(), pa, bytes);
    }
  }

  private long read(long pa, int size) {
    if (space.isRam(pa, size)) {
      return space.ram().read(pa, size);
    }
    Device device = space.device(pa);
    return device == null ? 0 : device.read(pa - device.base(), size);
  }

  private void write(long pa, int size, long value) {
    if (space.isRam(pa, size)) {
      space.ram().write(pa, size, value);
      return;
    }
    Device device = space.device(pa);
    if (device != null) {
      device.write(pa - device.base(), size, value);
    }
  }
}
