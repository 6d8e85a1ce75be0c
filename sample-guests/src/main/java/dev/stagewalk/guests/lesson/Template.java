package dev.stagewalk.guests.lesson;

import dev.stagewalk.ask.Facts;
import dev.stagewalk.ask.Filled;
import java.util.ArrayList;
import java.util.List;

/**
 * A text with questions to the machine in braces: {@code It faults at {fault.ipa}, bit 10 is
 * {leaf(fault.ipa)[10]}}. A form may follow: {@code {stage2.granule as size}}.
 */
final class Template {
  private final String text;
  private final List<Object> parts;

  private Template(String text, List<Object> parts) {
    this.text = text;
    this.parts = List.copyOf(parts);
  }

  /**
   * Reads a text.
   *
   * @throws IllegalArgumentException if a brace is not closed or what stands in it cannot be read
   */
  static Template parse(String text) {
    List<Object> parts = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int open = text.indexOf('{', at);
      if (open < 0) {
        parts.add(text.substring(at));
        break;
      }
      int close = text.indexOf('}', open);
      if (close < 0) {
        throw new IllegalArgumentException("'{' is not closed after '" + text.substring(open));
      }
      parts.add(text.substring(at, open));
      parts.add(Filled.parse(text.substring(open + 1, close)));
      at = close + 1;
    }
    return new Template(text, parts);
  }

  boolean isEmpty() {
    return text.isEmpty();
  }

  /** The text at a moment. */
  String at(Facts facts) {
    StringBuilder out = new StringBuilder();
    for (Object part : parts) {
      out.append(part instanceof Filled filled ? filled.at(facts) : part);
    }
    return out.toString();
  }

  /** As it stands in the file. */
  @Override
  public String toString() {
    return text;
  }
}
