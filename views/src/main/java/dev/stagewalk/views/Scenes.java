package dev.stagewalk.views;

import dev.stagewalk.event.Event;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.explain.Scene;
import dev.stagewalk.session.Program;
import dev.stagewalk.session.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Gathers from a snapshot what the explanation of an event is made of. */
final class Scenes {
  /** Events that are looked at for what belongs to one. */
  private static final int MOST_FOLLOWING = 1000;

  private final Disassembly disassembly;

  Scenes(Disassembly disassembly) {
    this.disassembly = disassembly;
  }

  Scene of(Event event, Snapshot now) {
    Optional<Long> address = instructionOf(event.what(), now);
    Program program = now.program();
    boolean known =
        address.isPresent()
            && Long.compareUnsigned(address.get() - program.base(), program.size()) < 0;
    return new Scene(
        event,
        following(event, now),
        now.pe().registers(),
        now.memory(),
        Stage2.parameters(now),
        known
            ? address.map(a -> disassembly.text((int) now.memory().read(a, 4), a, program))
            : Optional.empty(),
        address.flatMap(a -> new Labels(program).at(a)));
  }

  private static Optional<Long> instructionOf(SimEvent what, Snapshot now) {
    if (what instanceof SimEvent.ExceptionTaken taken) {
      return Optional.of(GuestState.trapped(taken));
    }
    if (what instanceof SimEvent.Translated walked) {
      return Optional.of(walked.pc());
    }
    return what.lane() == SimEvent.Lane.GUEST
        ? Optional.of(GuestState.of(now.pe()).pc())
        : Optional.empty();
  }

  /** Up to the end of a host call or the return to the guest, and not beyond the moment shown. */
  private static List<SimEvent> following(Event event, Snapshot now) {
    List<SimEvent> following = new ArrayList<>();
    long known = event.number() < now.eventCount() ? now.eventCount() : now.events().size();
    long end = Math.min(known, event.number() + 1 + MOST_FOLLOWING);
    int depth = 1;
    for (long n = event.number() + 1; n < end; n++) {
      SimEvent what = now.events().get(n).what();
      if (what instanceof SimEvent.ExceptionTaken) {
        break;
      }
      following.add(what);
      if (what instanceof SimEvent.HostCallBegan) {
        depth++;
      } else if (what instanceof SimEvent.HostCallEnded) {
        depth--;
      }
      boolean callOver = event.what() instanceof SimEvent.HostCallBegan && depth == 0;
      if (callOver || what instanceof SimEvent.ExceptionReturned) {
        break;
      }
    }
    return following;
  }
}
