package dev.stagewalk.ask;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Size;
import java.util.Locale;

/** What an expression comes to: a number of 64 bits, or words. */
public sealed interface Value {

  /** As a text shows it. */
  String text();

  /** A number and how it is written where nothing else is asked for. */
  record Number(long bits, Form form) implements Value {
    @Override
    public String text() {
      return form.text(bits);
    }
  }

  /** Words, such as the name of a fault. */
  record Words(String text) implements Value {}

  /** A count, written in decimal. */
  static Number count(long number) {
    return new Number(number, Form.DEC);
  }

  /** An address or a register. */
  static Number address(long number) {
    return new Number(number, Form.HEX);
  }

  /** 1 for true, 0 for false. */
  static Number truth(boolean so) {
    return count(so ? 1 : 0);
  }

  /**
   * The number.
   *
   * @throws IllegalArgumentException if it is words
   */
  default long number() {
    return switch (this) {
      case Number n -> n.bits;
      case Words w -> throw new IllegalArgumentException("'" + w.text + "' is no number");
    };
  }

  /** How a number is written. */
  enum Form {
    /** Decimal. */
    DEC,
    /** {@code 0x4020_3000}. */
    HEX,
    /** Hexadecimal with no leading zeros. */
    PLAIN,
    /** All 64 bits in hexadecimal. */
    FULL,
    /** All 64 bits in hexadecimal without groups, as a kernel's log writes addresses. */
    WIDE,
    /** "4 KiB". */
    SIZE,
    /** Binary, {@code 0b101}. */
    BIN,
    /** "yes" or "no". */
    YES;

    String text(long bits) {
      return switch (this) {
        case DEC -> Long.toString(bits);
        case HEX -> Hex.address(bits);
        case PLAIN -> Hex.plain(bits);
        case FULL -> Hex.full(bits);
        case WIDE -> "0x%016x".formatted(bits);
        case SIZE -> Size.words(bits);
        case BIN -> "0b" + Long.toBinaryString(bits);
        case YES -> bits != 0 ? "yes" : "no";
      };
    }

    /**
     * The form of a word such as {@code hex}.
     *
     * @throws IllegalArgumentException if there is none
     */
    static Form named(String word) {
      for (Form form : values()) {
        if (form.name().toLowerCase(Locale.ROOT).equals(word)) {
          return form;
        }
      }
      throw new IllegalArgumentException(
          "numbers are written as dec, hex, plain, full, wide, size, bin or yes, not as '"
              + word
              + "'");
    }
  }
}
