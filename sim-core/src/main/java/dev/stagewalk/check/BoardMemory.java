package dev.stagewalk.check;

import dev.stagewalk.board.Machine;
import dev.stagewalk.cpu.Pe;
import dev.stagewalk.hyp.HostPages;
import dev.stagewalk.mem.PageAllocator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whose the memory of a simulated machine is: its page allocator says what was handed out, and the
 * hypervisor library what it keeps for itself. Of a machine whose allocator nobody uses only the
 * devices are known.
 */
final class BoardMemory implements HostMemory {
  private static final long PAGE = 4096;

  private final PageAllocator allocator;
  private final boolean used;
  private final Map<Long, String> own = new TreeMap<>();
  private final int pes;

  /** What a moment of a machine says; asked before it goes on. */
  BoardMemory(Machine machine) {
    allocator = machine.allocator();
    pes = machine.pes().size();
    used = allocator.pagesUsed() > 0;
    for (Pe pe : machine.pes()) {
      long struct = machine.host(pe).register("TPIDR_EL2");
      if (used && allocator.isUsed(struct)) {
        own.putAll(HostPages.of(machine.host(pe), struct));
      }
    }
  }

  @Override
  public Optional<Foreign> firstForeign(long pa, long bytes) {
    long first = Math.max(pa, allocator.base());
    long end = Math.min(pa + bytes, allocator.base() + allocator.size());
    if (!used) {
      return Optional.empty();
    }
    for (long page = first & -PAGE; page < end; page += PAGE) {
      String what = foreign(page);
      if (what != null) {
        long last = page + PAGE;
        while (last < end && what.equals(foreign(last))) {
          last += PAGE;
        }
        return Optional.of(new Foreign(page, last - page, what));
      }
    }
    return Optional.empty();
  }

  private @Nullable String foreign(long page) {
    long run = allocator.runOf(page);
    return run < 0 ? "memory that the host has handed out to nobody" : own.get(run);
  }

  @Override
  public long owned(long pa) {
    long run = allocator.runOf(pa);
    return run < 0 || own.containsKey(run) ? 0 : allocator.runBytes(run);
  }

  @Override
  public Optional<String> device(long pa, long bytes) {
    if (meets(pa, bytes, Machine.UART, PAGE)) {
      return Optional.of("UART (PL011)");
    }
    if (meets(pa, bytes, Machine.RTC, PAGE)) {
      return Optional.of("real-time clock (PL031)");
    }
    if (meets(pa, bytes, Machine.DISTRIBUTOR, Machine.DISTRIBUTOR_SIZE)) {
      return Optional.of("GIC distributor");
    }
    return meets(pa, bytes, Machine.REDISTRIBUTORS, pes * Machine.REDISTRIBUTOR_SIZE)
        ? Optional.of("GIC redistributor")
        : Optional.empty();
  }

  private static boolean meets(long pa, long bytes, long first, long size) {
    return pa < first + size && first < pa + bytes;
  }
}
