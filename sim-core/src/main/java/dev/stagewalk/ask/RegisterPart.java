package dev.stagewalk.ask;

import dev.stagewalk.arch.Register;
import dev.stagewalk.arch.RegisterTable;
import java.util.Optional;

/**
 * A system register, or a field of one.
 *
 * @param register its architectural name
 * @param field name of the field; empty for all of the register
 */
public record RegisterPart(String register, String field) {

  /** What {@code ESR_EL2} or {@code ESR_EL2.EC} names; empty if there is no such register. */
  public static Optional<RegisterPart> named(String name) {
    int dot = name.indexOf('.');
    String whole = dot < 0 ? name : name.substring(0, dot);
    return RegisterTable.standard()
        .register(whole)
        .map(Register::name)
        .map(found -> new RegisterPart(found, dot < 0 ? "" : name.substring(dot + 1)));
  }

  Value of(Facts facts) {
    long value = facts.present().system(register);
    return field.isEmpty() ? Value.address(value) : MachineFacts.field(register, value, field);
  }
}
