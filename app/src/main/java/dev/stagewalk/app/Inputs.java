package dev.stagewalk.app;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Size;
import dev.stagewalk.event.Moment;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Snapshot;
import java.util.OptionalLong;

/** What people type into the window, read and checked; every refusal says what would be right. */
final class Inputs {
  private Inputs() {}

  /** Where "go to" leads. */
  sealed interface Destination {}

  record ToMoment(Moment moment) implements Destination {}

  record ToEvent(long number) implements Destination {}

  record ToAddress(long address) implements Destination {}

  /**
   * Reads a moment ({@code 1:18364.2}, {@code 18364}), an event ({@code #47}, {@code event 47}) or
   * an address ({@code 0x4020_3000}, or a label of the program, {@code loop+0x8}).
   *
   * @throws IllegalArgumentException in words
   */
  static Destination destination(String text, Snapshot snapshot) {
    String typed = text.strip();
    if (typed.isEmpty()) {
      throw new IllegalArgumentException("write a moment, #event, an address or a label");
    }
    if (typed.startsWith("#") || typed.startsWith("event ")) {
      String digits = typed.replaceFirst("^(#|event )\\s*", "").replaceAll("[_ \u00a0]", "");
      long number = Hex.parse(digits);
      if (number < 0 || number >= snapshot.events().size()) {
        throw new IllegalArgumentException(
            "there is no event "
                + digits
                + ": so far there are 0 to "
                + Math.max(0, snapshot.events().size() - 1));
      }
      return new ToEvent(number);
    }
    if (typed.startsWith("0x") || typed.startsWith("0X")) {
      return new ToAddress(Hex.parse(typed));
    }
    OptionalLong label = snapshot.program().names().parse(typed);
    if (label.isPresent()) {
      return new ToAddress(label.getAsLong());
    }
    return new ToMoment(Moment.parse(typed));
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
