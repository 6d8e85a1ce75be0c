package dev.stagewalk.views;

import dev.stagewalk.session.Command;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.session.compare.Comparison;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Function;
import java.util.stream.Collectors;
import javafx.application.Platform;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/**
 * Two moments side by side, of one branch or of two: what differs, one row each. A click selects
 * the register, entry or address; Enter goes to the event or shows the memory.
 */
public final class CompareView implements View {
  private static final PseudoClass HEADING = PseudoClass.getPseudoClass("heading");
  private static final PseudoClass LIT = PseudoClass.getPseudoClass("lit");

  private final SelectionModel selection;
  private final Actions actions;
  private final Executor worker;
  private final ObservableList<ComparedRow> rows = FXCollections.observableArrayList();
  private final TableView<ComparedRow> table = new TableView<>(rows);
  private final Label empty = new Label();
  private final Label what = new Label();
  private final Label first = new Label();
  private final Label second = new Label();
  private final VBox detail = new VBox(what, first, second);
  private final VBox box = new VBox(table, detail);
  private final Label moments = new Label();
  private final Button choose = new Button("Compare with…");
  private final HBox header = new HBox(moments, choose);
  private final TableColumn<ComparedRow, ComparedRow> firstColumn;
  private final TableColumn<ComparedRow, ComparedRow> secondColumn;
  private @Nullable Snapshot compared;
  private @Nullable String runTitle;

  /**
   * @param ask asks for the moment that this one is to be compared with
   */
  public CompareView(Look look, SelectionModel selection, Actions actions, Runnable ask) {
    this(look, selection, actions, ask, ForkJoinPool.commonPool());
  }

  /**
   * @param worker compares
   */
  CompareView(Look look, SelectionModel selection, Actions actions, Runnable ask, Executor worker) {
    this.selection = selection;
    this.actions = actions;
    this.worker = worker;
    table.setId("compare-table");
    Tables.dress(table, look);
    TableColumn<ComparedRow, ComparedRow> names = column("what", false, ComparedRow::what);
    firstColumn = column("first", true, ComparedRow::first);
    secondColumn = column("second", true, ComparedRow::second);
    table.getColumns().addAll(List.of(names, firstColumn, secondColumn));
    table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
    Runnable widths =
        () -> {
          double room = table.getWidth() - look.em();
          names.setPrefWidth(Math.max(14 * look.em(), 0.34 * room));
          firstColumn.setPrefWidth(0.33 * room);
          secondColumn.setPrefWidth(0.33 * room);
        };
    table.widthProperty().addListener((_, _, _) -> widths.run());
    look.onChange(widths);
    table.setRowFactory(_ -> new Line());
    empty.setId("compare-empty");
    Tables.choose(table, empty, this::choose, this::goThere, () -> actions.copy(text()));
    Tables.detail(detail, what, first, second);
    first.getStyleClass().add("code");
    second.getStyleClass().add("code");
    detail.setId("compare-detail");
    moments.setId("compare-moments");
    moments.getStyleClass().addAll("muted", "small");
    choose.setId("compare-choose");
    choose.getStyleClass().addAll("small", "flat");
    choose.setMinWidth(Region.USE_PREF_SIZE);
    choose.setOnAction(_ -> ask.run());
    header.setAlignment(Pos.CENTER_RIGHT);
    header.getStyleClass().add("view-header");
    selection.onChange(table::refresh);
    choose((ComparedRow) null);
    clear();
  }

  private static TableColumn<ComparedRow, ComparedRow> column(
      String title, boolean code, Function<ComparedRow, String> words) {
    TableColumn<ComparedRow, ComparedRow> column = new TableColumn<>(title);
    column.setSortable(false);
    column.setReorderable(false);
    column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(row.getValue()));
    column.setCellFactory(_ ->
        new TableCell<>() {
          @Override
          protected void updateItem(@Nullable ComparedRow row, boolean nothing) {
            super.updateItem(row, nothing);
            getStyleClass().remove("code");
            if (row != null && code && !row.heading()) {
              getStyleClass().add("code");
            }
            setText(row == null ? null : words.apply(row));
          }
        });
    return column;
  }

  private void clear() {
    compared = null;
    rows.clear();
    moments.setText("");
    firstColumn.setText("first");
    secondColumn.setText("second");
    empty.setText(
        "What differs between two moments is listed here: registers, tables and what they map,"
            + " memory, TLB, events. “Compare with…” asks for the moment or branch to compare this"
            + " moment with.");
  }

  /**
   * Compares two moments of a run and lists what differs, as soon as it is known.
   *
   * @return completed when it is listed
   */
  public CompletableFuture<Void> compare(Snapshot one, Snapshot other) {
    begin(one, other);
    empty.setText("Comparing " + one.moment() + " with " + other.moment() + "…");
    return CompletableFuture.supplyAsync(() -> Comparison.ofOneRun(one, other), worker)
        .thenAcceptAsync(
            found -> {
              // Another comparison may have been asked for since.
              if (compared == other) {
                list(one, other, found);
              }
            },
            Platform::runLater);
  }

  private void begin(Snapshot one, Snapshot other) {
    clear();
    compared = other;
    runTitle = other.scenario().title();
    moments.setText(one.moment() + " ↔ " + other.moment());
  }

  /** Lists what is known to differ between two moments. */
  public void list(Snapshot one, Snapshot other, Comparison found) {
    begin(one, other);
    firstColumn.setText("at " + one.moment());
    secondColumn.setText("at " + other.moment());
    if (found.isEqual()) {
      empty.setText("Nothing differs between " + one.moment() + " and " + other.moment() + ".");
    } else {
      rows.setAll(ComparedRow.of(found));
      table.scrollTo(0);
    }
  }

  @Override
  public String title() {
    return "Compare";
  }

  @Override
  public Node node() {
    return box;
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
  public String text() {
    return rows.isEmpty()
        ? empty.getText()
        : moments.getText()
            + "\n"
            + rows.stream().map(ComparedRow::text).collect(Collectors.joining("\n"));
  }

  /** A comparison stays while one goes on; that of another run is let go. */
  @Override
  public void show(Snapshot snapshot) {
    if (runTitle != null && !snapshot.scenario().title().equals(runTitle)) {
      runTitle = null;
      clear();
    }
  }

  private void choose(@Nullable ComparedRow row) {
    boolean shown = row != null && !row.heading();
    detail.setVisible(shown);
    detail.setManaged(shown);
    if (row == null || row.heading()) {
      return;
    }
    what.setText(row.what().strip());
    first.setText(firstColumn.getText() + ":  " + row.first());
    second.setText(secondColumn.getText() + ":  " + row.second());
    second.setVisible(!row.second().isEmpty());
    second.setManaged(!row.second().isEmpty());
    if (!row.selection().isEmpty()) {
      selection.select(row.selection());
    }
  }

  private void goThere(@Nullable ComparedRow row) {
    if (row != null) {
      row.event().ifPresent(event -> actions.submit(new Command.GoTo(event.moment())));
      row.memory().ifPresent(actions::showInMemory);
    }
  }

  private final class Line extends TableRow<ComparedRow> {
    Line() {
      setOnMouseClicked(click -> {
        if (getItem() != null && click.getClickCount() % 2 == 0) {
          goThere(getItem());
        }
      });
    }

    @Override
    protected void updateItem(@Nullable ComparedRow row, boolean nothing) {
      super.updateItem(row, nothing);
      pseudoClassStateChanged(HEADING, row != null && row.heading());
      pseudoClassStateChanged(
          LIT,
          row != null && !row.selection().isEmpty() && row.selection().equals(selection.lit()));
      setAccessibleText(row == null ? null : row.text());
    }
  }
}
