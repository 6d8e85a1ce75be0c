package dev.stagewalk.views;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.Edit;
import dev.stagewalk.session.OpenedDump;
import dev.stagewalk.session.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/**
 * The registers that are known beside a dump of memory. Those that name the tables can be typed in;
 * of several PEs one is chosen whose tables are shown. What is not known is said to be unknown.
 */
final class DumpRegisters extends VBox {
  private static final PseudoClass DANGER = PseudoClass.getPseudoClass("danger");

  /** What stage 2 is made of. */
  private static final List<String> TYPED = List.of("VTTBR_EL2", "VTCR_EL2", "HCR_EL2");

  private final Actions actions;
  private final Map<String, TextField> fields = new HashMap<>();
  private final Map<String, BitStrip> strips = new HashMap<>();
  private final VBox choices = new VBox();
  private final VBox below = new VBox();
  private final VBox values = new VBox();
  private final Label source = words();
  private final Label taken = words();
  private final Label unknown = words();
  private List<String> lines = List.of();

  DumpRegisters(SelectionModel selection, Actions actions) {
    this.actions = actions;
    VBox typed = new VBox();
    for (String name : TYPED) {
      strips.put(name, new BitStrip(selection, name));
      typed.getChildren().add(line(name));
    }
    typed.getStyleClass().add("registers");
    values.getStyleClass().add("registers");
    choices.getStyleClass().add("registers");
    below.getStyleClass().add("bit-strips");
    getChildren().setAll(source, choices, typed, taken, below, values, unknown);
    setId("dump-registers");
  }

  private static Label words() {
    Label label = new Label();
    label.getStyleClass().addAll("muted", "unknown-in-recording");
    label.setWrapText(true);
    label.setMinHeight(USE_PREF_SIZE);
    return label;
  }

  private HBox line(String name) {
    Label label = new Label(name);
    label.getStyleClass().add("register-name");
    label.setMinWidth(USE_PREF_SIZE);
    TextField field = new TextField();
    field.getStyleClass().addAll("code", "small");
    field.setPromptText("unknown: type it in");
    field.setId("type-" + name);
    field.setAccessibleText(name + " of the dump");
    field.setTooltip(new Tooltip("The value of " + name + ", then Enter"));
    HBox.setHgrow(field, Priority.ALWAYS);
    field.setOnAction(_ -> take(name, field));
    fields.put(name, field);
    HBox line = new HBox(label, field);
    line.setSpacing(8);
    line.setAlignment(Pos.CENTER_LEFT);
    line.getStyleClass().add("register");
    return line;
  }

  private void take(String name, TextField field) {
    try {
      long value = Hex.parse(field.getText());
      field.pseudoClassStateChanged(DANGER, false);
      actions.submit(new Command.Inject(new Edit.SetRegister(name, value)));
    } catch (NumberFormatException e) {
      field.pseudoClassStateChanged(DANGER, true);
      field.setTooltip(new Tooltip(e.getMessage()));
    }
  }

  void show(Snapshot snapshot, OpenedDump dump) {
    Map<String, Long> registers = dump.sheet().pes().get(dump.pe());
    lines = new ArrayList<>();
    source.setText(
        (dump.registersFrom().isEmpty()
                ? "No registers came with this dump."
                : "Registers: " + dump.registersFrom() + ".")
            + "\n"
            + String.join("\n", dump.lines()));
    choose(dump);
    List<BitStrip> known = new ArrayList<>();
    for (String name : TYPED) {
      Long value = registers.get(name);
      TextField field = fields.get(name);
      if (field != null) {
        field.setText(value == null ? "" : Hex.plain(value));
        field.pseudoClassStateChanged(DANGER, false);
      }
      lines.add(name + "\t" + (value == null ? "unknown" : Hex.full(value)));
      BitStrip strip = strips.get(name);
      if (strip != null && snapshot.pe().registers().systemNames().contains(name)) {
        strip.show(snapshot);
        known.add(strip);
      }
    }
    below.getChildren().setAll(known);
    taken.setText(dump.unknown().or(dump::assumed).orElse(""));
    boolean said = !taken.getText().isEmpty();
    taken.setVisible(said);
    taken.setManaged(said);
    values.getChildren().clear();
    inOrder(registers).forEach(name -> value(name, registers.getOrDefault(name, 0L)));
    unknown.setText(
        registers.isEmpty()
            ? "Every register is unknown."
            : "Every register that is not here is unknown.");
  }

  /** General registers first, then PC and PSTATE, then the others by name. */
  private static List<String> inOrder(Map<String, Long> registers) {
    List<String> order = new ArrayList<>();
    for (int n = 0; n < 31; n++) {
      order.add("X" + n);
    }
    order.addAll(List.of("SP", "PC", "PSTATE"));
    List<String> all = new ArrayList<>(order);
    registers.keySet().stream()
        .filter(name -> !order.contains(name) && !TYPED.contains(name))
        .sorted()
        .forEach(all::add);
    return all.stream().filter(registers::containsKey).toList();
  }

  private void choose(OpenedDump dump) {
    choices.getChildren().clear();
    if (dump.sheet().pes().size() < 2) {
      return;
    }
    ToggleGroup group = new ToggleGroup();
    for (int pe = 0; pe < dump.sheet().pes().size(); pe++) {
      String why = dump.sheet().why(pe);
      ToggleButton button = new ToggleButton("PE " + pe);
      button.getStyleClass().add("small");
      button.setId("tables-of-pe-" + pe);
      button.setAccessibleText("Tables of PE " + pe + ": " + why);
      button.setMinWidth(USE_PREF_SIZE);
      button.setToggleGroup(group);
      button.setSelected(pe == dump.pe());
      int number = pe;
      button.setOnAction(_ -> actions.submit(new Command.SeeFrom(number)));
      Label reason = new Label(why);
      reason.setWrapText(true);
      reason.setMinHeight(USE_PREF_SIZE);
      reason.getStyleClass().add("small");
      HBox line = new HBox(button, reason);
      line.setSpacing(8);
      line.setAlignment(Pos.CENTER_LEFT);
      line.getStyleClass().add("register");
      choices.getChildren().add(line);
      lines.add((pe == dump.pe() ? "tables of " : "") + "PE " + pe + ": " + why);
    }
  }

  private void value(String name, long value) {
    Label label = new Label(name);
    label.getStyleClass().add("register-name");
    Label number = new Label(Hex.full(value));
    number.getStyleClass().addAll("code", "register-value");
    Region gap = new Region();
    HBox.setHgrow(gap, Priority.ALWAYS);
    HBox line = new HBox(label, gap, number);
    line.getStyleClass().add("register");
    values.getChildren().add(line);
    lines.add(name + "\t" + Hex.full(value));
  }

  String text() {
    String shown =
        below.getChildren().stream()
            .map(strip -> ((BitStrip) strip).text())
            .collect(Collectors.joining("\n"));
    return source.getText()
        + "\n"
        + String.join("\n", lines)
        + "\n"
        + taken.getText()
        + "\n"
        + shown
        + "\n"
        + unknown.getText();
  }
}
