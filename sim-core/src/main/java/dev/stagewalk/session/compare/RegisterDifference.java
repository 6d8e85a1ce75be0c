package dev.stagewalk.session.compare;

import java.util.List;

/**
 * A register, or another property of a PE, that differs.
 *
 * @param pe whose it is, from 0
 * @param name {@code HCR_EL2}, {@code x3}, {@code v0}, {@code pc}, {@code PSTATE}; also {@code
 *     state} for the Exception level and for whether it executes, waits or is off
 * @param first its value at the first moment; "unknown" where the moment has none of that name
 * @param second its value at the second moment
 * @param fields those of its fields that differ, high bits first; empty where it has none
 */
public record RegisterDifference(
    int pe, String name, String first, String second, List<FieldDifference> fields) {

  public RegisterDifference {
    fields = List.copyOf(fields);
  }

  /**
   * A field that differs.
   *
   * @param name the architecture's name of it
   * @param bits {@code [31:26]}
   * @param first its value at the first moment, with what that means; "–" where the value of the
   *     register then has no such field
   * @param second its value at the second moment
   */
  public record FieldDifference(String name, String bits, String first, String second) {}
}
