package dev.stagewalk.app;

import static dev.stagewalk.app.WindowAction.Group.INJECT;

import dev.stagewalk.session.Answer;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Snapshot;
import java.util.Locale;
import org.kordamp.ikonli.materialdesign2.MaterialDesignC;
import org.kordamp.ikonli.materialdesign2.MaterialDesignF;
import org.kordamp.ikonli.materialdesign2.MaterialDesignM;
import org.kordamp.ikonli.materialdesign2.MaterialDesignR;
import org.kordamp.ikonli.materialdesign2.MaterialDesignU;

/** What one does to the machine: the menu Inject. */
final class InjectActions {
  private final ActionList list;
  private final WindowCommands window;

  private InjectActions(ActionList list, WindowCommands window) {
    this.list = list;
    this.window = window;
  }

  static void addTo(ActionList list, WindowCommands window) {
    InjectActions actions = new InjectActions(list, window);
    actions.injecting();
  }

  private void injecting() {
    list.line();
    list.add(
        INJECT,
        "unmap-here",
        "Unmap the page at the selection",
        "Unmap here",
        "U",
        MaterialDesignC.CONTENT_CUT,
        Enabled::hasHypervisor,
        () -> window.edits().unmapAtSelection());
    list.add(
        INJECT,
        "unmap",
        "Unmap a page, a block or a range…",
        "Unmap…",
        "Shift+U",
        MaterialDesignC.CONTENT_CUT,
        Enabled::hasHypervisor,
        () -> window.edits().unmap());
    list.add(
        INJECT,
        "map-here",
        "Map a fresh page at the selection",
        "Map here",
        "",
        MaterialDesignM.MAP_PLUS,
        Enabled::hasHypervisor,
        () -> window.edits().mapAtSelection());
    list.line();
    for (InjectionKind kind : InjectionKind.values()) {
      list.add(
          INJECT,
          kind.id(),
          kind.title(),
          kind.brief(),
          kind.key(),
          kind.icon(),
          kind.enabled(Enabled::canGoOn),
          () -> window.edits().inject(kind));
    }
    list.line();
    for (Answer answer : Answer.values()) {
      list.command(
          INJECT,
          "answer-" + answer.name().toLowerCase(Locale.ROOT),
          "At this exit: " + answer.words(),
          answer.words(),
          "",
          MaterialDesignF.FLASH,
          s -> s.state() == RunState.AT_EXIT && Enabled.hasHypervisor(s),
          new Command.AnswerExit(answer));
    }
    list.line();
    list.command(
        INJECT,
        "undo",
        "Undo your last edit",
        "Undo",
        "Ctrl+Z",
        MaterialDesignU.UNDO,
        Snapshot::canUndo,
        new Command.Undo());
    list.command(
        INJECT,
        "redo",
        "Redo it",
        "Redo",
        "Ctrl+Y",
        MaterialDesignR.REDO,
        Snapshot::canRedo,
        new Command.Redo());
  }
}
