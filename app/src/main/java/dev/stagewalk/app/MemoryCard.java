package dev.stagewalk.app;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.image.boot.SymbolTable;
import dev.stagewalk.session.Snapshot;
import javafx.scene.control.Label;
import javafx.scene.layout.VBox;

/** The 64-bit words around a physical address. */
final class MemoryCard extends VBox {
  private static final int WORDS_AROUND = 4;

  MemoryCard(Snapshot snapshot, long pa) {
    getStyleClass().add("form");
    setId("memory-card");
    SymbolTable names = snapshot.program().names();
    Label title = new Label("Physical memory at " + names.shown(pa));
    title.getStyleClass().add("strong");
    getChildren().add(title);
    long middle = pa & -8;
    for (int i = -WORDS_AROUND; i <= WORDS_AROUND; i++) {
      long address = middle + 8L * i;
      String words =
          snapshot.memory().contains(address, 8)
              ? Hex.full(snapshot.memory().read(address, 8))
              : "not RAM";
      Label line =
          new Label(
              (i == 0 ? "▶ " : "  ") + Hex.address(address) + "  " + words + named(names, address));
      line.getStyleClass().add("code");
      if (i == 0) {
        line.getStyleClass().add("strong");
      }
      getChildren().add(line);
    }
  }

  private static String named(SymbolTable names, long address) {
    return names.name(address).map(name -> "  " + name).orElse("");
  }
}
