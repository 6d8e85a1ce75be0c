package dev.stagewalk.ask;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Syndrome;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Translation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An event in one short line, made of the fields that can be asked of it. */
public final class EventWords {
  /** What is said of other events than exceptions, where they say it. */
  private static final List<EventField> SHOWN =
      List.of(
          EventField.OPERATION,
          EventField.NAME,
          EventField.FAULT,
          EventField.LEVEL,
          EventField.ADDRESS,
          EventField.OLD,
          EventField.VALUE,
          EventField.IPA,
          EventField.VMID,
          EventField.TEXT);

  private EventWords() {}

  /**
   * The line, such as "data abort from a lower exception level, Translation fault, level 3, VMID
   * 1".
   *
   * @param now the moment right after it
   */
  public static String of(Event event, Present now) {
    return event.what() instanceof SimEvent.ExceptionTaken taken
        ? taken(event, taken, now)
        : other(event, now);
  }

  private static String taken(Event event, SimEvent.ExceptionTaken e, Present now) {
    List<String> parts = new ArrayList<>();
    switch (e.vector() & 3) {
      case 1 -> parts.add("IRQ");
      case 2 -> parts.add("FIQ");
      case 3 -> parts.add("SError");
      default -> parts.add(lower(Syndrome.of(e.esr()).classWords()));
    }
    e.fault()
        .map((Translation.Fault f) -> f.kind().at(f.level()))
        .or(() ->
            EventField.isSynchronous(e)
                ? Syndrome.of(e.esr()).fault().map(f -> f.words())
                : Optional.empty())
        .ifPresent(parts::add);
    EventField.of(EventField.IPA.word(), event, now).ifPresent(v -> parts.add("IPA " + v.text()));
    EventField.of(EventField.VMID.word(), event, now).ifPresent(v -> parts.add("VMID " + v.text()));
    return String.join(", ", parts) + ", taken to EL" + e.toEl();
  }

  /** A class is named in the middle of a sentence: "data abort from…", but "HVC…". */
  private static String lower(String words) {
    int from = words.indexOf(" Abort ");
    return from < 0
        ? words
        : words.substring(0, from).toLowerCase(Locale.ROOT)
            + " abort "
            + words.substring(from + " Abort ".length());
  }

  private static String other(Event event, Present now) {
    List<String> parts = new ArrayList<>();
    for (EventField field : SHOWN) {
      EventField.of(field.word(), event, now)
          .filter(v -> !v.text().isEmpty())
          .ifPresent(v -> parts.add(part(field, v)));
    }
    String kind = EventKind.of(event.what()).word();
    return parts.isEmpty() ? kind : kind + " " + String.join(", ", parts);
  }

  private static String part(EventField field, Value value) {
    return switch (field) {
      case OPERATION, NAME, TEXT -> value.text();
      case VMID -> "VMID " + value.text();
      case IPA -> "IPA " + Hex.address(value.number());
      default -> field.word() + " " + value.text();
    };
  }
}
