package dev.stagewalk.views;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.session.Snapshot;
import java.util.ArrayList;
import java.util.List;
import javafx.collections.ObservableList;
import javafx.css.PseudoClass;
import javafx.geometry.Orientation;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.OverrunStyle;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/** One register: name, value, its fields as boxes, and what follows from them. */
public final class BitStrip extends VBox {
  private static final PseudoClass CHANGED = PseudoClass.getPseudoClass("changed");
  private static final PseudoClass CAUSE = PseudoClass.getPseudoClass("cause");
  private static final PseudoClass WRONG = PseudoClass.getPseudoClass("wrong");
  private static final PseudoClass FOLD = PseudoClass.getPseudoClass("fold");
  private static final PseudoClass LIT = PseudoClass.getPseudoClass("lit");

  private final SelectionModel selection;
  private final String register;
  private final Label value = new Label();
  private final Label name;
  private final BoxRow boxes = new BoxRow();
  private final Label facts = new Label();
  private final Label warnings = new Label();
  private @Nullable StripFigure figure;

  /** A strip of a register, by its architectural name. */
  public BitStrip(SelectionModel selection, String register) {
    this.selection = selection;
    this.register = register;
    name = new Label(register);
    getStyleClass().add("bit-strip");
    name.getStyleClass().addAll("strong", "bit-strip-name");
    value.setTextOverrun(OverrunStyle.LEADING_ELLIPSIS);
    name.setMinWidth(USE_PREF_SIZE);
    value.getStyleClass().addAll("code", "bit-strip-value");
    facts.getStyleClass().addAll("muted", "small");
    facts.setWrapText(true);
    facts.setMinHeight(USE_PREF_SIZE);
    warnings.getStyleClass().addAll("small", "bit-strip-warning");
    warnings.setWrapText(true);
    warnings.setMinHeight(USE_PREF_SIZE);
    Region gap = new Region();
    HBox.setHgrow(gap, Priority.ALWAYS);
    HBox head = new HBox(name, gap, value);
    head.setAlignment(Pos.BASELINE_LEFT);
    name.setOnMouseClicked(_ -> select(""));
    getChildren().addAll(head, boxes, facts, warnings);
    setAccessibleRole(AccessibleRole.TEXT);
    selection.onChange(this::light);
  }

  /** The architectural name of its register. */
  String register() {
    return register;
  }

  /** Shows the register at a moment. */
  public void show(Snapshot snapshot) {
    StripFigure next = StripFigure.of(snapshot, register);
    if (next.equals(figure)) {
      return;
    }
    figure = next;
    value.setText(Hex.full(next.value()));
    pseudoClassStateChanged(CHANGED, next.changed());
    facts.setText(next.facts());
    warnings.setText(String.join("\n", next.warnings()));
    visible(facts, !next.facts().isEmpty());
    visible(warnings, !next.warnings().isEmpty());
    List<Region> nodes = new ArrayList<>();
    for (StripFigure.Box box : next.boxes()) {
      nodes.add(node(box));
    }
    boxes.getChildren().setAll(nodes);
    setAccessibleText(next.asText());
    light();
  }

  /** What it shows, as text. */
  public String text() {
    return figure == null ? register : figure.asText();
  }

  private Region node(StripFigure.Box box) {
    Label what = new Label(box.name());
    what.getStyleClass().addAll("field-name");
    what.setMinWidth(Region.USE_PREF_SIZE);
    VBox node = new VBox(what);
    if (!box.isFold()) {
      Label content = new Label(box.value());
      content.getStyleClass().addAll("code", "field-value");
      content.setMinWidth(Region.USE_PREF_SIZE);
      node.getChildren().add(content);
    }
    node.getStyleClass().add("field-box");
    node.setUserData(box);
    node.setAlignment(box.isFold() ? Pos.CENTER : Pos.CENTER_LEFT);
    node.pseudoClassStateChanged(FOLD, box.isFold());
    node.pseudoClassStateChanged(CHANGED, box.mark() == StripFigure.Mark.CHANGED);
    node.pseudoClassStateChanged(CAUSE, box.mark() == StripFigure.Mark.CAUSE);
    node.pseudoClassStateChanged(WRONG, box.mark() == StripFigure.Mark.WRONG);
    Tooltip.install(node, new Tooltip(box.words()));
    if (!box.isFold()) {
      node.setOnMouseClicked(_ -> select(box.name()));
    }
    return node;
  }

  private void select(String field) {
    selection.select(Selection.of(new Selection.Field(register, field)));
  }

  private void light() {
    Selection lit = selection.lit();
    for (var node : boxes.getChildren()) {
      if (node.getUserData() instanceof StripFigure.Box box) {
        node.pseudoClassStateChanged(LIT, !box.isFold() && lit.hasField(register, box.name()));
      }
    }
  }

  private static void visible(Region node, boolean on) {
    node.setVisible(on);
    node.setManaged(on);
  }

  /** Boxes side by side, as wide as their text needs, what is left by number of bits; wraps. */
  private static final class BoxRow extends Region {
    private static final double GAP = 2;

    @Override
    public ObservableList<Node> getChildren() {
      return super.getChildren();
    }

    @Override
    protected double computeMinHeight(double width) {
      return prefHeight(width);
    }

    @Override
    protected double computePrefHeight(double width) {
      return arrange(width > 0 ? width : Math.max(getWidth(), 100), false);
    }

    @Override
    protected void layoutChildren() {
      arrange(getWidth(), true);
    }

    @Override
    public Orientation getContentBias() {
      return Orientation.HORIZONTAL;
    }

    private double arrange(double width, boolean place) {
      List<List<Node>> lines = broken(width);
      // Lines of like length, so that no field stands alone in the last.
      double narrow = width;
      while (lines.size() > 1 && narrow > width / 2 && broken(narrow - 4).size() == lines.size()) {
        narrow -= 4;
      }
      lines = broken(narrow);
      // A bit is as wide in one line as in another.
      double each = lines.stream().mapToDouble(l -> spare(l, width)).min().orElse(0);
      double y = 0;
      for (List<Node> line : lines) {
        y += (y > 0 ? GAP : 0) + line(line, each, y > 0 ? y + GAP : 0, place);
      }
      return y;
    }

    private List<List<Node>> broken(double width) {
      List<List<Node>> lines = new ArrayList<>();
      double used = 0;
      for (Node node : getManagedChildren()) {
        double wanted = Math.ceil(node.prefWidth(-1));
        if (lines.isEmpty() || used + GAP + wanted > width) {
          lines.add(new ArrayList<>());
          used = -GAP;
        }
        used += GAP + wanted;
        lines.getLast().add(node);
      }
      return lines;
    }

    /** Room that is left of a line for each bit in it. */
    private static double spare(List<Node> nodes, double width) {
      double used = nodes.stream().mapToDouble(n -> Math.ceil(n.prefWidth(-1)) + GAP).sum() - GAP;
      double bits = nodes.stream().mapToDouble(BoxRow::weight).sum();
      return bits == 0 ? Double.MAX_VALUE : Math.max(0, width - used) / bits;
    }

    private static double line(List<Node> nodes, double each, double y, boolean place) {
      double height = nodes.stream().mapToDouble(n -> n.prefHeight(-1)).max().orElse(0);
      if (place) {
        double x = 0;
        for (Node node : nodes) {
          double w = Math.ceil(node.prefWidth(-1)) + each * weight(node);
          node.resizeRelocate(x, y, w, height);
          x += w + GAP;
        }
      }
      return height;
    }

    /** A wide field gets more of the spare room, but one of 48 bits must not get all of it. */
    private static double weight(Node node) {
      return node.getUserData() instanceof StripFigure.Box box && !box.isFold()
          ? Math.min(8, box.bits())
          : 0;
    }
  }
}
