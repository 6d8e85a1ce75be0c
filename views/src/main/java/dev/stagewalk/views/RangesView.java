package dev.stagewalk.views;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.mmu.TableScan.Range;
import dev.stagewalk.session.Snapshot;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.collections.transformation.FilteredList;
import javafx.collections.transformation.SortedList;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.MenuItem;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/** Leaves that follow each other with equal attributes as one row each. */
public final class RangesView implements View {
  private static final PseudoClass LIT = PseudoClass.getPseudoClass("lit");

  private final SelectionModel selection;
  private final Scans scans;
  private final ObservableList<Row> all = FXCollections.observableArrayList();
  private final FilteredList<Row> filtered = new FilteredList<>(all);
  private final TableView<Row> table;
  private final TextField filter = new TextField();
  private final Label summary = new Label();
  private final Label empty = new Label();
  private final VBox box = new VBox();
  private final VBox ofTables = new VBox();
  private final RecordedRanges recorded;
  private boolean recording;
  private boolean dump;
  private final Region header = new Region();
  private long version = -1;
  private @Nullable Scan shown;
  private List<Range> shownRanges = List.of();

  /** A row; its words are made when they are asked for. */
  record Row(Range range, Scan scan) {

    /** Last IPA of it. */
    long last() {
      return range.ipa() + range.bytes() - 1;
    }

    String permissions() {
      return scan.leaves().permissions(range.leaf());
    }

    String memory() {
      return scan.leaves().memory(range.leaf());
    }

    String region() {
      return scan.region(range.ipa());
    }

    /** One line of text. */
    String text() {
      return scan.choice().input()
          + " "
          + Hex.address(range.ipa())
          + "…"
          + Hex.address(last())
          + " → "
          + scan.choice().output()
          + " "
          + Hex.address(range.pa())
          + " · "
          + Scan.rounded(range.bytes())
          + " · "
          + Levels.name(range.level())
          + " ×"
          + range.leaves()
          + " · "
          + permissions()
          + " · "
          + memory()
          + (region().isEmpty() ? "" : " · " + region());
    }
  }

  public RangesView(Look look, SelectionModel selection, Actions actions, Scans scans) {
    this.selection = selection;
    this.scans = scans;
    recorded = new RecordedRanges(look, selection);
    header.setManaged(false);
    SortedList<Row> sorted = new SortedList<>(filtered);
    table = new TableView<>(sorted);
    sorted.comparatorProperty().bind(table.comparatorProperty());
    table.setId("ranges-table");
    Tables.dress(table, look);
    addColumns(look);
    table.setRowFactory(_ -> new RangeRow());
    table.setPlaceholder(empty);
    empty.getStyleClass().add("muted");
    empty.setWrapText(true);
    filter.setPromptText("Filter: an address inside a range, a word such as Device, a permission");
    filter.setId("ranges-filter");
    filter.textProperty().addListener((_, _, text) -> applyFilter(text));
    HBox.setHgrow(filter, Priority.ALWAYS);
    HBox bar = new HBox(new TableChoiceBar(scans), filter);
    bar.getStyleClass().add("view-bar");
    bar.setAlignment(Pos.CENTER_LEFT);
    summary.getStyleClass().addAll("muted", "small", "view-foot");
    VBox.setVgrow(table, Priority.ALWAYS);
    ofTables.getChildren().addAll(bar, table, summary);
    VBox.setVgrow(ofTables, Priority.ALWAYS);
    VBox.setVgrow(recorded, Priority.ALWAYS);
    box.getChildren().setAll(List.of(ofTables));
    MenuItem unmap = new MenuItem("Unmap…");
    scans.onChange(() -> unmap.setDisable(scans.choice() != TableChoice.STAGE_2));
    unmap.setOnAction(_ -> {
      Row row = table.getSelectionModel().getSelectedItem();
      if (row != null) {
        actions.unmapDialog(row.range().ipa());
      }
    });
    MenuItem copy = new MenuItem("Copy as text");
    copy.setOnAction(_ -> actions.copy(text()));
    table.setContextMenu(SearchMenu.of(selection, actions, unmap, copy));
    scans.onChange(this::scanned);
    selection.onChange(table::refresh);
  }

  private void addColumns(Look look) {
    table
        .getColumns()
        .add(
            Tables.column(
                look,
                "IPA from",
                9,
                true,
                r -> r.range().ipa(),
                r -> Hex.address(r.range().ipa())));
    table
        .getColumns()
        .add(Tables.column(look, "to", 8.8, true, Row::last, r -> Hex.address(r.last())));
    table
        .getColumns()
        .add(
            Tables.column(
                look,
                "size",
                5.2,
                true,
                r -> r.range().bytes(),
                r -> Scan.rounded(r.range().bytes())));
    table
        .getColumns()
        .add(
            Tables.column(
                look,
                "PA from",
                9.8,
                true,
                r -> r.range().pa(),
                r -> "→ " + Hex.address(r.range().pa())));
    table
        .getColumns()
        .add(
            Tables.column(
                look,
                "level",
                5.2,
                true,
                r -> r.range().level(),
                r -> Levels.name(r.range().level()) + " ×" + r.range().leaves()));
    table
        .getColumns()
        .add(Tables.column(look, "access", 7.2, true, Row::permissions, Row::permissions));
    table.getColumns().add(Tables.column(look, "memory", 11.6, false, Row::memory, Row::memory));
    table.getColumns().add(Tables.column(look, "used for", 8, false, Row::region, Row::region));
  }

  @Override
  public String title() {
    return "Ranges";
  }

  @Override
  public Node node() {
    return box;
  }

  @Override
  public String unknownInRecordings() {
    return "";
  }

  @Override
  public String unknownInDumps() {
    return "";
  }

  @Override
  public Node header() {
    return header;
  }

  @Override
  public void show(Snapshot snapshot) {
    if (snapshot.version() != version) {
      version = snapshot.version();
      recording = snapshot.recording().isPresent();
      dump = snapshot.dump().isPresent();
      Node wanted = recording ? recorded : ofTables;
      if (!box.getChildren().contains(wanted)) {
        box.getChildren().setAll(List.of(wanted));
      }
      if (recording) {
        recorded.show(snapshot.recording().get());
        return;
      }
      scans.want(snapshot);
      // Another pane may have asked for it first.
      scanned();
    }
  }

  @Override
  public String text() {
    if (recording) {
      return recorded.text();
    }
    return summary.getText()
        + "\n"
        + (filtered.isEmpty() ? empty.getText() : "")
        + filtered.stream().map(Row::text).collect(Collectors.joining("\n"));
  }

  private void scanned() {
    Scan scan = scans.newest();
    if (scan == null || scan == shown) {
      return;
    }
    shown = scan;
    table.getColumns().get(0).setText(scan.choice().input() + " from");
    table.getColumns().get(3).setText(scan.choice().output() + " from");
    List<Range> ranges = scan.found().ranges();
    boolean same = !all.isEmpty() && all.getFirst().scan().choice() == scan.choice();
    if (!same || !ranges.equals(shownRanges)) {
      shownRanges = ranges;
      all.setAll(ranges.stream().map(r -> new Row(r, scan)).toList());
    }
    summary.setText(scan.summary() + (ranges.isEmpty() ? "" : " · " + ranges.size() + " ranges"));
    empty.setText(
        !scan.enabled()
            ? scan.whyNot() + (dump ? "" : " Its mappings are listed here while it is on.")
            : ranges.isEmpty()
                ? "No leaf: the tables map nothing yet."
                : "No range fits the filter.");
  }

  private void applyFilter(String text) {
    String wanted = text.strip().toLowerCase(Locale.ROOT);
    filtered.setPredicate(wanted.isEmpty() ? null : row -> matches(row, wanted));
  }

  /** An address fits the range it lies in; anything else is looked for in the row's words. */
  static boolean matches(Row row, String wanted) {
    if (wanted.startsWith("0x")) {
      try {
        long address = Hex.parse(wanted);
        Range r = row.range();
        return Long.compareUnsigned(address - r.ipa(), r.bytes()) < 0
            || Long.compareUnsigned(address - r.pa(), r.bytes()) < 0;
      } catch (NumberFormatException notYet) {
        return row.text().toLowerCase(Locale.ROOT).contains(wanted);
      }
    }
    return row.text().toLowerCase(Locale.ROOT).contains(wanted);
  }

  private final class RangeRow extends TableRow<Row> {
    RangeRow() {
      setOnMouseClicked(_ -> {
        if (getItem() != null) {
          // What stage 1 gives is an IPA; its own input is a VA.
          Range range = getItem().range();
          boolean stage2 = getItem().scan().choice() == TableChoice.STAGE_2;
          selection.select(Selection.ofIpa(stage2 ? range.ipa() : range.pa()));
        }
      });
    }

    @Override
    protected void updateItem(@Nullable Row row, boolean nothing) {
      super.updateItem(row, nothing);
      pseudoClassStateChanged(
          LIT,
          row != null
              && selection
                  .lit()
                  .hasIpaIn(
                      row.scan().choice() == TableChoice.STAGE_2
                          ? row.range().ipa()
                          : row.range().pa(),
                      row.range().bytes()));
      setAccessibleText(row == null ? null : row.text());
    }
  }
}
