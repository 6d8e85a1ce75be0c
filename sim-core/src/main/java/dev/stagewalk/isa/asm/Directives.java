package dev.stagewalk.isa.asm;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The directives: sections (.text .data .bss .rodata .section), place (.align .p2align .balign
 * .org), data (.byte .hword .word .quad and their synonyms, .inst, .ascii .asciz .string, .space
 * .skip .zero .fill), symbols (.equ .set), literal pools (.ltorg .pool). What only a linker would
 * need (.global, .type, .size …) is passed over.
 */
final class Directives {
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          ".global",
          ".globl",
          ".local",
          ".weak",
          ".hidden",
          ".type",
          ".size",
          ".file",
          ".ident",
          ".arch",
          ".arch_extension",
          ".cpu");
  private static final int LARGEST = 1 << 28;

  private final Pass pass;
  private final StatementReader in;

  Directives(Pass pass, StatementReader in) {
    this.pass = pass;
    this.in = in;
  }

  /** Carries out the directive; false with the cause noted in the reader. */
  boolean read(Token directive) {
    String name = directive.text().toLowerCase(Locale.ROOT);
    int line = directive.line();
    return switch (name) {
      case ".text" -> enter(name, true);
      case ".data", ".bss", ".rodata" -> enter(name, false);
      case ".section" -> section();
      case ".align", ".p2align" -> align(true);
      case ".balign" -> align(false);
      case ".org" -> org();
      case ".byte" -> data(1, line);
      case ".hword", ".short", ".2byte" -> data(2, line);
      case ".word", ".long", ".int", ".4byte" -> data(4, line);
      case ".inst" -> inst(line);
      case ".quad", ".xword", ".dword", ".8byte" -> data(8, line);
      case ".ascii" -> strings(false, line);
      case ".asciz", ".string" -> strings(true, line);
      case ".space", ".skip", ".zero" -> space(line);
      case ".fill" -> fill(line);
      case ".equ", ".set" -> equ();
      case ".ltorg", ".pool" -> {
        pass.layPool();
        yield true;
      }
      default -> {
        if (WITHOUT_EFFECT.contains(name)) {
          skipRest();
          yield true;
        }
        in.wrong(0, "'" + directive.text() + "' is no directive");
        yield false;
      }
    };
  }

  private boolean enter(String name, boolean code) {
    pass.enter(name, code);
    return true;
  }

  private boolean section() {
    Token name = in.peek();
    if (name == null || (name.kind() != Token.Kind.WORD && name.kind() != Token.Kind.STRING)) {
      in.expected("the name of a section");
      return false;
    }
    in.next();
    boolean code = name.text().startsWith(".text") || name.text().startsWith(".init");
    if (in.isNext(",")) {
      in.next();
      Token flags = in.peek();
      if (flags == null || flags.kind() != Token.Kind.STRING) {
        in.expected("the flags of the section as a string");
        return false;
      }
      code = flags.text().contains("x");
    }
    skipRest();
    pass.enter(name.text(), code);
    return true;
  }

  private boolean align(boolean power) {
    int place = in.mark();
    OptionalLong value = in.expression();
    if (value.isEmpty()) {
      return false;
    }
    long to = value.getAsLong();
    boolean good = power ? to >= 0 && to <= 24 : to > 0 && to <= 1 << 24 && Long.bitCount(to) == 1;
    if (!good) {
      in.wrong(
          place, power ? "expected a power of two, 0 to 24" : "expected 1, 2, 4 … up to 0x1000000");
      return false;
    }
    int bytes = power ? 1 << to : (int) to;
    if (in.isNext(",")) {
      in.next();
      OptionalLong fill = in.expression();
      if (fill.isEmpty()) {
        return false;
      }
      pass.section().align(bytes, (int) fill.getAsLong());
    } else {
      pass.section().align(bytes);
    }
    return true;
  }

  private boolean org() {
    int place = in.mark();
    Expression expression = new Expression(in, pass);
    OptionalLong value = expression.read();
    if (value.isEmpty()) {
      return false;
    }
    SectionBuffer section = pass.section();
    long offset =
        expression.isAddress() ? value.getAsLong() - section.address() : value.getAsLong();
    if (offset < section.size() || offset > LARGEST) {
      in.wrong(
          place,
          "expected an offset that is not before this place, 0x%x".formatted(section.size()));
      return false;
    }
    section.append(0, (int) offset - section.size());
    return true;
  }

  private boolean data(int size, int line) {
    do {
      int place = in.mark();
      OptionalLong value = in.expression();
      if (value.isEmpty()) {
        // What it takes is known even so: later addresses stay right, and so do later errors.
        pass.emit(0, size, line);
        return false;
      }
      long number = value.getAsLong();
      if (size < 8 && (number >= 1L << (8 * size) || number < -1L << (8 * size - 1))) {
        in.wrong(place, "0x%x does not fit in %d bytes".formatted(number, size));
        return false;
      }
      pass.emit(number, size, line);
    } while (comma());
    return true;
  }

  private boolean inst(int line) {
    return data(4, line);
  }

  private boolean strings(boolean terminated, int line) {
    do {
      Token string = in.peek();
      if (string == null || string.kind() != Token.Kind.STRING) {
        in.expected("a string in double quotes");
        return false;
      }
      in.next();
      for (int i = 0; i < string.text().length(); i++) {
        pass.emit(string.text().charAt(i), 1, line);
      }
      if (terminated) {
        pass.emit(0, 1, line);
      }
    } while (comma());
    return true;
  }

  private boolean space(int line) {
    OptionalLong size = count();
    if (size.isEmpty()) {
      return false;
    }
    OptionalLong fill = comma() ? in.expression() : OptionalLong.of(0);
    return fill.isPresent() && repeat(size.getAsLong(), 1, fill.getAsLong(), line);
  }

  private boolean fill(int line) {
    OptionalLong repeat = count();
    if (repeat.isEmpty()) {
      return false;
    }
    OptionalLong size = comma() ? count() : OptionalLong.of(1);
    OptionalLong value = size.isPresent() && comma() ? in.expression() : OptionalLong.of(0);
    return size.isPresent()
        && value.isPresent()
        && repeat(
            repeat.getAsLong(),
            (int) Math.min(8, size.getAsLong()),
            value.getAsLong() & 0xffff_ffffL,
            line);
  }

  private OptionalLong count() {
    int place = in.mark();
    OptionalLong count = in.expression();
    if (count.isPresent() && (count.getAsLong() < 0 || count.getAsLong() > LARGEST)) {
      in.wrong(place, "expected 0 to 0x%x".formatted(LARGEST));
      return OptionalLong.empty();
    }
    return count;
  }

  private boolean repeat(long count, int size, long value, int line) {
    if (count * size > 0) {
      pass.emit(value, size, line);
    }
    for (long i = 1; i < count; i++) {
      pass.section().append(value, size);
    }
    return true;
  }

  private boolean equ() {
    Token name = in.peek();
    if (name == null || name.kind() != Token.Kind.WORD) {
      in.expected("a symbol");
      return false;
    }
    in.next();
    return in.accept(",") && pass.assign(name, in);
  }

  private boolean comma() {
    if (!in.isNext(",")) {
      return false;
    }
    in.next();
    return true;
  }

  private void skipRest() {
    while (!in.atEnd()) {
      in.next();
    }
  }
}
