package dev.stagewalk.app;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Size;
import dev.stagewalk.session.Place;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Snapshot;
import java.util.OptionalLong;

/** What people type into the window, read and checked; every refusal says what would be right. */
final class Inputs {
  private Inputs() {}

  /** Where "go to" leads. */
  sealed interface Destination {}

  record ToPlace(Place place) implements Destination {}

  record ToEvent(long number) implements Destination {}

  record ToAddress(long address) implements Destination {}

  /**
   * Reads a moment, an event, or an address ({@code 0x4020_3000}, or a label of the program, {@code
   * loop+0x8}).
   *
   * @throws IllegalArgumentException in words
   */
  static Destination destination(String text, Snapshot snapshot) {
    String typed = text.strip();
    if (typed.isEmpty()) {
      throw new IllegalArgumentException("write " + Place.FORMS + ", an address or a label");
    }
    if (typed.startsWith("0x") || typed.startsWith("0X")) {
      return new ToAddress(Hex.parse(typed));
    }
    OptionalLong label = snapshot.program().names().parse(typed);
    if (label.isPresent()) {
      return new ToAddress(label.getAsLong());
    }
    Place place = Place.parse(typed);
    place.from(snapshot); // what cannot be reached is refused here, while it can still be mended
    return place instanceof Place.AtEvent event ? new ToEvent(event.number()) : new ToPlace(place);
  }

  /** A range of input addresses. */
  record IpaRange(long ipa, long size) {
    String words() {
      return Size.words(size) + " at " + Hex.address(ipa);
    }
  }

  /**
   * Checks a range of IPAs against a geometry.
   *
   * @throws IllegalArgumentException in words
   */
  static IpaRange range(String address, String size, Scenario scenario) {
    return checked(new IpaRange(Hex.parse(address), Size.parse(size)), scenario);
  }

  /** Checks a range of IPAs against a geometry; see {@link #range}. */
  static IpaRange checked(IpaRange range, Scenario scenario) {
    Granule granule = scenario.granule();
    long mask = granule.bytes() - 1;
    if ((range.ipa() & mask) != 0) {
      throw new IllegalArgumentException(
          Hex.address(range.ipa())
              + " is not aligned to the "
              + Size.words(granule.bytes())
              + " granule: the page it lies in begins at "
              + Hex.address(range.ipa() & ~mask));
    }
    if (range.size() <= 0 || (range.size() & mask) != 0) {
      throw new IllegalArgumentException(
          "a size must be a multiple of " + Size.words(granule.bytes()) + ", the granule");
    }
    long space = 1L << scenario.ipaBits();
    if (Long.compareUnsigned(range.ipa(), space) >= 0
        || Long.compareUnsigned(range.size(), space - range.ipa()) > 0) {
      throw new IllegalArgumentException(
          "the input addresses of stage 2 end at "
              + Hex.address(space - 1)
              + " ("
              + scenario.ipaBits()
              + " bits)");
    }
    return range;
  }
}
