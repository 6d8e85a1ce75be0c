package dev.stagewalk.views;

import dev.stagewalk.isa.asm.SourceText;
import dev.stagewalk.isa.asm.SourceToken;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import org.fxmisc.richtext.model.StyleSpans;
import org.fxmisc.richtext.model.StyleSpansBuilder;

/** Which part of an A64 source text has which style class: the assembler says what it is. */
final class CodeColours {
  private CodeColours() {}

  static StyleSpans<Collection<String>> of(String text) {
    StyleSpansBuilder<Collection<String>> spans = new StyleSpansBuilder<>();
    int end = 0;
    for (SourceToken token : new SourceText(text).tokens()) {
      spans.add(Collections.emptyList(), token.start() - end);
      spans.add(style(token.kind()), token.end() - token.start());
      end = token.end();
    }
    spans.add(Collections.emptyList(), text.length() - end);
    return spans.create();
  }

  private static Set<String> style(SourceToken.Kind kind) {
    return switch (kind) {
      case COMMENT -> Set.of("code-comment");
      case STRING -> Set.of("code-string");
      case LABEL -> Set.of("code-label");
      case DIRECTIVE -> Set.of("code-directive");
      case MNEMONIC -> Set.of("code-word");
      case NUMBER -> Set.of("code-number");
      case REGISTER, SYMBOL, BROKEN -> Set.of();
    };
  }
}
