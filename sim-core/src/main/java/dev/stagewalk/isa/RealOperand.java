package dev.stagewalk.isa;

import java.util.Locale;
import java.util.OptionalDouble;

/** {@code #1.5}: a floating-point number of eight bits, printed with all digits as GNU does. */
record RealOperand(SimdImmediate number) implements Operand {

  @Override
  public void print(Row row, int word, Printer out) {
    out.append("#" + String.format(Locale.ROOT, "%.18e", number.number(word)));
  }

  @Override
  public boolean read(OperandReader in, Encoding encoding) {
    int start = in.mark();
    OptionalDouble value = in.real();
    if (value.isEmpty()) {
      in.expected("a number such as #1.5");
      return false;
    }
    if (!number.encodeNumber(encoding, value.getAsDouble())) {
      in.reset(start);
      in.expected("n / 16 times a power of two, n 16 to 31, from 0.125 to 31.0, or its opposite");
      return false;
    }
    return true;
  }

  @Override
  public int mask() {
    return number.numberMask();
  }
}
