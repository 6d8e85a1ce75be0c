package dev.stagewalk.app;

import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.trace.RecordedEvents;
import dev.stagewalk.views.Numbers;
import dev.stagewalk.views.ProgramCounter;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.Region;
import org.controlsfx.control.StatusBar;

/** The last row of the window: what the session does, and what was said last. */
final class StatusRow {
  private static final PseudoClass RUNNING = PseudoClass.getPseudoClass("running");
  private static final PseudoClass PROBLEM = PseudoClass.getPseudoClass("problem");

  private final StatusBar bar = new StatusBar();
  private final Label state = part("state");
  private final Label level = part("level");
  private final Label place = part("place");
  private final Label tlb = part("tlb");
  private final Label speed = part("speed");
  private final Label history = part("history");
  private final Label recording = part("recording");
  private final Label selected = part("selected");
  private final Label message = part("message");

  private String selectedWords = "";

  StatusRow() {
    bar.setText("");
    bar.getStyleClass().add("status-row");
    bar.getLeftItems().addAll(state, level, place, tlb, speed, history, recording, message);
    bar.getRightItems().add(selected);
    recording.pseudoClassStateChanged(PROBLEM, true);
    shown(recording, false);
    message.setMinWidth(0);
    selected.setMinWidth(0);
  }

  private static Label part(String name) {
    Label label = new Label();
    label.setId("status-" + name);
    label.getStyleClass().add("status-part");
    label.setMinWidth(Region.USE_PREF_SIZE);
    return label;
  }

  Node node() {
    return bar;
  }

  void show(Snapshot s) {
    state.setText("● " + s.status());
    state.pseudoClassStateChanged(RUNNING, s.state() == RunState.RUNNING);
    boolean imported = s.isImported();
    shown(level, !imported);
    shown(tlb, !imported);
    if (imported) {
      shown(place, false);
      shown(speed, false);
      showSelected();
      history.setText(
          s.recording()
              .map(StatusRow::recorded)
              .or(() -> s.dump().map(dump -> String.join(" · ", dump.memory().formats())))
              .orElse(""));
      return;
    }
    String pe = s.pes().size() > 1 ? "PE " + s.pe().id() + " · " : "";
    String who = s.scenario().bare() ? "" : s.pe().el() == 2 ? " host" : " guest";
    level.setText(pe + "EL" + s.pe().el() + who);
    String at = ProgramCounter.words(s);
    place.setText(at);
    shown(place, !at.isEmpty());
    showSelected();
    boolean running = s.state() == RunState.RUNNING;
    long stale = running ? 0 : s.checks().stale();
    int entries = s.tlb().size();
    String held = "TLB: " + entries + (entries == 1 ? " entry" : " entries");
    tlb.setText(running ? held : held + ", " + stale + " stale");
    tlb.pseudoClassStateChanged(PROBLEM, stale > 0);
    shown(speed, s.instructionsPerSecond() > 0);
    speed.setText(Numbers.scaled(s.instructionsPerSecond()) + " instr/s");
    history.setText(
        "history " + Numbers.grouped(s.end().instruction()) + " instr · " + HistorySize.used(s));
  }

  private static String recorded(RecordedEvents events) {
    long lost = events.trace().lost();
    long unread = events.trace().unread().count();
    return events.trace().name()
        + " · "
        + events.trace().kind().words().replaceFirst("^an? ", "")
        + " · "
        + Numbers.grouped(events.size())
        + (events.size() == 1 ? " event" : " events")
        + (events.trace().gaps().isEmpty()
            ? ""
            : " · "
                + (lost > 0 ? Numbers.grouped(lost) + " lost in " : "")
                + events.trace().gaps().size()
                + (events.trace().gaps().size() == 1 ? " gap" : " gaps"))
        + (unread == 0 ? "" : " · " + Numbers.grouped(unread) + " not understood");
  }

  /** Says that the run is being recorded; empty if it is not. */
  void recording(String words) {
    recording.setText(words);
    shown(recording, !words.isEmpty());
  }

  /** Says what is selected. */
  void selected(String words) {
    selectedWords = words;
    showSelected();
  }

  /** The instruction that comes next is not said twice. */
  private void showSelected() {
    String next = place.getText().replaceFirst("^PC ", " · instruction ");
    boolean twice = !place.getText().isEmpty() && selectedWords.endsWith(next);
    selected.setText(
        twice ? selectedWords.substring(0, selectedWords.length() - next.length()) : selectedWords);
  }

  /** Says something that stays until the next thing is said. */
  void say(String words, boolean problem) {
    message.setText(words);
    message.pseudoClassStateChanged(PROBLEM, problem);
    shown(message, !words.isEmpty());
  }

  private static void shown(Label label, boolean visible) {
    label.setVisible(visible);
    label.setManaged(visible);
  }
}
