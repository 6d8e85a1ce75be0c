package dev.stagewalk.isa;

import java.util.OptionalLong;

/**
 * {@code #number}.
 *
 * @param style how it is printed
 */
record NumberOperand(Immediate number, Style style) implements Operand {

  enum Style {
    HEX,
    DECIMAL,
    /** Hexadecimal with the signed decimal value in a comment, as GNU prints MOV. */
    MOVE
  }

  @Override
  public void print(Row row, int word, Printer out) {
    long value = number.decode(row, word);
    out.append("#");
    switch (style) {
      case HEX -> out.hex(value);
      case DECIMAL -> out.append(value);
      case MOVE -> {
        boolean is64 = row.is64(word);
        out.hex(is64 ? value : value & 0xffff_ffffL);
        out.comment("#" + (is64 ? value : (int) value));
      }
    }
  }

  @Override
  public boolean read(OperandReader in, Encoding encoding) {
    int start = in.mark();
    OptionalLong value = in.expression();
    if (value.isEmpty()) {
      return false;
    }
    if (!number.encode(encoding, value.getAsLong())) {
      in.reset(start);
      in.expected("#number, " + number.range(encoding));
      return false;
    }
    return true;
  }

  @Override
  public int mask() {
    return number.mask();
  }
}
