package dev.stagewalk.arch;

import dev.stagewalk.arch.Condition.BitsAre;
import dev.stagewalk.arch.Condition.Guarded;
import dev.stagewalk.arch.Condition.SettingIs;
import dev.stagewalk.arch.RowFile.Row;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a form: its layouts, their fields, the words for values. Holds what the body
 * may refer to by name: lists of values and fragments.
 */
final class FieldRows {
  /** A run of fields from bit {@code hi} to bit {@code lo} that several layouts share. */
  record Fragment(int hi, int lo, List<Guarded<List<Field>>> variants) {}

  private final Map<String, ValueWords> valueLists = new LinkedHashMap<>();
  private final Map<String, Fragment> fragments = new LinkedHashMap<>();

  void addValues(Row head, String name, ValueWords words) {
    if (valueLists.putIfAbsent(name, words) != null) {
      throw head.refuse("values " + name + " are defined twice");
    }
  }

  /** The lists of values read so far, by name. */
  Map<String, ValueWords> valueLists() {
    return Map.copyOf(valueLists);
  }

  void readValues(Row head, List<Row> body) {
    addValues(head, head.word(1, "a name"), new WordsReader(head).readAll(body));
  }

  void readFragment(Row head, List<Row> body) {
    String name = head.word(1, "a name");
    int[] range = range(head, head.word(2, "bits"));
    List<Guarded<Layout>> variants = flatten(head, layouts(head, body, range[0], range[1]));
    List<Guarded<List<Field>>> runs = new ArrayList<>();
    for (Guarded<Layout> v : variants) {
      runs.add(new Guarded<>(v.when(), v.otherwise(), v.what().fields()));
    }
    if (fragments.putIfAbsent(name, new Fragment(range[0], range[1], runs)) != null) {
      throw head.refuse("fragment " + name + " is defined twice");
    }
  }

  /** The form a body describes; every layout covers bits {@code width-1} to 0 exactly. */
  BitForm readForm(Row head, String name, int width, List<Row> body) {
    return new BitForm(name, width, layouts(head, body, width - 1, 0));
  }

  /** A form of one field over the whole width, for a register of which only the value matters. */
  static BitForm wholeValue(String name, int width, String description) {
    Field value =
        new Field(width - 1, 0, "Value", new FieldKind.Raw(), Optional.empty(), description);
    Layout layout = new Layout("", "", List.of(value));
    var variants = List.of(new Guarded<>(Condition.ALWAYS, false, layout));
    return new BitForm(name, width, List.of(new Guarded<>(Condition.ALWAYS, false, variants)));
  }

  private List<Guarded<List<Guarded<Layout>>>> layouts(Row head, List<Row> body, int hi, int lo) {
    List<Guarded<List<Guarded<Layout>>>> alternatives = new ArrayList<>();
    Row opening = head;
    Condition condition = Condition.ALWAYS;
    boolean otherwise = false;
    String id = "";
    List<Row> rows = new ArrayList<>();
    boolean several = !body.isEmpty() && body.getFirst().starts("layout");
    for (Row row : body) {
      if (!row.starts("layout")) {
        rows.add(row);
        continue;
      }
      if (!several) {
        throw row.refuse("fields stand above the first layout");
      }
      if (opening != head) {
        alternatives.add(layout(opening, id, condition, otherwise, rows, hi, lo));
      }
      opening = row;
      id = row.word(1, "the layout's name");
      otherwise = row.word(2, "'when' or 'otherwise'").equals("otherwise");
      condition = otherwise ? Condition.ALWAYS : condition(row, 2);
      rows = new ArrayList<>();
    }
    alternatives.add(layout(opening, id, condition, otherwise, rows, hi, lo));
    check(head, alternatives);
    return alternatives;
  }

  private Guarded<List<Guarded<Layout>>> layout(
      Row opening, String id, Condition when, boolean otherwise, List<Row> rows, int hi, int lo) {
    List<Guarded<List<Field>>> runs =
        List.of(new Guarded<>(Condition.ALWAYS, false, new ArrayList<>()));
    int next = hi;
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      if (row.starts("include")) {
        String name = row.word(1, "a fragment");
        Fragment fragment = fragments.get(name);
        if (fragment == null) {
          throw row.refuse("no fragment " + name + " is defined above");
        }
        next = follow(row, next, fragment.hi(), fragment.lo());
        runs = multiply(row, runs, fragment.variants());
        continue;
      }
      int wordsEnd = i + 1;
      while (wordsEnd < rows.size() && isValueRow(rows.get(wordsEnd))) {
        wordsEnd++;
      }
      Field field = field(row, rows.subList(i + 1, wordsEnd));
      next = follow(row, next, field.hi(), field.lo());
      for (Guarded<List<Field>> run : runs) {
        checkName(row, run.what(), field);
        run.what().add(field);
      }
      i = wordsEnd - 1;
    }
    if (next >= lo) {
      throw opening.refuse(
          "bits " + Bits.range(next, lo) + " are not given to a field: the layout has a gap");
    }
    List<Guarded<Layout>> layouts = new ArrayList<>();
    for (Guarded<List<Field>> run : runs) {
      String title = opening.starts("layout") ? opening.text() : "";
      layouts.add(new Guarded<>(run.when(), run.otherwise(), new Layout(id, title, run.what())));
    }
    check(opening, layouts);
    return new Guarded<>(when, otherwise, layouts);
  }

  /** Bits must follow on each other downwards; the next expected bit after these. */
  private static int follow(Row row, int next, int hi, int lo) {
    if (hi > next) {
      throw row.refuse(
          "bits "
              + Bits.range(hi, lo)
              + (next < 0
                  ? " lie below bit 0"
                  : " overlap: bit " + (next + 1) + " is the last given"));
    }
    if (hi < next) {
      throw row.refuse("bits " + Bits.range(next, hi + 1) + " are missing: the layout has a gap");
    }
    return lo - 1;
  }

  private static void checkName(Row row, List<Field> before, Field field) {
    if (field.kind() instanceof FieldKind.Unassigned) {
      return;
    }
    for (Field other : before) {
      if (other.name().equals(field.name())) {
        throw row.refuse("field " + field.name() + " stands twice in one layout");
      }
    }
  }

  private static List<Guarded<List<Field>>> multiply(
      Row row, List<Guarded<List<Field>>> runs, List<Guarded<List<Field>>> variants) {
    List<Guarded<List<Field>>> product = new ArrayList<>();
    for (Guarded<List<Field>> run : runs) {
      for (Guarded<List<Field>> variant : variants) {
        if (variant.otherwise() && variants.size() > 1 && runs.size() > 1) {
          throw row.refuse("two fragments with 'otherwise' cannot meet in one layout");
        }
        List<Condition.Term> terms = new ArrayList<>(run.when().terms());
        terms.addAll(variant.when().terms());
        Condition both = new Condition(terms);
        if (both.contradictsItself()) {
          continue;
        }
        List<Field> fields = new ArrayList<>(run.what());
        for (Field field : variant.what()) {
          checkName(row, fields, field);
          fields.add(field);
        }
        product.add(new Guarded<>(both, run.otherwise() || variant.otherwise(), fields));
      }
    }
    return product;
  }

  private static List<Guarded<Layout>> flatten(
      Row head, List<Guarded<List<Guarded<Layout>>>> alternatives) {
    List<Guarded<Layout>> flat = new ArrayList<>();
    for (Guarded<List<Guarded<Layout>>> alternative : alternatives) {
      if (alternative.what().size() != 1) {
        throw head.refuse("a fragment may not include one that has layouts itself");
      }
      flat.add(
          new Guarded<>(
              alternative.when(), alternative.otherwise(), alternative.what().getFirst().what()));
    }
    return flat;
  }

  private static <T> void check(Row row, List<Guarded<T>> choices) {
    String flaw = Condition.flaw(choices);
    if (flaw != null) {
      throw row.refuse(flaw);
    }
  }

  /** A row that gives words to the field above it, not a field of its own. */
  private static boolean isValueRow(Row row) {
    return row.starts("values") || row.starts("rest") || row.words().contains("=");
  }

  private Field field(Row row, List<Row> valueRows) {
    int[] range = range(row, row.words().getFirst());
    String name = row.word(1, "a field name or RES0");
    FieldKind.@Nullable Reservation reservation = reservation(name);
    if (reservation != null) {
      if (!valueRows.isEmpty()) {
        throw valueRows.getFirst().refuse(name + " has no values to name");
      }
      String why = row.text().isEmpty() ? reservation.meaning() : row.text();
      return new Field(
          range[0],
          range[1],
          reservation.title(),
          new FieldKind.Unassigned(reservation),
          feature(row, 2),
          why);
    }
    String kind = row.word(2, "what field " + name + " holds");
    if (row.text().isEmpty()) {
      throw row.refuse("field " + name + " has no description");
    }
    int width = range[0] - range[1] + 1;
    if (!kind.equals("enum") && !valueRows.isEmpty()) {
      throw valueRows.getFirst().refuse("only an enum has named values, " + name + " is " + kind);
    }
    int after = 3;
    FieldKind what;
    switch (kind) {
      case "number" -> what = new FieldKind.Number();
      case "hex" -> what = new FieldKind.Raw();
      case "size" -> what = new FieldKind.SizeOffset();
      case "xreg" -> what = new FieldKind.GeneralRegister();
      case "address" -> {
        what = new FieldKind.Address(row.smallNumber(row.word(3, "the lowest address bit")));
        after = 4;
      }
      case "enum" -> {
        boolean named = row.words().size() > 3 && !row.words().get(3).startsWith("FEAT_");
        what =
            named ? named(row, width, valueRows) : new FieldKind.Choice(own(row, width, valueRows));
        after = named ? 4 : 3;
      }
      default ->
          throw row.refuse("'" + kind + "' is none of: number, hex, address, size, xreg, enum");
    }
    return new Field(range[0], range[1], name, what, feature(row, after), row.text());
  }

  private FieldKind named(Row row, int width, List<Row> valueRows) {
    String list = row.words().get(3);
    ValueWords words = valueLists.get(list);
    if (words == null) {
      throw row.refuse("no values " + list + " are defined above");
    }
    if (!valueRows.isEmpty()) {
      throw valueRows.getFirst().refuse("the values are those of " + list + " already");
    }
    checkWords(row, words, width);
    return new FieldKind.Choice(List.of(new Guarded<>(Condition.ALWAYS, false, words)));
  }

  private static List<Guarded<ValueWords>> own(Row row, int width, List<Row> valueRows) {
    List<Guarded<ValueWords>> groups = new ArrayList<>();
    Row opening = row;
    List<Row> rows = new ArrayList<>();
    for (Row valueRow : valueRows) {
      if (!valueRow.starts("values")) {
        rows.add(valueRow);
        continue;
      }
      if (opening != row) {
        groups.add(group(opening, width, rows));
      } else if (!rows.isEmpty()) {
        throw rows.getFirst().refuse("values stand above the first 'values when'");
      }
      opening = valueRow;
      rows = new ArrayList<>();
    }
    groups.add(group(opening, width, rows));
    check(row, groups);
    return groups;
  }

  private static Guarded<ValueWords> group(Row opening, int width, List<Row> rows) {
    ValueWords words = new WordsReader(opening).readAll(rows);
    checkWords(opening, words, width);
    boolean conditional = opening.starts("values");
    boolean otherwise = conditional && opening.word(1, "'when' or 'otherwise'").equals("otherwise");
    Condition when = conditional && !otherwise ? condition(opening, 1) : Condition.ALWAYS;
    return new Guarded<>(when, otherwise, words);
  }

  private static void checkWords(Row row, ValueWords words, int width) {
    String flaw = words.flaw(width);
    if (flaw != null) {
      throw row.refuse(flaw);
    }
  }

  /** Reads {@code when 15:14 = 0b00,0b10 and DS = 1} from the given word on. */
  private static Condition condition(Row row, int at) {
    if (!row.word(at, "'when'").equals("when")) {
      throw row.refuse("expected 'when' or 'otherwise', not '" + row.words().get(at) + "'");
    }
    List<Condition.Term> terms = new ArrayList<>();
    for (int i = at + 1; i < row.words().size() + 1; i += 4) {
      String subject = row.word(i, "bits or a setting");
      if (!row.word(i + 1, "'='").equals("=")) {
        throw row.refuse("expected '=' after '" + subject + "'");
      }
      String[] numbers = row.word(i + 2, "a value").split(",", -1);
      terms.add(term(row, subject, numbers));
      if (i + 3 == row.words().size()) {
        break;
      }
      if (!row.words().get(i + 3).equals("and")) {
        throw row.refuse("expected 'and', not '" + row.words().get(i + 3) + "'");
      }
    }
    return new Condition(terms);
  }

  private static Condition.Term term(Row row, String subject, String[] numbers) {
    if (Character.isDigit(subject.charAt(0))) {
      int[] range = range(row, subject);
      Set<Long> wanted = new HashSet<>();
      for (String n : numbers) {
        wanted.add(row.number(n));
      }
      return new BitsAre(range[0], range[1], Set.copyOf(wanted));
    }
    Setting setting;
    try {
      setting = Setting.valueOf(subject);
    } catch (IllegalArgumentException e) {
      throw row.refuse("there is no setting " + subject);
    }
    Set<Integer> wanted = new HashSet<>();
    for (String n : numbers) {
      int value = row.smallNumber(n);
      if (!setting.allows(value)) {
        throw row.refuse(setting + " is never " + value);
      }
      wanted.add(value);
    }
    return new SettingIs(setting, Set.copyOf(wanted));
  }

  private static int[] range(Row row, String text) {
    String[] ends = text.split(":", -1);
    int hi = row.smallNumber(ends[0]);
    int lo = ends.length == 2 ? row.smallNumber(ends[1]) : hi;
    if (ends.length > 2 || lo < 0 || hi < lo || hi > 63) {
      throw row.refuse("'" + text + "' is not a bit or a range of bits, high bit first");
    }
    return new int[] {hi, lo};
  }

  private static Optional<String> feature(Row row, int at) {
    if (at >= row.words().size()) {
      return Optional.empty();
    }
    String feature = row.words().get(at);
    if (!feature.startsWith("FEAT_") || at + 1 < row.words().size()) {
      throw row.refuse(
          "'" + row.words().getLast() + "' is out of place: a FEAT_ name ends the row");
    }
    return Optional.of(feature);
  }

  private static FieldKind.@Nullable Reservation reservation(String name) {
    for (FieldKind.Reservation r : FieldKind.Reservation.values()) {
      if (r.name().equals(name)) {
        return r;
      }
    }
    return null;
  }
}
