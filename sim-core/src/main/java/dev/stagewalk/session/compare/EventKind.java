package dev.stagewalk.session.compare;

import dev.stagewalk.event.SimEvent;

/** Kinds of events, as they are counted. */
public enum EventKind {
  EXITS("exit to EL2", "exits to EL2"),
  EXCEPTIONS("other exception", "other exceptions"),
  RETURNS("exception return", "exception returns"),
  WALKS("walk", "walks"),
  DESCRIPTORS("descriptor store", "descriptor stores"),
  TLBIS("TLBI", "TLBIs"),
  BARRIERS("barrier", "barriers"),
  REGISTERS("register write", "register writes"),
  HOST_CALLS("host call", "host calls"),
  ANSWERS("handler's answer", "handlers' answers"),
  ALLOCATIONS("page allocation or release", "page allocations and releases"),
  HOST_MEMORY("host store", "host stores"),
  CONTEXTS("context switch", "context switches"),
  OUTPUT("output", "outputs"),
  FIRMWARE("firmware call", "firmware calls"),
  TIME("passage of time", "passages of time"),
  ENDS("end", "ends"),
  YOURS("edit of yours", "edits of yours"),
  RECORDED("recorded event", "recorded events");

  private final String one;
  private final String many;

  EventKind(String one, String many) {
    this.one = one;
    this.many = many;
  }

  /** "TLBIs". */
  public String many() {
    return many;
  }

  /** "1 TLBI", "3 TLBIs". */
  public String words(long count) {
    return count + " " + (count == 1 ? one : many);
  }

  /** The kind of an event. */
  static EventKind of(SimEvent what) {
    return switch (what) {
      case SimEvent.ExceptionTaken e -> e.fromEl() < 2 && e.toEl() == 2 ? EXITS : EXCEPTIONS;
      case SimEvent.ExceptionReturned _ -> RETURNS;
      case SimEvent.Translated _ -> WALKS;
      case SimEvent.DescriptorStored _ -> DESCRIPTORS;
      case SimEvent.TlbInvalidated _ -> TLBIS;
      case SimEvent.BarrierCompleted _ -> BARRIERS;
      case SimEvent.RegisterWritten _ -> REGISTERS;
      case SimEvent.HostCallBegan _, SimEvent.HostCallEnded _ -> HOST_CALLS;
      case SimEvent.HandlerAnswered _ -> ANSWERS;
      case SimEvent.Allocated _, SimEvent.Freed _ -> ALLOCATIONS;
      case SimEvent.HostStored _, SimEvent.MemoryCleared _, SimEvent.MemoryCopied _ -> HOST_MEMORY;
      case SimEvent.ContextSaved _, SimEvent.ContextLoaded _ -> CONTEXTS;
      case SimEvent.Printed _, SimEvent.UartByte _ -> OUTPUT;
      case SimEvent.FirmwareCalled _ -> FIRMWARE;
      case SimEvent.TimePassed _ -> TIME;
      case SimEvent.GuestStopped _ -> ENDS;
      case SimEvent.Edited _, SimEvent.Withheld _ -> YOURS;
      case SimEvent.Recorded _ -> RECORDED;
    };
  }
}
