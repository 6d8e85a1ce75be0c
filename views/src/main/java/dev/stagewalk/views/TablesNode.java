package dev.stagewalk.views;

import dev.stagewalk.arch.Hex;
import java.util.ArrayList;
import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/** Under a walk: the tables it did not read, and the sum of all. */
final class TablesNode extends VBox {
  private final SelectionModel selection;
  private final Label title = new Label("Other tables");
  private final FlowPane list = new FlowPane();
  private final Label summary = new Label();
  private final Label more = new Label();
  private final List<Entry> pool = new ArrayList<>();
  private @Nullable TablesFigure shown;
  private boolean slim;
  private int kept = Integer.MAX_VALUE;

  TablesNode(SelectionModel selection) {
    this.selection = selection;
    getStyleClass().add("other-tables");
    title.getStyleClass().addAll("strong", "muted", "small");
    list.getStyleClass().add("other-tables-list");
    summary.getStyleClass().addAll("muted", "small");
    more.getStyleClass().addAll("muted", "small");
    summary.setWrapText(true);
    summary.setMinHeight(USE_PREF_SIZE);
    getChildren().addAll(title, list, summary);
  }

  /** Whether there is nothing to show. */
  boolean isEmpty() {
    return shown == null || (shown.others().isEmpty() && shown.summary().isEmpty());
  }

  void show(TablesFigure figure) {
    if (figure.equals(shown)) {
      return;
    }
    shown = figure;
    while (pool.size() < figure.others().size()) {
      pool.add(new Entry());
    }
    for (int i = 0; i < figure.others().size(); i++) {
      pool.get(i).show(figure.others().get(i));
    }
    summary.setText(figure.summary());
    fill(figure, kept);
  }

  /** Shows of each table only what names it; the rest is in its tooltip. */
  void setSlim(boolean on) {
    if (slim != on) {
      slim = on;
      pool.forEach(Entry::showWords);
      requestLayout();
    }
  }

  /** Shows as many tables as fit a height, at least one, and how many more there are. */
  void fit(double width, double height) {
    TablesFigure figure = shown;
    if (figure == null) {
      return;
    }
    int all = figure.others().size();
    fill(figure, all);
    for (int most = all; most > 1 && prefHeight(width) > height; ) {
      most--;
      fill(figure, most);
    }
  }

  private void fill(TablesFigure figure, int most) {
    kept = Math.min(most, figure.others().size());
    List<Node> nodes = new ArrayList<>(pool.subList(0, kept));
    int omitted = figure.omitted() + figure.others().size() - kept;
    if (omitted > 0) {
      more.setText("and " + omitted + " more: see Tree");
      nodes.add(more);
    }
    if (!nodes.equals(list.getChildren())) {
      list.getChildren().setAll(nodes);
    }
    boolean any = !nodes.isEmpty();
    title.setVisible(any);
    title.setManaged(any);
    list.setVisible(any);
    list.setManaged(any);
  }

  /** One table. */
  private final class Entry extends Button {
    private final Label name = new Label();
    private final Label words = new Label();
    private final Tooltip tip = new Tooltip();
    private String hue = "";
    private long ipa;

    Entry() {
      Region dot = new Region();
      dot.getStyleClass().add("dot");
      name.getStyleClass().addAll("code", "small");
      words.getStyleClass().addAll("muted", "small");
      HBox row = new HBox(dot, name, words);
      row.getStyleClass().add("other-table-content");
      row.setAlignment(Pos.CENTER_LEFT);
      setGraphic(row);
      getStyleClass().add("other-table");
      setOnAction(_ -> selection.select(Selection.ofIpa(ipa)));
      setTooltip(tip);
      showWords();
    }

    void showWords() {
      words.setVisible(!slim);
      words.setManaged(!slim);
    }

    void show(TablesFigure.Table table) {
      ipa = table.ipa();
      name.setText(Levels.name(table.level()) + " " + Hex.address(table.pa()));
      words.setText(table.words());
      String newHue = Levels.hue(table.level()).styleClass();
      if (!newHue.equals(hue)) {
        getStyleClass().remove(hue);
        getStyleClass().add(newHue);
        hue = newHue;
      }
      String all =
          Levels.name(table.level())
              + " table at "
              + Hex.address(table.pa())
              + ", "
              + table.words();
      tip.setText(all);
      setAccessibleText(all);
    }
  }
}
