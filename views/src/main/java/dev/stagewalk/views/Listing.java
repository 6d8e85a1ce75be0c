package dev.stagewalk.views;

import dev.stagewalk.session.Breakpoint;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.input.MouseButton;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;
import javafx.scene.paint.Color;
import javafx.scene.shape.Circle;
import javafx.scene.shape.Polygon;
import org.fxmisc.flowless.VirtualizedScrollPane;
import org.fxmisc.richtext.CodeArea;

/**
 * Lines of code with a gutter: breakpoint, arrow of the PC, mark of a trap, address. It knows lines
 * and addresses, and not where they come from.
 */
final class Listing {
  /** The address of a line that has none. */
  static final long NONE = -1;

  private static final int BREAKPOINT = 1;
  private static final int PC = 2;
  private static final int TRAPPED = 4;
  private static final int LIT = 8;
  private static final int AT_EXIT = 16;
  private static final int DISABLED = 32;
  private static final int CONDITIONAL = 64;

  private final Look look;
  private final CodeArea area = new CodeArea();
  private final VirtualizedScrollPane<CodeArea> node = new VirtualizedScrollPane<>(area);
  private final LongConsumer toggleBreakpoint;
  private long[] addresses = {};
  private int[] states = {};
  private long shownPc = NONE;

  /**
   * @param toggleBreakpoint told the address of a line whose gutter was clicked
   * @param chosen told the address of a line that was clicked
   */
  Listing(Look look, LongConsumer toggleBreakpoint, LongConsumer chosen) {
    this.look = look;
    this.toggleBreakpoint = toggleBreakpoint;
    area.setEditable(false);
    area.setWrapText(true);
    area.getStyleClass().addAll("code", "listing");
    area.setOnMouseClicked(e -> {
      long address = addressAt(area.getCurrentParagraph());
      if (e.getButton() == MouseButton.PRIMARY && address != NONE) {
        chosen.accept(address);
      }
    });
    redraw();
    look.onChange(this::redraw);
  }

  Node node() {
    return node;
  }

  CodeArea area() {
    return area;
  }

  /** The address of the line the caret is in, or {@link #NONE}. */
  long caretAddress() {
    return addressAt(area.getCurrentParagraph());
  }

  /**
   * Replaces all lines.
   *
   * @param addressOfLine one for each line of the text, {@link #NONE} for a line without
   */
  void setText(String text, long[] addressOfLine) {
    addresses = addressOfLine.clone();
    states = new int[addresses.length];
    shownPc = NONE;
    area.replaceText(text);
    colour();
    area.getUndoManager().forgetHistory();
    area.moveTo(0);
    area.showParagraphAtTop(0);
    redraw();
  }

  /** Colours the text as it now is. */
  void colour() {
    area.setStyleSpans(0, CodeColours.of(area.getText()));
  }

  /**
   * Marks lines.
   *
   * @param atExit whether the instruction at {@code pc} has trapped and waits
   * @param breakpoints the breakpoint to show at an address
   * @param lit the address that is selected, or {@link #NONE}
   */
  void mark(
      long pc,
      boolean atExit,
      LongFunction<Optional<Breakpoint>> breakpoints,
      Set<Long> traps,
      long lit) {
    int pcLine = -1;
    for (int line = 0; line < addresses.length; line++) {
      long address = addresses[line];
      int state = 0;
      if (address != NONE) {
        state |= breakpoints.apply(address).map(Listing::stateOf).orElse(0);
        state |= traps.contains(address) ? TRAPPED : 0;
        state |= address == lit ? LIT : 0;
        if (address == pc) {
          state |= PC | (atExit ? AT_EXIT : 0);
          pcLine = line;
        }
      }
      if (state != states[line]) {
        states[line] = state;
        area.setParagraphStyle(line, styles(state));
        area.recreateParagraphGraphic(line);
      }
    }
    if (pcLine >= 0 && pc != shownPc) {
      reveal(pcLine);
      shownPc = pc;
    }
  }

  private void reveal(int line) {
    boolean visible = false;
    if (area.getScene() != null && area.getHeight() > 0) {
      try {
        int first = area.firstVisibleParToAllParIndex();
        int last = area.lastVisibleParToAllParIndex();
        visible = line > first && line < last;
      } catch (RuntimeException notLaidOut) {
        visible = false;
      }
    }
    if (!visible) {
      area.showParagraphAtCenter(line);
    }
  }

  private static List<String> styles(int state) {
    if ((state & PC) != 0) {
      return List.of((state & AT_EXIT) != 0 ? "line-exit" : "line-pc");
    }
    return (state & LIT) != 0 ? List.of("line-lit") : List.of();
  }

  private long addressAt(int line) {
    return line >= 0 && line < addresses.length ? addresses[line] : NONE;
  }

  /**
   * Lets the area ask for the gutters of the lines that are seen, because the factory is another
   * object. To have each line drawn anew would lay out the whole of a long listing.
   */
  private void redraw() {
    area.setParagraphGraphicFactory(this::gutter);
  }

  private Node gutter(int line) {
    long address = addressAt(line);
    int state = line < states.length ? states[line] : 0;
    double em = look.em();
    StackPane breakpoint = cell(em);
    if ((state & BREAKPOINT) != 0) {
      breakpoint.getChildren().addAll(dot(state, em));
    }
    StackPane arrow = cell(em);
    if ((state & PC) != 0) {
      Polygon triangle = new Polygon(0, 0, em * 0.55, em * 0.32, 0, em * 0.64);
      triangle.setFill(look.color(Token.ACCENT));
      arrow.getChildren().add(triangle);
    } else if ((state & TRAPPED) != 0) {
      Polygon diamond =
          new Polygon(0, em * 0.3, em * 0.3, 0, em * 0.6, em * 0.3, em * 0.3, em * 0.6);
      diamond.setFill(null);
      diamond.setStroke(look.color(Token.FAULT_TRANSLATION));
      arrow.getChildren().add(diamond);
      Tooltip.install(arrow, new Tooltip("This instruction has trapped in this run"));
    }
    Label number =
        new Label(address == NONE ? "" : String.format(Locale.ROOT, "%04x", address & 0xffff));
    number.getStyleClass().addAll("code", "line-address");
    number.setMinWidth(em * 2.5);
    HBox gutter = new HBox(breakpoint, arrow, number);
    gutter.getStyleClass().add("gutter");
    if (address != NONE) {
      gutter.getStyleClass().add("gutter-code");
      Tooltip.install(gutter, new Tooltip(dev.stagewalk.arch.Hex.address(address)));
      gutter.setOnMouseClicked(e -> toggleBreakpoint.accept(address));
    }
    return gutter;
  }

  private static int stateOf(Breakpoint breakpoint) {
    return BREAKPOINT
        | (breakpoint.enabled() ? 0 : DISABLED)
        | (breakpoint.condition().isPresent() ? CONDITIONAL : 0);
  }

  /** A dot; a ring where it is disabled; with something smaller in it where it has a condition. */
  private List<Circle> dot(int state, double em) {
    Color color = look.color(Token.FAULT_TRANSLATION);
    boolean off = (state & DISABLED) != 0;
    Circle outer = new Circle(em * 0.3, off ? Color.TRANSPARENT : color);
    outer.setStroke(color);
    if ((state & CONDITIONAL) == 0) {
      return List.of(outer);
    }
    return List.of(outer, new Circle(em * 0.12, off ? color : look.color(Token.PANE)));
  }

  private static StackPane cell(double em) {
    StackPane cell = new StackPane();
    cell.setMinSize(em * 0.85, em);
    cell.setPrefSize(em * 0.85, em);
    return cell;
  }

  /** The addresses of a text's lines, from a program's table. */
  static long[] addressesOfLines(int lineCount, Map<Long, Integer> lines) {
    long[] addresses = new long[lineCount];
    Arrays.fill(addresses, NONE);
    lines.forEach((address, line) -> {
      int at = line - 1;
      if (at >= 0
          && at < lineCount
          && (addresses[at] == NONE || Long.compareUnsigned(address, addresses[at]) < 0)) {
        addresses[at] = address;
      }
    });
    return addresses;
  }
}
