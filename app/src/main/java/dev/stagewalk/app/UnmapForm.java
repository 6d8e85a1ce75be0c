package dev.stagewalk.app;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Size;
import dev.stagewalk.session.Scenario;
import java.util.function.Consumer;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import org.controlsfx.control.SegmentedButton;

/** Asks which input addresses to unmap: a page, a block of a level, or any range. */
final class UnmapForm extends VBox {
  private final Scenario scenario;
  private final TextField address = new TextField();
  private final TextField size = new TextField();
  private final Label words = new Label();
  private final Button unmap = new Button("Unmap");

  /**
   * @param ipa filled in at first
   * @param chosen told the range when it is right and confirmed
   */
  UnmapForm(Scenario scenario, long ipa, Consumer<Inputs.IpaRange> chosen) {
    this.scenario = scenario;
    getStyleClass().add("form");
    setId("unmap-form");
    Granule granule = scenario.granule();
    address.setText(Hex.address(ipa & -granule.bytes()));
    address.setId("unmap-address");
    address.getStyleClass().add("code");
    size.setText(typed(granule.bytes()));
    size.setId("unmap-size");
    size.getStyleClass().add("code");

    SegmentedButton kinds = new SegmentedButton();
    kinds.getButtons().add(kind("Page", granule.bytes()));
    for (int level = 2; level >= 1; level--) {
      long bytes = 1L << granule.levelShift(level);
      if (granule.levelShift(level) < scenario.ipaBits()) {
        kinds.getButtons().add(kind("Block L" + level, bytes));
      }
    }
    ToggleButton range = new ToggleButton("Range");
    range.setOnAction(_ -> {
      range.setSelected(true);
      size.requestFocus();
      size.selectAll();
    });
    kinds.getButtons().add(range);
    kinds.getButtons().forEach(b -> b.setMinWidth(USE_PREF_SIZE));
    kinds.getButtons().getFirst().setSelected(true);

    Label title = new Label("Unmap input addresses of the guest");
    title.getStyleClass().add("strong");
    GridPane fields = new GridPane();
    fields.getStyleClass().add("form-fields");
    fields.addRow(0, new Label("IPA"), address);
    fields.addRow(1, new Label("size"), size);
    words.setWrapText(true);
    words.setId("unmap-words");
    words.getStyleClass().add("form-words");
    unmap.getStyleClass().add("accent");
    unmap.setId("unmap-confirm");
    HBox buttons = new HBox(unmap);
    buttons.setAlignment(Pos.CENTER_RIGHT);
    getChildren().addAll(title, kinds, fields, words, buttons);

    address.textProperty().addListener((_, _, _) -> check());
    size.textProperty().addListener((_, _, _) -> check());
    Runnable confirm =
        () -> {
          try {
            chosen.accept(Inputs.range(address.getText(), size.getText(), scenario));
          } catch (IllegalArgumentException e) {
            check();
          }
        };
    unmap.setOnAction(_ -> confirm.run());
    address.setOnAction(_ -> confirm.run());
    size.setOnAction(_ -> confirm.run());
    check();
  }

  private ToggleButton kind(String name, long bytes) {
    ToggleButton button = new ToggleButton(name + "  " + Size.words(bytes));
    button.setOnAction(_ -> {
      button.setSelected(true);
      size.setText(typed(bytes));
      try {
        // A block begins at a multiple of its size.
        address.setText(Hex.address(Hex.parse(address.getText()) & -bytes));
      } catch (NumberFormatException stillWrong) {
        check();
      }
    });
    return button;
  }

  private static String typed(long bytes) {
    return Size.words(bytes);
  }

  private void check() {
    try {
      Inputs.IpaRange range = Inputs.range(address.getText(), size.getText(), scenario);
      words.setText("Unmaps " + range.words() + ", then invalidates the TLB.");
      unmap.setDisable(false);
      words.getStyleClass().remove("form-error");
    } catch (IllegalArgumentException e) {
      words.setText(e.getMessage());
      unmap.setDisable(true);
      if (!words.getStyleClass().contains("form-error")) {
        words.getStyleClass().add("form-error");
      }
    }
  }
}
