package dev.stagewalk.ask;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.FaultStatus;
import dev.stagewalk.arch.FieldValue;
import dev.stagewalk.arch.Syndrome;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Translation;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What can be asked of an event by name. An event that does not say it has no value there. */
public enum EventField {
  KIND("its kind, as a filter names it"),
  NAME("of a host call, a register, a handler, a firmware function, a recorded event"),
  EC("Exception class, bits 31:26 of the syndrome"),
  ISS("bits 24:0 of the syndrome; ISS.NAME is a field of it, as ISS.DFSC"),
  ESR("the whole syndrome"),
  FAR("faulting virtual address"),
  IPA("the IPA: of a fault of stage 2, of a walk of stage 2, of a recorded event"),
  PC("the guest's instruction: the preferred return address of an exception"),
  EL("exception level it came from"),
  TO("exception level it goes to"),
  FAULT("kind of fault: translation, permission, access-flag, address-size, …"),
  LEVEL("level of lookup of a fault or of a leaf, −1 to 3"),
  STAGE("stage that refused or was walked, 1 or 2"),
  S1PTW("1 for a fault of stage 2 on a walk of stage 1"),
  WRITE("1 for a write"),
  VMID("VMID it names; of an exit that of VTTBR_EL2"),
  ASID("ASID that a TLBI names"),
  OPERATION("of a TLBI or barrier: vmalls12e1is, dsb ish"),
  REMOVED("TLB entries it removed"),
  READS("descriptors a walk read"),
  ADDRESS("physical address: of a store, of pages, of a copy's target"),
  OLD("value before a store or a register write"),
  VALUE("value after it, a byte, a result"),
  SIZE("bytes"),
  OK("1 if it went well, or the answer was RESUME"),
  TEXT("its words"),
  NUMBER("its number in the run"),
  PE("processing element it happened on"),
  CPU("CPU of the machine that was recorded"),
  THREAD("thread of the machine that was recorded: the vCPU");

  /** Prefix of the fields of a syndrome. */
  static final String ISS_PREFIX = "iss.";

  private final String meaning;

  EventField(String meaning) {
    this.meaning = meaning;
  }

  /** As it is typed: {@code level}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public String meaning() {
    return meaning;
  }

  /** Every word, in order. */
  public static List<String> words() {
    return Arrays.stream(values()).map(EventField::word).toList();
  }

  /** Whether a name is one of a field or of a part of the ISS. */
  static boolean isName(String name) {
    return isPartOfSyndrome(name) || words().contains(name);
  }

  private static boolean isPartOfSyndrome(String name) {
    return name.startsWith(ISS_PREFIX) && name.length() > ISS_PREFIX.length();
  }

  /** Whether a field of some events can only be told with the registers of that moment. */
  static boolean needsMachine(String name, EventKind kind) {
    return name.equals(VMID.word())
        && switch (kind) {
          case TLBI, WALK, CALL -> false;
          default -> true;
        };
  }

  /**
   * What an event says.
   *
   * @param name one of {@link #isName}
   * @param now the moment right after the event
   */
  static Optional<Value> of(String name, Event event, Present now) {
    if (isPartOfSyndrome(name)) {
      return partOfSyndrome(name.substring(ISS_PREFIX.length()), event.what());
    }
    EventField field = EventField.valueOf(name.toUpperCase(Locale.ROOT));
    return Optional.ofNullable(field.value(event, now));
  }

  private static Optional<Value> partOfSyndrome(String part, SimEvent event) {
    OptionalLong esr = esr(event);
    if (esr.isEmpty()) {
      return Optional.empty();
    }
    for (FieldValue field : Syndrome.of(esr.getAsLong()).fields()) {
      if (field.name().equalsIgnoreCase(part)) {
        return Optional.of(Value.count(field.raw()));
      }
    }
    return Optional.empty();
  }

  private @Nullable Value value(Event event, Present now) {
    SimEvent what = event.what();
    return switch (this) {
      case KIND -> new Value.Words(EventKind.of(what).word());
      case NUMBER -> Value.count(event.number());
      case PE -> Value.count(event.pe());
      case EC -> count(exceptionClass(what));
      case ISS -> address(esr(what), 0x1ff_ffff);
      case ESR -> address(esr(what), -1);
      case FAULT -> fault(what);
      case LEVEL -> count(level(what));
      case VMID -> count(vmid(event, now));
      default -> EventParts.of(this, what);
    };
  }

  static @Nullable Value count(OptionalInt number) {
    return number.isPresent() ? Value.count(number.getAsInt()) : null;
  }

  static @Nullable Value address(OptionalLong number, long mask) {
    return number.isPresent() ? Value.address(number.getAsLong() & mask) : null;
  }

  /** The syndrome; empty for what has none, an interrupt among them. */
  private static OptionalLong esr(SimEvent event) {
    return switch (event) {
      case SimEvent.ExceptionTaken e when isSynchronous(e) -> OptionalLong.of(e.esr());
      case SimEvent.Recorded e -> e.esr();
      default -> OptionalLong.empty();
    };
  }

  /** Interrupts leave ESR_ELx as it was. */
  static boolean isSynchronous(SimEvent.ExceptionTaken e) {
    return (e.vector() & 3) == 0 || (e.vector() & 3) == 3;
  }

  private static OptionalInt exceptionClass(SimEvent event) {
    OptionalLong esr = esr(event);
    if (esr.isPresent()) {
      return OptionalInt.of(Syndrome.of(esr.getAsLong()).code());
    }
    return event instanceof SimEvent.Recorded e ? e.exceptionClass() : OptionalInt.empty();
  }

  private static @Nullable Value fault(SimEvent event) {
    Optional<FaultKind> kind =
        walk(event).map(Translation.Fault::kind).or(() -> status(event).flatMap(FaultStatus::kind));
    return kind.map(k -> (Value) new Value.Words(word(k))).orElse(null);
  }

  /** The fault of a walk, as the walk itself says it. */
  private static Optional<Translation.Fault> walk(SimEvent event) {
    return switch (event) {
      case SimEvent.ExceptionTaken e -> e.fault();
      case SimEvent.Translated e
          when e.translation().outcome() instanceof Translation.Fault fault ->
          Optional.of(fault);
      default -> Optional.empty();
    };
  }

  /** The fault status code of an abort, for those that no walk is known of. */
  private static Optional<FaultStatus> status(SimEvent event) {
    OptionalLong esr = esr(event);
    return esr.isEmpty() ? Optional.empty() : Syndrome.of(esr.getAsLong()).fault();
  }

  /** A kind of fault as it is typed: {@code access-flag}. */
  public static String word(FaultKind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static OptionalInt level(SimEvent event) {
    if (event instanceof SimEvent.Translated e
        && e.translation().outcome() instanceof Translation.Output output) {
      return OptionalInt.of(output.level());
    }
    return walk(event)
        .map(f -> OptionalInt.of(f.level()))
        .or(() -> status(event).map(FaultStatus::level))
        .orElse(OptionalInt.empty());
  }

  private static OptionalInt vmid(Event event, Present now) {
    return switch (event.what()) {
      case SimEvent.TlbInvalidated e -> known(e.vmid());
      case SimEvent.Translated e -> known(e.translation().vmid());
      case SimEvent.HostCallBegan e ->
          e.operands().isEmpty()
              ? OptionalInt.empty()
              : OptionalInt.of((int) (e.operands().getFirst() >>> 48));
      case SimEvent.ExceptionTaken e when e.fromEl() < 2 ->
          OptionalInt.of((int) (now.system("VTTBR_EL2") >>> 48));
      case SimEvent.ExceptionReturned e when e.toEl() < 2 ->
          OptionalInt.of((int) (now.system("VTTBR_EL2") >>> 48));
      default -> OptionalInt.empty();
    };
  }

  private static OptionalInt known(int vmid) {
    return vmid < 0 ? OptionalInt.empty() : OptionalInt.of(vmid);
  }
}
