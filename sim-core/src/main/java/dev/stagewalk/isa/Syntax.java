package dev.stagewalk.isa;

import java.util.List;

/**
 * One spelling of a row: a mnemonic, operands, and what must hold of a word to be spelt so.
 *
 * @param printed whether the disassembler may choose it; if not it is only read
 */
record Syntax(
    String mnemonic, List<Operand> operands, List<Condition> conditions, boolean printed) {

  boolean names(Row row, int word) {
    for (Condition condition : conditions) {
      if (!condition.holds(row, word)) {
        return false;
      }
    }
    return true;
  }

  void print(Row row, int word, Printer out) {
    out.append(mnemonic);
    if (!operands.isEmpty()) {
      out.append(" ");
      for (Operand operand : operands) {
        operand.print(row, word, out);
      }
    }
  }

  /**
   * Reads the operands up to the end of the statement and settles every bit; false, with what was
   * expected noted by the reader, where they do not fit.
   */
  boolean read(OperandReader in, Encoding encoding) {
    for (Operand operand : operands) {
      if (!operand.read(in, encoding)) {
        return false;
      }
    }
    if (!in.atEnd()) {
      in.expected("the end of the statement");
      return false;
    }
    if (settle(conditions, encoding)
        && settle(encoding.row().conditions(), encoding)
        && encoding.isComplete()
        && names(encoding.row(), encoding.word())
        && encoding.row().matches(encoding.word())) {
      return true;
    }
    in.expected("operands that " + mnemonic + " can encode together");
    return false;
  }

  /** The bits that operands, conditions and the row's own conditions determine. */
  int mask(Row row) {
    int mask = row.mask() | row.pattern().shouldBe();
    for (Operand operand : operands) {
      mask |= operand.mask();
      if (operand instanceof RegisterOperand register
          && register.width() == RegisterOperand.Width.ROW
          && row.traits().wide().field() != null) {
        mask |= row.traits().wide().field().mask();
      }
    }
    for (Condition condition : conditions) {
      mask |= condition.mask();
    }
    for (Condition condition : row.conditions()) {
      mask |= condition.mask();
    }
    return mask;
  }

  private static boolean settle(List<Condition> conditions, Encoding encoding) {
    for (Condition condition : conditions) {
      if (!condition.settle(encoding)) {
        return false;
      }
    }
    return true;
  }
}
