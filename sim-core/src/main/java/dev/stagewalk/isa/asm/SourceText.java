package dev.stagewalk.isa.asm;

import dev.stagewalk.isa.InstructionTable;
import dev.stagewalk.isa.RegisterNames;
import dev.stagewalk.isa.SystemRegisterNames;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A source while it is written: what its parts are, and what may stand at a place. It reads the
 * text as the assembler does, from the same rows. Immutable, safe for any thread.
 */
public final class SourceText {
  private final String text;
  private final InstructionTable table;
  private final List<Statement> statements;
  private final List<int[]> comments;
  private final Set<String> macros = new TreeSet<>();
  private final Set<String> symbols = new TreeSet<>();

  public SourceText(String text) {
    this.text = text;
    table = InstructionTable.a64();
    Lexer lexer = new Lexer(text, Place.ofMain(""));
    statements = lexer.statements();
    comments = lexer.comments();
    statements.forEach(this::collect);
  }

  private void collect(Statement statement) {
    List<Token> tokens = statement.tokens();
    int command = statement.command();
    for (int i = 0; i < command; i += 2) {
      if (tokens.get(i).kind() == Token.Kind.WORD) {
        symbols.add(tokens.get(i).text());
      }
    }
    if (command + 1 >= tokens.size()) {
      return;
    }
    Token next = tokens.get(command + 1);
    switch (statement.word()) {
      case ".macro" -> macros.add(next.text().toLowerCase(Locale.ROOT));
      case ".equ", ".set", ".equiv" -> symbols.add(next.text());
      default -> {
        if (next.is("=")) {
          symbols.add(tokens.get(command).text());
        }
      }
    }
  }

  /** All parts, in the order of the text; they do not overlap. */
  public List<SourceToken> tokens() {
    List<SourceToken> all = new ArrayList<>();
    for (int[] comment : comments) {
      all.add(new SourceToken(SourceToken.Kind.COMMENT, comment[0], comment[1]));
    }
    for (Statement statement : statements) {
      List<Token> tokens = statement.tokens();
      for (int i = 0; i < tokens.size(); i++) {
        Token token = tokens.get(i);
        SourceToken.Kind kind = kind(statement, i);
        if (kind != null) {
          boolean immediate =
              kind == SourceToken.Kind.NUMBER
                  && i > 0
                  && tokens.get(i - 1).is("#")
                  && tokens.get(i - 1).end() == token.start();
          int start = immediate ? token.start() - 1 : token.start();
          all.add(new SourceToken(kind, start, token.end()));
        }
      }
    }
    all.sort(Comparator.comparingInt(SourceToken::start));
    return all;
  }

  private SourceToken.@Nullable Kind kind(Statement statement, int index) {
    Token token = statement.tokens().get(index);
    return switch (token.kind()) {
      case STRING -> SourceToken.Kind.STRING;
      case REAL -> SourceToken.Kind.NUMBER;
      case NUMBER -> {
        boolean label = index < statement.command() && index % 2 == 0;
        yield label ? SourceToken.Kind.LABEL : SourceToken.Kind.NUMBER;
      }
      case BACKWARD, FORWARD -> SourceToken.Kind.SYMBOL;
      case BROKEN ->
          text.startsWith("/*", token.start()) ? SourceToken.Kind.COMMENT : SourceToken.Kind.BROKEN;
      case PUNCTUATION -> null;
      case WORD -> word(statement, index);
    };
  }

  private SourceToken.Kind word(Statement statement, int index) {
    String word = statement.tokens().get(index).text().toLowerCase(Locale.ROOT);
    if (index < statement.command()) {
      return SourceToken.Kind.LABEL;
    }
    if (index == statement.command()) {
      if (table.knows(word) || macros.contains(word)) {
        return SourceToken.Kind.MNEMONIC;
      }
      boolean named =
          index + 1 < statement.tokens().size()
              && (statement.tokens().get(index + 1).is("=")
                  || statement.tokens().get(index + 1).text().equalsIgnoreCase(".req"));
      return named
          ? SourceToken.Kind.SYMBOL
          : word.startsWith(".") ? SourceToken.Kind.DIRECTIVE : SourceToken.Kind.BROKEN;
    }
    return RegisterNames.isRegister(word) || RegisterNames.isVector(word)
        ? SourceToken.Kind.REGISTER
        : SourceToken.Kind.SYMBOL;
  }

  /**
   * The word that is being written at a place.
   *
   * @param offset in characters
   */
  public String prefix(int offset) {
    int start = Math.clamp(offset, 0, text.length());
    while (start > 0 && ArgumentText.endOfName(text, start - 1) >= start) {
      start--;
    }
    return text.substring(start, Math.clamp(offset, 0, text.length()));
  }

  /**
   * Whole words that may stand at a place and begin with what is written there, in the order of the
   * alphabet: mnemonics, macros and directives at the start of a statement, after it operands that
   * the instruction takes there. None within a comment or string.
   *
   * @param offset in characters
   */
  public List<String> completions(int offset) {
    int end = Math.clamp(offset, 0, text.length());
    String prefix = prefix(end).toLowerCase(Locale.ROOT);
    int start = end - prefix.length();
    for (SourceToken token : tokens()) {
      boolean closed =
          switch (token.kind()) {
            case COMMENT, STRING -> true;
            case BROKEN -> text.startsWith("\"", token.start());
            default -> false;
          };
      // The end of a line comment still belongs to it.
      if (closed && token.start() < end && end <= token.end()) {
        return List.of();
      }
    }
    int line = Math.max(text.lastIndexOf('\n', start - 1), text.lastIndexOf(';', start - 1)) + 1;
    List<Statement> before = new Lexer(text.substring(line, start), Place.ofMain("")).statements();
    Statement statement = before.isEmpty() ? null : before.getLast();
    if (statement == null || statement.command() == statement.tokens().size()) {
      Set<String> words = new TreeSet<>(table.mnemonics());
      words.addAll(macros);
      words.addAll(Directives.NAMES);
      words.addAll(Blocks.NAMES);
      return beginning(words, prefix);
    }
    if (!table.knows(statement.word())) {
      return statement.word().startsWith(".") ? beginning(symbols, prefix) : List.of();
    }
    return beginning(operands(prefix), prefix).stream()
        .filter(word -> fits(statement, word))
        .toList();
  }

  private static List<String> beginning(Set<String> words, String prefix) {
    return words.stream()
        .filter(word -> word.toLowerCase(Locale.ROOT).startsWith(prefix))
        .sorted()
        .toList();
  }

  private Set<String> operands(String prefix) {
    Set<String> words = new TreeSet<>(symbols);
    words.addAll(RegisterNames.all());
    words.addAll(table.operandWords());
    words.addAll(SystemRegisterNames.all());
    for (int number = 0; number < 32; number++) {
      for (String size : List.of("b", "h", "s", "d", "q")) {
        words.add(size + number);
      }
      // There are many shapes: only for one who asks for a vector.
      for (String shape : List.of("8b", "16b", "4h", "8h", "2s", "4s", "1d", "2d")) {
        if (prefix.startsWith("v")) {
          words.add("v" + number + "." + shape);
        }
      }
    }
    return words;
  }

  /** Whether some spelling of the instruction reads on past the word. */
  private boolean fits(Statement statement, String word) {
    List<Token> tokens = new ArrayList<>(statement.tokens());
    tokens.subList(0, statement.command()).clear();
    int place = tokens.size();
    tokens.add(new Token(Token.Kind.WORD, word, 0, 1, 1, 0, word.length()));
    StatementReader in = new StatementReader(tokens, new AnyName());
    in.next();
    OptionalInt encoded = table.encode(statement.word(), in);
    return encoded.isPresent() || in.furthest() > place;
  }

  /** Every symbol of the source is somewhere near. */
  private final class AnyName implements Names {
    @Override
    public @Nullable Value symbol(String name) {
      return symbols.contains(name) ? dot() : null;
    }

    @Override
    public Value local(long number, boolean forward) {
      return dot();
    }

    @Override
    public Value dot() {
      return new Value(0, "");
    }

    @Override
    public OptionalInt systemRegister(String name) {
      return SystemRegisterNames.encoding(name);
    }
  }
}
