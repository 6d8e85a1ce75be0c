package dev.stagewalk.views;

import dev.stagewalk.arch.Hex;
import java.util.ArrayList;
import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
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
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < figure.others().size(); i++) {
      pool.get(i).show(figure.others().get(i));
      nodes.add(pool.get(i));
    }
    if (figure.omitted() > 0) {
      more.setText("and " + figure.omitted() + " more: see Tree");
      nodes.add(more);
    }
    if (!nodes.equals(list.getChildren())) {
      list.getChildren().setAll(nodes);
    }
    boolean any = !figure.others().isEmpty();
    title.setVisible(any);
    title.setManaged(any);
    list.setVisible(any);
    list.setManaged(any);
    summary.setText(figure.summary());
  }

  /** One table. */
  private final class Entry extends Button {
    private final Label name = new Label();
    private final Label words = new Label();
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
      setAccessibleText(
          Levels.name(table.level())
              + " table at "
              + Hex.address(table.pa())
              + ", "
              + table.words());
    }
  }
}
