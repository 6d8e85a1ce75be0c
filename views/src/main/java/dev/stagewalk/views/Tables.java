package dev.stagewalk.views;

import java.util.Comparator;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import org.jspecify.annotations.Nullable;

/** How the panes that are tables make their columns: dense, sortable, numbers in the code font. */
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
