package dev.stagewalk.arch;

import java.util.Optional;

/**
 * One named range of bits.
 *
 * @param hi highest bit
 * @param lo lowest bit
 * @param name the architecture's name; bits without a field are named RES0, RES1 and so on
 * @param kind what the bits stand for
 * @param feature the feature that introduced the field, when it was not there from the start
 * @param description one line on what it does
 */
public record Field(
    int hi, int lo, String name, FieldKind kind, Optional<String> feature, String description) {

  /** Number of bits. */
  public int width() {
    return hi - lo + 1;
  }

  /** The field's bits in place. */
  public long mask() {
    return Bits.mask(width()) << lo;
  }

  /** The field's value taken out of a register value. */
  public long extract(long value) {
    return Bits.extract(value, hi, lo);
  }

  /**
   * A register value with this field changed.
   *
   * @throws IllegalArgumentException when the new value has more bits than the field; the message
   *     says what fits
   */
  public long insert(long value, long fieldValue) {
    if ((fieldValue & ~Bits.mask(width())) != 0) {
      throw new IllegalArgumentException(
          name
              + " "
              + Bits.range(hi, lo)
              + " has "
              + width()
              + (width() == 1 ? " bit" : " bits")
              + ": 0 to "
              + Bits.hex(Bits.mask(width()))
              + " fits, "
              + Bits.hex(fieldValue)
              + " does not");
    }
    return value & ~mask() | fieldValue << lo;
  }

  /** The part of an address this field holds, at its place in the address; 0 for other kinds. */
  public long addressBits(long value) {
    return kind instanceof FieldKind.Address a ? extract(value) << a.lowBit() : 0;
  }

  FieldValue decode(long value, Context context) {
    long raw = extract(value);
    FieldValue.Status status = FieldValue.Status.OK;
    String text;
    switch (kind) {
      case FieldKind.Number() -> text = Long.toUnsignedString(raw);
      case FieldKind.Raw() -> text = width() > 32 ? Hex.full(raw) : Bits.hex(raw);
      case FieldKind.Address(int lowBit) -> text = Hex.full(raw << lowBit);
      case FieldKind.SizeOffset() -> text = (64 - raw) + " bits";
      case FieldKind.GeneralRegister() -> text = raw == 31 ? "xzr" : "x" + raw;
      case FieldKind.Choice(var words) -> {
        ValueWords chosen = Condition.choose(words, value, context);
        text = chosen.of(raw);
        if (chosen.isReserved(raw)) {
          status = FieldValue.Status.RESERVED;
        }
      }
      case FieldKind.Unassigned(var reservation) -> {
        status = status(reservation, raw);
        text =
            raw == 0 ? "0" : raw == Bits.mask(width()) && width() > 1 ? "all ones" : Bits.hex(raw);
      }
    }
    return new FieldValue(name, hi, lo, raw, text, status, description, feature);
  }

  private FieldValue.Status status(FieldKind.Reservation reservation, long raw) {
    return switch (reservation) {
      case RES0 -> raw == 0 ? FieldValue.Status.OK : FieldValue.Status.RES0_SET;
      case RES1 -> raw == Bits.mask(width()) ? FieldValue.Status.OK : FieldValue.Status.RES1_CLEAR;
      case UNKNOWN -> FieldValue.Status.UNKNOWN;
      case IGNORED, IMPLEMENTATION_DEFINED -> FieldValue.Status.OK;
    };
  }
}
