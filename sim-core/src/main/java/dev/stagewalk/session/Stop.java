package dev.stagewalk.session;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.ask.EventFilter;
import dev.stagewalk.check.Finding;
import dev.stagewalk.check.FindingKind;
import java.util.Optional;

/** Where a breakpoint stops a run, whatever its condition. */
public sealed interface Stop {

  /** As it is typed. */
  String text();

  /** Whether it can be found in the record of events alone. */
  boolean asksEventAlone();

  /**
   * Before the instruction at an address is executed.
   *
   * @param address VA of the instruction
   * @param place the label or source line it was given by, as it was typed; empty for an address
   */
  record At(long address, String place) implements Stop {
    @Override
    public String text() {
      return "at " + (place.isEmpty() ? Hex.address(address) : place);
    }

    @Override
    public boolean asksEventAlone() {
      return false;
    }
  }

  /** Right after an event. */
  record On(EventFilter filter) implements Stop {
    @Override
    public String text() {
      return "on " + filter.text();
    }

    @Override
    public boolean asksEventAlone() {
      return filter.asksEventAlone();
    }
  }

  /**
   * Where something watched is accessed or changed: right after the micro-step that was it or came
   * next after it, otherwise after its instruction.
   *
   * @param target what that is in the machine; empty before it is set
   */
  record Watched(Watch watch, Optional<WatchTarget> target) implements Stop {
    @Override
    public String text() {
      return "watch " + watch.text();
    }

    @Override
    public boolean asksEventAlone() {
      return false;
    }
  }

  /**
   * Where a finding arises.
   *
   * @param kind which; empty for any
   */
  record Arises(Optional<FindingKind> kind) implements Stop {
    @Override
    public String text() {
      return "on finding" + kind.map(k -> " " + k.id()).orElse("");
    }

    @Override
    public boolean asksEventAlone() {
      return false;
    }

    /** Whether a finding is one of these. */
    boolean includes(Finding finding) {
      return kind.isEmpty() || kind.get() == finding.kind();
    }
  }
}
