package dev.stagewalk.views;

import dev.stagewalk.event.Event;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.session.TrapRow;
import dev.stagewalk.session.TrapRows;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableListBase;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.OverrunStyle;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;
import org.controlsfx.control.CheckComboBox;
import org.jspecify.annotations.Nullable;

/** Exits with their answers, host calls and the user's own doings, as a table. */
public final class TrapLogView implements View {
  private static final PseudoClass FUTURE = PseudoClass.getPseudoClass("future");
  private static final PseudoClass PRESENT = PseudoClass.getPseudoClass("present");

  /** The column that takes what width there is. */
  private static final String WORDS = "what";

  private static final String LANE = "by";
  private static final String NAME = "name";
  private static final String RESULT = "result";

  private static final String FROM = "from";
  private static final double FROM_EMS = 3.25;
  private static final String PC = "PC";
  private static final double PC_EMS = 7.7;
  private static final String SYMBOL = "symbol";
  private static final String INSTRUCTION = "instruction";
  private static final double SYMBOL_EMS = 9;

  /** Widths in em where a name of an address needs room that there is not. */
  private static final double LEAST_SYMBOL = 5.6;

  private static final double LEAST_NAME = 8.6;

  private static final double INSTRUCTION_EMS = 5.6;

  /** Width of the longest that is said of a fault, in em. */
  private static final double WORDS_EMS = 26.5;

  /** Width of the scroll bar and the borders, in em. */
  private static final double BESIDE_COLUMNS = 1.2;

  /** A table that has changed shows the wrong place until it has been laid out again. */
  private static final int PULSES_TO_SETTLE = 3;

  private final Look look;
  private final TrapLog log;
  private final SelectionModel selection;
  private final Actions actions;
  private final TimelineView timeline;
  private final TableView<Integer> table = new TableView<>();
  private final Rows rows = new Rows();
  private final VBox node = new VBox();
  private final TextField words = new TextField();
  private final CheckComboBox<TrapRows.Kind> kinds = new CheckComboBox<>();
  private final Label state = new Label();
  private final VcpuChoice vcpus = new VcpuChoice(this::onlyOf);
  private final HBox header = new HBox(words, vcpus.node(), kinds, state);
  private @Nullable Snapshot shown;
  private int present = -1;
  private long revision = -1;
  private int toReveal;
  private boolean quiet;

  /**
   * @param timeline stands above the table
   */
  public TrapLogView(
      Look look, TrapLog log, SelectionModel selection, Actions actions, TimelineView timeline) {
    this.timeline = timeline;
    this.look = look;
    this.log = log;
    this.selection = selection;
    this.actions = actions;
    table.setItems(rows);
    table.setId("trap-log");
    table.getStyleClass().addAll("dense", "log");
    table.setColumnResizePolicy(TableView.UNCONSTRAINED_RESIZE_POLICY);
    table.setPlaceholder(
        new Label("Exits, host calls and what you do are listed here. Press F5 to run."));
    column(look, "event", 3.5, true, w -> Long.toString(w.number()));
    column(
        look,
        INSTRUCTION,
        INSTRUCTION_EMS,
        true,
        w -> w.time().isEmpty() ? Numbers.grouped(w.instruction()) : w.time());
    lanes(look);
    column(look, NAME, 9.2, false, w -> w.times() > 1 ? w.name() + " ×" + w.times() : w.name());
    column(look, FROM, FROM_EMS, false, TrapRow::el);
    column(look, PC, PC_EMS, true, TrapRow::pc);
    column(look, SYMBOL, SYMBOL_EMS, true, TrapRow::symbol);
    column(look, WORDS, WORDS_EMS, false, TrapRow::words);
    column(look, RESULT, 14, false, TrapRow::result);
    table.setRowFactory(_ -> new LogRow());
    size(look);
    look.onChange(() -> {
      size(look);
      share(look);
    });
    table.widthProperty().addListener((_, _, _) -> share(look));
    VBox.setVgrow(table, Priority.ALWAYS);
    node.getChildren().addAll(timeline.node(), table);

    table
        .getSelectionModel()
        .selectedIndexProperty()
        .addListener((_, _, index) -> chosen(index.intValue()));
    table.setOnKeyPressed(e -> {
      if (e.getCode() == KeyCode.ENTER) {
        goThere();
        e.consume();
      }
    });
    words.setPromptText("filter: EC, IPA, PC, name…");
    words.setId("log-filter");
    words.getStyleClass().add("small");
    words.textProperty().addListener((_, _, _) -> filter());
    kinds.getItems().setAll(TrapRows.Kind.of(false));
    kinds.setConverter(new KindWords());
    kinds.getCheckModel().checkAll();
    kinds.setTitle("classes");
    kinds.setShowCheckedCount(true);
    kinds.getStyleClass().add("small");
    kinds
        .getCheckModel()
        .getCheckedItems()
        .addListener((ListChangeListener<TrapRows.Kind>) _ -> filter());
    state.getStyleClass().add("quiet");
    state.setMinWidth(Region.USE_PREF_SIZE);
    header.setAlignment(Pos.CENTER_RIGHT);
    header.getStyleClass().add("view-header");
    selection.onChange(this::follow);
    // A table cannot scroll while it is being laid out: the next pulse does it.
    table.heightProperty().addListener((_, _, _) -> toReveal = PULSES_TO_SETTLE);
  }

  /** How a kind is written in the list of kinds. */
  private static final class KindWords extends StringConverter<TrapRows.Kind> {
    @Override
    public String toString(TrapRows.Kind kind) {
      return kind == null ? "" : kind.words();
    }

    @Override
    public TrapRows.Kind fromString(String text) {
      return TrapRows.Kind.valueOf(text);
    }
  }

  @Override
  public String title() {
    return "Trap log";
  }

  @Override
  public Node node() {
    return node;
  }

  @Override
  public String unknownInRecordings() {
    return "";
  }

  @Override
  public String unknownInDumps() {
    return "A dump is one instant of a real machine: it has no events. A trace has.";
  }

  @Override
  public Node header() {
    return header;
  }

  @Override
  public String text() {
    return String.join("\n", log.lines());
  }

  @Override
  public void show(Snapshot snapshot) {
    timeline.show(snapshot);
    if (toReveal > 0) {
      toReveal--;
      revealPresent();
    }
    log.show(snapshot);
    Snapshot before = shown;
    if (before != null && before.version() == snapshot.version() && revision == log.revision()) {
      return;
    }
    shown = snapshot;
    offer(snapshot);
    if (before == null || !before.scenario().equals(snapshot.scenario())) {
      share(look);
    }
    boolean changed = revision != log.revision();
    if (changed) {
      revision = log.revision();
      refresh();
    }
    state.setText(log.state());
    int now = log.present();
    if (now != present || changed) {
      present = now;
      table.refresh();
      toReveal = PULSES_TO_SETTLE;
      revealPresent();
    }
  }

  /** Offers the classes and vCPUs that there are in what is shown. */
  private void offer(Snapshot snapshot) {
    List<TrapRows.Kind> there = TrapRows.Kind.of(snapshot.recording().isPresent());
    if (!kinds.getItems().equals(there)) {
      kinds.getCheckModel().clearChecks();
      kinds.getItems().setAll(there);
      kinds.getCheckModel().checkAll();
    }
    if (vcpus.show(snapshot)) {
      log.only(Set.of());
    }
  }

  private void onlyOf(Set<Integer> threads) {
    log.only(threads);
    state.setText(log.state());
    refresh();
  }

  private void revealPresent() {
    if (present >= 0) {
      table.scrollTo(Math.max(0, present - visibleRows() + 2));
    }
  }

  private int visibleRows() {
    double rowHeight = table.getFixedCellSize();
    return Math.max(2, (int) (table.getHeight() / rowHeight) - 1);
  }

  private void refresh() {
    quiet = true;
    rows.update();
    quiet = false;
    follow();
  }

  private void filter() {
    EnumSet<TrapRows.Kind> wanted = EnumSet.noneOf(TrapRows.Kind.class);
    wanted.addAll(kinds.getCheckModel().getCheckedItems());
    log.filter(wanted.isEmpty() ? Set.of(TrapRows.Kind.values()) : wanted, words.getText());
    state.setText(log.state());
    refresh();
  }

  /** The event of the selected row while this has the focus. */
  public OptionalLong focusedEvent() {
    int index = table.getSelectionModel().getSelectedIndex();
    return table.isFocused() && index >= 0 && index < log.size()
        ? OptionalLong.of(log.eventOf(index))
        : OptionalLong.empty();
  }

  private void chosen(int index) {
    Snapshot now = shown;
    if (quiet || now == null || index < 0 || index >= log.size()) {
      return;
    }
    Event event = now.events().get(log.eventOf(index));
    selection.select(Selection.of(event));
  }

  /** Selects the row of the selected event, without selecting anything anew. */
  private void follow() {
    quiet = true;
    int index =
        selection.selected().event().isPresent()
            ? log.indexOf(selection.selected().event().getAsLong())
            : -1;
    if (index < 0) {
      table.getSelectionModel().clearSelection();
    } else if (table.getSelectionModel().getSelectedIndex() != index) {
      table.getSelectionModel().clearAndSelect(index);
    }
    quiet = false;
  }

  private void goThere() {
    Snapshot now = shown;
    int index = table.getSelectionModel().getSelectedIndex();
    if (now != null && index >= 0 && index < log.size()) {
      actions.submit(new Command.GoTo(now.events().momentOf(log.eventOf(index))));
    }
  }

  /**
   * What is said gets the width that the other columns leave; names of repeated exits come next.
   */
  private void share(Look look) {
    boolean recording = shown != null && shown.recording().isPresent();
    boolean bare = shown != null && shown.scenario().bare() && !recording;
    titles(recording);
    double em = look.em();
    // "program" is longer than "guest", and no handler answers where no hypervisor runs.
    pref(LANE, (bare ? 6 : 4.6) * em);
    pref(RESULT, (recording ? 9.6 : bare ? 9 : 14) * em);
    pref(FROM, (recording ? 4.2 : FROM_EMS) * em);
    pref(INSTRUCTION, (recording ? 8.4 : INSTRUCTION_EMS) * em);
    pref(PC, (recording ? (table.getWidth() > 90 * em ? 13.6 : 10.9) : PC_EMS) * em);
    double name = recording ? 12 : 9.2;
    pref(NAME, name * em);
    pref(SYMBOL, SYMBOL_EMS * em);
    boolean named = shown != null && !shown.program().names().isEmpty();
    keep(SYMBOL, named);
    keep(INSTRUCTION, true);
    double rest = rest(em);
    if (named && rest < WORDS_EMS * em) {
      // The number of the event says when; where it happened is said by nothing else.
      keep(INSTRUCTION, false);
      pref(NAME, LEAST_NAME * em);
      double most = SYMBOL_EMS * em + rest(em) - WORDS_EMS * em;
      pref(SYMBOL, Math.clamp(most, LEAST_SYMBOL * em, SYMBOL_EMS * em));
      pref(NAME, LEAST_NAME * em + Math.clamp(rest(em) - WORDS_EMS * em, 0, 2.6 * em));
      pref(WORDS, Math.max(15 * em, rest(em)));
      return;
    }
    double spare = Math.clamp(rest - WORDS_EMS * em, 0, 2 * em);
    double left = Math.max(0, rest - spare - WORDS_EMS * em);
    // What a handler did is a sentence of its own.
    double told = bare || recording ? 0 : Math.min(left, 20 * em);
    double longer = named ? Math.clamp(left - told, 0, 6 * em) : 0;
    pref(NAME, name * em + spare);
    pref(SYMBOL, SYMBOL_EMS * em + longer);
    pref(RESULT, (recording ? 9.6 : bare ? 9 : 14) * em + told);
    pref(WORDS, Math.max(15 * em, rest - spare - told - longer));
  }

  /** A recording says a thread, times, and what its source calls the event. */
  private void titles(boolean recording) {
    for (TableColumn<Integer, ?> column : table.getColumns()) {
      String own = String.valueOf(column.getUserData());
      column.setText(
          !recording
              ? own
              : switch (own) {
                case INSTRUCTION -> "time";
                case FROM -> "thread";
                case RESULT -> "in the source";
                default -> own;
              });
    }
  }

  /** Width that what is said gets beside all other columns. */
  private double rest(double em) {
    double rest = table.getWidth() - BESIDE_COLUMNS * em;
    for (TableColumn<Integer, ?> column : table.getColumns()) {
      boolean counts = column.isVisible() && !WORDS.equals(column.getUserData());
      rest -= counts ? column.getPrefWidth() : 0;
    }
    return rest;
  }

  private void keep(String title, boolean on) {
    for (TableColumn<Integer, ?> column : table.getColumns()) {
      if (title.equals(column.getUserData()) && column.isVisible() != on) {
        column.setVisible(on);
      }
    }
  }

  private void pref(String title, double width) {
    for (TableColumn<Integer, ?> column : table.getColumns()) {
      if (title.equals(column.getUserData())) {
        column.setPrefWidth(width);
      }
    }
  }

  private void size(Look look) {
    table.setFixedCellSize(Math.rint(look.em() * 1.75));
    table.refresh();
  }

  private TableColumn<Integer, TrapRow> column(Look look, String title, double ems) {
    TableColumn<Integer, TrapRow> column = new TableColumn<>(title);
    column.setUserData(title);
    column.setSortable(false);
    column.setReorderable(false);
    column.setCellValueFactory(
        f -> new ReadOnlyObjectWrapper<>(f.getValue() < log.size() ? log.get(f.getValue()) : null));
    Runnable size =
        () -> {
          column.setMinWidth(look.em() * (title.equals(WORDS) ? 15 : 0.6 * ems));
          column.setPrefWidth(look.em() * ems);
        };
    size.run();
    look.onChange(size);
    table.getColumns().add(column);
    return column;
  }

  private void column(
      Look look, String title, double ems, boolean code, Function<TrapRow, String> text) {
    TableColumn<Integer, TrapRow> column = column(look, title, ems);
    column.setCellFactory(_ -> {
      TextCell cell = new TextCell(text);
      cell.getStyleClass().add("log-" + title);
      if (code) {
        cell.getStyleClass().add("code");
      }
      if (title.equals(SYMBOL) || title.equals(PC)) {
        // Both the name and the distance from it count.
        cell.setTextOverrun(OverrunStyle.CENTER_ELLIPSIS);
      }
      return cell;
    });
  }

  private void lanes(Look look) {
    TableColumn<Integer, TrapRow> column = column(look, LANE, 4.6);
    column.setCellFactory(_ -> new LaneCell());
  }

  private static final class TextCell extends TableCell<Integer, TrapRow> {
    /** More letters than the narrowest column shows. */
    private static final int LONG = 10;

    private final Function<TrapRow, String> words;
    private final Tooltip tip = new Tooltip();

    TextCell(Function<TrapRow, String> words) {
      this.words = words;
    }

    @Override
    protected void updateItem(@Nullable TrapRow item, boolean empty) {
      super.updateItem(item, empty);
      String said = empty || item == null ? null : words.apply(item);
      setText(said);
      // What is long may be cut.
      boolean isLong = said != null && said.length() > LONG;
      tip.setText(said);
      setTooltip(isLong ? tip : null);
    }
  }

  private static final class LaneCell extends TableCell<Integer, TrapRow> {
    private final Label pill = new Label();

    LaneCell() {
      pill.setMinWidth(USE_PREF_SIZE);
    }

    @Override
    protected void updateItem(@Nullable TrapRow item, boolean empty) {
      super.updateItem(item, empty);
      if (empty || item == null) {
        setGraphic(null);
      } else {
        pill.setText(item.lane());
        pill.getStyleClass().setAll("pill", "pill-" + item.lane());
        setGraphic(pill);
      }
    }
  }

  private final class LogRow extends TableRow<Integer> {
    LogRow() {
      setOnMouseClicked(e -> {
        if (e.getClickCount() == 2 && !isEmpty()) {
          goThere();
        }
      });
      setOnMouseEntered(_ -> {
        Snapshot now = shown;
        if (!isEmpty() && now != null && getIndex() < log.size()) {
          selection.preview(Selection.of(now.events().get(log.eventOf(getIndex()))));
        }
      });
      setOnMouseExited(_ -> selection.preview(Selection.NONE));
    }

    @Override
    protected void updateItem(@Nullable Integer index, boolean empty) {
      super.updateItem(index, empty);
      int row = empty || index == null || index >= log.size() ? -1 : index;
      pseudoClassStateChanged(FUTURE, row >= 0 && log.isFuture(row));
      pseudoClassStateChanged(PRESENT, row >= 0 && row == present);
    }
  }

  /** The numbers 0 to size − 1, of which a table asks only those it draws. */
  private final class Rows extends ObservableListBase<Integer> {
    private int size;

    @Override
    public Integer get(int index) {
      return index;
    }

    @Override
    public int size() {
      return size;
    }

    void update() {
      int now = log.size();
      beginChange();
      if (now > size) {
        nextAdd(size, now);
        size = now;
      } else if (now < size) {
        List<Integer> gone = new ArrayList<>();
        for (int i = now; i < size; i++) {
          gone.add(i);
        }
        size = now;
        nextRemove(now, gone);
      }
      endChange();
    }
  }
}
