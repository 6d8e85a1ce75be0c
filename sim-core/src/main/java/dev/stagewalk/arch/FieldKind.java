package dev.stagewalk.arch;

import dev.stagewalk.arch.Condition.Guarded;
import java.util.List;

/** What the bits of a field stand for, and so how they are put into words. */
public sealed interface FieldKind {
  /** A number in decimal. */
  record Number() implements FieldKind {}

  /** A number without further meaning here, in hexadecimal. */
  record Raw() implements FieldKind {}

  /** Bits of an address; the lowest bit of the field is bit {@code lowBit} of the address. */
  record Address(int lowBit) implements FieldKind {}

  /** The size offset of an input address space: the space has 64 minus this many bits. */
  record SizeOffset() implements FieldKind {}

  /** The number of a general-purpose register. */
  record GeneralRegister() implements FieldKind {}

  /** A choice of named values. */
  record Choice(List<Guarded<ValueWords>> words) implements FieldKind {
    public Choice {
      words = List.copyOf(words);
    }
  }

  /** Bits without a meaning of their own. */
  record Unassigned(Reservation reservation) implements FieldKind {}

  /** What the architecture says of bits that carry no field. */
  enum Reservation {
    RES0("RES0", "reserved, written as zero"),
    RES1("RES1", "reserved, written as one"),
    UNKNOWN("UNKNOWN", "holds no reliable value"),
    IGNORED("IGNORED", "not looked at by the PE; software may use it"),
    IMPLEMENTATION_DEFINED("IMPLEMENTATION DEFINED", "left to the implementation");

    private final String title;
    private final String meaning;

    Reservation(String title, String meaning) {
      this.title = title;
      this.meaning = meaning;
    }

    String title() {
      return title;
    }

    String meaning() {
      return meaning;
    }
  }
}
