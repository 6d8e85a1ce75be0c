package dev.stagewalk.views;

import dev.stagewalk.views.WalkBand.AddressField;
import java.util.ArrayList;
import java.util.List;
import javafx.css.PseudoClass;
import javafx.geometry.Bounds;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.OverrunStyle;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;

/** The input address of a walk, split into the fields that index the tables. */
final class AddressStrip extends HBox {
  private static final PseudoClass DIM = PseudoClass.getPseudoClass("dim");

  private final Label name = new Label("IPA");
  private final HBox boxes = new HBox();
  private final List<Box> pool = new ArrayList<>();
  private List<AddressField> shown = List.of();

  AddressStrip() {
    getStyleClass().add("address-strip");
    name.getStyleClass().addAll("code", "muted");
    name.setMinWidth(USE_PREF_SIZE);
    boxes.getStyleClass().add("address-fields");
    HBox.setHgrow(boxes, Priority.ALWAYS);
    setAlignment(Pos.CENTER_LEFT);
    getChildren().addAll(name, boxes);
  }

  void show(WalkBand band) {
    if (band.fields().equals(shown) && name.getText().equals(band.inputName())) {
      return;
    }
    shown = band.fields();
    name.setText(band.inputName());
    while (pool.size() < shown.size()) {
      pool.add(new Box());
    }
    for (int i = 0; i < shown.size(); i++) {
      pool.get(i).show(shown.get(i));
    }
    if (boxes.getChildren().size() != shown.size()) {
      boxes.getChildren().setAll(pool.subList(0, shown.size()));
    }
  }

  /** One field. */
  private static final class Box extends HBox {
    private final Label what = new Label();
    private final Label value = new Label();
    private String hue = "";

    Box() {
      what.getStyleClass().addAll("code", "address-name");
      what.setMinWidth(0);
      what.setTextOverrun(OverrunStyle.CLIP);
      value.getStyleClass().addAll("code", "strong", "address-value");
      value.setMinWidth(USE_PREF_SIZE);
      Region gap = new Region();
      setHgrow(gap, Priority.ALWAYS);
      getChildren().addAll(what, gap, value);
      setAlignment(Pos.CENTER_LEFT);
      getStyleClass().add("address-field");
      setMinWidth(0);
    }

    void show(AddressField field) {
      boolean range = field.role() == AddressField.Role.RANGE;
      what.setText(range ? field.name() : field.name() + " " + field.bits());
      value.setText(field.value());
      String newHue =
          switch (field.role()) {
            case INDEX -> Levels.hue(field.level()).styleClass();
            case BEYOND -> Token.FAULT_TRANSLATION.styleClass();
            case RANGE, HELD, OFFSET -> "hue-none";
          };
      if (!newHue.equals(hue)) {
        getStyleClass().remove(hue);
        getStyleClass().add(newHue);
        hue = newHue;
      }
      HBox.setHgrow(this, range ? Priority.NEVER : Priority.ALWAYS);
      pseudoClassStateChanged(DIM, !field.known());
    }
  }

  /** Where the box of a level stands, in the strip's coordinates. */
  Bounds boundsOf(int level) {
    for (int i = 0; i < shown.size(); i++) {
      AddressField field = shown.get(i);
      if (field.role() == AddressField.Role.INDEX && field.level() == level) {
        return boxes.localToParent(boxes.getChildren().get(i).getBoundsInParent());
      }
    }
    return boxes.getBoundsInParent();
  }
}
