package dev.stagewalk.views;

import dev.stagewalk.views.WalkFigure.AddressField;
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

  void show(WalkFigure figure) {
    if (figure.fields().equals(shown)) {
      return;
    }
    shown = figure.fields();
    name.setText(figure.source().translation().stage() == 2 ? "IPA" : "VA");
    List<HBox> nodes = new ArrayList<>();
    for (AddressField field : shown) {
      nodes.add(box(field));
    }
    boxes.getChildren().setAll(nodes);
  }

  private HBox box(AddressField field) {
    Label what = new Label(field.name() + " " + field.bits());
    what.getStyleClass().addAll("code", "address-name");
    what.setMinWidth(0);
    what.setTextOverrun(OverrunStyle.CLIP);
    Label value = new Label(field.value());
    value.getStyleClass().addAll("code", "strong", "address-value");
    value.setMinWidth(Region.USE_PREF_SIZE);
    Region gap = new Region();
    HBox.setHgrow(gap, Priority.ALWAYS);
    HBox box = new HBox(what, gap, value);
    box.setAlignment(Pos.CENTER_LEFT);
    box.getStyleClass().add("address-field");
    switch (field.role()) {
      case INDEX -> box.getStyleClass().add(Levels.hue(field.level()).styleClass());
      case BEYOND -> box.getStyleClass().add(Token.FAULT_TRANSLATION.styleClass());
      case OFFSET -> {}
    }
    box.pseudoClassStateChanged(DIM, !field.known());
    box.setMinWidth(0);
    HBox.setHgrow(box, Priority.ALWAYS);
    return box;
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
