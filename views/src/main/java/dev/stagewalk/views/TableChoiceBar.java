package dev.stagewalk.views;

import dev.stagewalk.arch.Regime;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;

/** The switch between the tables of stage 2 and those of the guest's own stage 1. */
final class TableChoiceBar extends HBox {
  private final Map<TableChoice, ToggleButton> buttons = new EnumMap<>(TableChoice.class);

  TableChoiceBar(Scans scans) {
    Label regime = new Label(Regime.EL1_0.text());
    regime.getStyleClass().addAll("muted", "small");
    regime.setMinWidth(USE_PREF_SIZE);
    getChildren().add(regime);
    ToggleGroup group = new ToggleGroup();
    for (TableChoice choice : TableChoice.values()) {
      ToggleButton button = new ToggleButton(choice.words());
      button.setMnemonicParsing(false);
      button.setToggleGroup(group);
      button.getStyleClass().add("small");
      button.setId("tables-" + choice.words().toLowerCase(Locale.ROOT).replace(' ', '-'));
      button.setMinWidth(USE_PREF_SIZE);
      button.setOnAction(_ -> scans.choose(choice));
      buttons.put(choice, button);
      getChildren().add(button);
    }
    setAlignment(Pos.CENTER_LEFT);
    getStyleClass().add("table-choice");
    Runnable follow = () -> buttons.forEach((c, b) -> b.setSelected(c == scans.choice()));
    scans.onChange(follow);
    follow.run();
  }
}
