package dev.stagewalk.session;

import dev.stagewalk.ask.Present;
import dev.stagewalk.check.Observed;
import dev.stagewalk.check.Preview;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.mmu.TlbEntry;
import dev.stagewalk.time.Events;
import dev.stagewalk.trace.RecordedEvents;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Right after an event of a recording: nothing can be asked but what the event says.
 *
 * @param recorded all events
 * @param event the newest
 */
record TracePresent(RecordedEvents recorded, Event event) implements Present {

  private static IllegalArgumentException unknown() {
    return new IllegalArgumentException(
        "a recording of a real machine says only what its events say");
  }

  @Override
  public Moment moment() {
    return event.moment();
  }

  @Override
  public boolean atExit() {
    return false;
  }

  @Override
  public boolean ended() {
    return event.number() + 1 >= recorded.size();
  }

  @Override
  public int pe() {
    return event.pe();
  }

  @Override
  public int el() {
    throw unknown();
  }

  @Override
  public long pc() {
    throw unknown();
  }

  @Override
  public long sp() {
    throw unknown();
  }

  @Override
  public long pstate() {
    throw unknown();
  }

  @Override
  public long x(int number) {
    throw unknown();
  }

  @Override
  public long system(String name) {
    throw unknown();
  }

  @Override
  public boolean hasMemory(long pa, int bytes) {
    return false;
  }

  @Override
  public long read(long pa, int bytes) {
    throw unknown();
  }

  @Override
  public Observed observed() {
    throw unknown();
  }

  @Override
  public List<TlbEntry> tlb() {
    throw unknown();
  }

  @Override
  public long stale() {
    throw unknown();
  }

  @Override
  public long violations() {
    throw unknown();
  }

  @Override
  public Preview preview(Preview.Instruction instruction, long operand) {
    throw unknown();
  }

  @Override
  public Events events() {
    return recorded;
  }

  @Override
  public Optional<Event> lastEvent() {
    return Optional.of(event);
  }

  @Override
  public long eventCount() {
    return event.number() + 1;
  }

  @Override
  public long exitCount() {
    return recorded.exitsAmong(event.number() + 1);
  }

  @Override
  public OptionalLong symbol(String name) {
    return OptionalLong.empty();
  }

  @Override
  public String console() {
    return "";
  }
}
