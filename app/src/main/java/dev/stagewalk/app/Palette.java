package dev.stagewalk.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.javafx.FontIcon;

/** A field that finds every action, sample, register and label by a few of its letters. */
final class Palette extends StackPane {
  private final TextField field = new TextField();
  private final ListView<Item> found = new ListView<>();
  private List<Item> items = List.of();
  private Runnable afterwards = () -> {};

  /**
   * Something that can be chosen.
   *
   * @param kind "action", "sample", "register", "label"
   * @param hint shown at the right: a key, a value
   */
  record Item(String kind, String title, String hint, Ikon icon, Runnable run) {
    String searchable() {
      return (kind + ' ' + title).toLowerCase(Locale.ROOT);
    }
  }

  Palette() {
    VBox box = new VBox(field, found);
    box.getStyleClass().add("palette");
    box.setMaxSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
    getStyleClass().add("palette-veil");
    setAlignment(box, Pos.TOP_CENTER);
    getChildren().add(box);
    setVisible(false);
    field.setPromptText("Search actions, samples, registers, labels");
    field.setId("palette-field");
    found.setId("palette-found");
    found.setCellFactory(_ -> new ItemCell());
    found.setFocusTraversable(false);
    field.textProperty().addListener((_, _, text) -> search(text));
    field.addEventFilter(KeyEvent.KEY_PRESSED, this::key);
    found.setOnMouseClicked(_ -> choose());
    setOnMouseClicked(e -> {
      if (e.getTarget() == this) {
        close();
      }
    });
  }

  /**
   * Opens with these to choose from.
   *
   * @param afterwards called when it has closed, to give the focus back
   */
  void open(List<Item> all, Runnable giveFocusBack) {
    items = List.copyOf(all);
    afterwards = giveFocusBack;
    field.clear();
    search("");
    setVisible(true);
    field.requestFocus();
  }

  void close() {
    if (isVisible()) {
      setVisible(false);
      afterwards.run();
    }
  }

  private void key(KeyEvent e) {
    KeyCode code = e.getCode();
    if (code == KeyCode.ESCAPE) {
      close();
    } else if (code == KeyCode.ENTER) {
      choose();
    } else if (code == KeyCode.DOWN) {
      found.getSelectionModel().selectNext();
      found.scrollTo(Math.max(0, found.getSelectionModel().getSelectedIndex() - 4));
    } else if (code == KeyCode.UP) {
      found.getSelectionModel().selectPrevious();
      found.scrollTo(Math.max(0, found.getSelectionModel().getSelectedIndex() - 4));
    } else {
      return;
    }
    e.consume();
  }

  private void choose() {
    Item item = found.getSelectionModel().getSelectedItem();
    if (item != null) {
      close();
      item.run().run();
    }
  }

  private void search(String text) {
    String[] words = text.strip().toLowerCase(Locale.ROOT).split("\\s+");
    List<Item> first = new ArrayList<>();
    List<Item> then = new ArrayList<>();
    for (Item item : items) {
      String in = item.searchable();
      boolean all = true;
      for (String word : words) {
        all &= in.contains(word);
      }
      if (all) {
        boolean begins = item.title().toLowerCase(Locale.ROOT).startsWith(words[0]);
        (begins ? first : then).add(item);
      }
    }
    first.addAll(then);
    found.getItems().setAll(first);
    found.getSelectionModel().selectFirst();
  }

  private static final class ItemCell extends ListCell<Item> {
    private final FontIcon icon = new FontIcon();
    private final Label title = new Label();
    private final Label kind = new Label();
    private final Label hint = new Label();
    private final HBox row = new HBox(icon, title, kind, gap(), hint);

    ItemCell() {
      row.setAlignment(Pos.CENTER_LEFT);
      row.getStyleClass().add("palette-row");
      kind.getStyleClass().add("muted");
      hint.getStyleClass().addAll("muted", "code");
      hint.setMinWidth(Region.USE_PREF_SIZE);
    }

    private static Region gap() {
      Region gap = new Region();
      HBox.setHgrow(gap, Priority.ALWAYS);
      return gap;
    }

    @Override
    protected void updateItem(@Nullable Item item, boolean empty) {
      super.updateItem(item, empty);
      if (empty || item == null) {
        setGraphic(null);
      } else {
        icon.setIconCode(item.icon());
        title.setText(item.title());
        kind.setText(item.kind());
        hint.setText(item.hint());
        setGraphic(row);
      }
    }
  }
}
