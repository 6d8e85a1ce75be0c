package dev.stagewalk.isa;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The words that name general-purpose registers and so cannot be symbols in an expression. */
public final class RegisterNames {
  private static final Pattern VECTOR =
      Pattern.compile("[bhsdqv]([12]?[0-9]|3[01])(\\.[0-9]*[bhsdq])?");

  private RegisterNames() {}

  /** All of them, without the synonyms. */
  public static List<String> all() {
    List<String> all = new ArrayList<>();
    for (int number = 0; number <= 31; number++) {
      all.add(RegisterOperand.name(number, true, false));
      all.add(RegisterOperand.name(number, false, false));
    }
    all.add("sp");
    all.add("wsp");
    return all;
  }

  /** Whether a lower-case word is a SIMD register: d0, v31, v2.16b. */
  public static boolean isVector(String word) {
    return VECTOR.matcher(word).matches();
  }

  /** Whether a lower-case word is a register. */
  public static boolean isRegister(String word) {
    return RegisterOperand.Named.of(word) != null;
  }
}
