package dev.stagewalk.app;

import dev.stagewalk.session.Breakpoint;
import dev.stagewalk.session.BreakpointTexts;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.Snapshot;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Sets or removes the breakpoint on what has the focus: an instruction in the code, a class of trap
 * in the log, otherwise the PC.
 */
final class BreakpointToggle {
  private final Supplier<Snapshot> now;
  private final Panes panes;
  private final Consumer<Command> submit;
  private final Consumer<String> say;

  /**
   * @param submit does a command of the session
   * @param say tells the user what became of it
   */
  BreakpointToggle(
      Supplier<Snapshot> now, Panes panes, Consumer<Command> submit, Consumer<String> say) {
    this.now = now;
    this.panes = panes;
    this.submit = submit;
    this.say = say;
  }

  void toggle() {
    Snapshot snapshot = now.get();
    OptionalLong event = panes.focusedEvent();
    if (panes.focusedInstruction().isEmpty() && event.isPresent()) {
      toggleClass(BreakpointTexts.ofClass(snapshot.events().get(event.getAsLong())), snapshot);
      return;
    }
    long address = panes.focusedInstruction().orElse(snapshot.pe().pc());
    boolean on = snapshot.breakpointAt(address).isEmpty();
    submit.accept(new Command.Breakpoint(address, on));
    say.accept(
        (on ? "Breakpoint at " : "No breakpoint any more at ")
            + snapshot.program().names().shown(address));
  }

  private void toggleClass(String text, Snapshot snapshot) {
    Optional<Breakpoint> there =
        snapshot.breakpoints().stream().filter(b -> b.text().equals(text)).findFirst();
    submit.accept(
        there
            .<Command>map(b -> new Command.RemoveBreakpoint(b.number()))
            .orElseGet(() -> new Command.AddBreakpoint(text)));
    say.accept((there.isEmpty() ? "Breakpoint " : "No breakpoint any more ") + text);
  }
}
