package dev.stagewalk.app;

import dev.stagewalk.views.Look;
import java.util.Objects;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.util.Duration;
import org.controlsfx.control.Notifications;
import org.controlsfx.control.PopOver;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignA;
import org.kordamp.ikonli.materialdesign2.MaterialDesignI;

/** Forms and messages that stand over the window for a while. */
final class Popups {
  private static final Duration LONG_ENOUGH_TO_READ = Duration.seconds(8);

  private final Look look;
  private @Nullable PopOver open;

  Popups(Look look) {
    this.look = look;
  }

  /** Shows a form below a node; another one that is open closes. Without a window nothing. */
  void show(Node anchor, Parent form) {
    close();
    if (!isOnScreen(anchor)) {
      return;
    }
    PopOver popOver = new PopOver(form);
    popOver.setArrowLocation(PopOver.ArrowLocation.TOP_CENTER);
    popOver.setDetachable(false);
    popOver.setAnimated(false);
    popOver.getRoot().getStylesheets().addAll(look.stylesheets());
    popOver
        .getRoot()
        .getStylesheets()
        .add(Objects.requireNonNull(Popups.class.getResource("window.css")).toExternalForm());
    popOver.show(anchor);
    Node border = popOver.getRoot().lookup(".border");
    if (border != null) {
      // Its own sheet, read last, would leave the arrow white.
      border.setStyle("-fx-fill: -sw-raised; -fx-stroke: -sw-line;");
    }
    open = popOver;
  }

  void close() {
    PopOver was = open;
    open = null;
    if (was != null) {
      was.hide();
    }
  }

  /** Says something in a corner of the window; what is said also stands in the status bar. */
  void tell(Parent owner, String words, boolean problem) {
    if (!isOnScreen(owner)) {
      return;
    }
    Notifications note =
        Notifications.create().owner(owner).text(words).hideAfter(LONG_ENOUGH_TO_READ);
    FontIcon icon =
        new FontIcon(problem ? MaterialDesignA.ALERT_OUTLINE : MaterialDesignI.INFORMATION_OUTLINE);
    icon.setIconSize((int) Math.rint(1.8 * look.em()));
    if (problem) {
      icon.getStyleClass().add("problem");
      note.title("Not done");
    }
    note.graphic(icon).show();
  }

  private static boolean isOnScreen(Node node) {
    return node.getScene() != null
        && node.getScene().getWindow() != null
        && node.getScene().getWindow().isShowing();
  }
}
