package dev.stagewalk.isa.asm;

import dev.stagewalk.isa.InstructionTable;
import dev.stagewalk.isa.SystemRegisterNames;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One run over all statements. What stands further down is known from the pass before; passes are
 * repeated until nothing moves, and only the last one's errors count.
 */
final class Pass implements Names {
  private static final String TEXT = ".text";
  private static final int MOVE_POSITIVE = 1 << 30;

  /** What all passes over a source share. */
  record Setting(InstructionTable table, Includes includes, String source, long base) {}

  private final Setting setting;
  private final @Nullable Pass before;
  private final Map<String, SectionBuffer> sections = new LinkedHashMap<>();
  private final Symbols symbols = new Symbols();
  private final Map<String, Token> aliases = new HashMap<>();
  private final TreeMap<Long, Integer> lines = new TreeMap<>();
  private final Set<AsmError> errors = new LinkedHashSet<>();
  private final Deque<List<SectionBuffer>> pushed = new ArrayDeque<>();
  private final Names soFar = new SoFar();
  private SectionBuffer current;
  private SectionBuffer previous;
  private int statementIndex;
  private int line;
  private boolean misplaced;

  /** Whether something depended on what only a pass before can know. */
  private boolean lookedAhead;

  Pass(Setting setting, @Nullable Pass before) {
    this.setting = setting;
    this.before = before;
    current = new SectionBuffer(TEXT, SectionFlags.ofName(TEXT), setting.base());
    previous = current;
    sections.put(TEXT, current);
  }

  void run(List<Statement> statements) {
    Blocks blocks = new Blocks(this, statements);
    for (Statement next = blocks.next(); next != null; next = blocks.next()) {
      statementIndex++;
      line = next.outerLine();
      if (!blocks.takes(next)) {
        statement(next);
      }
    }
    for (SectionBuffer section : List.copyOf(sections.values())) {
      current = section;
      layPool();
    }
  }

  /** Whether this pass found everything where the pass before had it, or needed none before. */
  boolean isSettled() {
    return !lookedAhead
        || before != null
            && symbols.agree(before.symbols)
            && addresses().equals(before.addresses());
  }

  Assembled result() {
    Map<String, Long> values = new TreeMap<>();
    List<Assembled.Name> names = new ArrayList<>();
    symbols
        .all()
        .forEach((name, symbol) -> {
          Symbols.Declared declared = symbols.declared(name);
          String section = symbol.value().section();
          values.put(name, symbol.value().number());
          names.add(
              new Assembled.Name(
                  name,
                  symbol.value().number(),
                  section == null ? "" : section,
                  declared.binding(),
                  declared.type(),
                  declared.size()));
        });
    List<Assembled.Section> filled =
        sections.values().stream()
            .filter(section -> section.size() > 0)
            .map(Pass::section)
            .sorted(
                Comparator.comparing((Assembled.Section section) -> !section.inMemory())
                    .thenComparing(Assembled.Section::address, Long::compareUnsigned))
            .toList();
    return new Assembled(
        setting.source(),
        setting.base(),
        filled,
        values,
        List.copyOf(names),
        lines,
        List.copyOf(errors));
  }

  private static Assembled.Section section(SectionBuffer section) {
    SectionFlags flags = section.flags();
    return new Assembled.Section(
        section.name(),
        section.address(),
        section.bytes(),
        flags.alloc(),
        flags.write(),
        flags.exec(),
        flags.noBits(),
        flags.note(),
        section.alignment(),
        section.kinds());
  }

  Assembled unsettled() {
    errors.add(
        new AsmError(
            setting.source(), 1, 1, "sizes and addresses depend on each other in a circle"));
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

  private void statement(Statement statement) {
    labels(statement);
    int at = statement.command();
    if (at == statement.tokens().size()) {
      return;
    }
    StatementReader in = reader(statement, false);
    Token first = statement.tokens().get(at);
    if (first.kind() != Token.Kind.WORD) {
      in.expected("a label, an instruction or a directive");
      fail(in.error(statement.place()));
      return;
    }
    in.next();
    misplaced = false;
    boolean understood;
    if (in.isNext("=")) {
      in.next();
      understood = assign(first, in);
    } else if (in.isNext(".req")) {
      in.next();
      understood = alias(first, in);
    } else if (first.text().startsWith(".")) {
      understood = new Directives(this, in).read(first);
    } else {
      understood = new Instruction(this, in).read(first);
    }
    if (understood && !in.atEnd()) {
      in.expected("the end of the statement");
      understood = false;
    }
    if (!understood) {
      fail(in.error(statement.place()));
    } else if (misplaced) {
      fail(statement.error("in " + current.name() + " stands nothing but zeros"));
    }
  }

  /**
   * What stands after a statement's labels.
   *
   * @param after whether after its directive
   */
  StatementReader reader(Statement statement, boolean after) {
    List<Token> tokens = statement.tokens().subList(statement.command(), statement.tokens().size());
    StatementReader in =
        new StatementReader(aliases.isEmpty() ? tokens : renamed(tokens), after ? soFar : this);
    if (after) {
      in.next();
    }
    return in;
  }

  private List<Token> renamed(List<Token> tokens) {
    List<Token> all = new ArrayList<>(tokens);
    for (int i = 1; i < all.size(); i++) {
      Token token = all.get(i);
      Token register =
          token.kind() == Token.Kind.WORD
              ? aliases.get(token.text().toLowerCase(Locale.ROOT))
              : null;
      if (register != null) {
        all.set(
            i,
            new Token(
                Token.Kind.WORD,
                register.text(),
                0,
                token.line(),
                token.column(),
                token.start(),
                token.end()));
      }
    }
    return all;
  }

  private boolean alias(Token name, StatementReader in) {
    Token register = in.peek();
    if (register == null || register.kind() != Token.Kind.WORD) {
      in.expected("a register");
      return false;
    }
    in.next();
    aliases.put(name.text().toLowerCase(Locale.ROOT), register);
    return true;
  }

  void fail(AsmError error) {
    errors.add(error);
  }

  /** Defines the labels that a statement begins with. */
  void labels(Statement statement) {
    for (int at = 0; at < statement.command(); at += 2) {
      Token label = statement.tokens().get(at);
      if (label.kind() == Token.Kind.NUMBER) {
        symbols.numeric(label.value(), statementIndex, dot());
      } else if (!define(label)) {
        Symbols.Symbol known = symbols.get(label.text());
        fail(
            statement
                .place()
                .error(
                    label.line(),
                    label.column(),
                    "'%s' is already defined in line %d"
                        .formatted(label.text(), known == null ? 0 : known.line())));
      }
    }
  }

  /** Defines a label here; false where the name is taken. */
  boolean define(Token label) {
    if (symbols.get(label.text()) != null) {
      return false;
    }
    symbols.put(label.text(), new Symbols.Symbol(dot(), true, label.line()));
    return true;
  }

  /** Sets a symbol to the expression that is next. */
  boolean assign(Token name, StatementReader in) {
    Symbols.Symbol known = symbols.get(name.text());
    if (known != null && known.label()) {
      in.wrong(0, "'" + name.text() + "' is already a label, in line " + known.line());
      return false;
    }
    if (name.text().equals(".")) {
      return new SectionDirectives(this, in).org();
    }
    Value value = in.value();
    if (value == null) {
      return false;
    }
    symbols.put(name.text(), new Symbols.Symbol(value, false, name.line()));
    return true;
  }

  /** Whether a name has a value already, further up. */
  boolean isDefined(String name) {
    return symbols.get(name) != null;
  }

  Symbols symbols() {
    return symbols;
  }

  Includes includes() {
    return setting.includes();
  }

  InstructionTable table() {
    return setting.table();
  }

  /** Appends a datum or instruction. */
  void emit(long value, int size, boolean instruction) {
    if (current.flags().alloc()) {
      lines.put(current.here(), line);
    }
    misplaced |= current.flags().noBits() && value != 0;
    current.kind(instruction);
    current.append(value, size);
  }

  /** Appends an instruction, moved as the sign of its operand asks. */
  void emit(int word, Expression.@Nullable Sign sign) {
    int moved =
        sign == null
            ? word
            : sign == Expression.Sign.NEGATIVE ? word & ~MOVE_POSITIVE : word | MOVE_POSITIVE;
    emit(moved, 4, true);
  }

  /**
   * Puts a value in the pool that comes next.
   *
   * @param key equal for literals that share a place
   * @return the address it had in the pass before
   */
  long literal(String key, int size, long value) {
    lookedAhead = true;
    current.literal(key, size, value, line);
    SectionBuffer laid = before == null ? null : before.sections.get(current.name());
    long address = laid == null ? -1 : laid.literalAddress(current.pool(), key);
    return address == -1 ? current.here() : address;
  }

  /** What tells a numeric label's definition from others of the same number. */
  String identity(Token reference) {
    int count = symbols.count(reference.value(), statementIndex);
    int which = reference.kind() == Token.Kind.FORWARD ? count + 1 : count;
    return reference.value() + "#" + which;
  }

  int statementIndex() {
    return statementIndex;
  }

  void layPool() {
    for (SectionBuffer.Literal literal : current.layPool()) {
      if (current.flags().alloc()) {
        lines.put(current.address() + literal.offset, literal.line);
      }
    }
  }

  SectionBuffer section() {
    return current;
  }

  /**
   * Continues a section, or begins it where the pass before ended those that precede it.
   *
   * @param flags null for those its name suggests
   */
  void enter(String name, @Nullable SectionFlags flags) {
    SectionBuffer known = sections.get(name);
    if (known == null) {
      SectionFlags chosen = flags == null ? SectionFlags.ofName(name) : flags;
      lookedAhead = true;
      known = new SectionBuffer(name, chosen, before == null ? 0 : before.addressOf(name));
      sections.put(name, known);
    }
    previous = current;
    current = known;
  }

  void pushSection() {
    pushed.push(List.of(current, previous));
  }

  /** Comes back to the section before the last push; false where none was pushed. */
  boolean popSection() {
    if (pushed.isEmpty()) {
      return false;
    }
    List<SectionBuffer> known = pushed.pop();
    current = known.getFirst();
    previous = known.getLast();
    return true;
  }

  void previousSection() {
    SectionBuffer left = current;
    current = previous;
    previous = left;
  }

  /** .text first, then what else has bytes, then zeros; what lies in no memory is at 0. */
  private long addressOf(String name) {
    long address = setting.base();
    for (boolean zeros : new boolean[] {false, true}) {
      for (SectionBuffer section : sections.values()) {
        SectionFlags flags = section.flags();
        if (!flags.alloc() && section.name().equals(name)) {
          return 0;
        }
        if (!flags.alloc() || flags.noBits() != zeros) {
          continue;
        }
        int alignment = Math.max(8, section.alignment());
        address =
            section.name().equals(TEXT)
                ? setting.base()
                : -Math.floorDiv(-address, alignment) * alignment;
        if (section.name().equals(name)) {
          return address;
        }
        address += section.size();
      }
    }
    return address;
  }

  @Override
  public @Nullable Value symbol(String name) {
    Symbols.Symbol symbol = symbols.get(name);
    lookedAhead |= symbol == null;
    if (symbol == null && before != null) {
      symbol = before.symbols.get(name);
    }
    return symbol == null ? null : symbol.value();
  }

  @Override
  public @Nullable Value local(long number, boolean forward) {
    if (!forward) {
      return symbols.nearest(number, statementIndex, false);
    }
    lookedAhead = true;
    return before == null ? null : before.symbols.nearest(number, statementIndex, true);
  }

  @Override
  public Value dot() {
    return new Value(current.here(), current.name());
  }

  @Override
  public OptionalInt systemRegister(String name) {
    return SystemRegisterNames.encoding(name);
  }

  /** What is known further up: all that may decide which statements there are. */
  private final class SoFar implements Names {
    @Override
    public @Nullable Value symbol(String name) {
      Symbols.Symbol symbol = symbols.get(name);
      return symbol == null ? null : symbol.value();
    }

    @Override
    public @Nullable Value local(long number, boolean forward) {
      return forward ? null : Pass.this.local(number, false);
    }

    @Override
    public Value dot() {
      return Pass.this.dot();
    }

    @Override
    public OptionalInt systemRegister(String name) {
      return Pass.this.systemRegister(name);
    }
  }
}
