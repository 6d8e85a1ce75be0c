package dev.stagewalk.guests.lesson;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.session.Edit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Injections as a lesson writes them, in the words in which the trap log shows them. */
final class Injections {
  private static final Pattern RANGE =
      Pattern.compile("(unmap|map)\\s+ipa\\s+(\\S+)\\s+size\\s+(\\S+)");
  private static final Pattern REGISTER = Pattern.compile("set\\s+(\\w+)\\s+(\\S+)");
  private static final Pattern MEMORY = Pattern.compile("write\\s+pa\\s+(\\S+)\\s+(\\S+)");

  private Injections() {}

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException saying what there is
   */
  static Edit parse(String text) {
    Matcher range = RANGE.matcher(text.strip());
    if (range.matches()) {
      long ipa = Hex.parse(range.group(2));
      long size = Hex.parse(range.group(3));
      return range.group(1).equals("map")
          ? new Edit.MapFresh(ipa, size)
          : new Edit.Unmap(ipa, size);
    }
    Matcher register = REGISTER.matcher(text.strip());
    if (register.matches()) {
      return new Edit.SetRegister(register.group(1), Hex.parse(register.group(2)));
    }
    Matcher memory = MEMORY.matcher(text.strip());
    if (memory.matches()) {
      return new Edit.SetMemory(Hex.parse(memory.group(1)), Hex.parse(memory.group(2)));
    }
    throw new IllegalArgumentException(
        "'"
            + text
            + "' is no injection: 'unmap ipa IPA size SIZE', 'map ipa IPA size SIZE', 'set"
            + " REGISTER VALUE' and 'write pa PA VALUE' are");
  }
}
