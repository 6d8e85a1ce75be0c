package dev.stagewalk.session.compare;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Size;
import dev.stagewalk.check.Place;

/**
 * Neighbouring descriptors of one level that differ in the same way, or a single one.
 *
 * @param place of the first descriptor, in the tables of the first moment
 * @param firstPa physical address of the first descriptor at the first moment; −1 where it has none
 * @param secondPa physical address at the second moment
 * @param count how many descriptors
 * @param first value of the first of them at the first moment
 * @param second its value at the second moment
 * @param firstWords what that value says
 * @param secondWords what the other value says
 * @param firstBelow descriptors, other than zero, in tables that only the first moment reaches
 *     through them
 * @param secondBelow the same of the second moment
 * @param sameEffect whether every address is translated as before for all that
 */
public record EntryDifference(
    Place.Entry place,
    long firstPa,
    long secondPa,
    long count,
    long first,
    long second,
    String firstWords,
    String secondWords,
    long firstBelow,
    long secondBelow,
    boolean sameEffect) {

  /** Bytes of input addresses that all of them cover. */
  public long bytes() {
    return count * place.bytes();
  }

  /** "level 3 entry 3 of the table at 0x4821_1000, IPA 0x4020_3000 (4 KiB)". */
  public String where() {
    String input = place.owner().input() + " " + Hex.address(place.input());
    return "level "
        + place.level()
        + (count == 1
            ? " entry " + place.index() + " of the table at " + Hex.address(place.table())
            : ", "
                + count
                + " entries from "
                + place.index()
                + " of the table at "
                + Hex.address(place.table()))
        + ", "
        + input
        + " ("
        + Size.words(bytes())
        + ")";
  }

  /** What it says at the first moment, and what it leads to that is not there at the second. */
  public String firstSays() {
    return firstWords + below(firstBelow);
  }

  /** What it says at the second moment, likewise. */
  public String secondSays() {
    return secondWords + below(secondBelow);
  }

  private static String below(long count) {
    return count == 0
        ? ""
        : " with " + count + (count == 1 ? " descriptor" : " descriptors") + " below it";
  }
}
