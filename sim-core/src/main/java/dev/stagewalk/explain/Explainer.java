package dev.stagewalk.explain;

import dev.stagewalk.event.SimEvent;

/** Turns any event of a run into words. */
public final class Explainer {
  private Explainer() {}

  /** The event of a scene in words. */
  public static Explanation explain(Scene scene) {
    SimEvent what = scene.event().what();
    return switch (what) {
      case SimEvent.Translated e -> AbortStory.walk(scene, e);
      case SimEvent.ExceptionTaken e ->
          SyndromeEvidence.isAbort(e) ? AbortStory.taken(scene, e) : ExceptionStory.taken(scene, e);
      case SimEvent.ExceptionReturned e -> EventStory.returned(scene, e);
      case SimEvent.HostCallBegan e -> EventStory.callBegan(scene, e);
      case SimEvent.HostCallEnded e -> EventStory.callEnded(e);
      case SimEvent.DescriptorStored e -> EventStory.descriptor(scene, e);
      case SimEvent.RegisterWritten e -> EventStory.register(e);
      case SimEvent.TlbInvalidated e -> EventStory.tlbi(scene, e);
      case SimEvent.BarrierCompleted e -> EventStory.barrier(e);
      case SimEvent.HandlerAnswered e -> EventStory.answered(e);
      case SimEvent.GuestStopped e -> EventStory.stopped(scene, e);
      case SimEvent.Edited e -> EventStory.edited(scene, e);
      case SimEvent.Withheld e -> EventStory.withheld(e);
      case SimEvent.UartByte e -> EventStory.uart(e);
      case SimEvent.FirmwareCalled e -> BoardStory.firmware(e);
      case SimEvent.TimePassed e -> BoardStory.timePassed(e);
      case SimEvent.Recorded e -> RecordedStory.of(e);
      case SimEvent.ContextSaved _ -> EventStory.plain("Context saved", scene, what);
      case SimEvent.ContextLoaded _ -> EventStory.plain("Context loaded", scene, what);
      case SimEvent.Allocated _ -> EventStory.plain("Pages allocated", scene, what);
      case SimEvent.Freed _ -> EventStory.plain("Pages freed", scene, what);
      case SimEvent.HostStored _ -> EventStory.plain("Memory stored", scene, what);
      case SimEvent.MemoryCleared _ -> EventStory.plain("Memory cleared", scene, what);
      case SimEvent.MemoryCopied _ -> EventStory.plain("Memory copied", scene, what);
      case SimEvent.Printed _ -> EventStory.plain("Host output", scene, what);
    };
  }
}
