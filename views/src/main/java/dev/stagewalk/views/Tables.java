package dev.stagewalk.views;

import java.util.Comparator;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.control.MenuItem;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/**
 * How the panes that are tables make their columns, dense, sortable, numbers in the code font, and
 * what is chosen in them.
 */
final class Tables {
  private Tables() {}

  /** Makes a table follow the scale. */
  static void dress(TableView<?> table, Look look) {
    table.getStyleClass().addAll("dense", "view-table");
    Runnable scale = () -> table.setFixedCellSize(Math.ceil(1.95 * look.em()));
    look.onChange(scale);
    scale.run();
  }

  /**
   * Makes a table one that is chosen from: by selection, by Enter, and copied from.
   *
   * @param empty stands in its place where there are no rows
   * @param chosen is told the row that is selected; null for none
   * @param entered is told the row on which Enter was pressed; null for none
   * @param copy copies what the pane shows
   */
  static <R> void choose(
      TableView<R> table,
      Label empty,
      Consumer<@Nullable R> chosen,
      Consumer<@Nullable R> entered,
      Runnable copy) {
    empty.setWrapText(true);
    empty.getStyleClass().add("muted");
    table.setPlaceholder(empty);
    table.getSelectionModel().selectedItemProperty().addListener((_, _, row) -> chosen.accept(row));
    table.setOnKeyPressed(key -> {
      if (key.getCode() == KeyCode.ENTER) {
        entered.accept(table.getSelectionModel().getSelectedItem());
        key.consume();
      }
    });
    MenuItem item = new MenuItem("Copy as text");
    item.setOnAction(_ -> copy.run());
    table.setContextMenu(new ContextMenu(item));
    table.setMinHeight(0);
    VBox.setVgrow(table, Priority.ALWAYS);
  }

  /** Makes lines that say more of the chosen row: small, and never cut off. */
  static void detail(Region detail, Label... lines) {
    for (Label line : lines) {
      line.setWrapText(true);
      line.setMinHeight(Region.USE_PREF_SIZE);
      line.getStyleClass().add("small");
    }
    detail.getStyleClass().add("finding-detail");
    detail.setMinHeight(Region.USE_PREF_SIZE);
  }

  /**
   * A column.
   *
   * @param ems preferred width
   * @param key what it sorts by
   * @param words what it shows
   */
  static <R, K extends Comparable<? super K>> TableColumn<R, R> column(
      Look look,
      String title,
      double ems,
      boolean code,
      Function<R, K> key,
      Function<R, String> words) {
    TableColumn<R, R> column = new TableColumn<>(title);
    column.setPrefWidth(ems * look.em());
    look.onChange(() -> column.setPrefWidth(ems * look.em()));
    column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(row.getValue()));
    column.setComparator(Comparator.comparing(key));
    column.setCellFactory(_ ->
        new TableCell<>() {
          {
            if (code) {
              getStyleClass().add("code");
            }
          }

          @Override
          protected void updateItem(@Nullable R item, boolean empty) {
            super.updateItem(item, empty);
            setText(empty || item == null ? null : words.apply(item));
          }
        });
    return column;
  }
}
