package dev.stagewalk.isa;

import org.jspecify.annotations.Nullable;

/**
 * A general-purpose register.
 *
 * @param field where its number stands
 * @param width 64 or 32 bits, or as the row's width says
 * @param stackPointer whether number 31 is SP, not the zero register
 * @param offset added to the number: 1 for the second register of an even pair
 */
record RegisterOperand(BitField field, Width width, boolean stackPointer, int offset)
    implements Operand {

  enum Width {
    X,
    W,
    ROW
  }

  /**
   * A register as it is written.
   *
   * @param stackPointer whether it is SP or WSP
   */
  record Named(int number, boolean is64, boolean stackPointer) {

    /** The register of this lower-case name, or null. */
    static @Nullable Named of(String name) {
      return switch (name) {
        case "sp" -> new Named(31, true, true);
        case "wsp" -> new Named(31, false, true);
        case "xzr" -> new Named(31, true, false);
        case "wzr" -> new Named(31, false, false);
        case "lr" -> new Named(30, true, false);
        case "fp" -> new Named(29, true, false);
        case "ip0" -> new Named(16, true, false);
        case "ip1" -> new Named(17, true, false);
        default -> numbered(name);
      };
    }

    private static @Nullable Named numbered(String name) {
      int length = name.length();
      if (length < 2 || length > 3 || (name.charAt(0) != 'x' && name.charAt(0) != 'w')) {
        return null;
      }
      int number = 0;
      for (int i = 1; i < length; i++) {
        int digit = name.charAt(i) - '0';
        if (digit < 0 || digit > 9 || (i == 2 && number == 0)) {
          return null;
        }
        number = number * 10 + digit;
      }
      return number > 30 ? null : new Named(number, name.charAt(0) == 'x', false);
    }
  }

  @Override
  public void print(Row row, int word, Printer out) {
    boolean is64 = width == Width.X || (width == Width.ROW && row.is64(word));
    out.append(name(field.of(word) + offset, is64, stackPointer));
  }

  @Override
  public boolean read(OperandReader in, Encoding encoding) {
    String word = in.word();
    Named named = word == null ? null : Named.of(word);
    if (named == null || (named.number() == 31 && named.stackPointer() != stackPointer)) {
      in.expected(expectation(encoding));
      return false;
    }
    boolean widthFits =
        switch (width) {
          case X -> named.is64();
          case W -> !named.is64();
          case ROW -> encoding.row().traits().wide().set(encoding, named.is64());
        };
    if (!widthFits || !encoding.set(field, named.number() - offset)) {
      in.expected(expectation(encoding));
      return false;
    }
    in.next();
    return true;
  }

  @Override
  public int mask() {
    return field.mask();
  }

  /** The name of a register of this number. */
  static String name(int number, boolean is64, boolean stackPointer) {
    if (number == 31) {
      return stackPointer ? (is64 ? "sp" : "wsp") : (is64 ? "xzr" : "wzr");
    }
    return (is64 ? "x" : "w") + number;
  }

  private String expectation(Encoding encoding) {
    Row row = encoding.row();
    boolean open = width == Width.ROW && !row.traits().wide().isKnown(encoding);
    boolean is64 = width == Width.X || (width == Width.ROW && row.is64(encoding.word()));
    if (encoding.knows(field)) {
      return "register " + name(field.of(encoding.word()) + offset, is64, stackPointer);
    }
    String wide = stackPointer ? "x0 to x30 or sp" : "x0 to x30 or xzr";
    String narrow = stackPointer ? "w0 to w30 or wsp" : "w0 to w30 or wzr";
    return open ? "a register" : "a register " + (is64 ? wide : narrow);
  }
}
