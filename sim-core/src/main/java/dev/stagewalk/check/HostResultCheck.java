package dev.stagewalk.check;

import dev.stagewalk.arch.ExceptionClass;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.SimEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Whether a host looks at what its own steps came to: guests half made, failures called success.
 */
final class HostResultCheck {
  private static final String CREATE = "guest_create";

  private final Consumer<Finding> found;

  /** The last abort of each PE to EL2, until the guest goes on. */
  private final Map<Integer, Event> aborts = new HashMap<>();

  /** The abort for which a handler ended the guest. */
  private @Nullable Event ending;

  private boolean making;
  private @Nullable Event failed;
  private String step = "";

  HostResultCheck(Consumer<Finding> found) {
    this.found = found;
  }

  void happened(Event event) {
    switch (event.what()) {
      case SimEvent.HostCallBegan e when e.name().equals(CREATE) -> {
        making = true;
        failed = null;
      }
      case SimEvent.HostCallEnded e when e.name().equals(CREATE) -> {
        made(event, e.ok());
        making = false;
      }
      case SimEvent.HostCallEnded e when making && !e.ok() ->
          failed(event, e.name() + " failed, " + e.result());
      case SimEvent.Allocated e when making && e.pa() == 0 ->
          failed(event, "there was no memory for " + pages(e.order()));
      case SimEvent.ExceptionTaken e when e.toEl() == 2 && e.fromEl() < 2 -> {
        boolean abort = ExceptionClass.isAbortFromBelow(e.exceptionClass());
        if (abort && e.vector() % 4 == 0) {
          aborts.put(event.pe(), event);
        } else {
          aborts.remove(event.pe());
        }
      }
      case SimEvent.HandlerAnswered e -> ending = e.resume() ? null : aborts.get(event.pe());
      case SimEvent.ExceptionReturned e when e.toEl() < 2 -> aborts.remove(event.pe());
      case SimEvent.GuestStopped e when e.ok() -> stopped(event, e);
      default -> {
        // No step of the host and no end.
      }
    }
  }

  private static String pages(int order) {
    return order == 0 ? "a page" : (1L << order) + " pages";
  }

  private void failed(Event event, String what) {
    if (failed == null) {
      failed = event;
      step = what;
    }
  }

  private void made(Event event, boolean ok) {
    Event first = failed;
    if (!making || !ok || first == null) {
      return;
    }
    found.accept(
        new Finding(
            FindingKind.GUEST_INCOMPLETE,
            Report.at(event, null),
            "guest_create reported success. In "
                + Report.when(first)
                + ", while it made the guest, "
                + step
                + ".",
            "Look at the result of every step, give back what was made so far, and return an"
                + " error."));
  }

  private void stopped(Event event, SimEvent.GuestStopped stop) {
    Event abort = ending;
    if (abort == null || !(abort.what() instanceof SimEvent.ExceptionTaken taken)) {
      return;
    }
    found.accept(
        new Finding(
            FindingKind.FAILURE_AS_SUCCESS,
            Report.at(event, null),
            "The run ended as a success: "
                + stop.reason()
                + ". What ended it is the abort of "
                + Report.when(abort)
                + ", syndrome "
                + Hex.plain(taken.esr())
                + ", at "
                + Hex.address(taken.elr())
                + ": the guest's access was never made.",
            "Tell an end that the guest asked for, by a call, from one that an abort forced on"
                + " it."));
  }
}
