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
   * Half of a SIMD and floating-point register V0 to V31 as it now reads; not a micro-step.
   *
   * @param half 0 for bits 63:0, 1 for bits 127:64
   */
  long vector(int number, int half);

  /**
   * Loads V0 to V31 in one micro-step, reported as {@link
   * dev.stagewalk.event.SimEvent.ContextLoaded}.
   *
   * @param from physical address they are said to come from
   * @param halves 64 values, the low half of each register first
   */
  void loadVectors(long from, long[] halves);

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

  /**
   * Asks the firmware to switch another PE of the machine on, at EL2, as PSCI CPU_ON by SMC does;
   * reported as {@link dev.stagewalk.event.SimEvent.FirmwareCalled}.
   *
   * @param pe number of the PE
   * @param context what it is handed over
   * @return 0, or a negative error code of PSCI
   */
  long powerOn(int pe, long context);

  /**
   * Asks the firmware to switch this PE off, as PSCI CPU_OFF by SMC does. It executes nothing more
   * once the hypervisor code has returned to the machine.
   */
  void powerOff();

  /** Interrupts another PE of the machine, so that its guest exits: a host's own SGI. */
  void interrupt(int pe);

  /** Acknowledges and completes what interrupted this PE; not a micro-step. */
  void acknowledge();
}
