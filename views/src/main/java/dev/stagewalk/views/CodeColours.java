package dev.stagewalk.views;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fxmisc.richtext.model.StyleSpans;
import org.fxmisc.richtext.model.StyleSpansBuilder;

/** Which part of an A64 source text has which style class. */
final class CodeColours {
  private static final List<String> KINDS =
      List.of("comment", "string", "label", "directive", "number", "word");

  private static final Pattern PARTS =
      Pattern.compile(
          "(?<comment>//[^\\n]*|/\\*(?s:.*?)(?:\\*/|\\z)|^[ \\t]*#[^\\n]*)"
              + "|(?<string>\"(?:\\\\.|[^\"\\\\\\n])*\"?)"
              + "|(?<label>^[ \\t]*[\\w.$]+:)"
              + "|(?<directive>\\.\\w+)"
              + "|(?<number>#?-?\\b0[xX][0-9a-fA-F_]+|#-?\\w+|(?<![\\w.])-?\\d+\\b)"
              + "|(?<word>(?:(?<=\\n)|^)[ \\t]*\\p{Alpha}[\\w.]*|(?<=:)[ \\t]+\\p{Alpha}[\\w.]*)",
          Pattern.MULTILINE);

  private CodeColours() {}

  static StyleSpans<Collection<String>> of(String text) {
    StyleSpansBuilder<Collection<String>> spans = new StyleSpansBuilder<>();
    Matcher parts = PARTS.matcher(text);
    int end = 0;
    while (parts.find()) {
      spans.add(Collections.emptyList(), parts.start() - end);
      spans.add(Set.of("code-" + kind(parts)), parts.end() - parts.start());
      end = parts.end();
    }
    spans.add(Collections.emptyList(), text.length() - end);
    return spans.create();
  }

  private static String kind(Matcher parts) {
    for (String kind : KINDS) {
      if (parts.group(kind) != null) {
        return kind;
      }
    }
    return "text";
  }
}
