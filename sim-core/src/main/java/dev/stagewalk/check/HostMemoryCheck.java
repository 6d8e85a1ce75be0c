package dev.stagewalk.check;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Size;
import dev.stagewalk.board.Machine;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.mmu.TlbEntry;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a host gives back of its memory too early, and what never. */
final class HostMemoryCheck {
  private final Machine machine;
  private final Referee referee;
  private final Consumer<Finding> found;

  /** Bytes of what is allocated now, by address. */
  private final TreeMap<Long, Long> allocated = new TreeMap<>();

  private int guests;

  HostMemoryCheck(Machine machine, Referee referee, Consumer<Finding> found) {
    this.machine = machine;
    this.referee = referee;
    this.found = found;
  }

  void happened(Event event) {
    switch (event.what()) {
      case SimEvent.Allocated e -> {
        if (e.pa() != 0) {
          allocated.put(e.pa(), (long) machine.host().hostPageSize() << e.order());
        }
      }
      case SimEvent.Freed e -> {
        Long bytes = allocated.remove(e.pa());
        if (bytes != null && e.remark().isEmpty()) {
          freed(event, e.pa(), bytes);
        }
      }
      case SimEvent.HostCallEnded e when e.name().equals("guest_create") && e.ok() -> guests++;
      case SimEvent.HostCallEnded e when e.name().equals("guest_destroy") && e.ok() -> {
        guests--;
        if (guests == 0) {
          leaked(event);
        }
      }
      default -> {
        // Memory stays with whom it is.
      }
    }
  }

  private void freed(Event event, long pa, long bytes) {
    EntryPlace leaf = referee.leafTo(pa, bytes);
    TlbEntry held = leaf == null ? held(pa, bytes) : null;
    if (leaf == null && held == null) {
      return;
    }
    String how =
        leaf != null
            ? "the " + leaf.words() + " leads to it, in tables that VTTBR_EL2 names"
            : held == null
                ? ""
                : "a TLB holds an entry for "
                    + (held.stage1() == null ? "IPA " : "VA ")
                    + Hex.address(held.input())
                    + " ("
                    + Size.words(held.size())
                    + "), VMID "
                    + held.vmid()
                    + ", that leads to it";
    found.accept(
        new Finding(
            FindingKind.MEMORY_FREED,
            Report.at(event, new Place.Memory(pa, bytes)),
            "PA "
                + Hex.address(pa)
                + " ("
                + Size.words(bytes)
                + ") was freed while "
                + how
                + ": the guest reaches what the memory is used for next.",
            "Unmap it first, with DSB ISHST, a TLBI that covers the entry, DSB ISH; then free"
                + " it."));
  }

  private @Nullable TlbEntry held(long pa, long bytes) {
    for (TlbEntry entry : machine.tlb().entries()) {
      boolean leads =
          !entry.kind().isTable()
              && (entry.stage1() == null || entry.kind() == TlbEntry.Kind.COMBINED)
              && entry.output() < pa + bytes
              && pa < entry.output() + entry.size();
      if (leads) {
        return entry;
      }
    }
    return null;
  }

  private void leaked(Event event) {
    Map.Entry<Long, Long> first = allocated.firstEntry();
    if (first == null) {
      return;
    }
    long bytes = allocated.values().stream().mapToLong(Long::longValue).sum();
    found.accept(
        new Finding(
            FindingKind.MEMORY_LEAKED,
            Report.at(event, new Place.Memory(first.getKey(), first.getValue())),
            allocated.size()
                + (allocated.size() == 1 ? " allocation" : " allocations")
                + " of "
                + Size.words(bytes)
                + " in all were not freed with the last guest; the first is at "
                + Hex.address(first.getKey())
                + ".",
            "Remember what was allocated for a guest, and free it when the guest is destroyed."));
  }
}
