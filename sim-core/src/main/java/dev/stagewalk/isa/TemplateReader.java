package dev.stagewalk.isa;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Understands the template of a spelling. A mnemonic with choices, {@code ldadd(A:/a)(R:/l)}, is as
 * many spellings as there are combinations; operands are
 *
 * <ul>
 *   <li>{@code Xd}, {@code Wn}, {@code Rt|SP}, {@code Rs+1}: a register by the field of its name; R
 *       is as wide as the row says
 *   <li>{@code Dt}, {@code Ft(size:b/h/s/d)}: the low bits of a SIMD and floating-point register,
 *       as many as the letter, or the field, says; of immh the place of the leading one counts
 *   <li>{@code Vd.16b}, {@code Vd.T}, {@code Vn.b[index]}, {@code L3t.T}: a vector; T is the
 *       arrangement of the fields size (or immh) and Q, F that of sz and Q, W that of a whole
 *       register of elements twice as wide, P that of half as many of these, B and H those of bytes
 *       and halfwords with Q, G half of these; an element of it; a list
 *   <li>{@code #name} with {@code .dec} for decimal or {@code .mov}: an attribute (imm, imm2,
 *       amount), a field, or a function of fields; {@code #-name} and {@code #~name} read its
 *       opposite
 *   <li>{@code {, #name}}: left out where zero
 *   <li>{@code <name>}: one of the operands of {@link #special}
 *   <li>punctuation and lower-case words as they stand
 * </ul>
 */
final class TemplateReader {
  private static final Pattern REGISTER =
      Pattern.compile("([XWR])(d|n|m|a|s|t2|t)(\\|SP)?(?:\\+(\\d))?");
  private static final Pattern SCALAR =
      Pattern.compile("(?:([BHSDQ])|F)(d|n|m|a|t2|t)(?:\\((\\w+):([^)]*)\\))?");
  private static final Pattern VECTOR =
      Pattern.compile("(V|L\\d)(d|n|m|t)\\.(\\w+)(?:\\[([\\w:]+)\\])?");
  private static final Pattern NUMBER =
      Pattern.compile("#([-~])?(\\w+(?:\\([\\w:]+\\))?)(\\.dec|\\.mov)?");
  private static final Pattern SPECIAL = Pattern.compile("<(\\w+)>");
  private static final Pattern WORD = Pattern.compile("[a-z]\\w*");
  private static final Pattern CHOICE = Pattern.compile("\\((\\w+):([^)]*)\\)");

  private final RowText row;
  private final Row.Traits traits;

  TemplateReader(RowText row, Row.Traits traits) {
    this.row = row;
    this.traits = traits;
  }

  /** All spellings of a template. */
  List<Syntax> syntaxes(String template, List<Condition> conditions, boolean printed) {
    int space = template.indexOf(' ');
    String mnemonic = space < 0 ? template : template.substring(0, space);
    List<Operand> operands = space < 0 ? List.of() : operands(template.substring(space + 1));
    List<Condition> all = new ArrayList<>(conditions);
    for (Operand operand : operands) {
      // A name without a number to fall back on is a condition too: the number must have a name.
      if (operand instanceof NameOperand.Named named) {
        all.add(named);
      }
    }
    List<Syntax> syntaxes = new ArrayList<>();
    expand(mnemonic, operands, all, printed, syntaxes);
    return syntaxes;
  }

  private void expand(
      String mnemonic,
      List<Operand> operands,
      List<Condition> conditions,
      boolean printed,
      List<Syntax> syntaxes) {
    Matcher choice = CHOICE.matcher(mnemonic);
    if (!choice.find()) {
      syntaxes.add(new Syntax(mnemonic, operands, List.copyOf(conditions), printed));
      return;
    }
    BitField field = row.field(choice.group(1));
    String[] alternatives = choice.group(2).split("/", -1);
    if (alternatives.length != field.max() + 1) {
      throw new IllegalArgumentException(
          choice.group() + " needs " + (field.max() + 1) + " alternatives");
    }
    for (int value = 0; value < alternatives.length; value++) {
      if (!alternatives[value].equals("-")) {
        List<Condition> more = new ArrayList<>(conditions);
        more.add(new Condition.Comparison(field, Condition.Relation.EQUAL, null, value, false));
        String chosen =
            mnemonic.substring(0, choice.start())
                + alternatives[value]
                + mnemonic.substring(choice.end());
        expand(chosen, operands, more, printed, syntaxes);
      }
    }
  }

  private List<Operand> operands(String text) {
    List<Operand> operands = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      if (text.charAt(at) == '{') {
        int end = text.indexOf('}', at);
        if (end < 0) {
          throw new IllegalArgumentException("'{' without '}'");
        }
        operands.add(nonZero(operands(text.substring(at + 1, end))));
        at = end + 1;
        continue;
      }
      at = operand(text, at, operands);
    }
    return List.copyOf(operands);
  }

  private static Operand nonZero(List<Operand> inner) {
    if (inner.size() < 2 || !(inner.getLast() instanceof NumberOperand number)) {
      throw new IllegalArgumentException("{} needs punctuation and a number");
    }
    return new LiteralOperand.NonZero(List.copyOf(inner.subList(0, inner.size() - 1)), number);
  }

  private int operand(String text, int at, List<Operand> operands) {
    char first = text.charAt(at);
    if (first == ' ') {
      return at + 1;
    }
    if ("[]!,".indexOf(first) >= 0) {
      boolean space = first == ',';
      operands.add(new LiteralOperand.Text(space ? ", " : String.valueOf(first), first + ""));
      return at + 1;
    }
    Matcher matcher = REGISTER.matcher(text).region(at, text.length());
    if (matcher.lookingAt()) {
      operands.add(register(matcher));
      return matcher.end();
    }
    matcher = VECTOR.matcher(text).region(at, text.length());
    if (matcher.lookingAt()) {
      operands.add(vector(matcher));
      return matcher.end();
    }
    matcher = SCALAR.matcher(text).region(at, text.length());
    if (matcher.lookingAt()) {
      operands.add(scalar(matcher));
      return matcher.end();
    }
    matcher = NUMBER.matcher(text).region(at, text.length());
    if (matcher.lookingAt()) {
      operands.add(number(matcher));
      return matcher.end();
    }
    matcher = SPECIAL.matcher(text).region(at, text.length());
    if (matcher.lookingAt()) {
      operands.add(special(matcher.group(1)));
      return matcher.end();
    }
    matcher = WORD.matcher(text).region(at, text.length());
    if (matcher.lookingAt()) {
      operands.add(new LiteralOperand.Text(matcher.group(), matcher.group()));
      return matcher.end();
    }
    throw new IllegalArgumentException("'" + text.substring(at) + "' is no operand");
  }

  private Operand register(Matcher matcher) {
    RegisterOperand.Width width =
        switch (matcher.group(1)) {
          case "X" -> RegisterOperand.Width.X;
          case "W" -> RegisterOperand.Width.W;
          default -> RegisterOperand.Width.ROW;
        };
    int offset = matcher.group(4) == null ? 0 : Integer.parseInt(matcher.group(4));
    BitField field = row.field("R" + matcher.group(2));
    return new RegisterOperand(field, width, matcher.group(3) != null, offset);
  }

  private Operand scalar(Matcher matcher) {
    VectorOperand.Choice size =
        matcher.group(1) != null
            ? new VectorOperand.Choice(
                List.of(), List.of(matcher.group(1).toLowerCase(Locale.ROOT)))
            : choice(matcher.group(3), matcher.group(4));
    return new VectorOperand.Scalar(row.field("R" + matcher.group(2)), size);
  }

  private Operand vector(Matcher matcher) {
    BitField field = row.field("R" + matcher.group(2));
    VectorOperand.Choice arrangement =
        switch (matcher.group(3)) {
          case "T" -> elements(true, "8b/16b/4h/8h/2s/4s/1d/2d");
          case "W" -> elements(false, "8h/4s/2d/-");
          case "P" -> elements(true, "4h/8h/2s/4s/1d/2d/-/-");
          case "B" -> choice("Q", "8b/16b");
          case "H" -> choice("Q", "4h/8h");
          case "G" -> choice("Q", "2h/4h");
          case "S" -> choice("Q", "2s/4s");
          case "F" -> choice("sz:Q", "2s/4s/-/2d");
          default -> new VectorOperand.Choice(List.of(), List.of(matcher.group(3)));
        };
    Immediate index = matcher.group(4) == null ? null : row.immediate(matcher.group(4));
    if (matcher.group(1).equals("V")) {
      return index == null
          ? new VectorOperand.Vector(field, arrangement)
          : new VectorOperand.Element(field, arrangement, index);
    }
    int count = Integer.parseInt(matcher.group(1).substring(1));
    return new VectorOperand.Group(field, count, arrangement, index);
  }

  /** By the size of elements, which the field size says or immh, and by Q. */
  private VectorOperand.Choice elements(boolean withQ, String words) {
    return choice((row.hasField("immh") ? "immh" : "size") + (withQ ? ":Q" : ""), words);
  }

  private VectorOperand.Choice choice(String fields, String words) {
    List<BitField> of = new ArrayList<>();
    for (String field : fields.split(":")) {
      of.add(row.field(field));
    }
    List<String> all = List.of(words.split("/"));
    boolean byLeadingOne = of.getFirst().name().equals("immh");
    int count = 1;
    for (BitField field : of) {
      count *= byLeadingOne && field == of.getFirst() ? field.width() : field.max() + 1;
    }
    if (all.size() != count) {
      throw new IllegalArgumentException(words + " needs " + count + " alternatives");
    }
    return new VectorOperand.Choice(List.copyOf(of), all, byLeadingOne);
  }

  private Operand number(Matcher matcher) {
    Immediate number = immediate(matcher.group(2));
    if (matcher.group(1) != null) {
      number = new Immediate.Opposite(number, matcher.group(1).equals("~"));
    }
    NumberOperand.Style style =
        matcher.group(3) == null
            ? NumberOperand.Style.HEX
            : matcher.group(3).equals(".dec")
                ? NumberOperand.Style.DECIMAL
                : NumberOperand.Style.MOVE;
    return new NumberOperand(number, style);
  }

  private Immediate immediate(String name) {
    Immediate attribute =
        switch (name) {
          case "imm" -> traits.imm();
          case "imm2" -> traits.imm2();
          case "amount" -> traits.amount();
          default -> row.immediate(name);
        };
    if (attribute == null) {
      throw new IllegalArgumentException("the row has no attribute " + name);
    }
    return attribute;
  }

  private Operand special(String name) {
    return switch (name) {
      case "label" -> new LabelOperand(immediate("imm"), false);
      case "page" -> new LabelOperand(immediate("imm"), true);
      case "shift" -> new ModifierOperand.Shift(row.field("shift"), row.field("imm6"));
      case "lsl12" -> new ModifierOperand.LeftShift(row.field("sh"), 12);
      case "real" -> {
        if (!(traits.imm() instanceof SimdImmediate number)) {
          throw new IllegalArgumentException("<real> needs a floating-point imm");
        }
        yield new RealOperand(number);
      }
      case "real_zero" -> new RealZeroOperand();
      case "lsl8" -> new ModifierOperand.LeftShift(row.field("sh"), 8);
      case "msl" -> new ModifierOperand.ShiftOnes(row.field("sh"));
      case "lsl_hw" -> new ModifierOperand.LeftShift(row.field("hw"), 16);
      case "extended" ->
          new ModifierOperand.Extended(
              row.field("Rm"), row.field("option"), row.field("imm3"), row.field("Rn"), null);
      case "extended_sp" ->
          new ModifierOperand.Extended(
              row.field("Rm"),
              row.field("option"),
              row.field("imm3"),
              row.field("Rn"),
              row.field("Rd"));
      case "offset" ->
          new ModifierOperand.Offset(
              row.field("Rm"),
              row.field("option"),
              row.field("S"),
              Integer.numberOfTrailingZeros(traits.size()));
      case "no_offset" -> new LiteralOperand.NoOffset();
      case "cond" -> new NameOperand.Cond(row.field("cond"), row.names("cond"), false);
      case "not_cond" -> new NameOperand.Cond(row.field("cond"), row.names("cond"), true);
      case "barrier" -> new NameOperand.Named(row.immediate("CRm"), row.names("barrier"), true);
      case "barrier_nxs" ->
          new NameOperand.Named(row.immediate("domain"), row.names("barrier_nxs"), false);
      case "prfop" -> new NameOperand.Named(row.immediate("Rt"), row.names("prfop"), true);
      case "pstate" -> new NameOperand.Named(row.immediate("op1:op2"), row.names("pstate"), false);
      case "at", "dc", "ic", "ic_all", "tlbi", "tlbi_all" ->
          new NameOperand.Named(row.immediate("op1:CRn:CRm:op2"), row.names(name), false);
      case "CRn", "CRm" -> new NameOperand.Coprocessor(row.field(name));
      case "sysreg" -> new NameOperand.SystemRegister();
      default -> throw new IllegalArgumentException("<" + name + "> is no operand");
    };
  }
}
