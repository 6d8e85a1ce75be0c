package dev.stagewalk.arch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The System registers, found by name or by encoding. Immutable. */
public final class RegisterTable {
  private static final int MOST_SUGGESTIONS = 5;

  private final List<Register> registers;
  private final List<Register> names;
  private final Map<String, Register> byName = new HashMap<>();
  private final Map<Integer, Register> byEncoding = new HashMap<>();

  RegisterTable(List<Register> names) {
    this.names = List.copyOf(names);
    this.registers = names.stream().filter(r -> r.aliasOf().isEmpty()).toList();
    for (Register register : names) {
      byName.put(key(register.name()), register);
      register.encoding().ifPresent(e -> byEncoding.put(e.packed(), register));
    }
  }

  /** The registers of the architecture, loaded once. */
  public static RegisterTable standard() {
    return ArchTables.standard().registers();
  }

  /**
   * The register of this name, in any case; also by a generic name such as {@code S3_4_C2_C1_2} if
   * the table has a register there.
   */
  public Optional<Register> register(String name) {
    Optional<Register> named = Optional.ofNullable(byName.get(key(name)));
    return named.isPresent() ? named : Encoding.parse(name).flatMap(this::byEncoding);
  }

  /**
   * The register of this name, in any case.
   *
   * @throws IllegalArgumentException when there is none; the message offers names that look alike
   */
  public Register require(String name) {
    return register(name)
        .orElseThrow(() -> {
          List<String> alike = suggestions(name);
          return new IllegalArgumentException(
              "no register is named "
                  + name
                  + (alike.isEmpty() ? "" : "; did you mean " + String.join(", ", alike) + "?"));
        });
  }

  /** The register MRS and MSR reach by these numbers. */
  public Optional<Register> byEncoding(Encoding encoding) {
    return Optional.ofNullable(byEncoding.get(encoding.packed()));
  }

  /** The register MRS and MSR reach by these numbers. */
  public Optional<Register> byEncoding(int op0, int op1, int crn, int crm, int op2) {
    return byEncoding(new Encoding(op0, op1, crn, crm, op2));
  }

  /** Every register that has a value of its own, by {@link Register#index()}. */
  public List<Register> all() {
    return registers;
  }

  /** Every name: the registers and their aliases, in the order of the table. */
  public List<Register> names() {
    return names;
  }

  /** How many registers have a value of their own: the length of the array that holds them. */
  public int size() {
    return registers.size();
  }

  /** Names that look like this one, the nearest first; at most five, none if nothing is near. */
  public List<String> suggestions(String name) {
    record Near(String name, int distance) {}

    String wanted = key(name);
    List<Near> near = new ArrayList<>();
    for (Register register : names) {
      String candidate = key(register.name());
      int distance = distance(wanted, candidate);
      if (candidate.startsWith(wanted) || wanted.startsWith(candidate)) {
        distance = Math.min(distance, 1);
      }
      if (distance <= 1 + wanted.length() / 4) {
        near.add(new Near(register.name(), distance));
      }
    }
    near.sort(Comparator.comparingInt(Near::distance));
    return near.stream().limit(MOST_SUGGESTIONS).map(Near::name).toList();
  }

  /** How many letters must be changed, added, taken away or swapped with their neighbour. */
  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(d[i - 1][j - 1] + change, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }

  private static String key(String name) {
    return name.strip().toUpperCase(Locale.ROOT);
  }
}
