package dev.stagewalk.session;

import dev.stagewalk.arch.Alike;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.ask.Misread;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of one typed line, of an edit or a breakpoint, read from left to right. */
final class InjectionWords {
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|@|[^\\s\"@]+|\"");
  private static final String AT = "at";

  private final String text;
  private final List<Word> words = new ArrayList<>();
  private int next;

  /**
   * @param column from 1
   * @param quoted whether it stands in quotation marks
   */
  private record Word(String text, int column, boolean quoted) {}

  InjectionWords(String text) {
    this.text = text;
    Matcher m = WORD.matcher(text);
    while (m.find()) {
      boolean quoted = m.group(1) != null;
      String word = quoted ? m.group(1) : m.group().equals("@") ? AT : m.group();
      words.add(new Word(word, m.start() + 1, quoted));
      if (m.group().equals("\"")) {
        throw at(m.start() + 1, "this quotation mark has no other");
      }
    }
  }

  /** The next word in lower case; empty at the end. */
  String peek() {
    return next < words.size() ? words.get(next).text().toLowerCase(Locale.ROOT) : "";
  }

  /** Passes over a word if it is the next; whether it was. */
  boolean skip(String word) {
    boolean here = isNext(word);
    next += here ? 1 : 0;
    return here;
  }

  void expect(String word) {
    if (!skip(word)) {
      throw expected("'" + word + "'", List.of(word));
    }
  }

  /** Nothing may follow. */
  void end() {
    end(peek().equals("pe") ? List.of() : List.of("pe", AT));
  }

  /**
   * Nothing may follow.
   *
   * @param choices words that could have
   */
  void end(List<String> choices) {
    if (next < words.size()) {
      throw expected("the end", choices);
    }
  }

  boolean isAtEnd() {
    return next >= words.size();
  }

  /** Whether a word is the next, without passing over it. */
  boolean isNext(String word) {
    return next < words.size() && !words.get(next).quoted() && peek().equals(word);
  }

  /** All that is left, as it is written, which a function reads. */
  <T> T rest(String what, Function<String, T> reader) {
    if (isAtEnd()) {
      throw expected(what, List.of());
    }
    int column = words.get(next).column();
    try {
      T value = reader.apply(text.substring(column - 1));
      next = words.size();
      return value;
    } catch (Misread e) {
      throw at(column + e.column() - 1, e.problem());
    } catch (IllegalArgumentException e) {
      throw at(column, "expected " + what + ": " + e.getMessage());
    }
  }

  /** A word as it is written. */
  String word(String what) {
    return read(what, w -> w);
  }

  /** A word that a function reads, whose refusal becomes part of the error. */
  <T> T read(String what, Function<String, T> reader) {
    if (next >= words.size() || (words.get(next).text().equals(AT) && !words.get(next).quoted())) {
      throw expected(what, List.of());
    }
    Word word = words.get(next);
    try {
      T value = reader.apply(word.text());
      next++;
      return value;
    } catch (IllegalArgumentException e) {
      throw at(word.column(), "expected " + what + ": " + e.getMessage());
    }
  }

  long value(String what) {
    return read(what, Hex::parse);
  }

  /** A signed number within bounds. */
  long number(String what, long least, long most) {
    return read(
        what,
        word -> {
          long value = word.startsWith("-") ? -Hex.parse(word.substring(1)) : Hex.parse(word);
          if (value < least || value > most) {
            throw new IllegalArgumentException(
                word
                    + " is not "
                    + (most == Long.MAX_VALUE
                        ? "at least " + least
                        : "in " + least + " to " + most));
          }
          return value;
        });
  }

  /** An address after a word that says what it is. */
  long address(String kind) {
    expect(kind);
    return value("an address");
  }

  long ipa() {
    return address("ipa");
  }

  /** {@code bit N}. */
  int bit() {
    return bit(64);
  }

  /** {@code bit N} of something that has so many. */
  int bit(int bits) {
    expect("bit");
    return (int) number("the number of a bit", 0, bits - 1);
  }

  /** {@code pe N}, or −1 where it is not said. */
  int pe() {
    return skip("pe") ? (int) number("the number of a PE", 0, 3) : -1;
  }

  /** One of some words. */
  String oneOf(String what, List<String> choices) {
    String word = peek();
    if (next >= words.size() || !choices.contains(word)) {
      throw expected(what + ", one of " + String.join(", ", choices), choices);
    }
    next++;
    return word;
  }

  /** One of the constants of an enum, in lower case with hyphens. */
  <E extends Enum<E>> E constant(Class<E> type) {
    List<String> names = List.of(names(type).split(", "));
    String word = oneOf("a value", names);
    return type.getEnumConstants()[names.indexOf(word)];
  }

  /** As {@link #constant} reads them, with commas between. */
  static <E extends Enum<E>> String names(Class<E> type) {
    return String.join(
        ", ",
        Arrays.stream(type.getEnumConstants())
            .map(c -> c.name().toLowerCase(Locale.ROOT).replace('_', '-'))
            .toList());
  }

  private IllegalArgumentException expected(String what, List<String> choices) {
    if (next >= words.size()) {
      return at(text.stripTrailing().length() + 1, "expected " + what + ", but the line ends here");
    }
    Word word = words.get(next);
    return at(
        word.column(),
        "expected "
            + what
            + ", not '"
            + word.text()
            + "'"
            + Alike.question(Alike.to(word.text(), choices)));
  }

  private IllegalArgumentException at(int column, String problem) {
    return new IllegalArgumentException("'" + text + "', column " + column + ": " + problem);
  }
}
