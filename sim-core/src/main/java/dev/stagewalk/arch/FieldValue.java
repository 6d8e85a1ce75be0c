package dev.stagewalk.arch;

import java.util.Optional;

/**
 * A field with the value it has.
 *
 * @param name the architecture's name of the field
 * @param hi highest bit
 * @param lo lowest bit
 * @param raw the field's bits as an unsigned number
 * @param text what that number means here
 * @param status whether the architecture gives it a meaning
 * @param description one line on what the field does
 * @param feature the feature that introduced the field, when it was not there from the start
 */
public record FieldValue(
    String name,
    int hi,
    int lo,
    long raw,
    String text,
    Status status,
    String description,
    Optional<String> feature) {

  /** Whether the architecture gives the value a meaning. */
  public enum Status {
    /** It does. */
    OK(""),
    /** The field exists, this value of it is reserved. */
    RESERVED("reserved value"),
    /** Bits that should be zero are not. */
    RES0_SET("RES0 bits set"),
    /** Bits that should be one are not. */
    RES1_CLEAR("RES1 bits clear"),
    /** The bits hold nothing one may rely on. */
    UNKNOWN("UNKNOWN");

    private final String words;

    Status(String words) {
      this.words = words;
    }

    /** In words; empty for {@link #OK}. */
    public String words() {
      return words;
    }
  }

  /** The bit range as the manual writes it: {@code [18:16]}, or {@code [31]}. */
  public String bits() {
    return Bits.range(hi, lo);
  }
}
