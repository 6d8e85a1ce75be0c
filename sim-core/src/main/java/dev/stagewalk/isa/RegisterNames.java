package dev.stagewalk.isa;

/** The words that name general-purpose registers and so cannot be symbols in an expression. */
public final class RegisterNames {
  private RegisterNames() {}

  /** Whether a lower-case word is a register. */
  public static boolean isRegister(String word) {
    return RegisterOperand.Named.of(word) != null;
  }
}
