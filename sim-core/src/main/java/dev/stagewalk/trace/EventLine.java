package dev.stagewalk.trace;

import dev.stagewalk.event.Event;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** Events one at a time in the form of {@link EventJson}: each is one line, without its end. */
public final class EventLine {
  private final StringWriter text = new StringWriter();
  private final EventJson json;

  public EventLine() {
    try {
      json = new EventJson(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The line of an event. */
  public String of(Event event) {
    text.getBuffer().setLength(0);
    try {
      json.write(event);
      json.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString().strip();
  }
}
