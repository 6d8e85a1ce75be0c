package dev.stagewalk.check;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Instruction;
import dev.stagewalk.event.SimEvent;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Sentences and places that the checks of a run have in common. */
final class Report {
  private Report() {}

  /** The place of an event. */
  static Place.Happened at(Event event, @Nullable Place about) {
    return new Place.Happened(event.number(), event.moment(), event.pe(), name(event), about);
  }

  /** The descriptor of a place. */
  static Place.Entry entry(EntryPlace place) {
    return new Place.Entry(
        owner(place),
        place.level(),
        place.table(),
        (int) ((place.at() - place.table()) / 8),
        place.input(),
        place.bytes());
  }

  static Place.Owner owner(EntryPlace place) {
    return new Place.Owner(place.stage(), place.regime(), place.vmid());
  }

  /** "event 412 at 1:2031.7". */
  static String when(Event event) {
    return "event " + event.number() + " at " + event.moment();
  }

  /** What an event is, in few words. */
  private static String name(Event event) {
    return switch (event.what()) {
      case SimEvent.DescriptorStored e ->
          "store of " + Hex.plain(e.value()) + " over " + Hex.plain(e.old()) + by(e.by());
      case SimEvent.HostStored e ->
          "store of " + Hex.plain(e.value()) + " over " + Hex.plain(e.old());
      case SimEvent.TlbInvalidated e -> tlbi(e);
      case SimEvent.BarrierCompleted e -> e.text().toUpperCase(Locale.ROOT) + by(e.by());
      case SimEvent.Freed e -> "free of " + Hex.address(e.pa());
      case SimEvent.Allocated e -> "allocation of " + Hex.address(e.pa());
      case SimEvent.ExceptionTaken e ->
          "exception from EL" + e.fromEl() + " to EL" + e.toEl() + ", ESR " + Hex.plain(e.esr());
      case SimEvent.ExceptionReturned e -> "return to EL" + e.toEl() + " at " + Hex.address(e.pc());
      case SimEvent.RegisterWritten e -> e.register() + " = " + Hex.plain(e.value());
      case SimEvent.HostCallBegan e -> e.name() + " " + e.arguments();
      case SimEvent.HostCallEnded e -> e.name() + " returned: " + e.result();
      case SimEvent.Translated e -> "walk for " + Hex.address(e.translation().input());
      case SimEvent.GuestStopped e -> e.reason();
      case SimEvent.ContextSaved _, SimEvent.ContextLoaded _ -> "registers of the guest";
      case SimEvent.MemoryCleared e -> "clearing of " + Hex.address(e.pa());
      case SimEvent.MemoryCopied e -> "copy to " + Hex.address(e.to());
      case SimEvent.Printed _, SimEvent.UartByte _ -> "output";
      case SimEvent.HandlerAnswered e -> e.handler() + ": " + e.reason();
      case SimEvent.FirmwareCalled e -> e.function();
      case SimEvent.TimePassed _ -> "time passed";
      case SimEvent.Edited e -> e.what();
      case SimEvent.Withheld e -> e.words();
      case SimEvent.Recorded e -> e.name();
    };
  }

  private static String tlbi(SimEvent.TlbInvalidated e) {
    boolean hasOperand = e.scope().operand() != 0 || !e.scope().everyAddress();
    return "TLBI "
        + e.scope().title()
        + (hasOperand ? ", operand " + Hex.plain(e.scope().operand()) : "")
        + by(e.by());
  }

  /** " by the instruction at 0x… of EL2"; empty for a hypervisor in Java. */
  static String by(@Nullable Instruction instruction) {
    return instruction == null
        ? ""
        : " by the instruction at " + Hex.address(instruction.pc()) + " of EL" + instruction.el();
  }

  /** Steps in one sentence. */
  static String inThisOrder(List<String> steps) {
    return "In this order: " + String.join("; ", steps) + ".";
  }

  /** A sentence that begins with a capital letter and ends with a full stop. */
  static String sentence(String words) {
    return Character.toUpperCase(words.charAt(0))
        + words.substring(1)
        + (words.endsWith(".") ? "" : ".");
  }
}
