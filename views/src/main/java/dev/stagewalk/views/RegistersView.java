package dev.stagewalk.views;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.Edit;
import dev.stagewalk.session.PeState;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.OverrunStyle;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/**
 * The guest's general and vector registers. What differs from where the user last was is bold and
 * has a bar; a double-click edits a value. Runs of registers that have never held anything are one
 * line.
 */
public final class RegistersView implements View {
  private static final PseudoClass CHANGED = PseudoClass.getPseudoClass("changed");
  private static final PseudoClass LIT = PseudoClass.getPseudoClass("lit");
  private static final PseudoClass ZERO = PseudoClass.getPseudoClass("zero");

  /** Where exceptions go and come from; those of EL2 only where no hypervisor hides them. */
  private static final List<String> OF_EXCEPTIONS =
      List.of("ELR_EL1", "VBAR_EL1", "ELR_EL2", "VBAR_EL2");

  private static final int OF_EL2 = 35;

  private final SelectionModel selection;
  private final Actions actions;
  private final VBox list = new VBox();
  private final VectorLines vectors = new VectorLines();
  private final FaultLines fault;
  private final RecordedRegisters recorded;
  private final DumpRegisters dumped;
  private final VBox all = new VBox();
  private final ScrollPane node = new ScrollPane(all);
  private final Label state = new Label();
  private final PeChoice choice = new PeChoice(this::showAgain);
  private final HBox header = new HBox(choice.node(), state);
  private final List<Line> lines = new ArrayList<>();
  private final boolean[] used = new boolean[31];
  private final Label rest = new Label();
  private final StripsView below;
  private boolean everything;
  private boolean bare;
  private @Nullable Snapshot shown;

  /**
   * @param below stands under the registers in the same scroll pane
   */
  public RegistersView(SelectionModel selection, Actions actions, StripsView below) {
    this.below = below;
    fault = new FaultLines(selection);
    recorded = new RecordedRegisters(selection);
    dumped = new DumpRegisters(selection, actions);
    all.getChildren().setAll(fault, list, vectors, below.strips());
    this.selection = selection;
    this.actions = actions;
    for (int i = 0; i < 31; i++) {
      int number = i;
      lines.add(new Line("x" + i, pe -> pe.x(number)));
    }
    lines.add(new Line("sp", pe -> GuestState.of(pe, bare).sp()));
    lines.add(new Line("pc", pe -> GuestState.of(pe, bare).pc()));
    for (String name : OF_EXCEPTIONS) {
      lines.add(new Line(name, pe -> Stage2.register(pe, name)));
    }
    list.getStyleClass().add("registers");
    list.setId("registers");
    lines.forEach(line -> list.getChildren().add(line.box));
    rest.getStyleClass().addAll("quiet", "registers-rest");
    rest.setOnMouseClicked(_ -> {
      everything = !everything;
      hideUnused();
    });
    list.getChildren().add(31, rest);
    state.setMinWidth(Region.USE_PREF_SIZE);
    state.getStyleClass().add("quiet");
    header.setAlignment(Pos.CENTER_LEFT);
    header.setSpacing(6);
    node.setFitToWidth(true);
    node.viewportBoundsProperty().addListener((_, _, _) -> showFault());
    node.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    selection.onChange(this::light);
    SearchMenu.attach(node, selection, actions);
  }

  @Override
  public String title() {
    return "Registers";
  }

  @Override
  public Node node() {
    return node;
  }

  @Override
  public String unknownInRecordings() {
    return "";
  }

  @Override
  public String unknownInDumps() {
    return "";
  }

  @Override
  public Node header() {
    return header;
  }

  @Override
  public String text() {
    Snapshot now = shown;
    if (now != null && now.recording().isPresent()) {
      return recorded.text();
    }
    if (now != null && now.dump().isPresent()) {
      return dumped.text();
    }
    StringBuilder out = new StringBuilder(choice.text() + state.getText()).append('\n');
    for (Line line : lines) {
      if (line.isSaid()) {
        out.append(line.text()).append('\n');
      }
    }
    return out.append(vectors.text()).append(below.text()).toString();
  }

  @Override
  public void show(Snapshot snapshot) {
    Snapshot before = shown;
    if (before != null && before.version() == snapshot.version()) {
      return;
    }
    if (before == null || !before.scenario().equals(snapshot.scenario())) {
      java.util.Arrays.fill(used, false);
    }
    shown = snapshot;
    present(snapshot);
  }

  private void showAgain() {
    Snapshot now = shown;
    if (now != null) {
      present(now);
    }
  }

  private void present(Snapshot now) {
    boolean imported = now.isImported();
    choice.node().setVisible(!imported);
    choice.node().setManaged(!imported && now.pes().size() > 1);
    if (imported) {
      presentImported(now);
      return;
    }
    node.setContent(all);
    bare = now.scenario().bare();
    Snapshot snapshot = now.seenFrom(choice.of(now));
    PeState pe = snapshot.pe();
    GuestState guest = GuestState.of(pe, bare);
    // With a choice of PEs there is no room for both beside it.
    String words = now.pes().size() > 1 ? guest.mode() : guest.mode() + " · " + guest.flags();
    boolean gone = now.state() == RunState.ENDED && !bare;
    state.setText(
        gone ? "ended at " + guest.mode() : GuestState.isBefore(pe, bare) ? "no guest yet" : words);
    state.setTooltip(
        new Tooltip(
            (bare ? "PE at " : "the guest's PSTATE: ")
                + guest.mode()
                + ", flags "
                + guest.flags()));
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      long value = line.read.applyAsLong(pe);
      boolean changed = value != line.read.applyAsLong(snapshot.before());
      line.show(value, changed, now.program().names().name(value).orElse(""));
      if (i > 32) {
        line.keep((value != 0 || changed) && (bare || i < OF_EL2));
      }
      if (i < 31 && (value != 0 || changed)) {
        used[i] = true;
      }
    }
    hideUnused();
    vectors.show(snapshot);
    fault.show(snapshot);
    below.show(snapshot);
    showFault();
  }

  private void presentImported(Snapshot now) {
    if (now.dump().isPresent()) {
      node.setContent(dumped);
      state.setText(now.pes().size() > 1 ? "of PE " + now.pe().id() : "beside the dump");
      dumped.show(now, now.dump().get());
      return;
    }
    node.setContent(recorded);
    state.setText("of this event");
    recorded.show(now);
  }

  /** Only where the strips that say the same are out of sight. */
  private void showFault() {
    double width = node.getViewportBounds().getWidth();
    double height = node.getViewportBounds().getHeight();
    boolean out =
        list.prefHeight(width) + vectors.prefHeight(width) + below.faultHeight(width) > height;
    boolean on = out && !fault.isEmpty() && height > 0;
    if (fault.isManaged() != on) {
      fault.setVisible(on);
      fault.setManaged(on);
    }
  }

  private void hideUnused() {
    int hidden = 0;
    int first = -1;
    int last = -1;
    for (int i = 0; i < 31; i++) {
      boolean hide = !everything && !used[i] && i > 3 && i < 29;
      lines.get(i).box.setVisible(!hide);
      lines.get(i).box.setManaged(!hide);
      if (hide) {
        hidden++;
        first = first < 0 ? i : first;
        last = i;
      }
    }
    if (everything) {
      rest.setText("show fewer");
    } else if (hidden > 0) {
      rest.setText(
          hidden
              + " more are zero"
              + (hidden == last - first + 1 ? ": x" + first + "…x" + last : ""));
    }
    rest.setManaged(everything || hidden > 0);
    rest.setVisible(rest.isManaged());
    // The line stands where the first hidden register would.
    int place = everything || first < 0 ? 31 : first;
    if (list.getChildren().indexOf(rest) != place) {
      list.getChildren().remove(rest);
      list.getChildren().add(place, rest);
    }
  }

  private void light() {
    lines.forEach(
        line -> line.box.pseudoClassStateChanged(LIT, selection.lit().hasField(line.name, "")));
  }

  /** One register. */
  private final class Line {
    private final String name;
    private final ToLongFunction<PeState> read;
    private final Label label;
    private final Label value = new Label();
    private final Label symbol = new Label();
    private final HBox line;
    private final VBox box;
    private long now;

    Line(String name, ToLongFunction<PeState> read) {
      this.name = name;
      this.read = read;
      label = new Label(name);
      label.getStyleClass().add("register-name");
      value.getStyleClass().addAll("code", "register-value");
      Region gap = new Region();
      HBox.setHgrow(gap, Priority.ALWAYS);
      line = new HBox(label, gap, value);
      line.setAlignment(Pos.CENTER_LEFT);
      symbol.getStyleClass().addAll("code", "muted", "register-symbol");
      symbol.setMaxWidth(Double.MAX_VALUE);
      symbol.setAlignment(Pos.CENTER_RIGHT);
      symbol.setTextOverrun(OverrunStyle.CENTER_ELLIPSIS);
      box = new VBox(line, symbol);
      box.setId("register-" + name);
      box.getStyleClass().add("register");
      Tooltip.install(box, new Tooltip("Click to select, double-click to change"));
      box.setOnContextMenuRequested(
          _ -> selection.select(Selection.of(new Selection.Field(name, ""))));
      box.setOnMouseClicked(e -> {
        selection.select(Selection.of(new Selection.Field(name, "")));
        if (e.getClickCount() == 2) {
          edit();
        }
      });
    }

    /** Whether the pane has it: what exceptions leave only where it is not 0. */
    boolean isSaid() {
      return !OF_EXCEPTIONS.contains(name) || box.isManaged();
    }

    String text() {
      String named = symbol.getText().isEmpty() ? "" : "\t" + symbol.getText();
      return name + "\t" + value.getText() + named;
    }

    void keep(boolean on) {
      box.setVisible(on);
      box.setManaged(on);
    }

    void show(long newValue, boolean changed, String named) {
      now = newValue;
      symbol.setText(named);
      symbol.setVisible(!named.isEmpty());
      symbol.setManaged(!named.isEmpty());
      value.setText(Hex.full(newValue));
      box.pseudoClassStateChanged(CHANGED, changed);
      box.pseudoClassStateChanged(ZERO, newValue == 0 && !changed);
      String called = named.isEmpty() ? "" : ", " + named;
      box.setAccessibleText(
          name + " " + Hex.full(newValue) + called + (changed ? ", changed" : ""));
    }

    private void edit() {
      TextField field = new TextField(Hex.full(now));
      field.getStyleClass().addAll("code", "small");
      HBox.setHgrow(field, Priority.ALWAYS);
      Label error = new Label();
      line.getChildren().setAll(label, field);
      field.selectAll();
      field.requestFocus();
      field.setOnAction(_ -> {
        try {
          long typed = Hex.parse(field.getText());
          done();
          Snapshot at = shown;
          if (typed != now && at != null) {
            int pe = choice.of(at);
            String place = GuestState.place(name, at.pes().get(pe), bare);
            actions.submit(new Command.Inject(new Edit.SetRegister(place, typed, pe)));
          }
        } catch (NumberFormatException e) {
          field.pseudoClassStateChanged(PseudoClass.getPseudoClass("danger"), true);
          field.setTooltip(new Tooltip(e.getMessage()));
          error.setText(e.getMessage());
        }
      });
      field.setOnKeyPressed(e -> {
        if (e.getCode() == KeyCode.ESCAPE) {
          done();
          e.consume();
        }
      });
      field
          .focusedProperty()
          .addListener((_, _, focused) -> {
            if (!focused) {
              done();
            }
          });
    }

    private void done() {
      Region gap = new Region();
      HBox.setHgrow(gap, Priority.ALWAYS);
      line.getChildren().setAll(label, gap, value);
    }
  }
}
