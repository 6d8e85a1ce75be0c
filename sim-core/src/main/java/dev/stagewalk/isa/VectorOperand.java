package dev.stagewalk.isa;

import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A SIMD and floating-point register, in one of the ways it is written. */
sealed interface VectorOperand extends Operand {
  int REGISTERS = 32;

  /**
   * A word that fields choose: the size of a scalar, the arrangement of a vector.
   *
   * @param fields joined, highest first; none where there is one word
   * @param words by the value of the fields; "-" where that is reserved
   * @param byLeadingOne of the first field the place of its leading one counts, not its value
   */
  record Choice(List<BitField> fields, List<String> words, boolean byLeadingOne) {
    Choice(List<BitField> fields, List<String> words) {
      this(fields, words, false);
    }

    String of(int word) {
      int value = 0;
      for (BitField field : fields) {
        value = isLeading(field) ? place(field, word) : value << field.width() | field.of(word);
      }
      return words.get(value);
    }

    boolean set(Encoding encoding, String chosen) {
      int value = words.indexOf(chosen);
      if (value < 0 || chosen.equals("-")) {
        return false;
      }
      boolean agreed = true;
      for (BitField field : fields.reversed()) {
        BitField part = isLeading(field) ? downToLeadingOne(field, value) : field;
        agreed &= encoding.set(part, isLeading(field) ? 1 : value & field.max());
        value >>= field.width();
      }
      return agreed;
    }

    /** The bits below a leading one are not settled by it. */
    int mask() {
      return fields.stream()
          .filter(field -> !isLeading(field))
          .mapToInt(BitField::mask)
          .reduce(0, (a, b) -> a | b);
    }

    private boolean isLeading(BitField field) {
      return byLeadingOne && field == fields.getFirst();
    }

    private static int place(BitField field, int word) {
      return 31 - Integer.numberOfLeadingZeros(field.of(word));
    }

    private static BitField downToLeadingOne(BitField field, int place) {
      return new BitField(field.name(), field.lsb() + place, field.width() - place);
    }

    String expectation() {
      return String.join(", ", words.stream().filter(word -> !word.equals("-")).toList());
    }
  }

  /** {@code s3}: the low bits of a register. */
  record Scalar(BitField field, Choice size) implements VectorOperand {
    @Override
    public void print(Row row, int word, Printer out) {
      out.append(size.of(word)).append(field.of(word));
    }

    @Override
    public boolean read(OperandReader in, Encoding encoding) {
      String word = in.word();
      int number = word == null ? -1 : number(word.substring(1));
      if (word == null
          || number < 0
          || !size.set(encoding, word.substring(0, 1))
          || !encoding.set(field, number)) {
        in.expected("a SIMD and floating-point register: " + size.expectation() + " with 0 to 31");
        return false;
      }
      in.next();
      return true;
    }

    @Override
    public int mask() {
      return field.mask() | size.mask();
    }
  }

  /** {@code v3.16b}: a register as a vector. */
  record Vector(BitField field, Choice arrangement) implements VectorOperand {
    @Override
    public void print(Row row, int word, Printer out) {
      out.append("v").append(field.of(word)).append("." + arrangement.of(word));
    }

    @Override
    public boolean read(OperandReader in, Encoding encoding) {
      return readRegister(in, encoding, field, 0, arrangement);
    }

    @Override
    public int mask() {
      return field.mask() | arrangement.mask();
    }
  }

  /** {@code v3.b[5]}: one element of a register. */
  record Element(BitField field, Choice size, Immediate index) implements VectorOperand {
    @Override
    public void print(Row row, int word, Printer out) {
      out.append("v").append(field.of(word)).append("." + size.of(word));
      out.append("[").append(index.decode(row, word)).append("]");
    }

    @Override
    public boolean read(OperandReader in, Encoding encoding) {
      return readRegister(in, encoding, field, 0, size) && readIndex(in, encoding, index);
    }

    @Override
    public int mask() {
      return field.mask() | size.mask() | index.mask();
    }
  }

  /**
   * {@code {v3.16b, v4.16b}} or {@code {v3.b}[5]}: registers that follow one another.
   *
   * @param index of the element of each; null where the whole registers are meant
   */
  record Group(BitField field, int count, Choice arrangement, @Nullable Immediate index)
      implements VectorOperand {
    private static final int LONGEST_ENUMERATION = 2;

    @Override
    public void print(Row row, int word, Printer out) {
      String kind = "." + arrangement.of(word);
      int first = field.of(word);
      out.append("{v").append(first).append(kind);
      if (count > LONGEST_ENUMERATION && first + count <= REGISTERS) {
        out.append("-v").append(first + count - 1L).append(kind);
      } else {
        for (int i = 1; i < count; i++) {
          out.append(", v").append((first + i) % REGISTERS).append(kind);
        }
      }
      out.append("}");
      if (index != null) {
        out.append("[").append(index.decode(row, word)).append("]");
      }
    }

    @Override
    public boolean read(OperandReader in, Encoding encoding) {
      if (!in.accept("{") || !readRegister(in, encoding, field, 0, arrangement)) {
        return false;
      }
      if (count > 1 && in.isNext("-")) {
        if (!in.accept("-") || !readRegister(in, encoding, field, count - 1, arrangement)) {
          return false;
        }
      } else {
        for (int i = 1; i < count; i++) {
          if (!in.accept(",") || !readRegister(in, encoding, field, i, arrangement)) {
            return false;
          }
        }
      }
      return in.accept("}") && (index == null || readIndex(in, encoding, index));
    }

    @Override
    public int mask() {
      return field.mask() | arrangement.mask() | (index == null ? 0 : index.mask());
    }
  }

  private static boolean readRegister(
      OperandReader in, Encoding encoding, BitField field, int offset, Choice arrangement) {
    String word = in.word();
    int dot = word == null ? -1 : word.indexOf('.');
    if (word == null || dot < 2 || word.charAt(0) != 'v') {
      in.expected("a vector: v0 to v31 with one of ." + arrangement.expectation());
      return false;
    }
    int number = number(word.substring(1, dot));
    if (number < 0
        || !encoding.set(field, (number - offset + REGISTERS) % REGISTERS)
        || !arrangement.set(encoding, word.substring(dot + 1))) {
      in.expected("a vector: v0 to v31 with one of ." + arrangement.expectation());
      return false;
    }
    in.next();
    return true;
  }

  private static boolean readIndex(OperandReader in, Encoding encoding, Immediate index) {
    if (!in.accept("[")) {
      return false;
    }
    int start = in.mark();
    OptionalLong value = in.expression();
    if (value.isEmpty()) {
      return false;
    }
    if (!index.encode(encoding, value.getAsLong())) {
      in.reset(start);
      in.expected("an index, " + index.range(encoding));
      return false;
    }
    return in.accept("]");
  }

  /** A register number as it is written, without leading zeros; -1 where it is none. */
  private static int number(String digits) {
    if (!digits.matches("\\d|[12]\\d|3[01]")) {
      return -1;
    }
    return Integer.parseInt(digits);
  }
}
