package dev.stagewalk.app;

import dev.stagewalk.session.Place;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.time.Branch;
import dev.stagewalk.time.Mark;
import java.util.function.Consumer;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignP;

/** The branches and the marks of a run, to be gone to; a mark also to be renamed or removed. */
final class Waypoints extends VBox {
  private final Consumer<Place> chosen;
  private final Consumer<Mark> edited;

  /**
   * @param edited told the mark whose note is to change
   */
  Waypoints(Snapshot now, Consumer<Place> chosen, Consumer<Mark> edited) {
    this.chosen = chosen;
    this.edited = edited;
    getStyleClass().add("waypoints");
    VBox rows = new VBox();
    rows.getStyleClass().add("waypoints");
    if (now.branches().count() > 1) {
      rows.getChildren().add(heading("Branches"));
      for (Branch branch : now.branches().all()) {
        rows.getChildren().add(branch(branch, branch.number() == now.moment().branch()));
      }
    }
    if (!now.marks().isEmpty()) {
      rows.getChildren().add(heading("Marks"));
      for (int i = 0; i < now.marks().size(); i++) {
        rows.getChildren().add(mark(now.marks().get(i), i + 1));
      }
    }
    if (rows.getChildren().size() > 10) {
      ScrollPane scroll = new ScrollPane(rows);
      scroll.setFitToWidth(true);
      scroll.getStyleClass().add("waypoints-scroll");
      getChildren().add(scroll);
    } else {
      getChildren().setAll(rows);
    }
    boolean any = !rows.getChildren().isEmpty();
    setManaged(any);
    setVisible(any);
  }

  private static Label heading(String words) {
    Label label = new Label(words);
    label.getStyleClass().add("small-heading");
    return label;
  }

  /** What tells a branch from others, for a list. */
  static String words(Branch branch) {
    String edit =
        branch.words().isEmpty()
            ? branch.number() == 1 ? "the run as it began" : "as it went on"
            : branch.words();
    String from = branch.parent() == 0 ? "" : " · from " + branch.parting();
    return branch.number() + "   " + edit + from + " · to " + branch.end();
  }

  private Button branch(Branch branch, boolean present) {
    Button go = row(words(branch).replaceFirst("   ", present ? "   here: " : "   "));
    go.setId("branch-" + branch.number());
    if (present) {
      go.getStyleClass().add("strong");
    }
    go.setOnAction(_ -> chosen.accept(new Place.OfBranch(branch.number())));
    return go;
  }

  private HBox mark(Mark mark, int number) {
    String note = mark.note().isEmpty() ? "" : mark.note() + " · ";
    Button go = row(number + "   " + note + mark.moment());
    go.setId("go-mark-" + number);
    go.setOnAction(_ -> chosen.accept(new Place.NumberedMark(number)));
    Button edit = new Button("", new FontIcon(MaterialDesignP.PENCIL_OUTLINE));
    edit.setId("edit-mark-" + number);
    edit.getStyleClass().addAll("flat", "small");
    edit.setTooltip(new Tooltip("Change its note, or remove it"));
    edit.setAccessibleText("Change or remove mark " + number);
    edit.setOnAction(_ -> edited.accept(mark));
    HBox.setHgrow(go, Priority.ALWAYS);
    return new HBox(go, edit);
  }

  private static Button row(String words) {
    Button button = new Button(words);
    button.setMnemonicParsing(false);
    button.getStyleClass().addAll("flat", "waypoint");
    button.setMaxWidth(Double.MAX_VALUE);
    return button;
  }
}
