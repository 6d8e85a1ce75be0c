package dev.stagewalk.isa;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The A64 instructions that this machine knows, as rows of text. Everything else is UNDEFINED, and
 * decodes to a row of that name. Immutable, safe for any thread.
 */
public final class InstructionTable {
  /** The semantics of words that no row claims. */
  public static final String UNDEFINED = "undefined";

  private static final List<String> FILES =
      List.of(
          "data-processing-immediate.a64",
          "data-processing-register.a64",
          "branches.a64",
          "loads-stores.a64",
          "pairs-atomics.a64",
          "simd-loads-stores.a64",
          "simd-moves.a64",
          "simd-integer.a64",
          "simd-long.a64",
          "simd-elements.a64",
          "simd-shifts.a64",
          "simd-permutes.a64",
          "fp-scalar.a64",
          "fp-conversions.a64",
          "fp-vector.a64",
          "fp-elements.a64",
          "system.a64");
  private static final String NAMES = "operand-names.txt";

  /** Bits 31 to 21 choose the rows to try: they hold the top of every encoding class. */
  private static final int DISPATCH_SHIFT = 21;

  private final List<Row> rows;
  private final Row undefined;
  private final Row[][] dispatch;
  private final Map<String, List<Spelling>> spellings;
  private final Map<String, OperandNames> names;

  /** A row and one way to write it. */
  private record Spelling(Row row, Syntax syntax) {}

  private static final class Holder {
    static final InstructionTable A64 = read();
  }

  /** The table, read when it is first asked for. */
  public static InstructionTable a64() {
    return Holder.A64;
  }

  private static InstructionTable read() {
    Map<String, List<String>> files = new LinkedHashMap<>();
    for (String file : FILES) {
      files.put(file, lines(file));
    }
    return new InstructionTable(files, OperandNames.read(NAMES, lines(NAMES)));
  }

  /**
   * A table of the rows in these files.
   *
   * @throws TableException where a row is ill-formed or claims words of another
   */
  InstructionTable(Map<String, List<String>> files, Map<String, OperandNames> names) {
    this.names = names;
    TableReader reader = new TableReader(names);
    files.forEach(reader::read);
    List<Row> read = new ArrayList<>(reader.rows());
    undefined = undefinedRow(read.size());
    read.add(undefined);
    rows = List.copyOf(read);
    dispatch = dispatch(read.subList(0, read.size() - 1));
    spellings = new HashMap<>();
    for (Row row : rows) {
      for (Syntax syntax : row.syntaxes()) {
        spellings
            .computeIfAbsent(syntax.mnemonic(), key -> new ArrayList<>())
            .add(new Spelling(row, syntax));
      }
    }
  }

  /** All rows in the order of their index; the last is {@link #undefined}. */
  public List<Row> rows() {
    return rows;
  }

  /** The row of words that no other row claims. */
  public Row undefined() {
    return undefined;
  }

  /** The names of all semantics, in the order of their first row. */
  public Set<String> semantics() {
    Set<String> all = new LinkedHashSet<>();
    for (Row row : rows) {
      all.add(row.semantics());
    }
    return all;
  }

  /** All mnemonics that the assembler knows, aliases included. */
  public Set<String> mnemonics() {
    return Set.copyOf(spellings.keySet());
  }

  /** All words that stand for numbers in operands: conditions, barriers, TLBI operations. */
  public Set<String> operandWords() {
    Set<String> all = new LinkedHashSet<>();
    names.values().forEach(group -> all.addAll(group.all()));
    return all;
  }

  /** Whether an instruction of this lower-case mnemonic can be assembled. */
  public boolean knows(String mnemonic) {
    return spellings.containsKey(mnemonic);
  }

  /** The row that claims the word. */
  public Row row(int word) {
    for (Row row : dispatch[word >>> DISPATCH_SHIFT]) {
      if (row.matches(word)) {
        return row;
      }
    }
    return undefined;
  }

  /** Decodes a word; every word decodes, if only to UNDEFINED. */
  public Op decode(int word) {
    return row(word).decode(word);
  }

  /**
   * Encodes the operands that {@code in} stands before.
   *
   * @param mnemonic in lower case
   * @return the word, or empty where no spelling of the mnemonic fits; the reader then knows what
   *     would have
   */
  public OptionalInt encode(String mnemonic, OperandReader in) {
    int start = in.mark();
    for (Spelling spelling : spellings.getOrDefault(mnemonic, List.of())) {
      in.reset(start);
      Encoding encoding = new Encoding(spelling.row());
      if (spelling.syntax().read(in, encoding)) {
        return OptionalInt.of(encoding.word());
      }
    }
    return OptionalInt.empty();
  }

  OperandNames names(String group) {
    OperandNames found = names.get(group);
    if (found == null) {
      throw new IllegalArgumentException("no names of '" + group + "'");
    }
    return found;
  }

  private static Row undefinedRow(int index) {
    Row.Traits none = new RowText(Map.of(), Map.of()).traits("");
    return new Row(
        index,
        UNDEFINED,
        UNDEFINED,
        new BitPattern(0, 0, 0, 0, Map.of()),
        none,
        List.of(),
        List.of());
  }

  private static Row[][] dispatch(List<Row> rows) {
    int buckets = 1 << (32 - DISPATCH_SHIFT);
    // A row within another has more fixed bits: it must be tried first.
    List<Row> closestFirst = new ArrayList<>(rows);
    closestFirst.sort(Comparator.comparingInt((Row row) -> -Integer.bitCount(row.mask())));
    Row[][] dispatch = new Row[buckets][];
    for (int bucket = 0; bucket < buckets; bucket++) {
      int top = bucket << DISPATCH_SHIFT;
      int topMask = -1 << DISPATCH_SHIFT;
      dispatch[bucket] =
          closestFirst.stream()
              .filter(row -> ((top ^ row.value()) & row.mask() & topMask) == 0)
              .toArray(Row[]::new);
    }
    return dispatch;
  }

  private static List<String> lines(String file) {
    try (InputStream stream = InstructionTable.class.getResourceAsStream(file)) {
      if (stream == null) {
        throw new TableException(file, 0, "is not there");
      }
      return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))
          .lines()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
