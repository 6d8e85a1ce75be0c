package dev.stagewalk.views;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The one selection of the window, and the preview that hovering shows for as long as it lasts. */
public final class SelectionModel {
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private Selection selected = Selection.NONE;
  private Selection preview = Selection.NONE;

  /** What was clicked last. */
  public Selection selected() {
    return selected;
  }

  /** What the mouse is over; {@link Selection#NONE} if nothing. */
  public Selection preview() {
    return preview;
  }

  /** What panes light: the preview if there is one, otherwise what is selected. */
  public Selection lit() {
    return preview.isEmpty() ? selected : preview;
  }

  public void select(Selection selection) {
    if (!selection.equals(selected)) {
      selected = selection;
      tell();
    }
  }

  public void preview(Selection selection) {
    if (!selection.equals(preview)) {
      preview = selection;
      tell();
    }
  }

  /** Adds a listener; it is told after each change. */
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  private void tell() {
    listeners.forEach(Runnable::run);
  }
}
