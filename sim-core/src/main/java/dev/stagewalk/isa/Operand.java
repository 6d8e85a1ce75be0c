package dev.stagewalk.isa;

/** One piece of a spelling: it prints fields of a word as text, and reads them back. */
interface Operand {

  void print(Row row, int word, Printer out);

  /** Reads this piece and sets its fields; false, with the expectation noted, if it is not next. */
  boolean read(OperandReader in, Encoding encoding);

  /** The bits it determines when it is read. */
  int mask();
}
