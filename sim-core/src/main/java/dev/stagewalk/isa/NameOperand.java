package dev.stagewalk.isa;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** An operand that is a name for a number. */
sealed interface NameOperand extends Operand {

  /**
   * A name of a group.
   *
   * @param numeric whether a number without a name is written {@code #0x1}; otherwise only words
   *     that have a name are spelt with this operand
   */
  record Named(Immediate number, OperandNames names, boolean numeric)
      implements NameOperand, Condition {
    @Override
    public void print(Row row, int word, Printer out) {
      int value = (int) number.decode(row, word);
      String name = names.name(value);
      out.append(name != null ? name : "#0x%02x".formatted(value));
    }

    @Override
    public boolean read(OperandReader in, Encoding encoding) {
      String word = in.word();
      Integer value = word == null ? null : names.number(word);
      if (value != null) {
        in.next();
        return number.encode(encoding, value);
      }
      in.expected(names.expectation());
      if (!numeric || word != null) {
        return false;
      }
      OptionalLong expression = in.expression();
      return expression.isPresent() && number.encode(encoding, expression.getAsLong());
    }

    @Override
    public boolean holds(Row row, int word) {
      return numeric || names.name((int) number.decode(row, word)) != null;
    }

    @Override
    public int mask() {
      return number.mask();
    }
  }

  /** A condition code; GNU prints its other names in a comment. */
  record Cond(BitField field, OperandNames names, boolean inverted) implements NameOperand {
    @Override
    public void print(Row row, int word, Printer out) {
      int code = field.of(word) ^ (inverted ? 1 : 0);
      String name = names.name(code);
      out.append(String.valueOf(name));
      List<String> others = names.otherNames(code);
      if (!others.isEmpty()) {
        out.comment(name + " = " + String.join(", ", others));
      }
    }

    @Override
    public boolean read(OperandReader in, Encoding encoding) {
      String word = in.word();
      Integer code = word == null ? null : names.number(word);
      if (code == null || !encoding.set(field, code ^ (inverted ? 1 : 0))) {
        in.expected("a condition: eq, ne, cs, cc, mi, pl, vs, vc, hi, ls, ge, lt, gt, le, al, nv");
        return false;
      }
      in.next();
      return true;
    }

    @Override
    public int mask() {
      return field.mask();
    }
  }

  /** Cn: a register name field of SYS. */
  record Coprocessor(BitField field) implements NameOperand {
    @Override
    public void print(Row row, int word, Printer out) {
      out.append("C").append(field.of(word));
    }

    @Override
    public boolean read(OperandReader in, Encoding encoding) {
      String word = in.word();
      if (word == null
          || !word.matches("c(\\d|1[0-5])")
          || !encoding.set(field, Integer.parseInt(word.substring(1)))) {
        in.expected("C0 to C15");
        return false;
      }
      in.next();
      return true;
    }

    @Override
    public int mask() {
      return field.mask();
    }
  }

  /** A system register, by name or as {@code s3_4_c2_c1_0}. */
  record SystemRegister() implements NameOperand {
    private static final BitField BITS = Immediate.SystemName.BITS;

    @Override
    public void print(Row row, int word, Printer out) {
      String name = out.systemRegister(BITS.of(word));
      out.append(name != null ? name : genericName(BITS.of(word)));
    }

    @Override
    public boolean read(OperandReader in, Encoding encoding) {
      String word = in.word();
      OptionalInt bits = word == null ? OptionalInt.empty() : encodingOf(word, in);
      if (bits.isEmpty() || !encoding.set(BITS, bits.getAsInt())) {
        in.expected("a system register, by name or as s3_4_c2_c1_0");
        return false;
      }
      in.next();
      return true;
    }

    @Override
    public int mask() {
      return BITS.mask();
    }

    private static OptionalInt encodingOf(String word, OperandReader in) {
      OptionalInt generic = genericEncoding(word);
      return generic.isPresent() ? generic : in.systemRegister(word);
    }

    static String genericName(int bits) {
      return "s%d_%d_c%d_c%d_%d"
          .formatted(bits >> 14, bits >> 11 & 7, bits >> 7 & 15, bits >> 3 & 15, bits & 7);
    }

    static OptionalInt genericEncoding(String name) {
      if (!name.matches("s[0-3]_[0-7]_c\\d{1,2}_c\\d{1,2}_[0-7]")) {
        return OptionalInt.empty();
      }
      String[] parts = name.substring(1).replace("c", "").split("_");
      int crn = Integer.parseInt(parts[2]);
      int crm = Integer.parseInt(parts[3]);
      if (crn > 15 || crm > 15) {
        return OptionalInt.empty();
      }
      return OptionalInt.of(
          Integer.parseInt(parts[0]) << 14
              | Integer.parseInt(parts[1]) << 11
              | crn << 7
              | crm << 3
              | Integer.parseInt(parts[4]));
    }
  }
}
