package dev.stagewalk.views;

import dev.stagewalk.session.Command;
import dev.stagewalk.session.Program;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Snapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import javafx.scene.Node;
import javafx.scene.control.Label;
import org.jspecify.annotations.Nullable;

/** The guest's code as it stands in memory now, one instruction a line. */
public final class DisassemblyView implements View {
  /** Instructions shown of a program; a longer one is cut and says so. */
  private static final int MOST = 16_384;

  private final SelectionModel selection;
  private final Actions actions;
  private final TrapLog log;
  private final Disassembly disassembly;
  private final Listing listing;
  private final Label header = new Label();
  private @Nullable Snapshot shown;
  private int[] words = {};
  private @Nullable Program program;
  private String text = "";

  public DisassemblyView(
      Look look, SelectionModel selection, Actions actions, TrapLog log, Disassembly disassembly) {
    this.selection = selection;
    this.actions = actions;
    this.log = log;
    this.disassembly = disassembly;
    listing =
        new Listing(
            look,
            this::toggleBreakpoint,
            address -> selection.select(Selection.ofInstruction(address)));
    listing.area().setId("disassembly");
    header.getStyleClass().add("quiet");
    selection.onChange(() -> marks(shown));
  }

  @Override
  public String title() {
    return "Disassembly";
  }

  @Override
  public Node node() {
    return listing.node();
  }

  @Override
  public String unknownInRecordings() {
    return "The guest's memory is unknown, and with it its instructions.";
  }

  @Override
  public String unknownInDumps() {
    return "The guest's code is not looked for in a dump: addresses of its program are virtual.";
  }

  @Override
  public Node header() {
    return header;
  }

  @Override
  public String text() {
    return text;
  }

  @Override
  public void show(Snapshot snapshot) {
    Snapshot before = shown;
    if (before != null && before.version() == snapshot.version()) {
      return;
    }
    shown = snapshot;
    Program now = snapshot.program();
    int[] read = new int[Math.min(now.size() / 4, MOST)];
    for (int i = 0; i < read.length; i++) {
      read[i] = (int) snapshot.memory().read(now.base() + 4L * i, 4);
    }
    if (!now.equals(program) || !Arrays.equals(read, words)) {
      program = now;
      words = read;
      fill(now, read);
    }
    header.setText(GuestState.level(snapshot));
    marks(snapshot);
  }

  private void fill(Program now, int[] read) {
    Map<Long, String> labels = new TreeMap<>();
    now.symbols().forEach((name, address) -> labels.merge(address, name, (a, b) -> a + ", " + b));
    Set<Long> instructions = instructions(now);
    StringBuilder out = new StringBuilder();
    List<Long> addresses = new ArrayList<>();
    for (int i = 0; i < read.length; i++) {
      long address = now.base() + 4L * i;
      String label = labels.get(address);
      if (label != null) {
        line(out, addresses, label + ":", Listing.NONE);
      }
      boolean code = now.lines().isEmpty() || instructions.contains(address);
      String words =
          code
              ? disassembly.text(read[i], address, now)
              : ".word " + String.format(Locale.ROOT, "0x%08x", read[i]);
      line(out, addresses, "    " + words, address);
    }
    if (now.size() / 4 > MOST) {
      line(out, addresses, "// " + (now.size() / 4 - MOST) + " more words not shown", Listing.NONE);
    }
    text = out.toString();
    listing.setText(text, addresses.stream().mapToLong(Long::longValue).toArray());
  }

  /**
   * Where the assembler put instructions: the first address of each line that is no directive. What
   * else a line gave, such as a literal, is data.
   */
  private static Set<Long> instructions(Program program) {
    List<String> source = program.source().lines().toList();
    Set<Long> addresses = new HashSet<>();
    Set<Integer> seen = new HashSet<>();
    for (long address : program.addresses()) {
      int line = program.line(address).orElse(0);
      if (line < 1 || line > source.size() || !seen.add(line)) {
        continue;
      }
      String statement = source.get(line - 1).replaceFirst("^\\s*[\\w.$]+:", "").strip();
      if (!statement.startsWith(".")) {
        addresses.add(address);
      }
    }
    return addresses;
  }

  private static void line(StringBuilder out, List<Long> addresses, String line, long address) {
    out.append(addresses.isEmpty() ? "" : "\n").append(line);
    addresses.add(address);
  }

  private void marks(@Nullable Snapshot snapshot) {
    if (snapshot != null) {
      listing.mark(
          GuestState.instruction(snapshot),
          snapshot.state() == RunState.AT_EXIT,
          snapshot::breakpointAt,
          log.trapped(),
          selection.lit().instruction().orElse(Listing.NONE));
    }
  }

  private void toggleBreakpoint(long address) {
    if (shown != null) {
      actions.submit(new Command.Breakpoint(address, shown.breakpointAt(address).isEmpty()));
    }
  }

  /** The instruction the caret is on while this has the focus, otherwise {@link Listing#NONE}. */
  public OptionalLong focusedAddress() {
    long address = listing.caretAddress();
    return listing.area().isFocused() && address != Listing.NONE
        ? OptionalLong.of(address)
        : OptionalLong.empty();
  }
}
