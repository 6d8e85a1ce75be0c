package dev.stagewalk.explain;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Size;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.SimEvent.DescriptorStored;
import java.util.ArrayList;
import java.util.List;

/** What the hypervisor did inside a call or an exit, a line a step, long runs of stores folded. */
final class HostSteps {
  private static final int LONGEST_PERIOD = 3;
  private static final int FOLDED_FROM = 4;

  private final Scene scene;
  private final List<String> lines = new ArrayList<>();
  private int depth;

  private HostSteps(Scene scene) {
    this.scene = scene;
  }

  static List<String> of(Scene scene) {
    HostSteps steps = new HostSteps(scene);
    List<SimEvent> events = scene.following();
    for (int i = 0; i < events.size(); ) {
      int run = runOfStores(events, i);
      int period = run > 2 ? 0 : periodAt(events, i);
      if (run > 2) {
        steps.add(folded(events, i, run));
        i += run;
      } else if (period > 0) {
        int times = repetitions(events, i, period);
        for (int k = 0; k < period; k++) {
          steps.one(events.get(i + k));
        }
        steps.add(
            (period == 1 ? "the same " : "these " + period + " again, ")
                + (times - 1)
                + " more times, for other addresses");
        i += period * times;
      } else {
        steps.one(events.get(i));
        i++;
      }
    }
    return steps.lines;
  }

  /** The shortest group of steps that begins here and comes at least four times; 0 if none. */
  private static int periodAt(List<SimEvent> events, int from) {
    for (int period = 1; period <= LONGEST_PERIOD; period++) {
      if (repetitions(events, from, period) >= FOLDED_FROM) {
        return period;
      }
    }
    return 0;
  }

  private static int repetitions(List<SimEvent> events, int from, int period) {
    int same = 0;
    while (from + same < events.size()
        && isRepeatable(events.get(from + same))
        && (same < period
            || events.get(from + same).getClass() == events.get(from + same - period).getClass())) {
      same++;
    }
    return same / period;
  }

  /** Housekeeping whose like differs in addresses only. */
  private static boolean isRepeatable(SimEvent event) {
    return event instanceof SimEvent.Allocated
        || event instanceof SimEvent.MemoryCleared
        || event instanceof SimEvent.HostStored
        || event instanceof SimEvent.Freed;
  }

  /** How many stores to adjoining entries begin here. */
  private static int runOfStores(List<SimEvent> events, int from) {
    int count = 0;
    while (from + count < events.size()
        && events.get(from + count) instanceof DescriptorStored now
        && (count == 0
            || events.get(from + count - 1) instanceof DescriptorStored before
                && now.pa() == before.pa() + 8)) {
      count++;
    }
    return count;
  }

  private static String folded(List<SimEvent> events, int from, int count) {
    if (events.get(from) instanceof DescriptorStored first
        && events.get(from + count - 1) instanceof DescriptorStored last) {
      return "store "
          + count
          + " descriptors at "
          + Hex.address(first.pa())
          + " to "
          + Hex.address(last.pa())
          + ": "
          + Wording.descriptor(first.value())
          + " to "
          + Wording.descriptor(last.value());
    }
    return "";
  }

  private void one(SimEvent event) {
    if (event instanceof SimEvent.HostCallEnded) {
      depth = Math.max(0, depth - 1);
    }
    add(line(event));
    if (event instanceof SimEvent.HostCallBegan) {
      depth++;
    }
  }

  private void add(String line) {
    if (!line.isEmpty()) {
      lines.add("  ".repeat(depth) + line);
    }
  }

  private String line(SimEvent event) {
    return line(scene, event);
  }

  /** One event as one line; empty for what is not the hypervisor's doing. */
  static String line(Scene scene, SimEvent event) {
    return switch (event) {
      case SimEvent.DescriptorStored e ->
          "store ["
              + Hex.address(e.pa())
              + "] = "
              + Wording.descriptor(e.value())
              + TablePlace.of(scene, e.pa())
                  .map(place -> ": " + place.words() + ", " + place.meaning(e.value()))
                  .orElse("")
              + (e.old() == 0 ? "" : "; before " + Wording.descriptor(e.old()));
      case SimEvent.HostStored e ->
          "store "
              + Wording.bytes(e.size())
              + " at "
              + Hex.address(e.pa())
              + " = "
              + Hex.plain(e.value());
      case SimEvent.MemoryCleared e ->
          "fill " + Size.words(e.bytes()) + " at " + Hex.address(e.pa()) + " with zeros";
      case SimEvent.MemoryCopied e ->
          "copy "
              + Size.words(e.bytes())
              + " from "
              + Hex.address(e.from())
              + " to "
              + Hex.address(e.to());
      case SimEvent.RegisterWritten e -> e.register() + " = " + Hex.full(e.value());
      case SimEvent.TlbInvalidated e ->
          "TLBI "
              + e.scope().title()
              + (e.scope().everyAddress()
                  ? e.vmid() < 0 ? "" : ", VMID " + e.vmid()
                  : ", " + e.scope().words())
              + ": "
              + Wording.entries(e.removed())
              + " removed";
      case SimEvent.BarrierCompleted e -> Wording.upper(e.text());
      case SimEvent.Allocated e ->
          e.pa() == 0
              ? "no memory left for " + (1 << e.order()) + " host pages"
              : "allocate "
                  + (e.order() == 0 ? "a host page" : (1 << e.order()) + " host pages")
                  + ": "
                  + Hex.address(e.pa());
      case SimEvent.Freed e ->
          "free " + Hex.address(e.pa()) + (e.remark().isEmpty() ? "" : " (" + e.remark() + ")");
      case SimEvent.Printed e -> "print \"" + e.text() + "\"";
      case SimEvent.HostCallBegan e ->
          e.name() + (e.arguments().isEmpty() ? "" : "(" + e.arguments() + ")");
      case SimEvent.HostCallEnded e ->
          e.name() + " returns" + (e.result().isEmpty() ? "" : ": " + e.result());
      case SimEvent.HandlerAnswered e ->
          e.handler() + " answers " + (e.resume() ? "RESUME" : "EXIT") + ": " + e.reason();
      case SimEvent.ContextSaved e -> "save the guest's registers at " + Hex.address(e.guest());
      case SimEvent.ContextLoaded e -> "load the guest's registers from " + Hex.address(e.guest());
      case SimEvent.ExceptionReturned e -> "ERET to EL" + e.toEl() + " at " + Hex.address(e.pc());
      case SimEvent.GuestStopped e -> "the guest runs no further: " + e.reason();
      case SimEvent.Translated _, SimEvent.ExceptionTaken _ -> "";
      case SimEvent.Withheld e -> e.instruction() + ": " + e.effect();
      case SimEvent.UartByte _, SimEvent.Edited _ -> "";
      case SimEvent.FirmwareCalled _, SimEvent.TimePassed _, SimEvent.Recorded _ -> "";
    };
  }
}
