package dev.stagewalk.views;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.session.Snapshot;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javafx.collections.ObservableListBase;
import javafx.css.PseudoClass;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.MenuItem;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/** Every table and entry as a tree; only what is on screen is ever made into nodes. */
public final class TreeView implements View {
  private static final int TEXT_ROWS = 2000;

  private final Look look;
  private final SelectionModel selection;
  private final Actions actions;
  private final Scans scans;
  private final TreeModel model = new TreeModel();
  private final Rows rows = new Rows();
  private final ListView<TreeModel.Row> list = new ListView<>(rows);
  private final TextField search = new TextField();
  private final Label answer = new Label();
  private final Label summary = new Label();
  private final VBox box = new VBox();
  private final Region header = new Region();
  private long version = -1;
  private @Nullable Scan shown;

  public TreeView(Look look, SelectionModel selection, Actions actions, Scans scans) {
    this.look = look;
    this.selection = selection;
    this.actions = actions;
    this.scans = scans;
    header.setManaged(false);
    search.setPromptText("Find an IPA, such as 0x4020_3000");
    search.setId("tree-search");
    search.setOnAction(_ -> find());
    HBox.setHgrow(search, Priority.ALWAYS);
    Button open = new Button("Open all");
    open.setOnAction(_ -> openAll());
    Button close = new Button("Close all");
    close.setOnAction(_ -> {
      model.collapseAll();
      rows.changed();
    });
    answer.getStyleClass().add("muted");
    HBox bar = new HBox(search, answer, open, close);
    bar.getStyleClass().add("view-bar");
    bar.setAlignment(Pos.CENTER_LEFT);
    list.setCellFactory(_ -> new Cell());
    list.setId("tree-list");
    list.getStyleClass().add("tree-list");
    list.addEventHandler(KeyEvent.KEY_PRESSED, this::key);
    list.setPlaceholder(summary);
    summary.getStyleClass().addAll("muted", "small", "view-foot");
    Label foot = new Label();
    foot.textProperty().bind(summary.textProperty());
    foot.getStyleClass().addAll("muted", "small", "view-foot");
    VBox.setVgrow(list, Priority.ALWAYS);
    box.getChildren().addAll(bar, list, foot);
    list.setContextMenu(menu());
    scans.onChange(this::scanned);
    selection.onChange(list::refresh);
    look.onChange(this::scale);
    scale();
  }

  private ContextMenu menu() {
    MenuItem memory = new MenuItem("Show in memory");
    memory.setOnAction(_ -> ifSelected(row -> actions.showInMemory(row.entry().address())));
    MenuItem who = new MenuItem("Who wrote it?");
    who.setOnAction(_ -> ifSelected(row -> actions.whoWrote(row.entry())));
    MenuItem unmap = new MenuItem("Unmap…");
    unmap.setOnAction(_ -> ifSelected(row -> actions.unmapDialog(row.ipa())));
    MenuItem copy = new MenuItem("Copy as text");
    copy.setOnAction(_ -> actions.copy(text()));
    return new ContextMenu(memory, who, unmap, copy);
  }

  private void ifSelected(Consumer<TreeModel.Row> action) {
    TreeModel.Row row = list.getSelectionModel().getSelectedItem();
    if (row != null) {
      action.accept(row);
    }
  }

  private void scale() {
    list.setFixedCellSize(Math.ceil(1.85 * look.em()));
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
  public Node header() {
    return header;
  }

  @Override
  public void show(Snapshot snapshot) {
    if (snapshot.version() != version) {
      version = snapshot.version();
      scans.want(snapshot);
      // Another pane may have asked for it first.
      scanned();
    }
  }

  @Override
  public String text() {
    int shown = Math.min(model.size(), TEXT_ROWS);
    String lines =
        IntStream.range(0, shown)
            .mapToObj(i -> model.row(i).text())
            .collect(Collectors.joining("\n"));
    return model.summary()
        + "\n"
        + lines
        + (shown < model.size() ? "\n… and " + (model.size() - shown) + " more rows" : "");
  }

  private void scanned() {
    Scan scan = scans.newest();
    if (scan != null && scan != shown) {
      shown = scan;
      model.show(scan);
      summary.setText(model.summary());
      rows.changed();
    }
  }

  private void openAll() {
    boolean all = model.expandAll();
    answer.setText(all ? "" : "opened the first " + TreeModel.MOST_OPEN + " tables");
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
    int number = model.reveal(ipa);
    rows.changed();
    if (number < 0) {
      answer.setText("no table translates " + Hex.address(ipa));
      return;
    }
    answer.setText("");
    list.getSelectionModel().select(number);
    list.scrollTo(Math.max(0, number - 6));
    choose(model.row(number));
  }

  private void choose(TreeModel.Row row) {
    if (row.entry().index() == row.last()) {
      selection.select(Selection.of(row.entry(), row.ipa()));
    }
  }

  private void key(KeyEvent event) {
    TreeModel.Row row = list.getSelectionModel().getSelectedItem();
    if (row == null) {
      return;
    }
    switch (event.getCode()) {
      case RIGHT -> toggle(row, true);
      case LEFT -> toggle(row, false);
      case ENTER -> choose(row);
      default -> {
        return;
      }
    }
    event.consume();
  }

  private void toggle(TreeModel.Row row, boolean wanted) {
    if (row.kind() == Verdict.TABLE && row.expanded() != wanted) {
      int at = list.getSelectionModel().getSelectedIndex();
      model.toggle(row);
      rows.changed();
      list.getSelectionModel().select(at);
    }
  }

  /** The rows as a list that makes each row when it is asked for. */
  private final class Rows extends ObservableListBase<TreeModel.Row> {
    private int size;

    @Override
    public TreeModel.Row get(int index) {
      return model.row(index);
    }

    @Override
    public int size() {
      return size;
    }

    void changed() {
      int before = size;
      int now = model.size();
      beginChange();
      if (now > before) {
        size = now;
        nextAdd(before, now);
      } else if (now < before) {
        size = now;
        nextRemove(now, Collections.<TreeModel.Row>nCopies(before - now, NOTHING));
      }
      endChange();
      list.refresh();
    }
  }

  /** Stands for rows that are gone: nobody asks what they were. */
  private static final TreeModel.Row NOTHING =
      new TreeModel.Row(
          0, new Selection.Entry(0, 0, 0), 0, Verdict.INVALID, 0, 0, 0, "", "", false, List.of());

  private final class Cell extends ListCell<TreeModel.Row> {
    private static final PseudoClass LIT = PseudoClass.getPseudoClass("lit");
    private static final PseudoClass VOID = PseudoClass.getPseudoClass("void");

    private final Label arrow = new Label();
    private final Label name = new Label();
    private final Label word = new Label();
    private final Label range = new Label();
    private final Label attributes = new Label();
    private final HBox line = new HBox(arrow, name, word, range, attributes);
    private @Nullable String hueClass;

    Cell() {
      arrow.getStyleClass().add("tree-arrow");
      name.getStyleClass().addAll("code", "tree-name");
      word.getStyleClass().add("code");
      range.getStyleClass().addAll("code", "muted");
      attributes.getStyleClass().addAll("muted", "small");
      line.getStyleClass().add("tree-line");
      line.setAlignment(Pos.CENTER_LEFT);
      setOnMouseClicked(this::click);
      arrow.setOnMouseClicked(e -> {
        if (getItem() != null) {
          toggle(getItem(), !getItem().expanded());
        }
        e.consume();
      });
    }

    private void click(MouseEvent event) {
      TreeModel.Row row = getItem();
      if (row == null) {
        return;
      }
      if (event.getClickCount() == 2) {
        toggle(row, !row.expanded());
      } else {
        choose(row);
      }
    }

    @Override
    protected void updateItem(TreeModel.@Nullable Row row, boolean empty) {
      super.updateItem(row, empty);
      if (empty || row == null) {
        setGraphic(null);
        pseudoClassStateChanged(LIT, false);
        setAccessibleText(null);
        return;
      }
      double em = look.em();
      double indent = row.depth() * 1.6 * em;
      line.setPadding(new Insets(0, 0, 0, indent));
      name.setPrefWidth(13.5 * em - indent);
      word.setMinWidth(13.5 * em);
      range.setMinWidth(15 * em);
      arrow.setText(row.kind() == Verdict.TABLE ? (row.expanded() ? "▾" : "▸") : "");
      name.setText(row.name());
      word.setText(row.word() + (row.target() != 0 ? " → " + Hex.address(row.target()) : ""));
      range.setText("IPA " + Hex.address(row.ipa()) + "  " + Scan.rounded(row.covers()));
      attributes.setText(row.attributes());
      String newHue = Levels.hue(row.entry().level()).styleClass();
      if (!newHue.equals(hueClass)) {
        line.getStyleClass().remove(hueClass);
        line.getStyleClass().add(newHue);
        hueClass = newHue;
      }
      pseudoClassStateChanged(VOID, row.kind() == Verdict.INVALID);
      Selection lit = selection.lit();
      pseudoClassStateChanged(
          LIT, row.entry().index() == row.last() && lit.hasDescriptor(row.entry().address()));
      setAccessibleText(row.text());
      setGraphic(line);
    }
  }
}
