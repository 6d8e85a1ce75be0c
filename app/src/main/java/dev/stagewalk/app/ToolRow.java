package dev.stagewalk.app;

import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.views.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javafx.geometry.Orientation;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.Separator;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.text.Text;
import javafx.util.StringConverter;
import org.controlsfx.control.SearchableComboBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignF;

/**
 * The toolbar: which guest, which geometry, how to go through time, what to do to it, and where.
 */
final class ToolRow extends HBox {
  /** Width of what stands beside the title of a sample, in em. */
  private static final double SAMPLES_BESIDE = 3.6;

  private static final double LEAST_SAMPLES = 9;
  private static final double MOST_SAMPLES = 22;
  private static final double CUT_SAMPLES = 12;

  private final SearchableComboBox<Scenario> samples = new SearchableComboBox<>();
  private final MenuButton injections =
      new MenuButton("Inject", new FontIcon(MaterialDesignF.FLASH));
  private final Button geometry = new Button();
  private final ComboBox<Speed> speeds = new ComboBox<>();
  private final Button where = new Button();
  private final Tooltip whereTip = new Tooltip();
  private final List<ActionButton> buttons = new ArrayList<>();
  private final List<Label> hints = new ArrayList<>();
  private final List<Label> briefs = new ArrayList<>();
  private final Consumer<Scenario> openSample;
  private boolean showing;

  ToolRow(
      ActionTable actions,
      List<Scenario> all,
      Consumer<Scenario> openSample,
      Consumer<Node> geometryForm,
      Consumer<Speed> speed,
      Speed firstSpeed) {
    this.openSample = openSample;
    getStyleClass().add("tool-row");
    setAlignment(Pos.CENTER_LEFT);
    samples.setId("samples");
    samples.getItems().setAll(all);
    samples.setConverter(new SampleWords(all));
    samples.setTooltip(new Tooltip("The guest: choosing another restarts"));
    samples
        .getSelectionModel()
        .selectedItemProperty()
        .addListener((_, _, chosen) -> choose(chosen));
    geometry.setId("geometry");
    geometry.getStyleClass().add("drop-down");
    geometry.setTooltip(new Tooltip("Granule and input address size of stage 2"));
    geometry.setOnAction(_ -> geometryForm.accept(geometry));
    speeds.setId("speeds");
    speeds.getItems().setAll(Speed.values());
    speeds.setConverter(new SpeedWords());
    speeds.setValue(firstSpeed);
    speeds.setTooltip(new Tooltip("Instructions a second that a run shows"));
    speeds.setOnAction(_ -> speed.accept(speeds.getValue()));
    where.setId("where");
    where.getStyleClass().addAll("flat", "where");
    where.setTooltip(whereTip);
    WindowAction goTo = actions.get("go-to");
    where.setOnAction(_ -> goTo.run().run());
    where.setMinWidth(0);
    Region gap = new Region();
    setHgrow(gap, Priority.ALWAYS);
    getChildren()
        .addAll(
            samples,
            geometry,
            line(),
            button(actions.get("run"), true, true),
            button(actions.get("pause"), false, false),
            button(actions.get("step"), true, false),
            button(actions.get("walk-step"), true, false),
            button(actions.get("next-exit"), true, false),
            speeds,
            line(),
            button(actions.get("step-back"), true, false),
            button(actions.get("previous-exit"), true, false),
            line(),
            unmap(actions),
            inject(actions),
            gap,
            where);
    getChildren().stream()
        .filter(n -> n instanceof Button && n != where)
        .forEach(n -> ((Button) n).setMinWidth(Region.USE_PREF_SIZE));
  }

  /** What does not fit goes, in this order: keys, then words (icons have tooltips), then where. */
  @Override
  protected void layoutChildren() {
    fitSamples(MOST_SAMPLES);
    if (!fits(false, true, true)) {
      // What the buttons say is worth more than the end of a long title.
      fitSamples(CUT_SAMPLES);
      if (!fits(false, true, true)) {
        fitSamples(MOST_SAMPLES);
      }
    }
    boolean keys = fits(true, true, true);
    boolean words = keys || fits(false, true, true);
    boolean place = words || fits(false, false, true);
    hints.forEach(hint -> keep(hint, keys));
    briefs.forEach(brief -> keep(brief, words));
    keep(where, place);
    super.layoutChildren();
  }

  private boolean fits(boolean keys, boolean words, boolean place) {
    double wanted = snappedLeftInset() + snappedRightInset();
    for (Node child : getChildren()) {
      if (child == where && !place || !child.isManaged() && child == geometry) {
        continue;
      }
      wanted += getSpacing();
      if (child instanceof Button button && button.getGraphic() instanceof HBox content) {
        wanted += button.snappedLeftInset() + button.snappedRightInset();
        for (Node part : content.getChildren()) {
          boolean kept = hints.contains(part) ? keys : !briefs.contains(part) || words;
          wanted += kept ? part.prefWidth(-1) + content.getSpacing() : 0;
        }
      } else {
        wanted +=
            child == where ? Math.min(child.prefWidth(-1), leastWhere()) : child.prefWidth(-1);
      }
    }
    return wanted <= getWidth();
  }

  /** Width below which the place in time is not worth its room; it is cut before words are. */
  private double leastWhere() {
    return 16 * where.getFont().getSize();
  }

  private static void keep(Node node, boolean keep) {
    if (node.isManaged() != keep) {
      node.setManaged(keep);
      node.setVisible(keep);
    }
  }

  private static Separator line() {
    return new Separator(Orientation.VERTICAL);
  }

  private Button button(WindowAction action, boolean words, boolean accent) {
    Button button = new Button();
    button.setId("do-" + action.id());
    button.setFocusTraversable(false);
    FontIcon icon = new FontIcon(action.icon());
    if (words) {
      Label key = new Label(action.keyText().replace('+', ' '));
      key.getStyleClass().add("key-hint");
      key.setMinWidth(USE_PREF_SIZE);
      hints.add(key);
      Label brief = new Label(action.brief());
      brief.setMinWidth(USE_PREF_SIZE);
      briefs.add(brief);
      HBox content = new HBox(icon, brief, key);
      content.setAlignment(Pos.CENTER);
      content.getStyleClass().add("button-content");
      button.setGraphic(content);
    } else {
      button.setGraphic(icon);
    }
    if (accent) {
      button.getStyleClass().add("accent");
    }
    String key = action.keyText().isEmpty() ? "" : " (" + action.keyText() + ")";
    button.setTooltip(new Tooltip(action.title() + key));
    button.setAccessibleText(action.title());
    button.setOnAction(_ -> action.run().run());
    buttons.add(new ActionButton(button, action));
    return button;
  }

  private Button unmap(ActionTable actions) {
    Button button = button(actions.get("unmap-here"), true, false);
    WindowAction form = actions.get("unmap");
    button.setId("do-unmap");
    button.setTooltip(new Tooltip("Unmap a page, a block or a range (U: at the selection)"));
    ((Label) ((HBox) button.getGraphic()).getChildren().get(1)).setText(form.brief());
    button.setOnAction(_ -> form.run().run());
    return button;
  }

  private MenuButton inject(ActionTable actions) {
    MenuButton menu = injections;
    menu.setId("do-inject");
    menu.setFocusTraversable(false);
    menu.setMinWidth(Region.USE_PREF_SIZE);
    for (WindowAction action : actions.all()) {
      if (action.group() == WindowAction.Group.INJECT) {
        String key = action.keyText().isEmpty() ? "" : "   " + action.keyText();
        MenuItem item = new MenuItem(action.title() + key, new FontIcon(action.icon()));
        item.setUserData(action);
        item.setOnAction(_ -> action.run().run());
        menu.getItems().add(item);
      }
    }
    return menu;
  }

  /** Shows where the session is and what can be done now. */
  void show(Snapshot snapshot, boolean running) {
    showing = true;
    Scenario now = snapshot.scenario();
    if (samples.getValue() == null || !samples.getValue().name().equals(now.name())) {
      samples.getItems().stream()
          .filter(s -> s.name().equals(now.name()))
          .findFirst()
          .ifPresentOrElse(
              samples::setValue,
              () -> {
                if (!snapshot.isImported()) {
                  samples.getItems().add(now);
                }
                samples.setValue(now);
              });
    }
    showing = false;
    geometry.setText(GeometryForm.words(now));
    // A program at EL2 itself writes VTCR_EL2 as it likes.
    keep(geometry, !now.bare());
    long event = snapshot.eventCount() - 1;
    int branches = snapshot.branches().count();
    where.setText(
        (branches == 1 ? "" : "branch " + snapshot.moment().branch() + " · ")
            + (event < 0 ? "before event 0" : "event " + Numbers.grouped(event))
            + " · exit "
            + Numbers.grouped(snapshot.exitCount())
            + (snapshot.recording().isPresent() ? recordedTime(snapshot) : instruction(snapshot)));
    if (snapshot.dump().isPresent()) {
      where.setText("one instant");
    }
    whereTip.setText(
        "Moment "
            + snapshot.moment()
            + (branches == 1
                ? ""
                : ", branch "
                    + Waypoints.words(snapshot.branches().get(snapshot.moment().branch())))
            + "\nClick or Ctrl+G to go elsewhere"
            + (branches == 1 ? "" : ", or to another branch"));
    // Its keys say why nothing runs; a button that can be pressed would promise that it does.
    boolean instant = snapshot.dump().isPresent();
    for (ActionButton each : buttons) {
      boolean pause = each.action.id().equals("pause");
      boolean can = !instant && each.action.enabled().test(snapshot);
      each.button.setDisable(pause ? !running : running || !can);
    }
    speeds.setDisable(instant);
    injections.setDisable(snapshot.isImported());
  }

  private static String recordedTime(Snapshot snapshot) {
    long event = snapshot.eventCount() - 1;
    return snapshot
        .recording()
        .filter(recorded -> recorded.isTimed() && event >= 0)
        .map(recorded -> " · " + recorded.positionInWords(recorded.position(event)))
        .orElse("");
  }

  private static String instruction(Snapshot snapshot) {
    return " · instruction "
        + Numbers.grouped(snapshot.moment().instruction())
        + (snapshot.moment().micro() == 0 ? "" : "." + snapshot.moment().micro());
  }

  /** As wide as the title that is shown, within reason. */
  private void fitSamples(double most) {
    Scenario now = samples.getValue();
    if (now == null) {
      return;
    }
    double em = where.getFont().getSize();
    Text title = new Text(now.title());
    title.setFont(where.getFont());
    double width = title.getLayoutBounds().getWidth() + SAMPLES_BESIDE * em;
    double wanted = Math.rint(Math.clamp(width, LEAST_SAMPLES * em, most * em));
    if (samples.getPrefWidth() != wanted) {
      samples.setPrefWidth(wanted);
    }
  }

  /** Where a form that belongs to an action is best shown. */
  Node anchor(String id) {
    Node node = lookup("#do-" + id);
    return node == null ? where : node;
  }

  Node where() {
    return where;
  }

  private void choose(@Nullable Scenario chosen) {
    if (!showing && chosen != null) {
      openSample.accept(chosen);
    }
  }

  private record ActionButton(Button button, WindowAction action) {}

  /** A sample by its file name, as the code pane calls it. */
  private static final class SampleWords extends StringConverter<Scenario> {
    private final List<Scenario> all;

    SampleWords(List<Scenario> all) {
      this.all = all;
    }

    @Override
    public String toString(@Nullable Scenario sample) {
      return sample == null ? "" : sample.title();
    }

    @Override
    public @Nullable Scenario fromString(String text) {
      return all.stream().filter(s -> s.title().equals(text)).findFirst().orElse(null);
    }
  }

  private static final class SpeedWords extends StringConverter<Speed> {
    @Override
    public String toString(@Nullable Speed speed) {
      return speed == null ? "" : speed.words();
    }

    @Override
    public @Nullable Speed fromString(String text) {
      for (Speed speed : Speed.values()) {
        if (speed.words().equals(text)) {
          return speed;
        }
      }
      return null;
    }
  }
}
