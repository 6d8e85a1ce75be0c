package dev.stagewalk.views;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Translation;
import dev.stagewalk.mmu.TlbEntry;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.session.Snapshot.TlbRow;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.control.ContextMenu;
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

/** What the TLB holds, which of it is stale, and which entry the access at hand matches. */
public final class TlbView implements View {
  private static final PseudoClass LIT = PseudoClass.getPseudoClass("lit");
  private static final PseudoClass STALE = PseudoClass.getPseudoClass("stale");

  private final SelectionModel selection;
  private final ObservableList<Row> rows = FXCollections.observableArrayList();
  private final TableView<Row> table = new TableView<>(rows);
  private final Label summary = new Label();
  private final VBox box = new VBox();
  private final Region header = new Region();
  private long version = -1;

  /**
   * A row.
   *
   * @param state whether it agrees with the tables, in words
   * @param match what it does for the access at hand, in words; may be empty
   */
  record Row(TlbRow entry, String state, String match) {

    /** One line of text. */
    String text() {
      return "VMID "
          + entry.vmid()
          + " · "
          + entry.kind().words()
          + (entry.kind() == TlbEntry.Kind.TABLE_1 ? " · VA " : " · IPA ")
          + Hex.address(entry.ipa())
          + " · "
          + Scan.rounded(entry.size())
          + (entry.kind().isTable() ? " → table " : " → PA ")
          + Hex.address(entry.pa())
          + " · "
          + entry.attributes()
          + " · "
          + state
          + (match.isEmpty() ? "" : " · " + match);
    }
  }

  public TlbView(Look look, SelectionModel selection, Actions actions) {
    this.selection = selection;
    header.setManaged(false);
    table.setId("tlb-table");
    Tables.dress(table, look);
    addColumns(look);
    table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_LAST_COLUMN);
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
    table.setContextMenu(new ContextMenu(copy));
    summary.getStyleClass().addAll("muted", "small", "view-foot");
    VBox.setVgrow(table, Priority.ALWAYS);
    box.getChildren().addAll(table, summary);
    selection.onChange(table::refresh);
  }

  private void addColumns(Look look) {
    List<TableColumn<Row, Row>> columns =
        List.of(
            Tables.column(look, "VMID", 4, true, r -> r.entry().vmid(), r -> "" + r.entry().vmid()),
            Tables.column(
                look,
                "kind",
                7,
                false,
                r -> r.entry().kind().words(),
                r -> r.entry().kind().words()),
            Tables.column(
                look, "IPA", 9.5, true, r -> r.entry().ipa(), r -> Hex.address(r.entry().ipa())),
            Tables.column(
                look,
                "size",
                5.5,
                true,
                r -> r.entry().size(),
                r -> Scan.rounded(r.entry().size())),
            Tables.column(
                look,
                "PA",
                10.5,
                true,
                r -> r.entry().pa(),
                r -> "→ " + Hex.address(r.entry().pa())),
            Tables.column(
                look,
                "allows",
                15,
                false,
                r -> r.entry().attributes(),
                r -> r.entry().attributes()),
            Tables.column(look, "this access", 8, false, Row::match, Row::match),
            Tables.column(look, "state", 26, false, Row::state, Row::state));
    table.getColumns().addAll(columns);
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
  public Node header() {
    return header;
  }

  @Override
  public String text() {
    return summary.getText()
        + "\n"
        + rows.stream().map(Row::text).collect(Collectors.joining("\n"));
  }

  @Override
  public void show(Snapshot snapshot) {
    if (snapshot.version() == version) {
      return;
    }
    version = snapshot.version();
    List<Row> next = rows(snapshot);
    if (!next.equals(rows)) {
      rows.setAll(next);
    }
    long stale = next.stream().filter(r -> !r.entry().stale().isEmpty()).count();
    summary.setText(
        next.size() + (next.size() == 1 ? " entry, " : " entries, ") + stale + " stale");
  }

  static List<Row> rows(Snapshot snapshot) {
    OptionalLong wanted = accessAtHand(snapshot);
    int vmid = Stage2.parameters(snapshot).vmid();
    return snapshot.tlb().stream()
        .map(entry ->
            new Row(
                entry,
                entry.stale().isEmpty() ? "agrees with the tables" : "STALE: " + entry.stale(),
                match(entry, wanted, vmid)))
        .toList();
  }

  private static String match(TlbRow entry, OptionalLong wanted, int vmid) {
    if (wanted.isEmpty()
        || entry.kind() == TlbEntry.Kind.TABLE_1
        || Long.compareUnsigned(wanted.getAsLong() - entry.ipa(), entry.size()) >= 0) {
      return "";
    }
    return entry.vmid() == vmid ? "◀ matches" : "other VMID";
  }

  /** The IPA the guest is translating, or was refused. */
  private static OptionalLong accessAtHand(Snapshot snapshot) {
    if (snapshot.walk().isPresent()) {
      return ipa(snapshot.walk().get().translation());
    }
    if (snapshot.exit().isPresent()
        && snapshot.exit().get().what() instanceof SimEvent.ExceptionTaken e
        && e.cause() != null) {
      return ipa(e.cause());
    }
    return OptionalLong.empty();
  }

  private static OptionalLong ipa(Translation translation) {
    return translation.lastStage2().stream().mapToLong(Translation::input).findFirst();
  }

  private final class EntryLine extends TableRow<Row> {
    EntryLine() {
      setOnMouseClicked(_ -> {
        if (getItem() != null) {
          selection.select(Selection.of(getItem().entry()));
        }
      });
    }

    @Override
    protected void updateItem(@Nullable Row row, boolean nothing) {
      super.updateItem(row, nothing);
      boolean lit =
          row != null
              && (selection.lit().tlbRow().map(row.entry()::equals).orElse(false)
                  || selection.lit().hasIpaIn(row.entry().ipa(), row.entry().size()));
      pseudoClassStateChanged(LIT, lit);
      pseudoClassStateChanged(STALE, row != null && !row.entry().stale().isEmpty());
      setTooltip(row == null ? null : new Tooltip(row.text()));
      setAccessibleText(row == null ? null : row.text());
    }
  }
}
