package dev.stagewalk.views;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.trace.IpaMap;
import dev.stagewalk.trace.RecordedEvents;
import dev.stagewalk.trace.TraceEvent;
import dev.stagewalk.trace.TraceFields;
import dev.stagewalk.trace.TraceKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import javafx.application.Platform;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.collections.transformation.FilteredList;
import javafx.collections.transformation.SortedList;
import javafx.css.PseudoClass;
import javafx.scene.control.Label;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/**
 * What a recording lets one know of a guest's address space: the ranges that the kernel printed, or
 * those that faults and emulated accesses let one infer, which are marked as that.
 */
final class RecordedRanges extends VBox {
  private static final PseudoClass LIT = PseudoClass.getPseudoClass("lit");
  private static final String UNKNOWN = "unknown";

  private final SelectionModel selection;
  private final ObservableList<Row> all = FXCollections.observableArrayList();
  private final FilteredList<Row> filtered = new FilteredList<>(all);
  private final TableView<Row> table;
  private final Label summary = new Label();
  private @Nullable RecordedEvents shown;

  /**
   * A range of IPAs.
   *
   * @param to address after its last byte
   * @param basis what it is known from
   */
  record Row(long from, long to, String level, String access, String use, String basis) {
    private long last() {
      return to - 1;
    }

    private String text() {
      return "IPA "
          + Hex.address(from)
          + "…"
          + Hex.address(last())
          + " → PA unknown · "
          + Scan.rounded(to - from)
          + " · level "
          + level
          + " · "
          + access
          + " · memory type unknown · "
          + use
          + " · "
          + basis;
    }
  }

  RecordedRanges(Look look, SelectionModel selection) {
    this.selection = selection;
    SortedList<Row> sorted = new SortedList<>(filtered);
    table = new TableView<>(sorted);
    sorted.comparatorProperty().bind(table.comparatorProperty());
    table.setId("recorded-ranges");
    Tables.dress(table, look);
    column(look, "IPA from", 9, true, Row::from, r -> Hex.address(r.from()));
    column(look, "to", 8.8, true, Row::last, r -> Hex.address(r.last()));
    column(look, "size", 6, true, r -> r.to() - r.from(), r -> Scan.rounded(r.to() - r.from()));
    column(look, "PA", 5.8, false, _ -> 0, _ -> UNKNOWN);
    column(look, "level", 5.8, false, Row::level, Row::level);
    column(look, "access", 11, false, Row::access, Row::access);
    column(look, "taken for", 14.5, false, Row::use, Row::use);
    column(look, "known from", 20, false, Row::basis, Row::basis);
    table.setRowFactory(_ -> new RangeRow());
    Label empty = new Label("No event of this recording lets a range of IPAs be inferred.");
    empty.getStyleClass().add("muted");
    table.setPlaceholder(empty);
    TextField filter = new TextField();
    filter.setPromptText("Filter: an address inside a range, or a word such as device");
    filter.textProperty().addListener((_, _, text) -> filter(text));
    VBox bar = new VBox(filter);
    bar.getStyleClass().add("view-bar");
    summary.getStyleClass().addAll("muted", "small", "view-foot");
    summary.setWrapText(true);
    VBox.setVgrow(table, Priority.ALWAYS);
    getChildren().addAll(bar, table, summary);
    selection.onChange(table::refresh);
  }

  private <K extends Comparable<? super K>> void column(
      Look look,
      String title,
      double ems,
      boolean code,
      java.util.function.Function<Row, K> key,
      java.util.function.Function<Row, String> words) {
    table.getColumns().add(Tables.column(look, title, ems, code, key, words));
  }

  /** Shows a recording; what must be inferred first comes when it is found out. */
  void show(RecordedEvents events) {
    if (events == shown) {
      return;
    }
    shown = events;
    if (events.size() <= AT_ONCE) {
      fill(events, rows(events));
      return;
    }
    all.clear();
    summary.setText("Reading the recording…");
    CompletableFuture.supplyAsync(() -> rows(events))
        .thenAccept(rows -> Platform.runLater(() -> fill(events, rows)));
  }

  /** Events that are looked through without making anybody wait. */
  private static final int AT_ONCE = 5000;

  private void fill(RecordedEvents events, List<Row> rows) {
    if (events != shown) {
      return;
    }
    all.setAll(rows);
    summary.setText(
        rows.isEmpty()
            ? ""
            : rows.size()
                + (rows.size() == 1 ? " range · " : " ranges · ")
                + (events.trace().kind() == TraceKind.STAGE2_TABLES
                    ? "as the kernel printed them; output addresses and memory types are unknown"
                    : "inferred: a page that faulted and was not emulated is taken for memory; its"
                        + " level, access and PA are unknown"));
  }

  private static List<Row> rows(RecordedEvents events) {
    return events.trace().kind() == TraceKind.STAGE2_TABLES ? printed(events) : inferred(events);
  }

  private static List<Row> inferred(RecordedEvents events) {
    List<Row> rows = new ArrayList<>();
    for (IpaMap.Range range : events.ranges()) {
      String basis =
          "inferred: "
              + counted(range.faults(), "fault")
              + (range.accesses() > 0 ? ", " + counted(range.accesses(), "access") : "")
              + ", from event "
              + range.firstEvent();
      rows.add(new Row(range.from(), range.to(), UNKNOWN, UNKNOWN, range.use().words(), basis));
    }
    return rows;
  }

  private static String counted(long count, String what) {
    String many = what.endsWith("s") ? what + "es" : what + "s";
    return Numbers.grouped(count) + " " + (count == 1 ? what : many);
  }

  private static List<Row> printed(RecordedEvents events) {
    List<Row> rows = new ArrayList<>();
    for (int n = 0; n < events.trace().events().size(); n++) {
      TraceEvent event = events.trace().events().get(n);
      TraceFields fields = TraceFields.of(event);
      OptionalLong from = fields.number("ipa");
      OptionalLong to = fields.number("end");
      if (from.isPresent() && to.isPresent()) {
        boolean hole = event.name().equals("hole");
        rows.add(
            new Row(
                from.getAsLong(),
                to.getAsLong(),
                fields.text("level").orElse(UNKNOWN),
                hole ? "not mapped" : attributes(event),
                hole ? "nothing" : "mapped",
                "line " + event.line()));
      }
    }
    return rows;
  }

  /** All of them, "R W PXNUXN AF BLK"; they are the end of the text. */
  private static String attributes(TraceEvent event) {
    String name = "attributes=";
    int at = event.body().indexOf(name);
    return at < 0 ? UNKNOWN : event.body().substring(at + name.length()).replace(',', ' ');
  }

  private void filter(String text) {
    String wanted = text.strip().toLowerCase(Locale.ROOT);
    filtered.setPredicate(wanted.isEmpty() ? null : row -> matches(row, wanted));
  }

  private static boolean matches(Row row, String wanted) {
    if (wanted.startsWith("0x")) {
      try {
        return Long.compareUnsigned(Hex.parse(wanted) - row.from(), row.to() - row.from()) < 0;
      } catch (NumberFormatException notYet) {
        return row.text().toLowerCase(Locale.ROOT).contains(wanted);
      }
    }
    return row.text().toLowerCase(Locale.ROOT).contains(wanted);
  }

  String text() {
    return summary.getText()
        + "\n"
        + filtered.stream().map(Row::text).collect(Collectors.joining("\n"));
  }

  private final class RangeRow extends TableRow<Row> {
    RangeRow() {
      setOnMouseClicked(_ -> {
        if (getItem() != null) {
          selection.select(Selection.ofIpa(getItem().from()));
        }
      });
    }

    @Override
    protected void updateItem(@Nullable Row row, boolean nothing) {
      super.updateItem(row, nothing);
      pseudoClassStateChanged(
          LIT, row != null && selection.lit().hasIpaIn(row.from(), row.to() - row.from()));
      setAccessibleText(row == null ? null : row.text());
    }
  }
}
