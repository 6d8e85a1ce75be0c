package dev.stagewalk.ask;

import static java.util.Map.entry;

import dev.stagewalk.event.Event;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.SimEvent.ExceptionTaken;
import dev.stagewalk.event.Translation;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What has happened up to a moment: exits, faults, walks, and how many of each. */
final class EventFacts {
  static final Map<String, Function<Facts, Value>> NAMES =
      Map.ofEntries(
          entry("at_exit", f -> Value.truth(f.present().atExit())),
          entry("ended", f -> Value.truth(f.present().ended())),
          entry("at_fault", EventFacts::atFault),
          entry("exits", f -> Value.count(f.present().exitCount())),
          entry("events", f -> Value.count(f.present().eventCount())),
          entry("exceptions", f -> Value.count(f.count(ExceptionTaken.class::isInstance))),
          entry("faults", f -> Value.count(f.count(EventFacts::isFault))),
          entry("walks", f -> Value.count(f.count(SimEvent.Translated.class::isInstance))),
          entry("tlbis", f -> Value.count(f.count(SimEvent.TlbInvalidated.class::isInstance))),
          entry("barriers", f -> Value.count(f.count(SimEvent.BarrierCompleted.class::isInstance))),
          entry(
              "descriptor_stores",
              f -> Value.count(f.count(SimEvent.DescriptorStored.class::isInstance))),
          entry("allocations", f -> Value.count(f.count(SimEvent.Allocated.class::isInstance))),
          entry("exit.esr", f -> Value.address(exit(f).esr())),
          entry("exit.class", f -> Value.count(exit(f).exceptionClass())),
          entry("exit.far", f -> Value.address(exit(f).far())),
          entry("exit.hpfar", f -> Value.address(exit(f).hpfar())),
          entry("exit.hpfar_valid", f -> Value.truth(exit(f).hpfarValid())),
          entry("exit.pc", f -> Value.address(exit(f).elr())),
          entry("exit.event", f -> Value.count(exitEvent(f).number())),
          entry("fault.kind", f -> new Value.Words(fault(f).kind().words())),
          entry("fault.level", f -> Value.count(fault(f).level())),
          entry("fault.stage", f -> Value.count(fault(f).stage())),
          entry("fault.ipa", f -> Value.address(fault(f).ipa())),
          entry("fault.on_stage1_walk", f -> Value.truth(fault(f).onStage1Walk())),
          entry("fault.address", f -> Value.address(faulted(f).far())),
          entry("fault.el", f -> Value.count(faulted(f).toEl())),
          entry("fault.event", f -> Value.count(faultEvent(f).number())),
          entry("walk.reads", f -> Value.count(walk(f).reads())),
          entry("walk.lookups", f -> Value.count(walk(f).lookups().size())),
          entry("walk.stage1_reads", f -> Value.count(reads(walk(f), 1))),
          entry("walk.stage2_reads", f -> Value.count(reads(walk(f), 2))),
          entry("walk.input", f -> Value.address(walk(f).input())),
          entry("walk.ok", f -> Value.truth(walk(f).outcome() instanceof Translation.Output)),
          entry("walk.output", f -> Value.address(output(f).address())),
          entry("walk.level", f -> Value.count(output(f).level())),
          entry("walk.event", f -> Value.count(walkEvent(f).number())),
          entry("stop.reason", f -> new Value.Words(stop(f).reason())),
          entry("stop.ok", f -> Value.truth(stop(f).ok())),
          entry("exception.esr", f -> Value.address(exception(f).esr())),
          entry("exception.vector", f -> Value.count(exception(f).vector())),
          entry("exception.elr", f -> Value.address(exception(f).elr())),
          entry("exception.el", f -> Value.count(exception(f).toEl())),
          entry("store.address", f -> Value.address(store(f).pa())),
          entry("store.old", f -> Value.address(store(f).old())),
          entry("store.value", f -> Value.address(store(f).value())),
          entry("tlbi.operation", f -> new Value.Words(tlbi(f).operation())),
          entry("tlbi.vmid", f -> Value.count(tlbi(f).vmid())),
          entry("tlbi.removed", f -> Value.count(tlbi(f).removed())));

  private EventFacts() {}

  private static boolean isFault(SimEvent event) {
    return event instanceof ExceptionTaken taken && taken.fault().isPresent();
  }

  private static boolean isExit(SimEvent event) {
    return event instanceof ExceptionTaken taken && taken.toEl() == 2 && taken.fromEl() < 2;
  }

  private static Value atFault(Facts facts) {
    return Value.truth(facts.present().atExit() && isFault(exit(facts)));
  }

  static Event exitEvent(Facts facts) {
    return require(facts, EventFacts::isExit, "exit");
  }

  private static ExceptionTaken exit(Facts facts) {
    return (ExceptionTaken) exitEvent(facts).what();
  }

  static Event faultEvent(Facts facts) {
    return require(facts, EventFacts::isFault, "fault");
  }

  private static ExceptionTaken faulted(Facts facts) {
    return (ExceptionTaken) faultEvent(facts).what();
  }

  private static Translation.Fault fault(Facts facts) {
    return faulted(facts).fault().orElseThrow();
  }

  static Event walkEvent(Facts facts) {
    return require(facts, SimEvent.Translated.class::isInstance, "walk");
  }

  private static Translation walk(Facts facts) {
    return ((SimEvent.Translated) walkEvent(facts).what()).translation();
  }

  private static Translation.Output output(Facts facts) {
    if (walk(facts).outcome() instanceof Translation.Output output) {
      return output;
    }
    throw new IllegalArgumentException("the newest walk has no output: it was refused");
  }

  /** Descriptors of one stage that were read, the nested ones of stage 2 among them. */
  private static int reads(Translation walk, int stage) {
    int reads = 0;
    for (Lookup lookup : walk.lookups()) {
      reads += lookup.stage() == stage ? own(lookup) : 0;
      for (Lookup nested : lookup.nested()) {
        reads += nested.stage() == stage ? own(nested) : 0;
      }
    }
    return reads;
  }

  private static int own(Lookup lookup) {
    return lookup.held() || lookup.verdict() == Lookup.Verdict.UNREACHED ? 0 : 1;
  }

  private static SimEvent.GuestStopped stop(Facts facts) {
    return (SimEvent.GuestStopped) stopEvent(facts).what();
  }

  private static Event stopEvent(Facts facts) {
    return require(facts, SimEvent.GuestStopped.class::isInstance, "end of the run");
  }

  private static ExceptionTaken exception(Facts facts) {
    return (ExceptionTaken) exceptionEvent(facts).what();
  }

  private static Event exceptionEvent(Facts facts) {
    return require(facts, ExceptionTaken.class::isInstance, "exception");
  }

  private static Event failureEvent(Facts facts) {
    return require(
        facts,
        e -> e instanceof SimEvent.HostCallEnded ended && !ended.ok(),
        "function of the host that failed");
  }

  private static Event lineEvent(Facts facts) {
    return require(facts, SimEvent.Printed.class::isInstance, "line of the host");
  }

  private static SimEvent.DescriptorStored store(Facts facts) {
    return (SimEvent.DescriptorStored)
        require(facts, SimEvent.DescriptorStored.class::isInstance, "descriptor store").what();
  }

  static Event tlbiEvent(Facts facts) {
    return require(facts, SimEvent.TlbInvalidated.class::isInstance, "TLBI");
  }

  private static SimEvent.TlbInvalidated tlbi(Facts facts) {
    return (SimEvent.TlbInvalidated) tlbiEvent(facts).what();
  }

  private static Event require(
      Facts facts, java.util.function.Predicate<SimEvent> kind, String what) {
    return facts
        .newest(kind)
        .orElseThrow(
            () -> new IllegalArgumentException("there was no " + what + " up to this moment"));
  }

  /** Names of everything that can be selected as an event. */
  static final List<String> SELECTABLE =
      List.of("exit", "fault", "walk", "tlbi", "exception", "failure", "line", "stop");

  /** The newest event of a name of {@link #SELECTABLE}. */
  static Event selectable(Facts facts, String name) {
    return switch (name) {
      case "exit" -> exitEvent(facts);
      case "fault" -> faultEvent(facts);
      case "walk" -> walkEvent(facts);
      case "tlbi" -> tlbiEvent(facts);
      case "exception" -> exceptionEvent(facts);
      case "failure" -> failureEvent(facts);
      case "line" -> lineEvent(facts);
      case "stop" -> stopEvent(facts);
      default -> throw new IllegalArgumentException("there is no event '" + name + "'");
    };
  }
}
