package dev.stagewalk.cpu;

import dev.stagewalk.arch.Pa;
import java.util.List;

/**
 * What hypervisor code written in Java can do to the machine. Every call except the plain loads is
 * one micro-step of the timeline and one event, reported after its effect; any of them may unwind
 * with {@link dev.stagewalk.event.StopHere}, so callers keep no state of their own between calls
 * that would matter afterwards: the step is simply executed again from its start.
 *
 * <p>Physical addresses are used directly, as by a hypervisor that runs with a flat stage 1.
 */
public interface El2 {

  /** Reads 8 bytes of physical memory; not a micro-step. */
  long load(long pa);

  /** Writes a translation table descriptor. */
  void storeDescriptor(long pa, long value);

  /** Writes {@code size} (1, 2, 4, 8) bytes of other memory. */
  void store(long pa, int size, long value);

  /** Fills a range with zero bytes: one micro-step. */
  void clear(long pa, long bytes);

  /** Copies bytes of memory from one place to another that does not overlap: one micro-step. */
  void copy(long from, long to, long bytes);

  /** Reads a system register by its architectural name; not a micro-step. */
  long register(String name);

  /** Writes a system register by its architectural name. */
  void writeRegister(String name, long value);

  /**
   * TLBI VMALLS12E1IS: stage 1 and 2 of EL1&amp;0 for the VMID now in VTTBR_EL2, Inner Shareable.
   */
  void tlbiVmalls12e1is();

  /**
   * AT S1E1R: stage 1 of EL1&amp;0 for a read by EL1, the answer in PAR_EL1. The guest's EL1
   * registers must be loaded and HCR_EL2.TGE be 0.
   *
   * @return false if the instruction met an External abort, which leaves PAR_EL1 as it was
   */
  boolean atS1e1r(long va);

  /** DSB ISH. */
  void dsbIsh();

  /** DSB ISHST: orders stores only. */
  void dsbIshst();

  /** ISB. */
  void isb();

  /**
   * Allocates 2^order physically contiguous host pages, aligned to their size, content zero.
   *
   * @return their address, or {@link #NULL} when there are none
   */
  Pa allocate(int order);

  /** Gives pages back. {@code pa} may be {@link #NULL} or bogus, as in C; the event says so. */
  void free(Pa pa);

  /** Size of a host page in bytes: 4096, 16384 or 65536. */
  int hostPageSize();

  /** Prints a line on the host's console. */
  void print(String line);

  /** Marks the entry of a library function on the timeline. */
  void callBegan(String name, String arguments);

  /**
   * The same with what checks need of the arguments.
   *
   * @param operands see {@link dev.stagewalk.event.SimEvent.HostCallBegan}
   */
  default void callBegan(String name, String arguments, List<Long> operands) {
    callBegan(name, arguments);
  }

  /** Marks the return of a library function on the timeline. */
  void callEnded(String name, String result, boolean ok);

  /** The library's null pointer. */
  Pa NULL = new Pa(0);
}
