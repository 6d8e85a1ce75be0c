package dev.stagewalk.app;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.session.Scenario;
import java.util.function.Consumer;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import org.controlsfx.control.SegmentedButton;

/** Asks for another granule and input address size of stage 2, which restarts the guest. */
final class GeometryForm extends VBox {
  private static final int[] SIZES = {32, 36, 40, 42, 44, 48};

  private Granule granule;
  private int ipaBits;

  GeometryForm(Scenario scenario, Consumer<Scenario> chosen) {
    granule = scenario.granule();
    ipaBits = scenario.ipaBits();
    getStyleClass().add("form");
    setId("geometry-form");
    Label title = new Label("Geometry of stage 2");
    title.getStyleClass().add("strong");
    SegmentedButton granules = new SegmentedButton();
    for (Granule each : Granule.values()) {
      ToggleButton button = new ToggleButton(each.text());
      button.setId("granule-" + each.text());
      button.setSelected(each == granule);
      button.setOnAction(_ -> {
        button.setSelected(true);
        granule = each;
      });
      granules.getButtons().add(button);
    }
    SegmentedButton sizes = new SegmentedButton();
    for (int bits : SIZES) {
      ToggleButton button = new ToggleButton(Integer.toString(bits));
      button.setId("ipa-bits-" + bits);
      button.setSelected(bits == ipaBits);
      button.setOnAction(_ -> {
        button.setSelected(true);
        ipaBits = bits;
      });
      sizes.getButtons().add(button);
    }
    Button restart = new Button("Restart the guest with this");
    restart.setId("geometry-confirm");
    restart.getStyleClass().add("accent");
    restart.setOnAction(_ -> chosen.accept(scenario.with(granule, ipaBits)));
    HBox buttons = new HBox(restart);
    buttons.setAlignment(Pos.CENTER_RIGHT);
    getChildren()
        .addAll(
            title,
            new Label("translation granule"),
            granules,
            new Label("input address size (IPA bits)"),
            sizes,
            buttons);
  }

  /** "4K granule · 48-bit IPA". */
  static String words(Scenario scenario) {
    return scenario.granule().text() + " granule · " + scenario.ipaBits() + "-bit IPA";
  }
}
