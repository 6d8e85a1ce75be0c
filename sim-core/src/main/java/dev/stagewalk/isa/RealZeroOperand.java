package dev.stagewalk.isa;

import java.util.OptionalDouble;

/** {@code #0.0}, with which a floating-point number is compared; {@code #0} is read too. */
record RealZeroOperand() implements Operand {

  @Override
  public void print(Row row, int word, Printer out) {
    out.append("#0.0");
  }

  @Override
  public boolean read(OperandReader in, Encoding encoding) {
    int start = in.mark();
    OptionalDouble value = in.real();
    if (value.isEmpty() || value.getAsDouble() != 0) {
      in.reset(start);
      in.expected("#0.0");
      return false;
    }
    return true;
  }

  @Override
  public int mask() {
    return 0;
  }
}
