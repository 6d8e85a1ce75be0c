package dev.stagewalk.check;

import dev.stagewalk.event.Event;

/**
 * A store to a live descriptor that asks for maintenance, which is not over yet.
 *
 * @param event the store
 * @param ruling what the referee said of it
 * @param el exception level that stored
 * @param depth exceptions that the PE was handling then, one inside of the other
 * @param fromOutside whether a hypervisor in Java stored while a guest was executing, for somebody
 *     who intervened
 */
record Change(Event event, Ruling ruling, int el, int depth, boolean fromOutside) {
  EntryPlace place() {
    return ruling.place();
  }
}
