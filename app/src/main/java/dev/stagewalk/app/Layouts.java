package dev.stagewalk.app;

import dev.stagewalk.views.Look;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleConsumer;
import javafx.beans.value.ChangeListener;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.control.SplitPane;
import javafx.scene.layout.StackPane;
import org.jspecify.annotations.Nullable;

/** Puts the frames into split panes, as an arrangement wants them, and one of them alone. */
final class Layouts {
  /** Part of the height that a frame gets which opens for the first time. */
  private static final double OPENED = 0.38;

  /** Part of the height that a lesson's card gets. */
  private static final double LESSON = 0.62;

  private final Panes panes;
  private final Look look;
  private final StackPane place = new StackPane();
  private Node arranged = new StackPane();
  private Arrangement arrangement = Arrangement.DEBUG;
  private boolean onProjector;
  private @Nullable PaneFrame alone;
  private final Map<PaneFrame, double[]> heights = new HashMap<>();
  private final Set<PaneFrame> placed = new HashSet<>();

  Layouts(Panes panes, Look look) {
    this.panes = panes;
    this.look = look;
    place.getStyleClass().add("panes");
    place.setMinSize(0, 0);
    for (PaneFrame frame : panes.all()) {
      frame
          .foldedProperty()
          .addListener((_, _, folded) -> {
            if (folded) {
              remember(frame);
            } else {
              giveRoom(frame);
            }
          });
    }
  }

  /** Keeps the height that a frame has, for when it opens again. */
  private void remember(PaneFrame frame) {
    SplitPane split = splitPaneOf(frame);
    if (split != null && split.getOrientation() == Orientation.VERTICAL) {
      heights.put(frame, split.getDividerPositions());
    }
  }

  /** A frame that was only its header must be given room, or its view has that height too. */
  private void giveRoom(PaneFrame frame) {
    SplitPane split = splitPaneOf(frame);
    double[] before = heights.remove(frame);
    if (split == null || split.getOrientation() != Orientation.VERTICAL) {
      return;
    }
    if (before != null && before.length == split.getDividers().size()) {
      split.setDividerPositions(before);
    } else if (split.getItems().size() == 2) {
      boolean lower = split.getItems().getLast() == frame;
      split.setDividerPositions(lower ? 1 - OPENED : OPENED);
    }
  }

  Node node() {
    return place;
  }

  Arrangement arrangement() {
    return arrangement;
  }

  /** Whether a frame has a place in the window now; it need not have been drawn yet. */
  boolean isVisible(PaneFrame frame) {
    return alone == null ? placed.contains(frame) : alone == frame;
  }

  /** The frame that fills the window, if one does. */
  @Nullable PaneFrame alone() {
    return alone;
  }

  /** Whether the Teach arrangement leaves out all but the walk and what is said about it. */
  void onProjector(boolean on) {
    onProjector = on;
  }

  /** Puts every pane where the arrangement has it, opens and folds as it says. */
  void arrange(Arrangement wanted) {
    arrangement = wanted;
    alone = null;
    placed.clear();
    detachAll();
    heights.clear();
    panes.all().forEach(frame -> frame.foldedProperty().set(false));
    arranged =
        switch (wanted) {
          case DEBUG -> debug();
          case TEACH -> onProjector ? projected() : teach();
          case REPLAY -> replay();
        };
    place.getChildren().setAll(arranged);
  }

  private Node debug() {
    SplitPane left = horizontal(panes.code(), panes.walk());
    SplitPane all =
        horizontal(
            vertical(0.645, left, panes.log()), vertical(0.56, panes.registers(), panes.explain()));
    onceWide(
        all,
        width -> {
          double right = Math.max(0.188 * width, 21 * look.em());
          double code = Math.max(0.18 * width, 18.8 * look.em());
          all.setDividerPositions(1 - right / width);
          left.setDividerPositions(code / (width - right));
        });
    return all;
  }

  /** The run as a list: one goes through it, and the walk and the words follow. */
  private Node replay() {
    SplitPane right = vertical(0.5, panes.explain(), panes.registers());
    SplitPane all = horizontal(vertical(0.5, panes.log(), panes.walk()), right);
    onceWide(
        all, width -> all.setDividerPositions(1 - Math.max(0.2 * width, 20.3 * look.em()) / width));
    return all;
  }

  /** The walk large and what is said about it: what the last row of a hall can still follow. */
  private Node projected() {
    panes.log().foldedProperty().set(true);
    SplitPane middle = vertical(0.8, panes.walk(), panes.log());
    SplitPane right =
        panes.card().isPresent()
            ? vertical(panes.lessonOpen() ? LESSON : 0.35, panes.card().get(), panes.explain())
            : vertical(1, panes.explain());
    SplitPane all = horizontal(middle, right);
    all.setDividerPositions(0.7);
    return all;
  }

  private Node teach() {
    panes.log().foldedProperty().set(true);
    SplitPane left =
        panes.card().isPresent()
            ? vertical(panes.lessonOpen() ? LESSON : 0.3, panes.card().get(), panes.code())
            : vertical(1, panes.code());
    SplitPane middle = vertical(0.8, panes.walk(), panes.log());
    SplitPane right =
        panes.explainOpen()
            ? vertical(0.42, panes.registers(), panes.explain())
            : vertical(1, panes.registers());
    SplitPane all = horizontal(left, middle, right);
    onceWide(
        all,
        width -> {
          double side = Math.max(0.21 * width, 21 * look.em());
          all.setDividerPositions(side / width, 1 - side / width);
        });
    return all;
  }

  /** Lets one frame fill the window, or puts it back. */
  void toggleAlone(PaneFrame frame) {
    if (alone == null) {
      alone = frame;
      // The split pane keeps its place by a stand-in while the frame is away.
      StackPane standIn = new StackPane();
      standIn.setId("stand-in");
      replace(frame, standIn);
      frame.foldedProperty().set(false);
      place.getChildren().setAll(frame);
    } else {
      PaneFrame back = alone;
      alone = null;
      place.getChildren().setAll(arranged);
      Node standIn = place.lookup("#stand-in");
      if (standIn == null || !replace(standIn, back)) {
        arrange(arrangement);
      }
    }
  }

  private static boolean replace(Node old, Node now) {
    SplitPane parent = splitPaneOf(old);
    if (parent == null) {
      return false;
    }
    double[] dividers = parent.getDividerPositions();
    parent.getItems().set(parent.getItems().indexOf(old), now);
    parent.setDividerPositions(dividers);
    return true;
  }

  private static @Nullable SplitPane splitPaneOf(Node node) {
    Node parent = node.getParent();
    while (parent != null && !(parent instanceof SplitPane)) {
      parent = parent.getParent();
    }
    return (SplitPane) parent;
  }

  private void detachAll() {
    for (PaneFrame frame : panes.all()) {
      SplitPane parent = splitPaneOf(frame);
      if (parent != null) {
        parent.getItems().remove(frame);
      } else {
        place.getChildren().remove(frame);
      }
    }
  }

  private void place(Node... items) {
    for (Node item : items) {
      if (item instanceof PaneFrame frame) {
        placed.add(frame);
      }
    }
  }

  /** Sets dividers as soon as it is known how much room there is to divide. */
  private static void onceWide(SplitPane split, DoubleConsumer set) {
    split
        .widthProperty()
        .addListener(
            new ChangeListener<Number>() {
              @Override
              public void changed(
                  ObservableValue<? extends Number> width, Number before, Number now) {
                if (now.doubleValue() > 0) {
                  width.removeListener(this);
                  set.accept(now.doubleValue());
                }
              }
            });
  }

  private SplitPane horizontal(Node... items) {
    place(items);
    return new SplitPane(items);
  }

  private SplitPane vertical(double divider, Node... items) {
    place(items);
    SplitPane split = new SplitPane(items);
    split.setOrientation(Orientation.VERTICAL);
    split.setDividerPositions(divider);
    return split;
  }
}
