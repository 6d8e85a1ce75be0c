package dev.stagewalk.arch;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The System registers, found by name or by encoding. Immutable. */
public final class RegisterTable {
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
              "no register is named " + name + Alike.question(alike));
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
    return Alike.to(name, names.stream().map(Register::name).toList());
  }

  private static String key(String name) {
    return name.strip().toUpperCase(Locale.ROOT);
  }
}
