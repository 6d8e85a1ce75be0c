package dev.stagewalk.check;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.SimEvent.ExceptionTaken;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Exceptions that the code at a vector takes before it has read why it was called. */
final class VectorCheck {
  private static final int MOST_SAID = 1 << 10;
  private static final long VECTOR_BYTES = 0x80;
  private static final long TABLE_BYTES = 0x800;

  private final Consumer<Finding> found;

  /** The last event of each PE that took it to an Exception level or back. */
  private final Map<Integer, Event> last = new HashMap<>();

  /** Vectors that were said. */
  private final Set<Long> said = new HashSet<>();

  VectorCheck(Consumer<Finding> found) {
    this.found = found;
  }

  void happened(Event event) {
    switch (event.what()) {
      case ExceptionTaken second -> {
        Event before = last.put(event.pe(), event);
        if (before != null && before.what() instanceof ExceptionTaken first) {
          compare(before, first, event, second);
        }
      }
      case SimEvent.ExceptionReturned _ -> last.remove(event.pe());
      default -> {
        // The PE stays where it is.
      }
    }
  }

  /** The return address of the second names the vector of the first if nothing was executed. */
  private void compare(Event before, ExceptionTaken first, Event event, ExceptionTaken second) {
    boolean atVector =
        second.vector() % 4 == 0
            && second.fromEl() == first.toEl()
            && second.toEl() == first.toEl()
            && (second.elr() & TABLE_BYTES - 1) == first.vector() * VECTOR_BYTES
            && event.moment().instruction() - before.moment().instruction() <= 1;
    if (!atVector || said.size() >= MOST_SAID || !said.add(second.elr())) {
      return;
    }
    String el = "EL" + first.toEl();
    found.accept(
        new Finding(
            FindingKind.VECTOR_FAULTS,
            Report.at(event, null),
            "An exception with the syndrome "
                + Hex.plain(first.esr())
                + ", taken in "
                + Report.when(before)
                + " at "
                + Hex.address(first.elr())
                + ", came to vector "
                + first.vector()
                + " of "
                + el
                + ", "
                + Hex.address(second.elr())
                + ". The instruction there took another one to "
                + el
                + ", syndrome "
                + Hex.plain(second.esr())
                + ": what the first was about is lost.",
            "Fill all sixteen vectors with code that is mapped, and give it a stack that is:"
                + " mapped, large enough, and aligned to 16 bytes where SCTLR_"
                + el
                + ".SA is set."));
  }
}
