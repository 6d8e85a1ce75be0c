package dev.stagewalk.board;

/**
 * A field of an identification register that a PE reports otherwise than the product it is modelled
 * on, because the engine does not simulate what it stands for.
 *
 * @param register name of the identification register
 * @param low lowest of the field's four bits
 * @param field name of the field
 * @param value what is reported at most, or always
 * @param always whether {@code value} is reported whatever the product reports
 * @param why in a few words
 */
public record Masking(
    String register, int low, String field, int value, boolean always, String why) {
  private static final long FIELD = 0xf;

  /** What the product reports in this field. */
  public int reported(long register) {
    return (int) (register >>> low & FIELD);
  }

  /** What the simulated PE reports in this field. */
  public int masked(long register) {
    return always ? value : Math.min(reported(register), value);
  }

  long apply(long register) {
    return (register & ~(FIELD << low)) | (long) masked(register) << low;
  }
}
