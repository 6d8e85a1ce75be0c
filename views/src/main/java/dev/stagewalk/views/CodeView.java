package dev.stagewalk.views;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.Program;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Snapshot;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import javafx.beans.binding.Bindings;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignP;

/**
 * The guest's source text. It can be edited, with colours, completion and errors as one writes, and
 * assembled again, which restarts the guest.
 */
public final class CodeView implements View {
  /** A pause after which a source is checked. */
  private static final Duration WHILE_TYPING = Duration.ofMillis(400);

  /** Of the pane's height. */
  private static final double ERRORS_SHARE = 0.4;

  private final Actions actions;
  private final SelectionModel selection;
  private final TrapLog log;
  private final SourceCheck check;
  private final Listing listing;
  private final BorderPane node = new BorderPane();
  private final Label level = new Label();
  private final Button edit = new Button();
  private final HBox header = new HBox(edit, level);
  private final VBox errors = new VBox();
  private @Nullable Snapshot shown;
  private @Nullable Program program;
  private boolean editing;

  public CodeView(
      Look look, SelectionModel selection, Actions actions, TrapLog log, SourceCheck check) {
    this.actions = actions;
    this.selection = selection;
    this.log = log;
    this.check = check;
    listing =
        new Listing(
            look,
            this::toggleBreakpoint,
            address -> selection.select(Selection.ofInstruction(address)));
    node.setCenter(listing.node());
    node.setId("code");
    level.getStyleClass().add("quiet");
    edit.getStyleClass().addAll("small", "flat");
    edit.setGraphic(new FontIcon(MaterialDesignP.PENCIL_OUTLINE));
    edit.setAccessibleText("Edit the source");
    edit.setMinWidth(Region.USE_PREF_SIZE);
    level.setMinWidth(Region.USE_PREF_SIZE);
    edit.setTooltip(new Tooltip("Change the source, assemble it and restart the guest"));
    edit.setOnAction(_ -> edit());
    header.setAlignment(Pos.CENTER_RIGHT);
    header.getStyleClass().add("view-header");
    errors.getStyleClass().add("code-errors");
    selection.onChange(() -> marks(shown));
    new CompletionMenu(listing.area());
    listing
        .area()
        .plainTextChanges()
        .subscribe(_ -> {
          if (editing) {
            listing.colour();
          }
        });
    listing
        .area()
        .plainTextChanges()
        .successionEnds(WHILE_TYPING)
        .subscribe(_ -> {
          if (editing && shown != null) {
            show(check.problems(shown.scenario(), listing.area().getText()));
          }
        });
  }

  @Override
  public String title() {
    return "Code";
  }

  @Override
  public Node node() {
    return node;
  }

  @Override
  public String unknownInRecordings() {
    return "The guest's code is unknown: a trace says addresses of instructions and not their"
        + " text.";
  }

  @Override
  public String unknownInDumps() {
    return "The guest's code is unknown: a dump comes without its source.";
  }

  @Override
  public Node header() {
    return header;
  }

  @Override
  public String text() {
    return program == null ? "" : program.source();
  }

  @Override
  public void show(Snapshot snapshot) {
    Snapshot before = shown;
    if (before != null && before.version() == snapshot.version()) {
      return;
    }
    shown = snapshot;
    if (program == null || !program.equals(snapshot.program())) {
      program = snapshot.program();
      if (!editing) {
        fill(program);
      }
    }
    level.setText(GuestState.level(snapshot));
    edit.setVisible(isEditable(snapshot));
    marks(snapshot);
  }

  /** The instruction the focus is on, for keys that act "where the focus is". */
  public OptionalLong focusedAddress() {
    long address = listing.caretAddress();
    return listing.area().isFocused() && address != Listing.NONE
        ? OptionalLong.of(address)
        : OptionalLong.empty();
  }

  private void fill(Program newProgram) {
    String text =
        newProgram.source().isEmpty() ? "// " + newProgram.sourceName() : newProgram.source();
    // Editing is done in the text as it is written.
    text = editing ? text : NarrowSource.of(text);
    int lines = (int) text.chars().filter(c -> c == '\n').count() + 1;
    listing.setText(text, Listing.addressesOfLines(lines, newProgram.lines()));
  }

  private void marks(@Nullable Snapshot snapshot) {
    if (snapshot == null || editing) {
      return;
    }
    listing.mark(
        GuestState.instruction(snapshot),
        snapshot.state() == RunState.AT_EXIT,
        snapshot::breakpointAt,
        log.trapped(),
        selection.lit().instruction().orElse(Listing.NONE));
  }

  private void toggleBreakpoint(long address) {
    if (shown != null && !editing) {
      actions.submit(new Command.Breakpoint(address, shown.breakpointAt(address).isEmpty()));
    }
  }

  /** Lets the source be changed, until it is assembled or the change is dropped. */
  public void edit() {
    if (editing || shown == null || !isEditable(shown)) {
      return;
    }
    editing = true;
    fill(shown.program());
    edit.setDisable(true);
    listing.area().setEditable(true);
    listing.area().requestFocus();
    Button assemble = new Button("Assemble and restart");
    assemble.getStyleClass().addAll("small", "accent");
    assemble.setOnAction(_ -> assemble());
    Button drop = new Button("Drop the changes");
    drop.getStyleClass().add("small");
    drop.setOnAction(_ -> endEditing());
    HBox row = new HBox(assemble, drop);
    row.getStyleClass().add("button-row");
    ScrollPane all = new ScrollPane(errors);
    all.setFitToWidth(true);
    all.getStyleClass().add("code-errors-scroll");
    // However many there are, the text keeps most of the pane.
    all.maxHeightProperty().bind(node.heightProperty().multiply(ERRORS_SHARE));
    all.visibleProperty().bind(Bindings.isNotEmpty(errors.getChildren()));
    all.managedProperty().bind(all.visibleProperty());
    node.setBottom(new VBox(all, row));
  }

  private void assemble() {
    Snapshot now = shown;
    if (now == null) {
      return;
    }
    String text = listing.area().getText();
    List<SourceCheck.Problem> problems = check.problems(now.scenario(), text);
    show(problems);
    if (problems.isEmpty()) {
      program = null;
      endEditing();
      actions.submit(new Command.Restart(now.scenario().withSource(text)));
    }
  }

  private void show(List<SourceCheck.Problem> problems) {
    errors.getChildren().clear();
    for (SourceCheck.Problem problem : problems) {
      Button line = new Button(problem.words());
      line.getStyleClass().addAll("small", "flat", "code-error");
      line.setOnAction(_ -> goTo(problem.line(), problem.column()));
      errors.getChildren().add(line);
    }
  }

  private void goTo(int line, int column) {
    int paragraph = Math.clamp(line - 1, 0, listing.area().getParagraphs().size() - 1);
    int length = listing.area().getParagraphLength(paragraph);
    listing.area().moveTo(paragraph, Math.clamp(column - 1, 0, length));
    listing.area().requestFollowCaret();
    listing.area().requestFocus();
  }

  private void endEditing() {
    editing = false;
    edit.setDisable(false);
    listing.area().setEditable(false);
    errors.getChildren().clear();
    node.setBottom(null);
    if (shown != null) {
      fill(shown.program());
      marks(shown);
    }
  }

  /** An image's listing was made from its code, not the code from it. */
  private static boolean isEditable(Snapshot snapshot) {
    return !snapshot.program().source().isEmpty() && snapshot.scenario().boot().isEmpty();
  }

  /** Selects and reveals the line of an address. */
  public void reveal(long address) {
    if (program != null) {
      OptionalInt line = program.line(address);
      if (line.isPresent()) {
        listing.area().showParagraphAtCenter(line.getAsInt() - 1);
      } else {
        throw new IllegalArgumentException("no instruction stands at " + Hex.address(address));
      }
    }
  }
}
