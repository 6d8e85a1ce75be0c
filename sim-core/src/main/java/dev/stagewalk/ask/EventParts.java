package dev.stagewalk.ask;

import dev.stagewalk.event.Access;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Translation;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Fields of events that one record component answers, by the kind of the event. */
final class EventParts {
  private EventParts() {}

  static @Nullable Value of(EventField field, SimEvent event) {
    return switch (event) {
      case SimEvent.ExceptionTaken e -> taken(field, e);
      case SimEvent.Translated e -> walk(field, e);
      case SimEvent.Recorded e -> recorded(field, e);
      case SimEvent.ExceptionReturned e ->
          switch (field) {
            case EL -> Value.count(e.fromEl());
            case TO -> Value.count(e.toEl());
            case PC -> Value.address(e.pc());
            default -> null;
          };
      case SimEvent.TlbInvalidated e ->
          switch (field) {
            case OPERATION -> new Value.Words(e.operation());
            case REMOVED -> Value.count(e.removed());
            case ASID -> EventField.count(known(e.scope().asid()));
            case IPA -> e.scope().ipas() && !e.scope().vas() ? range(e) : null;
            case FAR -> e.scope().vas() && !e.scope().ipas() ? range(e) : null;
            case SIZE -> e.scope().everyAddress() ? null : Value.count(e.scope().bytes());
            default -> null;
          };
      case SimEvent.BarrierCompleted e ->
          switch (field) {
            case OPERATION -> new Value.Words(e.text());
            case REMOVED -> Value.count(e.removed());
            default -> null;
          };
      case SimEvent.DescriptorStored e -> stored(field, e.pa(), 8, e.old(), e.value());
      case SimEvent.HostStored e -> stored(field, e.pa(), e.size(), e.old(), e.value());
      case SimEvent.RegisterWritten e ->
          switch (field) {
            case NAME -> new Value.Words(e.register());
            case OLD -> Value.address(e.old());
            case VALUE -> Value.address(e.value());
            default -> null;
          };
      case SimEvent.MemoryCleared e -> pages(field, e.pa(), e.bytes());
      case SimEvent.MemoryCopied e -> pages(field, e.to(), e.bytes());
      case SimEvent.Allocated e -> pages(field, e.pa(), 4096L << e.order());
      case SimEvent.Freed e -> field == EventField.ADDRESS ? Value.address(e.pa()) : null;
      default -> said(field, event);
    };
  }

  /** Of events that are mostly words. */
  private static @Nullable Value said(EventField field, SimEvent event) {
    return switch (event) {
      case SimEvent.HostCallBegan e -> call(field, e.name(), e.arguments(), OptionalInt.empty());
      case SimEvent.HostCallEnded e ->
          call(field, e.name(), e.result(), OptionalInt.of(e.ok() ? 1 : 0));
      case SimEvent.HandlerAnswered e ->
          call(field, e.handler(), e.reason(), OptionalInt.of(e.resume() ? 1 : 0));
      case SimEvent.FirmwareCalled e ->
          field == EventField.VALUE
              ? Value.count(e.result())
              : call(field, e.function(), e.arguments(), OptionalInt.of(e.result() < 0 ? 0 : 1));
      case SimEvent.GuestStopped e -> call(field, "", e.reason(), OptionalInt.of(e.ok() ? 1 : 0));
      case SimEvent.Printed e -> call(field, "", e.text(), OptionalInt.empty());
      case SimEvent.Edited e -> call(field, "", e.what(), OptionalInt.empty());
      case SimEvent.Withheld e -> call(field, "", e.words(), OptionalInt.empty());
      case SimEvent.UartByte e -> field == EventField.VALUE ? Value.address(e.value()) : null;
      case SimEvent.TimePassed e -> field == EventField.VALUE ? Value.count(e.ticks()) : null;
      default -> null;
    };
  }

  private static @Nullable Value call(EventField field, String name, String text, OptionalInt ok) {
    return switch (field) {
      case NAME -> name.isEmpty() ? null : new Value.Words(name);
      case TEXT -> new Value.Words(text);
      case OK -> EventField.count(ok);
      default -> null;
    };
  }

  private static @Nullable Value stored(EventField field, long pa, int size, long old, long value) {
    return switch (field) {
      case ADDRESS -> Value.address(pa);
      case SIZE -> Value.count(size);
      case OLD -> Value.address(old);
      case VALUE -> Value.address(value);
      default -> null;
    };
  }

  private static @Nullable Value pages(EventField field, long pa, long bytes) {
    return switch (field) {
      case ADDRESS -> Value.address(pa);
      case SIZE -> Value.count(bytes);
      default -> null;
    };
  }

  private static @Nullable Value taken(EventField field, SimEvent.ExceptionTaken e) {
    Translation.Fault fault = e.fault().orElse(null);
    return switch (field) {
      case EL -> Value.count(e.fromEl());
      case TO -> Value.count(e.toEl());
      case PC -> Value.address(e.elr());
      case FAR -> fault != null ? Value.address(e.far()) : null;
      case IPA -> fault == null || fault.stage() != 2 ? null : Value.address(ipa(fault, e));
      case STAGE -> fault == null ? null : Value.count(fault.stage());
      case S1PTW -> fault == null ? null : Value.truth(fault.onStage1Walk());
      case WRITE -> fault == null ? null : Value.truth(fault.asWrite() || isWrite(e.cause()));
      default -> null;
    };
  }

  private static long ipa(Translation.Fault fault, SimEvent.ExceptionTaken e) {
    Translation cause = e.cause();
    return fault.ipa() == 0 && cause != null ? cause.input() : fault.ipa();
  }

  private static boolean isWrite(@Nullable Translation walk) {
    return walk != null && walk.access().kind() == Access.Kind.WRITE;
  }

  private static @Nullable Value walk(EventField field, SimEvent.Translated e) {
    Translation walk = e.translation();
    return switch (field) {
      case PC -> Value.address(e.pc());
      case FAR -> walk.stage() == 1 ? Value.address(walk.input()) : null;
      case IPA -> walk.lastStage2().map(w -> (Value) Value.address(w.input())).orElse(null);
      case STAGE ->
          Value.count(walk.outcome() instanceof Translation.Fault f ? f.stage() : walk.stage());
      case WRITE -> Value.truth(isWrite(walk));
      case READS -> Value.count(walk.reads());
      case ADDRESS ->
          walk.outcome() instanceof Translation.Output o ? Value.address(o.address()) : null;
      case OK -> Value.truth(walk.outcome() instanceof Translation.Output);
      default -> null;
    };
  }

  private static @Nullable Value recorded(EventField field, SimEvent.Recorded e) {
    return switch (field) {
      case NAME -> new Value.Words(e.name());
      case TEXT -> new Value.Words(e.text());
      case FAR -> EventField.address(e.far(), -1);
      case IPA -> EventField.address(e.ipa(), -1);
      case PC -> EventField.address(e.pc(), -1);
      case CPU -> EventField.count(e.cpu());
      case THREAD -> EventField.count(e.thread());
      case TO -> e.exit() ? Value.count(e.level()) : null;
      default -> null;
    };
  }

  private static Value range(SimEvent.TlbInvalidated e) {
    return Value.address(e.scope().first());
  }

  private static OptionalInt known(int number) {
    return number < 0 ? OptionalInt.empty() : OptionalInt.of(number);
  }
}
