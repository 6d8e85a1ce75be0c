package dev.stagewalk.trace;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an event by the names its source gives them, in the order of the text. A field that
 * the source leaves out is absent.
 */
public final class TraceFields {
  private final Map<String, String> texts;
  private final Map<String, Long> numbers;

  private TraceFields(Map<String, String> texts, Map<String, Long> numbers) {
    this.texts = texts;
    this.numbers = numbers;
  }

  /** The fields of an event. */
  public static TraceFields of(TraceEvent event) {
    Builder builder = new Builder();
    if (!KvmEvents.TABLE.read(event.name(), event.body(), builder)) {
      Assignments.read(event.name(), event.body(), builder);
    }
    return builder.build();
  }

  /** All of them as text, as the source wrote them. */
  public Map<String, String> texts() {
    return texts;
  }

  /** A field as text. */
  public Optional<String> text(String name) {
    return Optional.ofNullable(texts.get(name));
  }

  /** A field as a number; the first of the names that is there. */
  public OptionalLong number(String... names) {
    for (String name : names) {
      @Nullable Long value = numbers.get(name);
      if (value != null) {
        return OptionalLong.of(value);
      }
    }
    return OptionalLong.empty();
  }

  /** Address of the instruction that is to be, or was, executed in the guest. */
  public OptionalLong pc() {
    return number("vcpu_pc", "pc", "elr", "elr_el2");
  }

  /** The whole syndrome. */
  public OptionalLong esr() {
    return number("hsr", "esr", "esr_el2");
  }

  /** Exception class; from the syndrome, or where the source says no more than the class. */
  public OptionalLong exceptionClass() {
    OptionalLong esr = esr();
    return esr.isPresent() ? OptionalLong.of(esr.getAsLong() >>> 26 & 0x3f) : number("esr_ec");
  }

  /** The faulting virtual address. */
  public OptionalLong far() {
    return number("hxfar", "far", "far_el2");
  }

  /** The intermediate physical address, where the source says it in full or as a page. */
  public OptionalLong ipa() {
    return number("ipa", "gpa");
  }

  /** Collects fields in the order of their text. */
  static final class Builder {
    private final Map<String, String> texts = new LinkedHashMap<>();
    private final Map<String, Long> numbers = new LinkedHashMap<>();

    void text(String name, String text) {
      texts.putIfAbsent(name, text);
    }

    void number(String name, String text, long value) {
      if (texts.putIfAbsent(name, text) == null) {
        numbers.put(name, value);
      }
    }

    TraceFields build() {
      return new TraceFields(
          Collections.unmodifiableMap(texts), Collections.unmodifiableMap(numbers));
    }
  }
}
