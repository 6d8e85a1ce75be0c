package dev.stagewalk.views;

import dev.stagewalk.check.Freshness;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.TlbEntry;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.MenuItem;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/**
 * What the TLB holds, which of it is stale and what mends it, which entry the access at hand
 * matches, and what a TLBI would remove.
 */
public final class TlbView implements View {
  private static final PseudoClass LIT = PseudoClass.getPseudoClass("lit");
  private static final PseudoClass STALE = PseudoClass.getPseudoClass("stale");

  /** Least width of the column that says how an entry agrees, in ems. */
  private static final double STATE = 14;

  private final SelectionModel selection;
  private final ObservableList<TlbRow> rows = FXCollections.observableArrayList();
  private final TableView<TlbRow> table = new TableView<>(rows);
  private final TlbiBar tlbi = new TlbiBar(this::ask);
  private final Label mend = new Label();
  private final Label summary = new Label();
  private final VBox box = new VBox();
  private final Region header = new Region();
  private @Nullable Snapshot shown;
  private boolean several;

  public TlbView(Look look, SelectionModel selection, Actions actions) {
    this.selection = selection;
    header.setManaged(false);
    table.setId("tlb-table");
    Tables.dress(table, look);
    addColumns(look);
    table.setColumnResizePolicy(TableView.UNCONSTRAINED_RESIZE_POLICY);
    table.setRowFactory(_ -> new EntryLine());
    Label empty =
        new Label(
            "The TLB is empty. A walk that ends in a leaf leaves an entry here; it stays until a"
                + " TLBI that covers it, whatever happens to the tables.");
    empty.setWrapText(true);
    empty.getStyleClass().add("muted");
    table.setPlaceholder(empty);
    MenuItem copy = new MenuItem("Copy as text");
    copy.setOnAction(_ -> actions.copy(text()));
    table.setContextMenu(SearchMenu.of(selection, actions, copy));
    mend.setId("tlb-mend");
    mend.setWrapText(true);
    mend.setMinHeight(Region.USE_PREF_SIZE);
    mend.getStyleClass().addAll("small", "view-foot");
    summary.getStyleClass().addAll("muted", "small", "view-foot");
    VBox.setVgrow(table, Priority.ALWAYS);
    box.getChildren().addAll(table, mend, tlbi.node(), summary);
    selection.onChange(this::refresh);
    ask();
  }

  private void addColumns(Look look) {
    TableColumn<TlbRow, TlbRow> state =
        Tables.column(look, "state", STATE, false, TlbRow::state, TlbRow::state);
    TableColumn<TlbRow, TlbRow> allows =
        Tables.column(look, "allows", 9.5, true, TlbRow::rights, TlbRow::rights);
    TableColumn<TlbRow, TlbRow> kind =
        Tables.column(
            look, "kind", 7, false, r -> r.entry().kind().words(), r -> r.entry().kind().words());
    TableColumn<TlbRow, TlbRow> regime =
        Tables.column(look, "regime", 4.8, false, TlbRow::regime, TlbRow::regime);
    TableColumn<TlbRow, TlbRow> tags =
        Tables.column(look, "tags", 8.5, false, r -> r.whose(several), r -> r.whose(several));
    TableColumn<TlbRow, TlbRow> going =
        Tables.column(look, "this TLBI", 5.8, false, this::goes, this::goes);
    List<TableColumn<TlbRow, TlbRow>> columns =
        List.of(
            Tables.column(look, "this access", 6.8, false, TlbRow::match, TlbRow::match),
            Tables.column(look, "input", 10.5, true, r -> r.entry().input(), TlbRow::from),
            Tables.column(look, "output", 11, true, r -> r.entry().output(), TlbRow::to),
            Tables.column(
                look,
                "size",
                4.6,
                true,
                r -> r.entry().size(),
                r -> Scan.rounded(r.entry().size())),
            allows,
            kind,
            regime,
            tags,
            going,
            state);
    table.getColumns().addAll(columns);
    Runnable widen =
        () -> {
          double room = table.getWidth() - look.em();
          double wanted = columns.stream().mapToDouble(TableColumn::getPrefWidth).sum();
          wanted += STATE * look.em() - state.getPrefWidth();
          // What the kind says can be seen of the rest, and the tooltip has all of it.
          for (TableColumn<TlbRow, TlbRow> column : List.of(going, kind, regime, tags, allows)) {
            boolean fits = wanted <= room || room <= 0;
            column.setVisible(fits);
            wanted -= fits ? 0 : column.getPrefWidth();
          }
          double others =
              columns.stream()
                  .filter(c -> c != state && c.isVisible())
                  .mapToDouble(TableColumn::getPrefWidth)
                  .sum();
          state.setPrefWidth(Math.max(STATE * look.em(), room - others));
        };
    table.widthProperty().addListener((_, _, _) -> widen.run());
    look.onChange(widen);
  }

  private String goes(TlbRow row) {
    return tlbi.removed().contains(row.entry()) ? "removes" : "";
  }

  @Override
  public String title() {
    return "TLB";
  }

  @Override
  public Node node() {
    return box;
  }

  @Override
  public String unknownInRecordings() {
    return "The content of the TLB is unknown: no machine records it.";
  }

  @Override
  public String unknownInDumps() {
    return "The content of the TLB is unknown: a dump holds memory alone.";
  }

  @Override
  public Node header() {
    return header;
  }

  @Override
  public String text() {
    return summary.getText()
        + "\n"
        + rows.stream().map(r -> r.text(several)).collect(Collectors.joining("\n"))
        + (tlbi.text().isEmpty() ? "" : "\n" + tlbi.text())
        + (mend.isManaged() ? "\n" + mend.getText() : "");
  }

  @Override
  public void show(Snapshot snapshot) {
    Snapshot before = shown;
    if (before != null && before.version() == snapshot.version()) {
      return;
    }
    shown = snapshot;
    several = snapshot.pes().size() > 1;
    refresh();
  }

  private void refresh() {
    Snapshot now = shown;
    if (now == null) {
      return;
    }
    List<TlbRow> next = rows(now, selection.selected().event());
    if (!next.equals(rows)) {
      rows.setAll(next);
    }
    long stale = next.stream().filter(TlbRow::isStale).count();
    summary.setText(
        next.size()
            + (next.size() == 1 ? " entry" : " entries")
            + (now.state() == RunState.RUNNING ? "" : ", " + stale + " stale"));
    ask();
  }

  /** What the TLBI would do, and how the selected entry would be mended. */
  private void ask() {
    Snapshot now = shown;
    TlbEntry selected = selection.selected().tlbEntry().orElse(null);
    tlbi.ask(now, selected);
    Freshness chosen =
        rows.stream()
            .filter(r -> r.entry().equals(selected) && r.isStale())
            .map(TlbRow::freshness)
            .findFirst()
            .orElse(null);
    mend.setText(chosen == null ? "" : "To mend it: " + chosen.mend().words());
    mend.setManaged(chosen != null);
    mend.setVisible(chosen != null);
    table.refresh();
  }

  /**
   * The rows of a moment.
   *
   * @param event the event that is selected: if it is a walk or an abort, its access is at hand
   */
  static List<TlbRow> rows(Snapshot snapshot, OptionalLong event) {
    Event about = about(snapshot, event);
    Translation access = snapshot.walk().map(Snapshot.OpenWalk::translation).orElse(null);
    if (about != null) {
      access = translation(about.what());
    }
    int pe = about == null ? snapshot.pe().id() : about.pe();
    List<Freshness> compared =
        snapshot.state() == RunState.RUNNING ? List.of() : snapshot.checks().tlb();
    List<TlbRow> found = new ArrayList<>();
    for (int i = 0; i < snapshot.tlb().size(); i++) {
      Freshness freshness = i < compared.size() ? compared.get(i) : null;
      found.add(TlbRow.of(snapshot.tlb().get(i), freshness, access, pe));
    }
    return found;
  }

  /** The selected walk or abort, else the exit that is open; null if neither. */
  private static @Nullable Event about(Snapshot snapshot, OptionalLong selected) {
    if (selected.isPresent() && selected.getAsLong() < snapshot.events().size()) {
      Event event = snapshot.events().get(selected.getAsLong());
      if (translation(event.what()) != null) {
        return event;
      }
    }
    return snapshot.walk().isPresent()
        ? null
        : snapshot.exit().filter(e -> translation(e.what()) != null).orElse(null);
  }

  private static @Nullable Translation translation(SimEvent event) {
    return switch (event) {
      case SimEvent.Translated walked -> walked.translation();
      case SimEvent.ExceptionTaken taken -> taken.cause();
      default -> null;
    };
  }

  private final class EntryLine extends TableRow<TlbRow> {
    EntryLine() {
      setOnMouseClicked(_ -> {
        if (getItem() != null) {
          selection.select(Selection.of(getItem().entry()));
        }
      });
    }

    @Override
    protected void updateItem(@Nullable TlbRow row, boolean nothing) {
      super.updateItem(row, nothing);
      pseudoClassStateChanged(LIT, row != null && isLit(row.entry()));
      pseudoClassStateChanged(STALE, row != null && row.isStale());
      setTooltip(row == null ? null : new Tooltip(row.text(several)));
      setAccessibleText(row == null ? null : row.text(several));
    }

    private boolean isLit(TlbEntry entry) {
      Selection lit = selection.lit();
      return lit.tlbEntry().map(entry::equals).orElse(false)
          || (entry.kind().ofIpas() && lit.hasIpaIn(entry.input(), entry.size()));
    }
  }
}
