package dev.stagewalk.check;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.event.TlbiScope;

/**
 * What went wrong with the operand of a TLBI that names other addresses than it should: which of
 * the usual mistakes gives just this operand.
 *
 * <p>Source: Arm ARM, TLBI IPAS2E1IS and TLBI VAE1IS: bits [43:0] hold bits [55:12] of the address,
 * whatever the granule.
 */
final class TlbiOperand {
  private static final long ADDRESS = 0xfff_ffff_ffffL;
  private static final int SHIFT = 12;

  private TlbiOperand() {}

  /**
   * The mistake, without full stop.
   *
   * @param place the descriptor that was to be invalidated
   * @param old what it was
   */
  static String mistake(TlbiScope tlbi, EntryPlace place, long old) {
    String kind = place.stage() == 2 ? "IPA" : "VA";
    long given = tlbi.operand() & ADDRESS;
    long output = old & 0xffff_ffff_f000L & -place.bytes();
    String operand = "the operand " + Hex.plain(tlbi.operand()) + " is ";
    long input = place.input();
    if (given == (input & ADDRESS)) {
      return operand + "the " + kind + " itself, not " + kind + " >> 12";
    }
    if (output != input && given == (output >>> SHIFT & ADDRESS)) {
      return operand
          + "PA >> 12 of the output address "
          + Hex.address(output)
          + ", not "
          + kind
          + " >> 12";
    }
    if (output != input && given == (output & ADDRESS)) {
      return operand + "the output address itself, a PA, not " + kind + " >> 12";
    }
    for (int shift = 1; shift <= 30 && input != 0; shift++) {
      if (shift != SHIFT && given == (input >>> shift & ADDRESS)) {
        return operand + kind + " >> " + shift + ", not " + kind + " >> 12";
      }
    }
    return "the TLBI named "
        + Hex.address(tlbi.first())
        + " to "
        + Hex.address(tlbi.last())
        + ", and the entry translates "
        + Hex.address(input)
        + " to "
        + Hex.address(input + place.bytes() - 1);
  }
}
