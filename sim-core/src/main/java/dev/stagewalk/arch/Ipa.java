package dev.stagewalk.arch;

/**
 * A intermediate physical address (IPA), in bytes, as an unsigned 64-bit value.
 *
 * @param value the address
 */
public record Ipa(long value) {

  /** This address moved by a number of bytes. */
  public Ipa plus(long bytes) {
    return new Ipa(value + bytes);
  }

  @Override
  public String toString() {
    return "IPA " + Hex.address(value);
  }
}
