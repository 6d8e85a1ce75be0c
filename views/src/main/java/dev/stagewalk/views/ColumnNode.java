package dev.stagewalk.views;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.event.Lookup.Verdict;
import java.util.ArrayList;
import java.util.List;
import javafx.css.PseudoClass;
import javafx.geometry.Bounds;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/** One level of a walk as a column: title, all entries as a strip, the rows that matter. */
final class ColumnNode extends VBox {
  private static final PseudoClass DIM = PseudoClass.getPseudoClass("dim");
  private static final PseudoClass NARROW = PseudoClass.getPseudoClass("narrow");
  private static final PseudoClass CURRENT = PseudoClass.getPseudoClass("current");

  /** Width below which type is smaller, in em. */
  static final double NARROW_BELOW = 15.5;

  /** Width below which rows say only what the column does not, in em. */
  private static final double BRIEF_BELOW = 13.6;

  /** Width that a title needs beside an address, in em; of concatenated tables more. */
  private static final double TITLE = 12.2;

  private static final double TITLE_OF_MANY = 13.4;

  /** Width below which only addresses are left of valid entries, in em. */
  private static final double TIGHT_BELOW = 11.4;

  private final Look look;
  private final SelectionModel selection;
  private final Label title = new Label();
  private final Label base = new Label();
  private final EntryStrip strip;
  private final Label scale = new Label();
  private final VBox rows = new VBox();
  private final Label empty = new Label();
  private final List<EntryRow> pool = new ArrayList<>();
  private WalkColumn column;
  private WalkFigure figure;
  private WalkBand band;
  private @Nullable String hueClass;
  private int pathRow = -1;
  private boolean compact;
  private boolean brief;
  private boolean root;
  private double extra;
  private double ems = NARROW_BELOW;
  private EntryRow.Room room = EntryRow.Room.WIDE;
  private final Tooltip scaleTip = new Tooltip();

  ColumnNode(
      Look look, SelectionModel selection, WalkFigure figure, WalkBand band, WalkColumn column) {
    this.look = look;
    this.selection = selection;
    this.figure = figure;
    this.band = band;
    this.column = column;
    this.strip = new EntryStrip(look, column, this::choose);
    getStyleClass().add("walk-column");
    title.setTooltip(scaleTip);
    title.getStyleClass().addAll("code", "walk-column-title");
    base.getStyleClass().addAll("code", "muted", "small");
    scale.getStyleClass().addAll("code", "muted", "tiny");
    rows.getStyleClass().add("walk-rows");
    empty.getStyleClass().addAll("muted", "walk-column-empty");
    empty.setMaxWidth(Double.MAX_VALUE);
    Region gap = new Region();
    HBox.setHgrow(gap, Priority.ALWAYS);
    title.setMinWidth(Region.USE_PREF_SIZE);
    base.setMinWidth(0);
    HBox head = new HBox(title, gap, base);
    head.getStyleClass().add("walk-column-head");
    head.setAlignment(Pos.BASELINE_LEFT);
    getChildren().addAll(head, strip, scale, rows, empty);
  }

  void show(
      WalkFigure newFigure, WalkBand newBand, WalkColumn newColumn, boolean isRoot, int budget) {
    figure = newFigure;
    band = newBand;
    column = newColumn;
    boolean known = column.isKnown();
    Token hue = Levels.hue(column.level());
    String newClass = hue.styleClass();
    if (!newClass.equals(hueClass)) {
      getStyleClass().remove(hueClass);
      getStyleClass().add(newClass);
      hueClass = newClass;
    }
    root = isRoot;
    showTitle();
    String name = known ? figure.names().name(column.table()).orElse("") : "";
    base.setText(known ? Hex.address(column.table()) : "");
    scale.setText(known ? column.scale() + (name.isEmpty() ? "" : " · " + name) : "");
    String why = column.state().words();
    empty.setText(Character.toUpperCase(why.charAt(0)) + why.substring(1) + ".");
    visible(strip, known && !brief);
    visible(scale, known && !compact && !brief);
    scaleTip.setText(scale.getText());
    visible(rows, known);
    visible(empty, !known);
    pseudoClassStateChanged(DIM, !known);
    pseudoClassStateChanged(CURRENT, column.state() == WalkColumn.State.CURRENT);
    if (known) {
      strip.show(column, hue, figure.isFailing(column) ? figure.card().hue() : Token.TEXT);
      showRows(column.rows(budget));
    } else {
      rows.getChildren().clear();
      pathRow = -1;
    }
  }

  private void showTitle() {
    title.setText(
        !column.isKnown()
            ? Levels.name(column.level()) + " table"
            : ems < (column.tables() > 1 ? TITLE_OF_MANY : TITLE)
                ? column.shortTitle(root && ems >= TIGHT_BELOW)
                : column.title(root));
  }

  private void showRows(List<WalkColumn.Row> wanted) {
    pathRow = -1;
    while (pool.size() < wanted.size()) {
      EntryRow node = new EntryRow();
      int place = pool.size();
      node.onChoose(() -> chooseRow(place));
      node.setOnMouseEntered(_ -> previewRow(place));
      node.setOnMouseExited(_ -> selection.preview(Selection.NONE));
      pool.add(node);
    }
    shownRows = wanted;
    for (int i = 0; i < wanted.size(); i++) {
      WalkColumn.Row row = wanted.get(i);
      boolean onPath = row instanceof WalkColumn.Entry e && e.onPath();
      boolean failing = onPath && figure.isFailing(column);
      boolean pending = onPath && column.state() == WalkColumn.State.NEXT;
      EntryRow node = pool.get(i);
      if (onPath) {
        pathRow = i;
      }
      node.setHue(failing ? figure.card().hue().styleClass() : "");
      node.show(
          new EntryRow.Row(
              row, failing, failing ? figure.card().symbol() : "", pending, detail(row), room));
    }
    if (rows.getChildren().size() != wanted.size()) {
      rows.getChildren().setAll(pool.subList(0, wanted.size()));
    }
    light();
  }

  private List<WalkColumn.Row> shownRows = List.of();

  /** Marks the rows that belong to the selection. */
  void light() {
    Selection lit = selection.lit();
    for (int i = 0; i < shownRows.size() && i < pool.size(); i++) {
      boolean on =
          shownRows.get(i) instanceof WalkColumn.Entry e
              && column.pa() != WalkColumn.NOWHERE
              && lit.hasDescriptor(column.entry(e.first()).address())
              // The path of the walk shown needs no second mark.
              && !(e.onPath() && lit.entries().size() > 1);
      pool.get(i).lit(on);
    }
  }

  private String detail(WalkColumn.Row row) {
    return switch (row) {
      case WalkColumn.Entry e -> {
        String value = Hex.full(column.descriptors()[e.first()]);
        yield Levels.name(column.level())
            + "["
            + e.first()
            + "]"
            + place(e.first())
            + ": "
            + e.word()
            + (e.hasTarget() ? " → " + figure.names().shown(e.target()) : "")
            + "\ndescriptor "
            + value
            + (e.remark().isEmpty() ? "" : "\n" + e.remark());
      }
      case WalkColumn.Run r -> Levels.name(column.level()) + "[" + r.range() + "]: " + r.words();
    };
  }

  /** " at 0x4800_1000", for stage 1 under stage 2 with the IPA first. */
  private String place(int index) {
    String ipa = column.physical() ? "" : " at IPA " + Hex.address(column.table() + 8L * index);
    if (column.pa() == WalkColumn.NOWHERE) {
      return ipa;
    }
    String pa = Hex.address(column.pa() + 8L * index);
    return ipa + (column.physical() ? " at " + pa : ", PA " + pa);
  }

  private void chooseRow(int place) {
    if (place < shownRows.size() && shownRows.get(place) instanceof WalkColumn.Entry e) {
      choose(e.first());
    }
  }

  private void previewRow(int place) {
    if (column.pa() != WalkColumn.NOWHERE
        && place < shownRows.size()
        && shownRows.get(place) instanceof WalkColumn.Entry e) {
      selection.preview(Selection.NONE.withEntries(List.of(column.entry(e.first()))));
    }
  }

  private void choose(int index) {
    if (column.pa() == WalkColumn.NOWHERE) {
      return;
    }
    Selection.Entry entry = column.entry(index);
    // Of an entry of stage 1 there is a VA, and no IPA to go to.
    selection.select(
        band.stage() == 2
            ? Selection.of(entry, ipaOf(index))
            : Selection.NONE.withEntries(List.of(entry)));
  }

  /** First IPA that an entry of this column translates, by way of this walk's path. */
  private long ipaOf(int index) {
    int shift = column.granule().levelShift(column.level());
    long input = band.input();
    long high = column.path() < 0 ? 0 : (input >>> shift) - column.path();
    return high + index << shift;
  }

  /**
   * Tells the column its room before it is laid out.
   *
   * @param width decides the type size of rows
   * @param isCompact whether height is scarce: the strip is lower, what an entry covers is only
   *     said in a tooltip
   * @param isBrief whether there is only room for the entry on the path
   */
  void setRoom(double width, boolean isCompact, boolean isBrief) {
    ems = width / look.em();
    pseudoClassStateChanged(NARROW, ems < NARROW_BELOW);
    showTitle();
    EntryRow.Room newRoom =
        ems < TIGHT_BELOW
            ? EntryRow.Room.TIGHT
            : ems < BRIEF_BELOW
                ? EntryRow.Room.NARROW
                : ems < NARROW_BELOW ? EntryRow.Room.LESS : EntryRow.Room.WIDE;
    if (room != newRoom) {
      room = newRoom;
      showRows(shownRows);
    }
    if (compact != isCompact || brief != isBrief) {
      compact = isCompact;
      brief = isBrief;
      strip.setCompact(isCompact);
      visible(strip, column.isKnown() && !brief);
      visible(scale, column.isKnown() && !compact && !brief);
    }
  }

  /** Makes the strip of all entries higher, in pixels. */
  void setExtra(double pixels) {
    extra = pixels;
    strip.setExtra(pixels);
  }

  /** Height of everything but the rows, with a strip no higher than it need be. */
  double overhead() {
    double stripExtra = strip.isManaged() ? extra : 0;
    return prefHeight(getWidth() > 0 ? getWidth() : -1) - rows.prefHeight(-1) - stripExtra;
  }

  /** Height that one more row takes. */
  double rowHeight() {
    double row = pool.isEmpty() ? 1.75 * look.em() : pool.getFirst().prefHeight(-1);
    return row + rows.getSpacing();
  }

  /** The row of the path's entry; null while there is none. */
  @Nullable Node pathNode() {
    return pathRow < 0 ? null : pool.get(pathRow);
  }

  /** Where an arrow into this table ends. */
  Bounds stripBounds() {
    Node path = pathNode();
    return brief && path != null
        ? rows.localToParent(path.getBoundsInParent())
        : strip.getBoundsInParent();
  }

  Bounds emptyBounds() {
    return empty.getBoundsInParent();
  }

  Node rowsNode() {
    return rows;
  }

  WalkColumn column() {
    return column;
  }

  boolean isTable(int index) {
    return column.kinds()[index] == Verdict.TABLE;
  }

  private static void visible(Node node, boolean on) {
    node.setVisible(on);
    node.setManaged(on);
  }
}
