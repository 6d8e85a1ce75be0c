package dev.stagewalk.cpu;

import dev.stagewalk.mem.Mix;

/**
 * Whether one PE executes, waits or is off, and its Event Register.
 *
 * <p>Source: Arm ARM, "Wait for Event" and "Wait for Interrupt"; "WFI wake-up events".
 */
public final class Waiting {
  /** Ticks at which a wait ends that has no timeout. */
  public static final long FOREVER = Long.MAX_VALUE;

  /** SCTLR_EL1.nTWI and nTWE: EL0 may wait. */
  private static final long SCTLR_NTWI = 1L << 16;

  private static final long SCTLR_NTWE = 1L << 18;

  private static final int CNTKCTL_EL1 = SystemRegisters.index("CNTKCTL_EL1");
  private static final int CNTHCTL_EL2 = SystemRegisters.index("CNTHCTL_EL2");

  private final Pe pe;
  private Activity activity = Activity.RUNS;
  private boolean event;
  private long timeout = FOREVER;

  /**
   * System counter value up to which the event stream has been heard: what it sent later is in the
   * Event Register as well.
   */
  private long heard;

  Waiting(Pe pe) {
    this.pe = pe;
  }

  public Activity activity() {
    return activity;
  }

  /** System counter value at which the wait ends by itself; {@link #FOREVER} for never. */
  public long timeout() {
    return timeout;
  }

  /** Whether the PE can execute an instruction now: it runs, or what it waits for has come. */
  public boolean isOver() {
    return switch (activity) {
      case RUNS -> true;
      case OFF -> false;
      case WAITS_FOR_EVENT -> completesAtOnce(true, timeout);
      case WAITS_FOR_INTERRUPT -> completesAtOnce(false, timeout);
    };
  }

  /** Whether it would do something else now because of an interrupt that is signalled. */
  public boolean noticesInterrupt() {
    return switch (activity) {
      case RUNS, WAITS_FOR_EVENT -> pe.interrupts.wouldBeTaken();
      case WAITS_FOR_INTERRUPT -> pe.interrupts.pending();
      case OFF -> false;
    };
  }

  /** Goes on after a wait; also when nothing has come, which the architecture allows. */
  public void end() {
    if (activity == Activity.WAITS_FOR_EVENT) {
      takeEvent();
    }
    activity = Activity.RUNS;
    timeout = FOREVER;
  }

  /** A step of the timeline passes that executes no instruction: a wait goes on to its end. */
  public void passStep() {
    pe.instructions++;
  }

  /** Sets the Event Register. */
  public void receiveEvent() {
    event = true;
  }

  /** Executes nothing until it is switched on. */
  public void powerOff() {
    activity = Activity.OFF;
    event = false;
    timeout = FOREVER;
    pe.interrupts.giveWay();
  }

  /**
   * Begins with the state it had after reset.
   *
   * @param entry address of the first instruction
   * @param context what x0 holds
   */
  public void powerOn(PeState atReset, long entry, long context) {
    long soFar = pe.instructions;
    pe.restore(atReset);
    pe.instructions = soFar;
    pe.branch(entry);
    pe.setX(0, context);
    end();
  }

  /** Begins again as it did once; the instructions it has executed since still count. */
  public void beginAgain(PeState atStart) {
    long soFar = pe.instructions;
    pe.restore(atStart);
    pe.instructions = soFar;
    heard = pe.wiring().surroundings().count();
    pe.interrupts.giveWay();
  }

  /** SEV: an event for every PE of the board. */
  void sendEvent() {
    receiveEvent();
    for (Pe other : pe.wiring().others()) {
      other.waiting().receiveEvent();
    }
  }

  /** Waits for an interrupt, as a standby state that the firmware offers. */
  public void standBy() {
    begin(false, FOREVER);
  }

  /**
   * WFI, WFE, WFIT or WFET: completes where what it waits for is there, or else is trapped, by
   * SCTLR_ELx first and then HCR_EL2, or waits.
   *
   * <p>Source: Arm ARM, ESR_EL2, ISS of an exception from a WF* instruction.
   *
   * @param ti the TI field of the syndrome: 0 WFI, 1 WFE, 2 WFIT, 3 WFET
   * @param rt the register of WFIT and WFET
   * @param until value of the system counter at which it ends by itself
   */
  void instruction(int ti, int rt, long until) {
    boolean forEvent = (ti & 1) != 0;
    if (!completesAtOnce(forEvent, until)) {
      trap(ti, rt, forEvent);
    }
    begin(forEvent, until);
  }

  private void trap(int ti, int rt, boolean forEvent) {
    SystemRegisters system = pe.system;
    int iss = 1 << 24 | 0xe << 20 | (ti >= 2 ? rt << 5 | 1 << 2 : 0) | ti;
    boolean hosted =
        pe.el() == 0 && system.hcr(SystemRegisters.HCR_E2H) && system.hcr(SystemRegisters.HCR_TGE);
    if (pe.el() == 0) {
      long sctlr = system.get(hosted ? SystemRegisters.SCTLR_EL2 : SystemRegisters.SCTLR_EL1);
      if ((sctlr & (forEvent ? SCTLR_NTWE : SCTLR_NTWI)) == 0) {
        throw pe.pending.other(pe.exceptions().targetOfOwnExceptions(), ExceptionModel.EC_WFX, iss);
      }
    }
    long trap = forEvent ? SystemRegisters.HCR_TWE : SystemRegisters.HCR_TWI;
    if (pe.el() < 2 && !hosted && system.hcr(trap)) {
      throw pe.pending.other(2, ExceptionModel.EC_WFX, iss);
    }
  }

  private boolean completesAtOnce(boolean forEvent, long until) {
    boolean come = forEvent ? event || pe.interrupts.wouldBeTaken() : pe.interrupts.pending();
    return come || (until != FOREVER && pe.wiring().surroundings().count() >= until);
  }

  private void begin(boolean forEvent, long until) {
    if (!completesAtOnce(forEvent, until)) {
      activity = forEvent ? Activity.WAITS_FOR_EVENT : Activity.WAITS_FOR_INTERRUPT;
      timeout = until;
      pe.interrupts.giveWay();
    } else if (forEvent) {
      takeEvent();
    }
  }

  private void takeEvent() {
    event = false;
    heard = pe.wiring().surroundings().count();
  }

  /** When the event stream sends the first event that is not yet in the Event Register. */
  long nextOfStream() {
    return pe.wiring().surroundings().nextEvent(pe, heard);
  }

  /** Whether a register decides about the event stream, besides HCR_EL2. */
  static boolean decidesEvents(int register) {
    return register == CNTKCTL_EL1 || register == CNTHCTL_EL2;
  }

  /** The event stream is going to change: what it has sent so far is in the Event Register. */
  public void hear() {
    long now = pe.wiring().surroundings().count();
    event |= nextOfStream() <= now;
    heard = now;
  }

  /** All of it at one moment. */
  public record State(Activity activity, boolean event, long timeout, long heard) {
    /** As if the event stream had not been listened to yet: only when a WFE ends depends on it. */
    State timeless() {
      return new State(activity, event, timeout, 0);
    }

    long hash() {
      return Mix.mix(Mix.mix(activity.ordinal() << 1 | (event ? 1 : 0), timeout), heard);
    }
  }

  State save() {
    return new State(activity, event, timeout, heard);
  }

  void restore(State state) {
    activity = state.activity;
    event = state.event;
    timeout = state.timeout;
    heard = state.heard;
  }
}
