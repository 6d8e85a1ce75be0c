package dev.stagewalk.views;

import dev.stagewalk.session.Snapshot;
import javafx.scene.Node;

/** The content of one pane. All methods belong to the JavaFX application thread. */
public interface View {

  /** What the tab says: "Table walk". */
  String title();

  /** The content; the same node each time. */
  Node node();

  /**
   * What stands at the right end of the pane's header, such as "VMID 1 · follow guest"; the same
   * node each time. A view that has nothing to say there returns an empty, unmanaged node.
   */
  Node header();

  /**
   * Shows a moment. Called once a pulse with the newest snapshot; does nothing for a version it
   * already shows.
   */
  void show(Snapshot snapshot);

  /**
   * What stands in its place while a recording of a real machine is open, whose source does not say
   * what this view shows; empty for a view that can show a recording.
   */
  default String unknownInRecordings() {
    return "A recording of a real machine does not say this.";
  }

  /**
   * What stands in its place while a dump of a real machine's memory is open, which does not say
   * what this view shows; empty for a view that can show a dump.
   */
  default String unknownInDumps() {
    return "A dump of memory is one instant of a real machine, and does not say this.";
  }

  /** What it shows, as text: for a screen reader and for "Copy as text". */
  String text();
}
