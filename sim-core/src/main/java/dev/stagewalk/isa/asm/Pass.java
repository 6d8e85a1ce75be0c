package dev.stagewalk.isa.asm;

import dev.stagewalk.isa.InstructionTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One run over all statements. What stands further down is known from the pass before; passes are
 * repeated until nothing moves, and only the last one's errors count.
 */
final class Pass implements Names {
  private static final String TEXT = ".text";

  private final InstructionTable table;
  private final Function<String, OptionalInt> systemRegisters;
  private final String source;
  private final long base;
  private final @Nullable Pass before;
  private final Map<String, SectionBuffer> sections = new LinkedHashMap<>();
  private final Map<String, Symbol> symbols = new LinkedHashMap<>();
  private final List<LocalLabel> locals = new ArrayList<>();
  private final TreeMap<Long, Integer> lines = new TreeMap<>();
  private final List<AsmError> errors = new ArrayList<>();
  private SectionBuffer current;
  private int statementIndex;

  /**
   * A name's value.
   *
   * @param address whether it moves with the program
   * @param line where it was defined, as a label, else 0
   */
  private record Symbol(long value, boolean address, int line) {}

  private record LocalLabel(long number, int statement, long address) {}

  Pass(
      InstructionTable table,
      Function<String, OptionalInt> systemRegisters,
      String source,
      long base,
      @Nullable Pass before) {
    this.table = table;
    this.systemRegisters = systemRegisters;
    this.source = source;
    this.base = base;
    this.before = before;
    current = new SectionBuffer(TEXT, true, base);
    sections.put(TEXT, current);
  }

  void run(List<List<Token>> statements) {
    for (statementIndex = 0; statementIndex < statements.size(); statementIndex++) {
      statement(statements.get(statementIndex));
    }
    for (SectionBuffer section : sections.values()) {
      current = section;
      layPool();
    }
  }

  /** Whether this pass found everything where the pass before had it. */
  boolean isSettled() {
    return before != null
        && symbols.equals(before.symbols)
        && locals.equals(before.locals)
        && addresses().equals(before.addresses());
  }

  Assembled result() {
    Map<String, Long> values = new TreeMap<>();
    symbols.forEach((name, symbol) -> values.put(name, symbol.value()));
    List<Assembled.Section> filled =
        sections.values().stream()
            .filter(section -> section.size() > 0)
            .map(section ->
                new Assembled.Section(section.name(), section.address(), section.bytes()))
            .toList();
    return new Assembled(source, base, filled, values, lines, List.copyOf(errors));
  }

  Assembled unsettled() {
    errors.add(new AsmError(source, 1, 1, "sizes and addresses depend on each other in a circle"));
    return result();
  }

  private Map<String, Long> addresses() {
    Map<String, Long> all = new LinkedHashMap<>();
    for (SectionBuffer section : sections.values()) {
      all.put(section.name(), section.address());
      all.put(section.name() + " end", section.here());
    }
    return all;
  }

  private void statement(List<Token> tokens) {
    int at = 0;
    while (at + 1 < tokens.size() && tokens.get(at + 1).is(":") && isLabel(tokens.get(at))) {
      define(tokens.get(at));
      at += 2;
    }
    if (at == tokens.size()) {
      return;
    }
    List<Token> rest = tokens.subList(at, tokens.size());
    Token first = rest.getFirst();
    StatementReader in = new StatementReader(rest, this);
    if (first.kind() != Token.Kind.WORD) {
      in.expected("a label, an instruction or a directive");
      fail(in);
      return;
    }
    in.next();
    boolean understood;
    if (in.isNext("=")) {
      in.next();
      understood = assign(first, in);
    } else if (first.text().startsWith(".")) {
      understood = new Directives(this, in).read(first);
    } else {
      understood = instruction(first, rest, in);
    }
    if (!understood) {
      fail(in);
    } else if (!in.atEnd()) {
      in.expected("the end of the statement");
      fail(in);
    }
  }

  private void fail(StatementReader in) {
    errors.add(in.error(source));
  }

  private static boolean isLabel(Token token) {
    return token.kind() == Token.Kind.WORD || token.kind() == Token.Kind.NUMBER;
  }

  private void define(Token label) {
    if (label.kind() == Token.Kind.NUMBER) {
      locals.add(new LocalLabel(label.value(), statementIndex, here()));
      return;
    }
    Symbol known = symbols.get(label.text());
    if (known != null) {
      errors.add(
          new AsmError(
              source,
              label.line(),
              label.column(),
              "'" + label.text() + "' is already defined in line " + known.line()));
      return;
    }
    symbols.put(label.text(), new Symbol(here(), true, label.line()));
  }

  /** Sets a symbol to the expression that is next. */
  boolean assign(Token name, StatementReader in) {
    Symbol known = symbols.get(name.text());
    if (known != null && known.address() && labels(name.text())) {
      in.wrong(0, "'" + name.text() + "' is already a label, in line " + known.line());
      return false;
    }
    Expression expression = new Expression(in, this);
    OptionalLong value = expression.read();
    if (value.isEmpty()) {
      return false;
    }
    symbols.put(name.text(), new Symbol(value.getAsLong(), expression.isAddress(), -name.line()));
    return true;
  }

  /** Whether the symbol was defined as a label: those carry a positive line. */
  private boolean labels(String name) {
    Symbol symbol = symbols.get(name);
    return symbol != null && symbol.line() > 0;
  }

  private boolean instruction(Token first, List<Token> tokens, StatementReader in) {
    String mnemonic = first.text().toLowerCase(Locale.ROOT);
    if (!table.mnemonics().contains(mnemonic)) {
      in.reset(0);
      in.wrong(0, "'" + first.text() + "' is no instruction or directive");
      emit(0, 4, first.line());
      return false;
    }
    StatementReader reader = in;
    int equals = literalAt(tokens);
    if (equals > 0) {
      List<Token> resolved = literal(tokens, equals, in);
      if (resolved == null) {
        emit(0, 4, first.line());
        return false;
      }
      reader = new StatementReader(resolved, this);
      reader.next();
    }
    OptionalInt word = table.encode(mnemonic, reader);
    emit(word.orElse(0), 4, first.line());
    if (word.isEmpty() && reader != in) {
      fail(reader);
    }
    if (reader != in) {
      in.reset(tokens.size());
      return true;
    }
    return word.isPresent();
  }

  /** Where the = of {@code ldr x0, =value} stands, or -1. */
  private static int literalAt(List<Token> tokens) {
    boolean load = tokens.getFirst().text().toLowerCase(Locale.ROOT).matches("ldr|ldrsw");
    return load && tokens.size() > 3 && tokens.get(3).is("=") ? 3 : -1;
  }

  /** Puts the value in the pool; gives the statement with the literal's address in its place. */
  private @Nullable List<Token> literal(List<Token> tokens, int equals, StatementReader in) {
    in.reset(equals + 1);
    Expression expression = new Expression(in, this);
    OptionalLong value = expression.read();
    if (value.isEmpty()) {
      return null;
    }
    if (!in.atEnd()) {
      in.expected("the end of the statement");
      return null;
    }
    boolean word =
        tokens.getFirst().text().equalsIgnoreCase("ldrsw")
            || tokens.get(1).text().toLowerCase(Locale.ROOT).startsWith("w");
    int size = word ? 4 : 8;
    StringBuilder key = new StringBuilder().append(size).append(' ');
    if (expression.isAddress()) {
      tokens.subList(equals + 1, tokens.size()).forEach(token -> key.append(token.text()));
    } else {
      key.append('=').append(value.getAsLong());
    }
    int line = tokens.getFirst().line();
    current.literal(key.toString(), size, value.getAsLong(), line);
    SectionBuffer laid = before == null ? null : before.sections.get(current.name());
    long address = laid == null ? -1 : laid.literalAddress(current.pool(), key.toString());
    Token place = tokens.get(equals);
    List<Token> resolved = new ArrayList<>(tokens.subList(0, equals));
    resolved.add(
        new Token(
            Token.Kind.NUMBER,
            "the literal pool",
            address == -1 ? here() : address,
            place.line(),
            place.column()));
    return resolved;
  }

  /** Appends a datum or instruction. */
  void emit(long value, int size, int line) {
    lines.put(here(), line);
    current.append(value, size);
  }

  void layPool() {
    for (SectionBuffer.Literal literal : current.layPool()) {
      lines.put(current.address() + literal.offset, literal.line);
    }
  }

  SectionBuffer section() {
    return current;
  }

  /** Continues a section, or begins it where the pass before ended those that precede it. */
  void enter(String name, boolean code) {
    SectionBuffer known = sections.get(name);
    if (known == null) {
      known = new SectionBuffer(name, code, before == null ? base : before.addressOf(name));
      sections.put(name, known);
    }
    current = known;
  }

  private long addressOf(String name) {
    long address = base;
    for (SectionBuffer section : sections.values()) {
      int alignment = Math.max(8, section.alignment());
      address =
          section.name().equals(TEXT) ? base : -Math.floorDiv(-address, alignment) * alignment;
      if (section.name().equals(name)) {
        return address;
      }
      address += section.size();
    }
    return address;
  }

  @Override
  public OptionalLong symbol(String name) {
    Symbol symbol = lookUp(name);
    return symbol == null ? OptionalLong.empty() : OptionalLong.of(symbol.value());
  }

  @Override
  public boolean isAddress(String name) {
    Symbol symbol = lookUp(name);
    return symbol == null || symbol.address();
  }

  private @Nullable Symbol lookUp(String name) {
    Symbol symbol = symbols.get(name);
    return symbol == null && before != null ? before.symbols.get(name) : symbol;
  }

  @Override
  public OptionalLong local(int number, boolean forward) {
    List<LocalLabel> known = forward ? (before == null ? List.of() : before.locals) : locals;
    LocalLabel nearest = null;
    for (LocalLabel label : known) {
      if (label.number() == number) {
        if (forward && label.statement() > statementIndex) {
          return OptionalLong.of(label.address());
        }
        nearest = label;
      }
    }
    return forward || nearest == null ? OptionalLong.empty() : OptionalLong.of(nearest.address());
  }

  @Override
  public long here() {
    return current.here();
  }

  @Override
  public OptionalInt systemRegister(String name) {
    return systemRegisters.apply(name);
  }
}
