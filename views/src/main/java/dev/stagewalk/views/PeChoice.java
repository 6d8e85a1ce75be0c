package dev.stagewalk.views;

import dev.stagewalk.cpu.Activity;
import dev.stagewalk.session.PeState;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Snapshot;
import java.util.List;
import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.Region;

/**
 * Which PE a pane shows: the one that executes next, or one of them whatever happens. Seen only
 * where there are several.
 */
final class PeChoice {
  private static final int NEXT = 0;

  private final ComboBox<String> box = new ComboBox<>();
  private boolean filling;

  /**
   * @param changed called when the person chooses another
   */
  PeChoice(Runnable changed) {
    box.setId("pe-choice");
    box.getStyleClass().add("small");
    box.setAccessibleText("processing element shown");
    box.setTooltip(
        new Tooltip("Which PE is shown: the one that executes next, or always the same"));
    // It says the least that tells PEs apart: the list has the rest.
    box.setMinWidth(Region.USE_PREF_SIZE);
    box.setVisible(false);
    box.setManaged(false);
    box.setOnAction(_ -> {
      if (!filling) {
        changed.run();
      }
    });
  }

  Node node() {
    return box;
  }

  /** "PE 1 next · ", or empty where there is only one. */
  String text() {
    return box.isVisible() ? box.getValue() + " · " : "";
  }

  /** Number of the PE to show of a snapshot. */
  int of(Snapshot snapshot) {
    List<PeState> pes = snapshot.pes();
    int chosen = Math.max(NEXT, box.getSelectionModel().getSelectedIndex());
    if (chosen > pes.size()) {
      chosen = NEXT;
    }
    filling = true;
    box.getItems().setAll(pes.stream().map(PeChoice::words).toList());
    boolean ended = snapshot.state() == RunState.ENDED;
    box.getItems().addFirst("PE " + snapshot.pe().id() + (ended ? " (last)" : " (next)"));
    box.getSelectionModel().select(chosen);
    box.setVisible(pes.size() > 1);
    box.setManaged(pes.size() > 1);
    filling = false;
    return chosen == NEXT ? snapshot.pe().id() : chosen - 1;
  }

  private static String words(PeState pe) {
    return "PE " + pe.id() + (pe.activity() == Activity.RUNS ? "" : " " + pe.activity().words());
  }
}
