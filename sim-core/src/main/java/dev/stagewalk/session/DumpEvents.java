package dev.stagewalk.session;

import dev.stagewalk.event.Event;
import dev.stagewalk.time.Events;

/** A dump is one instant: it has no events. */
record DumpEvents(OpenedDump dump) implements Events {
  @Override
  public long size() {
    return 0;
  }

  @Override
  public Event get(long number) {
    throw new IndexOutOfBoundsException("a dump has no event " + number);
  }
}
