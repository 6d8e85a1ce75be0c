package dev.stagewalk.views;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.session.Snapshot;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.control.MenuItem;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/**
 * Every table and entry as a tree, with a search for an IPA. Until a person opens, closes or looks
 * for something, the tables of the newest walk are open.
 */
public final class TreeView implements View {
  private static final int TEXT_ROWS = 2000;

  private final SelectionModel selection;
  private final Scans scans;
  private final TreeModel model = new TreeModel();
  private final TreeCanvas rows;
  private final TextField search = new TextField();
  private final Label answer = new Label();
  private final Label summary = new Label();
  private final VBox box = new VBox();
  private final Region header = new Region();
  private long version = -1;
  private @Nullable Scan shown;
  private OptionalLong walked = OptionalLong.empty();
  private boolean used;

  public TreeView(Look look, SelectionModel selection, Actions actions, Scans scans) {
    this.selection = selection;
    this.scans = scans;
    rows = new TreeCanvas(look, selection, model, this::choose, this::used);
    header.setManaged(false);
    search.setPromptText("Find an IPA, such as 0x4020_3000");
    search.setId("tree-search");
    search.setOnAction(_ -> find());
    HBox.setHgrow(search, Priority.ALWAYS);
    Button open = new Button("Open all");
    open.setOnAction(_ -> openAll());
    Button close = new Button("Close all");
    close.setOnAction(_ -> closeAll());
    answer.getStyleClass().add("muted");
    HBox bar = new HBox(new TableChoiceBar(scans), search, answer, open, close);
    bar.getStyleClass().add("view-bar");
    bar.setAlignment(Pos.CENTER_LEFT);
    summary.getStyleClass().addAll("muted", "small", "view-foot");
    summary.setWrapText(true);
    VBox.setVgrow(rows, Priority.ALWAYS);
    box.getChildren().addAll(bar, rows, summary);
    ContextMenu menu = menu(actions);
    rows.setOnContextMenuRequested(e -> menu.show(rows, e.getScreenX(), e.getScreenY()));
    scans.onChange(this::scanned);
    selection.onChange(rows::changed);
    look.onChange(rows::changed);
  }

  private ContextMenu menu(Actions actions) {
    MenuItem memory = new MenuItem("Show in memory");
    memory.setOnAction(_ -> ifSelected(row -> actions.showInMemory(row.entry().address())));
    MenuItem unmap = new MenuItem("Unmap…");
    unmap.setOnAction(_ -> ifSelected(row -> actions.unmapDialog(row.ipa())));
    scans.onChange(() -> unmap.setDisable(scans.choice() != TableChoice.STAGE_2));
    MenuItem copy = new MenuItem("Copy as text");
    copy.setOnAction(_ -> actions.copy(text()));
    return SearchMenu.of(selection, actions, memory, unmap, copy);
  }

  private void ifSelected(Consumer<TreeModel.Row> action) {
    rows.selectedRow().ifPresent(action);
  }

  @Override
  public String title() {
    return "Tree";
  }

  @Override
  public Node node() {
    return box;
  }

  @Override
  public String unknownInRecordings() {
    return "The translation tables are unknown: a trace says no descriptor. What can be inferred of"
        + " the address space is in Ranges.";
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
      walked = WalkSource.following(snapshot).map(WalkSource::ipa).orElse(OptionalLong.empty());
      scans.want(snapshot);
      // Another pane may have asked for it first.
      scanned();
      openWalked();
    }
  }

  @Override
  public String text() {
    int count = Math.min(model.size(), TEXT_ROWS);
    String lines =
        IntStream.range(0, count)
            .mapToObj(i -> model.row(i).text())
            .collect(Collectors.joining("\n"));
    return model.summary()
        + "\n"
        + lines
        + (count < model.size() ? "\n… and " + (model.size() - count) + " more rows" : "");
  }

  private void scanned() {
    Scan scan = scans.newest();
    if (scan != null && scan != shown) {
      shown = scan;
      model.show(scan);
      search.setPromptText("Find the " + scan.choice().input() + ", such as 0x4020_3000");
      summary.setText(model.summary());
      rows.changed();
      openWalked();
    }
  }

  /** Opens what the newest walk read, as long as nobody has chosen what is open. */
  private void openWalked() {
    if (used || walked.isEmpty() || scans.choice() != TableChoice.STAGE_2) {
      return;
    }
    model.collapseAll();
    int number = model.reveal(walked.getAsLong());
    rows.changed();
    rows.bringOnScreen(Math.max(0, number));
  }

  private void used() {
    used = true;
  }

  private void openAll() {
    used();
    boolean all = model.expandAll();
    answer.setText(all ? "" : "opened the first " + TreeModel.MOST_OPEN + " tables");
    rows.changed();
  }

  private void closeAll() {
    used();
    model.collapseAll();
    rows.changed();
  }

  private void find() {
    try {
      reveal(Hex.parse(search.getText()));
    } catch (NumberFormatException e) {
      answer.setText(e.getMessage());
    }
  }

  /** Opens the tables that a walk of an IPA reads, and goes to its last entry. */
  public void reveal(long ipa) {
    used();
    int number = model.reveal(ipa);
    rows.changed();
    if (number < 0) {
      answer.setText("no table translates " + Hex.address(ipa));
      return;
    }
    answer.setText("");
    TreeModel.Row row = model.row(number);
    rows.goTo(number);
    if (scans.choice() == TableChoice.STAGE_2) {
      // The walk of that address is wanted, not of the first one that its entry covers.
      selection.select(row.isSingle() ? Selection.of(row.entry(), ipa) : Selection.ofIpa(ipa));
    } else {
      choose(row);
    }
  }

  private void choose(TreeModel.Row row) {
    if (row.isSingle()) {
      // Of an entry of stage 1 there is a VA, and no IPA to go to.
      selection.select(
          scans.choice() == TableChoice.STAGE_2
              ? Selection.of(row.entry(), row.ipa())
              : Selection.NONE.withEntries(List.of(row.entry())));
    }
  }
}
