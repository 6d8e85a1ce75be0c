package dev.stagewalk.arch;

/**
 * A virtual address (VA), in bytes, as an unsigned 64-bit value.
 *
 * @param value the address
 */
public record Va(long value) {

  /** This address moved by a number of bytes. */
  public Va plus(long bytes) {
    return new Va(value + bytes);
  }

  @Override
  public String toString() {
    return "VA " + Hex.address(value);
  }
}
