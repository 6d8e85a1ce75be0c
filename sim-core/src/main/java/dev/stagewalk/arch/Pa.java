package dev.stagewalk.arch;

/**
 * A physical address (PA), in bytes, as an unsigned 64-bit value.
 *
 * @param value the address
 */
public record Pa(long value) {

  /** This address moved by a number of bytes. */
  public Pa plus(long bytes) {
    return new Pa(value + bytes);
  }

  @Override
  public String toString() {
    return "PA " + Hex.address(value);
  }
}
