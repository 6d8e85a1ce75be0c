package dev.stagewalk.trace;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a kernel prints an event: words and, between them, fields. */
final class EventText {
  private static final Pattern FIELD = Pattern.compile("\\{(\\w+):([^}]*)\\}");

  private final Pattern pattern;
  private final List<Part> parts;

  private EventText(Pattern pattern, List<Part> parts) {
    this.pattern = pattern;
    this.parts = parts;
  }

  /** One stretch of the text. */
  sealed interface Part {}

  /** Words that are always there. */
  record Words(String text) implements Part {}

  /** A number printed in the way of C, such as {@code 0x%016x}. */
  record Number(String name, String format) implements Part {
    boolean isHexadecimal() {
      return format.endsWith("x");
    }
  }

  /** A word out of a list, each of which stands for a value. */
  record Choice(String name, Map<String, Long> values) implements Part {}

  /** Any text. */
  record Text(String name) implements Part {}

  static EventText of(String template) {
    List<Part> parts = new ArrayList<>();
    StringBuilder regex = new StringBuilder();
    Matcher m = FIELD.matcher(template);
    int end = 0;
    while (m.find()) {
      words(template.substring(end, m.start()), parts, regex);
      Part field = field(m.group(1), m.group(2));
      parts.add(field);
      regex.append(regex(field));
      end = m.end();
    }
    words(template.substring(end), parts, regex);
    return new EventText(Pattern.compile(regex.toString()), List.copyOf(parts));
  }

  private static void words(String text, List<Part> parts, StringBuilder regex) {
    if (text.isEmpty()) {
      return;
    }
    parts.add(new Words(text));
    for (String word : text.split("(?<= )|(?= )", -1)) {
      regex.append(word.equals(" ") ? "\\s+" : Pattern.quote(word));
    }
  }

  private static Part field(String name, String format) {
    if (format.equals("%s")) {
      return new Text(name);
    }
    if (format.contains("%")) {
      return new Number(name, format);
    }
    Map<String, Long> values = new LinkedHashMap<>();
    for (String choice : format.split(",", -1)) {
      int sign = choice.indexOf('=');
      values.put(choice.substring(sign + 1), Long.parseLong(choice.substring(0, sign)));
    }
    return new Choice(name, values);
  }

  private static String regex(Part field) {
    return switch (field) {
      case Words words -> Pattern.quote(words.text());
      case Number number ->
          number.isHexadecimal() ? "\\s*((?:0x)?\\p{XDigit}{1,16})" : "\\s*(-?\\d{1,20})";
      case Choice choice ->
          "("
              + String.join("|", choice.values().keySet().stream().map(Pattern::quote).toList())
              + "|0x\\p{XDigit}{1,16})";
      case Text _ -> "(.*?)";
    };
  }

  /** Its words and fields in their order. */
  List<Part> parts() {
    return parts;
  }

  /** Whether a field of it is printed in hexadecimal. */
  boolean isHexadecimal(String field) {
    return parts.stream()
        .anyMatch(part ->
            part instanceof Number number && number.name().equals(field) && number.isHexadecimal());
  }

  /** Reads a body; false if it has another text, and then nothing was read. */
  boolean read(String body, TraceFields.Builder into) {
    Matcher m = pattern.matcher(body.strip());
    if (!m.matches()) {
      return false;
    }
    int group = 0;
    for (Part part : parts) {
      if (!(part instanceof Words)) {
        take(part, m.group(++group), into);
      }
    }
    return true;
  }

  private static void take(Part part, String text, TraceFields.Builder into) {
    switch (part) {
      case Words _ -> {}
      case Text field -> into.text(field.name(), text);
      case Number field -> {
        try {
          into.number(field.name(), text, Numerals.parse(text, field.isHexadecimal()));
        } catch (NumberFormatException e) {
          into.text(field.name(), text); // more than 64 bits: text, and no number invented
        }
      }
      case Choice field -> {
        @Nullable Long value = field.values().get(text);
        into.number(field.name(), text, value == null ? Numerals.parse(text, true) : value);
      }
    }
  }

  /**
   * Prints an event as the kernel does.
   *
   * @return empty if a field is missing
   */
  Optional<String> print(TraceFields fields) {
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      Optional<String> printed = print(part, fields);
      if (printed.isEmpty()) {
        return Optional.empty();
      }
      text.append(printed.get());
    }
    return Optional.of(text.toString());
  }

  private static Optional<String> print(Part part, TraceFields fields) {
    return switch (part) {
      case Words words -> Optional.of(words.text());
      case Text field -> fields.text(field.name());
      case Number field ->
          fields.number(field.name()).isEmpty()
              ? Optional.empty()
              : Optional.of(String.format(field.format(), fields.number(field.name()).getAsLong()));
      case Choice field ->
          fields.number(field.name()).isEmpty()
              ? Optional.empty()
              : Optional.of(word(field, fields.number(field.name()).getAsLong()));
    };
  }

  private static String word(Choice field, long value) {
    return field.values().entrySet().stream()
        .filter(choice -> choice.getValue() == value)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseGet(() -> "0x%x".formatted(value));
  }
}
