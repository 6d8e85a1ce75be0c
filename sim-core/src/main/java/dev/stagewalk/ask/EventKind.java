package dev.stagewalk.ask;

import dev.stagewalk.arch.Syndrome;
import dev.stagewalk.event.SimEvent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/** Classes of events that can be asked for by name. An event may belong to several. */
public enum EventKind {
  ANY("every event", _ -> true),
  EXIT("an exit from a guest to EL2", EventKind::isExit),
  FAULT("an exception for an access that the MMU refused, to EL1 or EL2", EventKind::isFault),
  EXCEPTION("any exception taken", SimEvent.ExceptionTaken.class::isInstance),
  ERET("an exception return", SimEvent.ExceptionReturned.class::isInstance),
  ENTRY("a return from EL2 into a guest", EventKind::isEntry),
  WALK("a translation table walk", SimEvent.Translated.class::isInstance),
  TLBI("a TLBI", SimEvent.TlbInvalidated.class::isInstance),
  BARRIER("a DSB, DMB or ISB", SimEvent.BarrierCompleted.class::isInstance),
  STORE("a store to a table descriptor", SimEvent.DescriptorStored.class::isInstance),
  HOST_STORE("another store by the hypervisor", SimEvent.HostStored.class::isInstance),
  CLEAR("memory filled with zeros by the hypervisor", SimEvent.MemoryCleared.class::isInstance),
  COPY("memory copied by the hypervisor", SimEvent.MemoryCopied.class::isInstance),
  REGISTER("a register written by the hypervisor", SimEvent.RegisterWritten.class::isInstance),
  ALLOC("pages allocated", SimEvent.Allocated.class::isInstance),
  FREE("pages given back", SimEvent.Freed.class::isInstance),
  CALL("a host call begins", SimEvent.HostCallBegan.class::isInstance),
  RETURN("a host call returns", SimEvent.HostCallEnded.class::isInstance),
  ANSWER("a handler of an exit answers", SimEvent.HandlerAnswered.class::isInstance),
  SAVE("registers of a guest saved", SimEvent.ContextSaved.class::isInstance),
  LOAD("registers of a guest loaded", SimEvent.ContextLoaded.class::isInstance),
  PRINT("a line printed by the hypervisor", SimEvent.Printed.class::isInstance),
  UART("a byte printed by the guest", SimEvent.UartByte.class::isInstance),
  FIRMWARE("an SMC answered by the firmware", SimEvent.FirmwareCalled.class::isInstance),
  TIME("time passes while every PE waits", SimEvent.TimePassed.class::isInstance),
  EDIT("what you did to the machine", SimEvent.Edited.class::isInstance),
  WITHHELD("an instruction you kept from its effect", SimEvent.Withheld.class::isInstance),
  END("the guest runs no further", SimEvent.GuestStopped.class::isInstance),
  RECORDED("an event of a recording, by its name there", SimEvent.Recorded.class::isInstance);

  /** Names of recorded events after which the guest runs. */
  private static final List<String> ENTRIES =
      List.of("kvm_entry", "hyp_exit", "Exception return", "kvm_nested_eret");

  private final String meaning;
  private final Predicate<SimEvent> includes;

  EventKind(String meaning, Predicate<SimEvent> includes) {
    this.meaning = meaning;
    this.includes = includes;
  }

  /** As it is typed: {@code host-store}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What belongs to it, in a few words. */
  public String meaning() {
    return meaning;
  }

  public boolean includes(SimEvent event) {
    return includes.test(event);
  }

  /** The kind of a word. */
  public static Optional<EventKind> named(String word) {
    return Arrays.stream(values()).filter(k -> k.word().equals(word)).findFirst();
  }

  /** Every word, in the order of the kinds. */
  public static List<String> words() {
    return Arrays.stream(values()).map(EventKind::word).toList();
  }

  /** The narrowest kind of an event. */
  public static EventKind of(SimEvent event) {
    for (EventKind kind : List.of(FAULT, EXIT, ENTRY)) {
      if (kind.includes(event)) {
        return kind;
      }
    }
    return Arrays.stream(values())
        .filter(k -> k != ANY && k.includes(event))
        .findFirst()
        .orElse(ANY);
  }

  private static boolean isExit(SimEvent event) {
    return switch (event) {
      case SimEvent.ExceptionTaken e -> e.toEl() == 2 && e.fromEl() < 2;
      case SimEvent.Recorded e -> e.exit();
      default -> false;
    };
  }

  private static boolean isFault(SimEvent event) {
    return switch (event) {
      case SimEvent.ExceptionTaken e ->
          e.fault().isPresent() || (EventField.isSynchronous(e) && isAbort(e.exceptionClass()));
      case SimEvent.Recorded e when e.esr().isPresent() ->
          isAbort(Syndrome.of(e.esr().getAsLong()).code());
      case SimEvent.Recorded e ->
          e.exit() && e.exceptionClass().isPresent() && isAbort(e.exceptionClass().getAsInt());
      default -> false;
    };
  }

  /** Instruction and data aborts. */
  static boolean isAbort(int exceptionClass) {
    return switch (exceptionClass) {
      case 0x20, 0x21, 0x24, 0x25 -> true;
      default -> false;
    };
  }

  private static boolean isEntry(SimEvent event) {
    return switch (event) {
      case SimEvent.ExceptionReturned e -> e.fromEl() == 2 && e.toEl() < 2;
      case SimEvent.Recorded e -> ENTRIES.contains(e.name());
      default -> false;
    };
  }
}
