package dev.stagewalk.isa;

import java.util.List;

/** Text that stands as it is, or as a whole may be left out. */
sealed interface LiteralOperand extends Operand {

  /** Punctuation or a word; what is printed may have a space that reading does not need. */
  record Text(String printed, String read) implements LiteralOperand {
    @Override
    public void print(Row row, int word, Printer out) {
      out.append(printed);
    }

    @Override
    public boolean read(OperandReader in, Encoding encoding) {
      return in.accept(read);
    }

    @Override
    public int mask() {
      return 0;
    }
  }

  /** A number and what introduces it, left out where the number is zero. */
  record NonZero(List<Operand> before, NumberOperand number) implements LiteralOperand {
    @Override
    public void print(Row row, int word, Printer out) {
      if (number.number().decode(row, word) != 0) {
        before.forEach(operand -> operand.print(row, word, out));
        number.print(row, word, out);
      }
    }

    @Override
    public boolean read(OperandReader in, Encoding encoding) {
      if (!before.getFirst().read(in, encoding)) {
        return number.number().encode(encoding, 0);
      }
      for (Operand operand : before.subList(1, before.size())) {
        if (!operand.read(in, encoding)) {
          return false;
        }
      }
      return number.read(in, encoding);
    }

    @Override
    public int mask() {
      return number.mask();
    }
  }

  /** {@code , #0} that may be written and is never printed. */
  record NoOffset() implements LiteralOperand {
    @Override
    public void print(Row row, int word, Printer out) {}

    @Override
    public boolean read(OperandReader in, Encoding encoding) {
      if (!in.accept(",")) {
        return true;
      }
      var value = in.expression();
      if (value.isEmpty() || value.getAsLong() != 0) {
        in.expected("#0");
        return false;
      }
      return true;
    }

    @Override
    public int mask() {
      return 0;
    }
  }
}
