package dev.stagewalk.session.compare;

import java.util.List;

/**
 * What two trees of tables translate differently.
 *
 * @param ranges in order of input addresses, as many as are kept
 * @param count how many ranges there are
 * @param onlyFirst bytes of input addresses that only the first moment maps
 * @param onlySecond bytes that only the second moment maps
 * @param changed bytes that both map, to another address or with other attributes
 */
public record Effects(
    List<EffectDifference> ranges, long count, long onlyFirst, long onlySecond, long changed) {

  public Effects {
    ranges = List.copyOf(ranges);
  }

  public boolean isEqual() {
    return count == 0;
  }
}
