package dev.stagewalk.trace;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The tracepoints of KVM on arm64, from the table {@code kvm-events.txt}. */
final class KvmEvents {
  static final KvmEvents TABLE = load();

  private final Map<String, List<EventText>> texts;

  private KvmEvents(Map<String, List<EventText>> texts) {
    this.texts = texts;
  }

  /**
   * Reads the fields of a printed event.
   *
   * @return false if the event or the text is not known; then nothing was read
   */
  boolean read(String name, String body, TraceFields.Builder into) {
    for (EventText text : texts.getOrDefault(name, List.of())) {
      if (text.read(body, into)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the table has such an event. */
  boolean has(String name) {
    return texts.containsKey(name);
  }

  /** Whether the kernel prints a field of an event in hexadecimal. */
  boolean isHexadecimal(String name, String field) {
    return texts(name).stream().anyMatch(text -> text.isHexadecimal(field));
  }

  /** The names in the order of the table. */
  List<String> names() {
    return List.copyOf(texts.keySet());
  }

  /** The texts of an event, the newest kernel's first; none for an event that is not known. */
  List<EventText> texts(String name) {
    return texts.getOrDefault(name, List.of());
  }

  private static KvmEvents load() {
    try (InputStream in =
        Objects.requireNonNull(KvmEvents.class.getResourceAsStream("kvm-events.txt"))) {
      Map<String, List<EventText>> texts = new LinkedHashMap<>();
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#") && !line.isBlank())
          .forEach(line -> {
            int bar = line.indexOf('|');
            texts
                .computeIfAbsent(line.substring(0, bar).strip(), name -> new ArrayList<>())
                .add(EventText.of(line.substring(bar + 1).strip()));
          });
      return new KvmEvents(texts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
