package dev.stagewalk.views;

import dev.stagewalk.session.Breakpoint;
import dev.stagewalk.session.BreakpointTexts;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.session.Stop;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/**
 * Where a run stops: breakpoints with their conditions and hits, and a line to type one into. A
 * mistake is said below that line, and the caret stands at its place.
 */
public final class BreakpointsView implements View {
  private static final PseudoClass HERE = PseudoClass.getPseudoClass("lit");
  private static final Pattern COLUMN = Pattern.compile("', column (\\d+): ");

  private final Actions actions;
  private final ObservableList<Breakpoint> rows = FXCollections.observableArrayList();
  private final TableView<Breakpoint> table = new TableView<>(rows);
  private final TextField input = new TextField();
  private final Label problem = new Label();
  private final Button add = button("Add", "Set this breakpoint (Enter)");
  private final Button previous =
      button("◀ Previous", "Back to where it last stopped (Shift+Enter)");
  private final Button next = button("Next ▶", "Run to where it stops next (Enter)");
  private final Button delete = button("Delete", "Delete this breakpoint (Delete)");
  private final VBox node = new VBox();
  private final Label header = new Label();
  private @Nullable Snapshot shown;

  public BreakpointsView(Look look, Actions actions) {
    this.actions = actions;
    input.setId("breakpoint-input");
    input.getStyleClass().addAll("code", "small");
    input.setPromptText("at LABEL · on exit ec=0x24 · on finding ID · … if x0 == 3");
    input.setTooltip(
        new Tooltip(
            "at LABEL, at 0x40080010, at FILE.s:12\n"
                + "on exit ec=0x24 level=3, on fault translation stage=2, on tlbi vmid=1\n"
                + "on finding stale-entry\n"
                + "watch write pa 0x48001000\n"
                + "each with: if EXPRESSION, such as x0 == 3 && [va x1] != 0"));
    input.setOnAction(_ -> add());
    input.textProperty().addListener((_, _, _) -> say(""));
    HBox.setHgrow(input, Priority.ALWAYS);
    problem.setId("breakpoint-problem");
    problem.setWrapText(true);
    problem.setMinHeight(Region.USE_PREF_SIZE);
    problem.getStyleClass().addAll("small", "finding-error");
    say("");
    add.setOnAction(_ -> add());
    previous.setOnAction(_ -> chosen().ifPresent(this::toPrevious));
    next.setOnAction(_ -> chosen().ifPresent(this::toNext));
    delete.setOnAction(_ -> chosen().ifPresent(this::delete));
    HBox line = new HBox(input, add, previous, next, delete);
    line.getStyleClass().add("breakpoint-line");
    table.setId("breakpoints-table");
    Tables.dress(table, look);
    addColumns(look);
    table.setRowFactory(_ -> new Row());
    Label empty =
        new Label("No breakpoints. F9 sets one at the focus or the PC; or type one above.");
    empty.setWrapText(true);
    empty.getStyleClass().add("muted");
    table.setPlaceholder(empty);
    table.setMinHeight(0);
    table.setOnKeyPressed(this::pressed);
    table.setContextMenu(menu());
    table.getSelectionModel().selectedItemProperty().addListener((_, _, _) -> enable());
    VBox.setVgrow(table, Priority.ALWAYS);
    node.getChildren().addAll(line, problem, table);
    node.getStyleClass().add("breakpoints");
    header.getStyleClass().addAll("muted", "small");
    enable();
  }

  private static Button button(String text, String tip) {
    Button button = new Button(text);
    button.getStyleClass().add("small");
    button.setMinWidth(Region.USE_PREF_SIZE);
    button.setTooltip(new Tooltip(tip));
    return button;
  }

  private void addColumns(Look look) {
    TableColumn<Breakpoint, Breakpoint> on =
        Tables.column(look, "on", 3.2, false, Breakpoint::enabled, _ -> "");
    on.setCellFactory(_ -> new OnCell());
    TableColumn<Breakpoint, Breakpoint> number =
        Tables.column(look, "no.", 3.2, false, Breakpoint::number, b -> "" + b.number());
    TableColumn<Breakpoint, Breakpoint> where =
        Tables.column(look, "stops", 20, true, b -> b.stop().text(), b -> b.stop().text());
    TableColumn<Breakpoint, Breakpoint> address =
        Tables.column(look, "instruction", 14, true, this::instruction, this::instruction);
    TableColumn<Breakpoint, Breakpoint> condition =
        Tables.column(look, "if", 13, true, BreakpointsView::condition, BreakpointsView::condition);
    TableColumn<Breakpoint, Breakpoint> hits =
        Tables.column(look, "hits", 3.8, false, Breakpoint::hits, b -> "" + b.hits());
    TableColumn<Breakpoint, Breakpoint> remark =
        Tables.column(look, "remark", 10, false, BreakpointsView::remark, BreakpointsView::remark);
    table.setColumnResizePolicy(TableView.UNCONSTRAINED_RESIZE_POLICY);
    List<TableColumn<Breakpoint, Breakpoint>> others =
        List.of(on, number, where, address, condition, hits);
    table.getColumns().addAll(others);
    table.getColumns().add(remark);
    Runnable widen =
        () -> {
          double taken = others.stream().mapToDouble(TableColumn::getPrefWidth).sum();
          double room = table.getWidth() - look.em() - taken;
          remark.setPrefWidth(Math.max(10 * look.em(), room));
        };
    table.widthProperty().addListener((_, _, _) -> widen.run());
    look.onChange(widen);
  }

  private static String condition(Breakpoint breakpoint) {
    return breakpoint.condition().map(c -> c.text()).orElse("");
  }

  private String instruction(Breakpoint breakpoint) {
    Snapshot now = shown;
    return breakpoint.stop() instanceof Stop.At at && now != null
        ? now.program().names().shown(at.address())
        : "";
  }

  private static String remark(Breakpoint breakpoint) {
    return breakpoint.here()
        ? "stands here"
        : breakpoint.trouble().isEmpty() ? "" : "cannot be told: " + breakpoint.trouble();
  }

  private ContextMenu menu() {
    MenuItem forth = new MenuItem("Run to its next stop");
    forth.setOnAction(_ -> chosen().ifPresent(this::toNext));
    MenuItem back = new MenuItem("Back to its previous stop");
    back.setOnAction(_ -> chosen().ifPresent(this::toPrevious));
    MenuItem toggle = new MenuItem("Enable or disable");
    toggle.setOnAction(_ -> chosen().ifPresent(this::toggle));
    MenuItem edit = new MenuItem("Type it anew");
    edit.setOnAction(_ -> chosen().ifPresent(this::edit));
    MenuItem remove = new MenuItem("Delete");
    remove.setOnAction(_ -> chosen().ifPresent(this::delete));
    MenuItem copy = new MenuItem("Copy as text");
    copy.setOnAction(_ -> actions.copy(text()));
    return new ContextMenu(
        forth, back, new SeparatorMenuItem(), toggle, edit, remove, new SeparatorMenuItem(), copy);
  }

  private void pressed(KeyEvent key) {
    Optional<Breakpoint> chosen = chosen();
    if (chosen.isEmpty()) {
      return;
    }
    switch (key.getCode()) {
      case DELETE, BACK_SPACE -> delete(chosen.get());
      case SPACE -> toggle(chosen.get());
      case ENTER -> {
        if (key.isShiftDown()) {
          toPrevious(chosen.get());
        } else {
          toNext(chosen.get());
        }
      }
      case KeyCode _ -> {
        return;
      }
    }
    key.consume();
  }

  private Optional<Breakpoint> chosen() {
    return Optional.ofNullable(table.getSelectionModel().getSelectedItem());
  }

  private void enable() {
    boolean none = chosen().isEmpty();
    previous.setDisable(none);
    next.setDisable(none);
    delete.setDisable(none);
  }

  /** Puts the focus where a breakpoint is typed. */
  public void type() {
    input.requestFocus();
    input.selectAll();
  }

  private void add() {
    Snapshot now = shown;
    String text = input.getText().strip();
    if (now == null || text.isEmpty()) {
      return;
    }
    Optional<String> wrong = BreakpointTexts.problem(text, now);
    if (wrong.isPresent()) {
      refuse(text, wrong.get());
      return;
    }
    actions.submit(new Command.AddBreakpoint(text));
    input.clear();
  }

  private void refuse(String text, String why) {
    input.setText(text);
    input.requestFocus();
    say(why);
    Matcher place = COLUMN.matcher(why);
    if (place.find()) {
      input.positionCaret(Integer.parseInt(place.group(1)) - 1);
    }
  }

  private void say(String why) {
    problem.setText(why);
    problem.setVisible(!why.isEmpty());
    problem.setManaged(!why.isEmpty());
  }

  private void edit(Breakpoint breakpoint) {
    delete(breakpoint);
    input.setText(breakpoint.text());
    type();
  }

  private void toNext(Breakpoint breakpoint) {
    actions.submit(new Command.NextBreakpoint(breakpoint.number()));
  }

  private void toPrevious(Breakpoint breakpoint) {
    actions.submit(new Command.PreviousBreakpoint(breakpoint.number()));
  }

  private void toggle(Breakpoint breakpoint) {
    actions.submit(new Command.EnableBreakpoint(breakpoint.number(), !breakpoint.enabled()));
  }

  private void delete(Breakpoint breakpoint) {
    actions.submit(new Command.RemoveBreakpoint(breakpoint.number()));
  }

  @Override
  public String title() {
    return "Breakpoints";
  }

  @Override
  public Node node() {
    return node;
  }

  @Override
  public Node header() {
    return header;
  }

  @Override
  public String unknownInRecordings() {
    return "";
  }

  @Override
  public void show(Snapshot snapshot) {
    Snapshot before = shown;
    if (before != null && before.version() == snapshot.version()) {
      return;
    }
    shown = snapshot;
    List<Breakpoint> now = snapshot.breakpoints();
    if (before == null || !now.equals(before.breakpoints())) {
      int number = chosen().map(Breakpoint::number).orElse(-1);
      rows.setAll(now);
      now.stream()
          .filter(b -> b.number() == number)
          .findFirst()
          .ifPresent(b -> table.getSelectionModel().select(b));
      enable();
    }
    long on = now.stream().filter(Breakpoint::enabled).count();
    header.setText(now.isEmpty() ? "" : on + " of " + now.size() + " on");
  }

  @Override
  public String text() {
    return rows.stream()
        .map(b -> (b.enabled() ? "" : "# ") + b.text() + (b.here() ? "   (stands here)" : ""))
        .collect(Collectors.joining("\n"));
  }

  /** The box that enables it. */
  private final class OnCell extends TableCell<Breakpoint, Breakpoint> {
    private final CheckBox box = new CheckBox();

    OnCell() {
      box.setFocusTraversable(false);
      box.setOnAction(_ -> {
        Breakpoint item = getItem();
        if (item != null) {
          toggle(item);
        }
      });
    }

    @Override
    protected void updateItem(@Nullable Breakpoint item, boolean empty) {
      super.updateItem(item, empty);
      setText(null);
      box.setSelected(item != null && item.enabled());
      setGraphic(empty || item == null ? null : box);
    }
  }

  private static final class Row extends TableRow<Breakpoint> {
    @Override
    protected void updateItem(@Nullable Breakpoint item, boolean empty) {
      super.updateItem(item, empty);
      pseudoClassStateChanged(HERE, !empty && item != null && item.here());
    }
  }
}
