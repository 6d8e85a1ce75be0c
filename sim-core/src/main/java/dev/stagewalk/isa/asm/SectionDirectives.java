package dev.stagewalk.isa.asm;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Sections (.text .data .bss .rodata .section .pushsection .popsection .previous) and the place in
 * them (.align .p2align .balign .org).
 */
final class SectionDirectives {
  private static final int LARGEST = 1 << 28;

  private final Pass pass;
  private final StatementReader in;

  SectionDirectives(Pass pass, StatementReader in) {
    this.pass = pass;
    this.in = in;
  }

  boolean enter(String name) {
    pass.enter(name, null);
    return true;
  }

  boolean section(boolean push) {
    Token name = in.peek();
    if (name == null || (name.kind() != Token.Kind.WORD && name.kind() != Token.Kind.STRING)) {
      in.expected("the name of a section");
      return false;
    }
    in.next();
    StringBuilder whole = new StringBuilder(name.text());
    // The lexer ends a word at a dash: .note.GNU-stack.
    while (in.isNext("-") && name.kind() == Token.Kind.WORD) {
      in.next();
      String part = in.rawWord();
      if (part == null) {
        in.expected("the rest of the section's name");
        return false;
      }
      whole.append('-').append(part);
      in.next();
    }
    SectionFlags flags = null;
    if (in.comma()) {
      flags = flags();
      if (flags == null) {
        return false;
      }
    }
    if (push) {
      pass.pushSection();
    }
    pass.enter(whole.toString(), flags);
    return true;
  }

  private @Nullable SectionFlags flags() {
    Token letters = in.peek();
    if (letters == null || letters.kind() != Token.Kind.STRING) {
      in.expected("the flags of the section as a string");
      return null;
    }
    in.next();
    String type = "progbits";
    if (in.comma()) {
      if (!in.isNext("@") && !in.isNext("%")) {
        in.expected("the type of the section: %progbits, %nobits or %note");
        return null;
      }
      in.next();
      String word = in.word();
      if (word == null || !word.matches("progbits|nobits|note|(pre)?init_array|fini_array")) {
        in.expected("progbits, nobits or note");
        return null;
      }
      in.next();
      type = word.toLowerCase(Locale.ROOT);
      // The size of an entry, a group: what a linker would merge by.
      in.skip();
    }
    return SectionFlags.of(letters.text(), type);
  }

  boolean pop() {
    if (pass.popSection()) {
      return true;
    }
    in.wrong(0, "a .popsection without a .pushsection before it");
    return false;
  }

  boolean previous() {
    pass.previousSection();
    return true;
  }

  boolean align(boolean power) {
    int place = in.mark();
    Value value = in.value();
    if (value == null) {
      return false;
    }
    long to = value.number();
    boolean good = power ? to >= 0 && to <= 24 : to > 0 && to <= 1 << 24 && Long.bitCount(to) == 1;
    if (!good) {
      in.wrong(
          place, power ? "expected a power of two, 0 to 24" : "expected 1, 2, 4 … up to 0x1000000");
      return false;
    }
    int bytes = power ? 1 << to : (int) to;
    Value fill = null;
    int most = bytes;
    if (in.comma()) {
      if (!in.isNext(",")) {
        fill = in.value();
        if (fill == null) {
          return false;
        }
      }
      if (in.comma()) {
        Value limit = in.value();
        if (limit == null) {
          return false;
        }
        most = limit.number() == 0 ? bytes : (int) Math.clamp(limit.number(), 0, bytes);
      }
    }
    if (fill == null) {
      pass.section().align(bytes, most);
    } else {
      pass.section().align(bytes, (int) fill.number(), most);
    }
    return true;
  }

  boolean org() {
    int place = in.mark();
    Value value = in.value();
    if (value == null) {
      return false;
    }
    SectionBuffer section = pass.section();
    long offset = value.isAddress() ? value.number() - section.address() : value.number();
    if (offset < section.size() || offset > LARGEST) {
      in.wrong(
          place,
          "expected an offset that is not before this place, 0x%x".formatted(section.size()));
      return false;
    }
    Value fill = Value.of(0);
    if (in.comma()) {
      fill = in.value();
      if (fill == null) {
        return false;
      }
    }
    int missing = (int) offset - section.size();
    if (missing > 0) {
      section.kind(false);
      section.repeat((int) fill.number(), missing);
    }
    return true;
  }
}
