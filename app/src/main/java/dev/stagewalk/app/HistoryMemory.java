package dev.stagewalk.app;

import dev.stagewalk.session.Command;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.time.History;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.scene.Node;

/** How much memory going back may take in this window: remembered, shown, changed while it runs. */
final class HistoryMemory {
  private final Supplier<Snapshot> snapshot;
  private final Settings settings;
  private final Popups popups;
  private final Supplier<Node> anchor;
  private final Consumer<Command> submit;

  /**
   * @param anchor what the form stands below
   * @param submit is told what to do
   */
  HistoryMemory(
      Supplier<Snapshot> snapshot,
      Settings settings,
      Popups popups,
      Supplier<Node> anchor,
      Consumer<Command> submit) {
    this.snapshot = snapshot;
    this.settings = settings;
    this.popups = popups;
    this.anchor = anchor;
    this.submit = submit;
  }

  /** Begins with what was chosen last, as far as this start of the program affords it. */
  void begin() {
    long most = Runtime.getRuntime().maxMemory() / 2;
    settings
        .historyBudget()
        .ifPresent(bytes -> submit.accept(new Command.HistoryBudget(Math.min(bytes, most))));
  }

  void form() {
    popups.show(
        anchor.get(),
        new HistoryForm(
            snapshot.get(),
            chosen -> {
              popups.close();
              set(chosen);
            }));
  }

  /** Sets it, now and for later starts; the usual amount if empty. */
  void set(Optional<Long> bytes) {
    settings.historyBudget(bytes);
    submit.accept(new Command.HistoryBudget(bytes.orElse(History.usualBudget())));
  }
}
