package dev.stagewalk.check;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.SimEvent;
import java.util.Optional;

/**
 * Finds out from events that exceptions come one after the other and nothing else does: a handler
 * that itself takes the exception it handles, or one that returns to the instruction without having
 * mended anything.
 */
public final class FaultLoop {
  /** As often as this no handler tries again that does something. */
  private static final int MANY = 100_000;

  private final Lane[] lanes;

  /** What one PE has been doing. */
  private static final class Lane {
    private SimEvent.ExceptionTaken latest =
        new SimEvent.ExceptionTaken(0, 0, 0, 0, 0, 0, false, 0, 0, null);
    private long returned = -1;
    private long returnedAt = -1;
    private int nested;
    private int repeated;
  }

  /**
   * @param pes how many PEs there are
   */
  public FaultLoop(int pes) {
    lanes = new Lane[pes];
    for (int i = 0; i < pes; i++) {
      lanes[i] = new Lane();
    }
  }

  /** Takes note of an event; says in words what goes round if by now it surely does. */
  public Optional<String> saw(Event event) {
    Lane lane = lanes[event.pe()];
    switch (event.what()) {
      case SimEvent.ExceptionTaken e -> {
        return taken(lane, e, event.moment().instruction());
      }
      case SimEvent.ExceptionReturned e -> {
        lane.nested = 0;
        lane.returned = e.pc();
        lane.returnedAt = event.moment().instruction();
      }
      case SimEvent.UartByte _ -> {
        lane.nested = 0;
        lane.repeated = 0;
      }
      default -> {
        // Part of handling an exception, or of what was interrupted.
      }
    }
    return Optional.empty();
  }

  private Optional<String> taken(Lane lane, SimEvent.ExceptionTaken e, long now) {
    SimEvent.ExceptionTaken before = lane.latest;
    lane.latest = e;
    boolean samePlace = e.elr() == before.elr() && e.toEl() == before.toEl();
    // Where a stack runs away each comes with another address, and sometimes with another status.
    lane.nested = samePlace && e.exceptionClass() == before.exceptionClass() ? lane.nested + 1 : 0;
    boolean same = samePlace && e.esr() == before.esr() && e.far() == before.far();
    boolean nothingBetween = lane.returned == e.elr() && now <= lane.returnedAt + lanes.length;
    lane.repeated = same && nothingBetween && !isCall(e) ? lane.repeated + 1 : 0;
    if (lane.nested >= MANY) {
      return Optional.of(
          "the handler of an exception takes the same exception itself, again and again: "
              + words(e));
    }
    if (lane.repeated >= MANY) {
      return Optional.of(
          "an exception is handled again and again and comes back at once: " + words(e));
    }
    return Optional.empty();
  }

  /** SVC, HVC and SMC return behind the instruction. */
  private static boolean isCall(SimEvent.ExceptionTaken e) {
    return e.vector() % 4 == 0 && e.exceptionClass() >= 0x11 && e.exceptionClass() <= 0x17;
  }

  private static String words(SimEvent.ExceptionTaken e) {
    return "taken to EL"
        + e.toEl()
        + " at "
        + Hex.address(e.elr())
        + ", ESR_EL"
        + e.toEl()
        + " "
        + Hex.plain(e.esr())
        + ", FAR_EL"
        + e.toEl()
        + " "
        + Hex.address(e.far());
  }
}
