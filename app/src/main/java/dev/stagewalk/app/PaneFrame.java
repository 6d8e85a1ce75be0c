package dev.stagewalk.app;

import dev.stagewalk.session.Snapshot;
import dev.stagewalk.views.View;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.css.PseudoClass;
import javafx.event.EventTarget;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Control;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignC;

/**
 * The frame around one or more views: a header with their titles as tabs, the view below it. It
 * folds to its header and fills the window on a double-click on the header.
 */
final class PaneFrame extends BorderPane {
  private static final PseudoClass FOLDED = PseudoClass.getPseudoClass("folded");

  private final String name;
  private final List<View> views;
  private final ToggleGroup tabs = new ToggleGroup();
  private final StackPane viewHeader = new StackPane();
  private final StackPane content = new StackPane();
  private final Button fold = new Button();
  private final Label unknown = new Label();
  private final HBox header = new HBox();
  private final BooleanProperty folded = new SimpleBooleanProperty(this, "folded");
  private View shown;
  private @Nullable Snapshot seen;

  /**
   * @param name for commands and tests: {@code walk}
   * @param views at least one; the first is shown
   * @param maximise told when the header is double-clicked
   */
  PaneFrame(String name, List<? extends View> views, Consumer<PaneFrame> maximise) {
    this.name = name;
    this.views = List.copyOf(views);
    setId("pane-" + name);
    getStyleClass().addAll("pane", "frame");
    HBox titles = new HBox();
    titles.getStyleClass().add("frame-tabs");
    for (View view : this.views) {
      titles.getChildren().add(this.views.size() == 1 ? plainTitle(view) : tab(view));
    }
    Region gap = new Region();
    HBox.setHgrow(gap, Priority.ALWAYS);
    fold.getStyleClass().addAll("flat", "frame-fold");
    fold.setGraphic(new FontIcon(MaterialDesignC.CHEVRON_UP));
    fold.setTooltip(new Tooltip("Fold this pane to its header, or open it"));
    fold.setFocusTraversable(false);
    fold.setOnAction(_ -> folded.set(!folded.get()));
    titles.setMinWidth(Region.USE_PREF_SIZE);
    header.getChildren().setAll(titles, gap, viewHeader, fold);
    header.setAlignment(Pos.CENTER_LEFT);
    header.getStyleClass().add("frame-header");
    header.setOnMouseClicked(e -> {
      if (e.getClickCount() % 2 == 0 && isPlain(e.getTarget())) {
        maximise.accept(this);
      }
    });
    setTop(header);
    setCenter(content);
    content.setMinSize(0, 0);
    shown = this.views.getFirst();
    unknown.getStyleClass().addAll("muted", "unknown-in-recording");
    unknown.setWrapText(true);
    unknown.setMaxSize(Double.MAX_VALUE, Double.MAX_VALUE);
    open(shown);
    folded.addListener((_, _, now) -> fold(now));
    setMinSize(0, 0);
  }

  /** Whether a click there is for the header itself and not for a control in it. */
  private boolean isPlain(EventTarget target) {
    Node node = target instanceof Node clicked ? clicked : null;
    while (node != null && node != header) {
      if (node instanceof Control && !(node instanceof Label)) {
        return node instanceof ToggleButton;
      }
      node = node.getParent();
    }
    return true;
  }

  private static Label plainTitle(View view) {
    Label title = new Label(view.title());
    title.getStyleClass().add("frame-title");
    return title;
  }

  private ToggleButton tab(View view) {
    ToggleButton tab = new ToggleButton(view.title());
    tab.setToggleGroup(tabs);
    tab.setUserData(view);
    tab.getStyleClass().add("frame-tab");
    tab.setId("tab-" + view.title().toLowerCase(java.util.Locale.ROOT).replace(' ', '-'));
    tab.setOnAction(_ -> {
      tab.setSelected(true);
      folded.set(false);
      open(view);
    });
    return tab;
  }

  String name() {
    return name;
  }

  List<View> views() {
    return views;
  }

  View shownView() {
    return shown;
  }

  BooleanProperty foldedProperty() {
    return folded;
  }

  /** The view of a title, whatever its case; empty if this frame has none. */
  Optional<View> view(String title) {
    return views.stream().filter(v -> v.title().equalsIgnoreCase(title)).findFirst();
  }

  /** Brings a view to the front. */
  void open(View view) {
    shown = view;
    Snapshot now = seen;
    unknown.setText(now == null ? "" : unknown(now, view));
    tabs.getToggles().stream()
        .filter(t -> t.getUserData() == view)
        .forEach(t -> t.setSelected(true));
    place();
    setAccessibleText(view.title());
  }

  /** Why a view has nothing to show of what a real machine left; empty if it has. */
  private static String unknown(Snapshot snapshot, View view) {
    if (snapshot.recording().isPresent()) {
      return view.unknownInRecordings();
    }
    return snapshot.dump().isPresent() ? view.unknownInDumps() : "";
  }

  /** Puts the view in its place, or the words that say why it has nothing to show. */
  private void place() {
    boolean silent = !unknown.getText().isEmpty();
    Node wanted = silent ? unknown : shown.node();
    if (!content.getChildren().equals(List.of(wanted))) {
      content.getChildren().setAll(wanted);
    }
    if (!viewHeader.getChildren().equals(List.of(shown.header()))) {
      viewHeader.getChildren().setAll(shown.header());
    }
    viewHeader.setVisible(!silent && !folded.get());
  }

  /** What the shown view shows, as text; also where that is only why it cannot. */
  String text() {
    return unknown.getText().isEmpty() ? shown.text() : unknown.getText();
  }

  /** Shows a moment, unless nothing of the view is to be seen. */
  void show(Snapshot snapshot) {
    if (folded.get()) {
      return;
    }
    seen = snapshot;
    unknown.setText(unknown(snapshot, shown));
    place();
    if (unknown.getText().isEmpty()) {
      shown.show(snapshot);
    }
  }

  private void fold(boolean now) {
    pseudoClassStateChanged(FOLDED, now);
    setCenter(now ? null : content);
    viewHeader.setVisible(!now && unknown.getText().isEmpty());
    fold.setGraphic(new FontIcon(now ? MaterialDesignC.CHEVRON_DOWN : MaterialDesignC.CHEVRON_UP));
    // In a split pane a folded frame is as high as its header and does not grow.
    setMaxHeight(now ? USE_PREF_SIZE : Double.MAX_VALUE);
    setMinHeight(now ? USE_PREF_SIZE : 0);
  }
}
