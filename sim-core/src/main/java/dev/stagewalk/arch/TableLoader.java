package dev.stagewalk.arch;

import dev.stagewalk.arch.ArchTables.SyndromeClass;
import dev.stagewalk.arch.RowFile.Row;
import dev.stagewalk.arch.RowFile.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Turns row files into tables and refuses what is not exact: a gap or an overlap of bits, a value
 * without words, a name or an encoding used twice. How rows are written stands at the head of
 * {@code values.txt}.
 */
final class TableLoader {
  private final FieldRows fieldRows = new FieldRows();
  private final Map<String, BitForm> forms = new LinkedHashMap<>();
  private final Map<String, Register> registers = new LinkedHashMap<>();
  private final Map<Integer, Register> encodings = new HashMap<>();
  private final Map<Integer, SyndromeClass> classes = new LinkedHashMap<>();
  private int nextIndex;

  ArchTables load(List<RowFile> files) {
    for (RowFile file : files) {
      file.statements().forEach(this::read);
    }
    return new ArchTables(
        new RegisterTable(List.copyOf(registers.values())),
        Map.copyOf(forms),
        Map.copyOf(classes),
        fieldRows.valueLists());
  }

  private void read(Statement statement) {
    Row head = statement.head();
    List<Row> body = statement.body();
    switch (head.words().getFirst()) {
      case "values" -> fieldRows.readValues(head, body);
      case "fragment" -> fieldRows.readFragment(head, body);
      case "form" -> readForm(head, body);
      case "class" -> readClass(head, body);
      case "classes" -> readClasses(head, body);
      case "register" -> readRegister(head, body);
      case "alias" -> readAlias(head, body);
      default ->
          throw head.refuse(
              "'"
                  + head.words().getFirst()
                  + "' is none of: values, fragment, form, class, classes, register, alias");
    }
  }

  private void readForm(Row head, List<Row> body) {
    String name = head.word(1, "a name");
    int width = head.smallNumber(head.word(2, "the number of bits"));
    if (width < 1 || width > 64) {
      throw head.refuse("a form has 1 to 64 bits, not " + width);
    }
    if (forms.putIfAbsent(name, fieldRows.readForm(head, name, width, body)) != null) {
      throw head.refuse("form " + name + " is defined twice");
    }
  }

  /** {@code class 0x24 DABT_LOW ISS_DATA_ABORT : short words | long words}. */
  private void readClass(Row head, List<Row> body) {
    noBody(body);
    int code = head.smallNumber(head.word(1, "the EC value"));
    String name = head.word(2, "a name");
    String formName = head.word(3, "the form of its ISS");
    BitForm iss = forms.get(formName);
    if (iss == null) {
      throw head.refuse("no form " + formName + " is defined above");
    }
    if (iss.width() != 25) {
      throw head.refuse("an ISS has 25 bits, " + formName + " has " + iss.width());
    }
    boolean bound = ExceptionClass.ofCode(code).filter(c -> c.name().equals(name)).isPresent();
    if (code < 0 || code > 63 || !bound) {
      throw head.refuse("ExceptionClass has no " + name + " with code " + Bits.hex(code));
    }
    String[] words = head.text().split(" \\| ", -1);
    if (words.length != 2) {
      throw head.refuse("expected ' : short words | long words'");
    }
    if (classes.putIfAbsent(code, new SyndromeClass(code, name, iss, words[0], words[1])) != null) {
      throw head.refuse("EC " + Bits.hex(code) + " is given a class twice");
    }
  }

  /** {@code classes NAME : words for the rest} makes values of the classes above. */
  private void readClasses(Row head, List<Row> body) {
    noBody(body);
    for (ExceptionClass c : ExceptionClass.values()) {
      if (!classes.containsKey(c.code())) {
        throw head.refuse("no class above is " + c);
      }
    }
    List<ValueWords.Entry> entries = new ArrayList<>();
    for (SyndromeClass c : classes.values()) {
      entries.add(new ValueWords.Entry(c.code(), c.code(), c.longWords()));
    }
    fieldRows.addValues(head, head.word(1, "a name"), new ValueWords(entries, head.text()));
  }

  /** {@code register NAME ENCODING ACCESS [FEAT_X] [whole | like OTHER] : purpose}. */
  private void readRegister(Row head, List<Row> body) {
    String name = head.word(1, "a name");
    Optional<Encoding> encoding = encoding(head, head.word(2, "an encoding"));
    Register.Access access = access(head, head.word(3, "RO, WO or RW"));
    int at = 4;
    Optional<String> feature = Optional.empty();
    if (at < head.words().size() && head.words().get(at).startsWith("FEAT_")) {
      feature = Optional.of(head.words().get(at++));
    }
    if (head.text().isEmpty()) {
      throw head.refuse("register " + name + " has no purpose");
    }
    BitForm form;
    if (at == head.words().size()) {
      form = fieldRows.readForm(head, name, 64, body);
    } else if (head.words().get(at).equals("whole")) {
      noBody(body);
      form = FieldRows.wholeValue(name, 64, head.text());
      at++;
    } else if (head.words().get(at).equals("like")) {
      noBody(body);
      form = known(head, head.word(at + 1, "a register")).form();
      at += 2;
    } else {
      throw head.refuse("'" + head.words().get(at) + "' is neither 'whole' nor 'like'");
    }
    if (at < head.words().size()) {
      throw head.refuse("'" + head.words().get(at) + "' is out of place");
    }
    add(head, new Register(name, encoding, access, feature, head.text(), form, nextIndex++));
  }

  /** {@code alias NAME ENCODING of OTHER}. */
  private void readAlias(Row head, List<Row> body) {
    noBody(body);
    String name = head.word(1, "a name");
    Encoding encoding =
        encoding(head, head.word(2, "an encoding"))
            .orElseThrow(() -> head.refuse("an alias has an encoding"));
    if (!head.word(3, "'of'").equals("of")) {
      throw head.refuse("expected 'of', not '" + head.words().get(3) + "'");
    }
    add(head, new Register(name, encoding, known(head, head.word(4, "a register"))));
  }

  private void add(Row head, Register register) {
    if (registers.putIfAbsent(register.name(), register) != null) {
      throw head.refuse("register " + register.name() + " is defined twice");
    }
    register
        .encoding()
        .ifPresent(e -> {
          Register other = encodings.putIfAbsent(e.packed(), register);
          if (other != null) {
            throw head.refuse(e + " is " + other.name() + " already");
          }
        });
  }

  private Register known(Row head, String name) {
    Register register = registers.get(name);
    if (register == null) {
      throw head.refuse("no register " + name + " is defined above");
    }
    return register;
  }

  private static Optional<Encoding> encoding(Row head, String text) {
    if (text.equals("-")) {
      return Optional.empty();
    }
    Optional<Encoding> encoding = Encoding.parse(text);
    if (encoding.isEmpty()) {
      throw head.refuse("'" + text + "' is not an encoding such as S3_4_C2_C1_2, nor '-'");
    }
    return encoding;
  }

  private static Register.Access access(Row head, String text) {
    for (Register.Access access : Register.Access.values()) {
      if (access.name().equals(text)) {
        return access;
      }
    }
    throw head.refuse("'" + text + "' is none of: RO, WO, RW");
  }

  private static void noBody(List<Row> body) {
    if (!body.isEmpty()) {
      throw body.getFirst().refuse("the statement above takes no rows");
    }
  }
}
