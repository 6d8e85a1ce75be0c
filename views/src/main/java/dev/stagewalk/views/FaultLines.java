package dev.stagewalk.views;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.SimEvent.ExceptionTaken;
import dev.stagewalk.session.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.OverrunStyle;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** The syndrome of the exception that is handled now in three lines, where strips have no room. */
final class FaultLines extends VBox {
  /** Exception classes that give FAR: aborts, PC alignment, watchpoint. */
  private static final Set<Integer> WITH_FAR = Set.of(0x20, 0x21, 0x22, 0x24, 0x25, 0x34, 0x35);

  private static final Set<Integer> ABORTS = Set.of(0x20, 0x24);

  private final SelectionModel selection;
  private List<Fact> shown = List.of();

  /**
   * A register and what it holds.
   *
   * @param value the register's, or that it is UNKNOWN
   * @param symbol what names the address it holds, or empty
   */
  private record Fact(String register, String value, String symbol) {}

  FaultLines(SelectionModel selection) {
    this.selection = selection;
    getStyleClass().add("fault-lines");
    setId("fault-lines");
  }

  /** Whether an exception is handled now. */
  boolean isEmpty() {
    return shown.isEmpty();
  }

  void show(Snapshot snapshot) {
    List<Fact> facts = facts(snapshot);
    if (facts.equals(shown)) {
      return;
    }
    shown = facts;
    getChildren().setAll(facts.stream().map(this::line).toList());
  }

  private static List<Fact> facts(Snapshot snapshot) {
    if (FaultAtHand.of(snapshot).atEl1()) {
      return List.of(
          fact("ESR_EL1", Stage2.register(snapshot.pe(), "ESR_EL1")),
          address("FAR_EL1", Stage2.register(snapshot.pe(), "FAR_EL1"), snapshot));
    }
    if (snapshot.exit().map(Event::what).orElse(null) instanceof ExceptionTaken taken
        && taken.toEl() == 2
        && (taken.vector() & 3) == 0) {
      return facts(taken, snapshot);
    }
    return List.of();
  }

  private static List<Fact> facts(ExceptionTaken taken, Snapshot snapshot) {
    List<Fact> facts = new ArrayList<>();
    facts.add(fact("ESR_EL2", taken.esr()));
    if (ABORTS.contains(taken.exceptionClass())) {
      facts.add(
          taken.hpfarValid()
              ? fact("HPFAR_EL2", taken.hpfar())
              : new Fact("HPFAR_EL2", "UNKNOWN", ""));
    }
    if (WITH_FAR.contains(taken.exceptionClass())) {
      facts.add(address("FAR_EL2", taken.far(), snapshot));
    }
    return facts;
  }

  private static Fact fact(String register, long value) {
    return new Fact(register, Hex.address(value), "");
  }

  private static Fact address(String register, long value, Snapshot snapshot) {
    String symbol = snapshot.program().names().name(value).orElse("");
    return new Fact(register, Hex.address(value), symbol);
  }

  private HBox line(Fact fact) {
    Label name = new Label(fact.register());
    name.getStyleClass().addAll("strong", "bit-strip-name");
    name.setMinWidth(USE_PREF_SIZE);
    Label value = new Label(fact.value());
    value.getStyleClass().addAll("code", "register-value");
    Region gap = new Region();
    HBox.setHgrow(gap, Priority.ALWAYS);
    HBox line = new HBox(name, gap, value);
    if (!fact.symbol().isEmpty()) {
      Label symbol = new Label(fact.symbol());
      symbol.getStyleClass().addAll("code", "muted", "register-symbol");
      symbol.setMinWidth(0);
      symbol.setTextOverrun(OverrunStyle.CENTER_ELLIPSIS);
      value.setMinWidth(USE_PREF_SIZE);
      line.getChildren().add(2, symbol);
      line.setSpacing(4);
    }
    line.getStyleClass().add("register");
    line.setAlignment(Pos.BASELINE_LEFT);
    line.setAccessibleText((fact.register() + " " + fact.value() + " " + fact.symbol()).strip());
    Tooltip.install(line, new Tooltip((fact.symbol() + "\nIts fields stand below").strip()));
    line.setOnMouseClicked(
        _ -> selection.select(Selection.of(new Selection.Field(fact.register(), ""))));
    return line;
  }
}
