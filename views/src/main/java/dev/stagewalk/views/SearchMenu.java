package dev.stagewalk.views;

import java.util.List;
import javafx.scene.Node;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;

/** A context menu that ends in what can be asked of the run about the selection. */
final class SearchMenu {
  private SearchMenu() {}

  /** A menu of these items, and behind them of what is selected when it opens. */
  static ContextMenu of(SelectionModel selection, Actions actions, MenuItem... own) {
    ContextMenu menu = new ContextMenu(own);
    menu.setOnShowing(_ -> fill(menu, List.of(own), selection, actions));
    return menu;
  }

  /** The same where a node is clicked that has no context menu of its own. */
  static void attach(Node node, SelectionModel selection, Actions actions, MenuItem... own) {
    ContextMenu menu = of(selection, actions, own);
    node.setOnContextMenuRequested(e -> {
      // A menu without items would not open.
      fill(menu, List.of(own), selection, actions);
      menu.show(node, e.getScreenX(), e.getScreenY());
      e.consume();
    });
  }

  private static void fill(
      ContextMenu menu, List<MenuItem> own, SelectionModel selection, Actions actions) {
    menu.getItems().setAll(own);
    List<SearchOffer> offers = SearchOffer.of(selection.selected());
    if (!offers.isEmpty() && !own.isEmpty()) {
      menu.getItems().add(new SeparatorMenuItem());
    }
    for (SearchOffer offer : offers) {
      MenuItem item = new MenuItem(offer.title());
      item.setOnAction(_ -> actions.submit(offer.command()));
      menu.getItems().add(item);
    }
  }
}
