package dev.stagewalk.check;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.board.Machine;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.SimEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The same exception from the same instruction, with nothing executed in between: certain if the
 * whole machine is as it was at the one before. A hypervisor that counts its exits is never quite
 * the same; of it it is said after a few, if nothing else has happened than exits and returns and
 * no timer is set, and otherwise after so many that no handler tries again that does something.
 */
final class ProgressCheck {
  /** How often the same must come before the machine is compared; then at every power of two. */
  private static final int FIRST_COMPARED = 4;

  private static final int LAST_COMPARED = 1 << 5;

  /** So often the same may come with nothing done about it. */
  private static final int MOST_IDLE = 64;

  private final Machine machine;
  private final Consumer<Finding> found;
  private final FaultLoop loop;
  private final Map<Integer, Lane> lanes = new HashMap<>();

  /** What a PE has been doing. */
  private static final class Lane {
    private @Nullable Event first;
    private long returned = -1;
    private long returnedAt = -1;
    private int repeated;

    /** How often of these nothing was done in between that could help. */
    private int idle;

    private boolean acted;
    private long hash;
    private boolean said;

    /** It has been said already. */
    private boolean goesRound;
  }

  ProgressCheck(Machine machine, Consumer<Finding> found) {
    this.machine = machine;
    this.found = found;
    this.loop = new FaultLoop(machine.pes().size());
  }

  void happened(Event event) {
    Lane lane = lanes.computeIfAbsent(event.pe(), _ -> new Lane());
    Optional<String> round = loop.saw(event);
    if (round.isEmpty() && event.what() instanceof SimEvent.ExceptionTaken) {
      lane.goesRound = false;
    } else if (round.isPresent() && !lane.goesRound) {
      lane.goesRound = true;
      say(lane, event, Report.sentence(round.get()));
    }
    switch (event.what()) {
      case SimEvent.ExceptionTaken e -> taken(lane, event, e);
      case SimEvent.ExceptionReturned e -> {
        lane.returned = e.pc();
        lane.returnedAt = event.moment().instruction();
      }
      case SimEvent.ContextSaved _, SimEvent.ContextLoaded _, SimEvent.HandlerAnswered _ -> {}
      case SimEvent.Printed _, SimEvent.HostCallBegan _, SimEvent.HostCallEnded _ -> {}
      default -> lanes.values().forEach(any -> any.acted = true);
    }
  }

  private void taken(Lane lane, Event event, SimEvent.ExceptionTaken e) {
    Event first = lane.first;
    boolean same =
        first != null
            && first.what() instanceof SimEvent.ExceptionTaken before
            && isSame(before, e)
            && lane.returned == e.elr()
            && event.moment().instruction() <= lane.returnedAt + machine.pes().size();
    if (!same) {
      lane.first = event;
      lane.repeated = 0;
      lane.idle = 0;
      lane.acted = false;
      lane.said = false;
      return;
    }
    lane.repeated++;
    lane.idle = lane.acted ? 0 : lane.idle + 1;
    lane.acted = false;
    int times = lane.repeated;
    if (lane.said || first == null) {
      return;
    }
    if (lane.idle >= MOST_IDLE && !machine.awaitsTimer()) {
      say(
          lane,
          first,
          often(event, e, times)
              + " Nothing was stored to a table, invalidated or given in between.");
      return;
    }
    if (times < FIRST_COMPARED || times > LAST_COMPARED + 1) {
      return;
    }
    boolean powerOfTwo = Integer.bitCount(times) == 1;
    if (powerOfTwo) {
      lane.hash = machine.timelessHash();
    } else if (Integer.bitCount(times - 1) == 1
        && lane.hash == machine.timelessHash()
        && !machine.awaitsTimer()) {
      say(
          lane,
          first,
          often(event, e, times)
              + " Registers and memory are the same as at the one before, so it will come for"
              + " ever.");
    }
  }

  private static String often(Event event, SimEvent.ExceptionTaken e, int times) {
    return "It came "
        + (times + 1)
        + " times, up to "
        + Report.when(event)
        + ", each time from the instruction at "
        + Hex.address(e.elr())
        + " with ESR_EL"
        + e.toEl()
        + " "
        + Hex.plain(e.esr())
        + " and FAR_EL"
        + e.toEl()
        + " "
        + Hex.plain(e.far())
        + ".";
  }

  private static boolean isSame(SimEvent.ExceptionTaken a, SimEvent.ExceptionTaken b) {
    return a.elr() == b.elr()
        && a.toEl() == b.toEl()
        && a.vector() == b.vector()
        && a.esr() == b.esr()
        && a.far() == b.far();
  }

  private void say(Lane lane, Event at, String evidence) {
    if (lane.said) {
      return;
    }
    lane.said = true;
    found.accept(
        new Finding(
            FindingKind.NO_PROGRESS,
            Report.at(at, null),
            evidence,
            "Return to the instruction only if what it asked for was mended; otherwise end the"
                + " guest, give it an exception of its own, or skip the instruction."));
  }
}
