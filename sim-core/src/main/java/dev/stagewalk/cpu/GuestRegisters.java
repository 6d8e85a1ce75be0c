package dev.stagewalk.cpu;

/**
 * What the stub between a guest and a hypervisor written in Java does on one PE: save what the
 * guest had, load what it shall have, return to it. In a hypervisor written in A64 this is the
 * assembly around the exception vectors of EL2.
 *
 * <p>As with {@link El2}, every call except plain reads is one micro-step and one event, reported
 * after its effect, and may unwind with {@link dev.stagewalk.event.StopHere}. System registers are
 * read and written through {@link El2}.
 */
public interface GuestRegisters {

  /** General register x0 to x30 as it now reads; not a micro-step. */
  long x(int number);

  /**
   * Stores the guest's context: {@code words[i]} at physical address {@code guest + 8 * i}, all in
   * one micro-step, reported as {@link dev.stagewalk.event.SimEvent.ContextSaved}.
   *
   * @param exitCode vector number of the exit, 0 to 15
   * @param guest physical address of the hypervisor's guest structure
   */
  void saveContext(int exitCode, long guest, long[] words);

  /**
   * Loads x0 to x30, ELR_EL2, SPSR_EL2 and SP_EL1 in one micro-step, reported as {@link
   * dev.stagewalk.event.SimEvent.ContextLoaded}.
   *
   * @param guest physical address of the hypervisor's guest structure
   * @param x 31 values
   */
  void loadContext(long guest, long[] x, long elr, long spsr, long spEl1);

  /**
   * Reports what the handler of an exit decided, as {@link
   * dev.stagewalk.event.SimEvent.HandlerAnswered}.
   */
  void handlerAnswered(boolean resume, String handler, String reason);

  /**
   * ERET from EL2 with ELR_EL2 and SPSR_EL2 as they now read, reported as {@link
   * dev.stagewalk.event.SimEvent.ExceptionReturned}. The guest runs once the hypervisor code has
   * returned to the machine; the hypervisor calls nothing more after it.
   */
  void exceptionReturn();

  /**
   * The guest will not be entered again; reported as {@link
   * dev.stagewalk.event.SimEvent.GuestStopped}. The machine stands still once the hypervisor code
   * has returned to it.
   *
   * @param ok whether the guest itself asked to end
   */
  void guestStopped(String reason, boolean ok);
}
