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
  private @Nullable TablesFigure shown;

  TablesNode(SelectionModel selection) {
    this.selection = selection;
    getStyleClass().add("other-tables");
    title.getStyleClass().addAll("strong", "muted", "small");
    list.getStyleClass().add("other-tables-list");
    summary.getStyleClass().addAll("muted", "small");
    summary.setWrapText(true);
    summary.setMinHeight(USE_PREF_SIZE);
    getChildren().addAll(title, list, summary);
  }

  void show(TablesFigure figure) {
    if (figure.equals(shown)) {
      return;
    }
    shown = figure;
    List<Node> nodes = new ArrayList<>();
    for (TablesFigure.Table table : figure.others()) {
      nodes.add(button(table));
    }
    if (figure.omitted() > 0) {
      Label more = new Label("and " + figure.omitted() + " more: see Tree");
      more.getStyleClass().addAll("muted", "small");
      nodes.add(more);
    }
    list.getChildren().setAll(nodes);
    boolean any = !figure.others().isEmpty();
    title.setVisible(any);
    title.setManaged(any);
    list.setVisible(any);
    list.setManaged(any);
    summary.setText(figure.summary());
  }

  private Button button(TablesFigure.Table table) {
    Region dot = new Region();
    dot.getStyleClass().add("dot");
    Label name = new Label(Levels.name(table.level()) + " " + Hex.address(table.pa()));
    name.getStyleClass().addAll("code", "small");
    Label words = new Label(table.words());
    words.getStyleClass().addAll("muted", "small");
    HBox row = new HBox(dot, name, words);
    row.getStyleClass().add("other-table-content");
    row.setAlignment(Pos.CENTER_LEFT);
    Button button = new Button();
    button.setGraphic(row);
    button.getStyleClass().addAll("other-table", Levels.hue(table.level()).styleClass());
    button.setAccessibleText(
        Levels.name(table.level()) + " table at " + Hex.address(table.pa()) + ", " + table.words());
    button.setOnAction(_ -> selection.select(Selection.ofIpa(table.ipa())));
    return button;
  }
}
