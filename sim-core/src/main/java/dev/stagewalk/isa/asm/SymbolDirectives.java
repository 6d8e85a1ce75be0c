package dev.stagewalk.isa.asm;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Symbols: .equ .set .equiv, .global .local .weak, .type, .size, .comm. */
final class SymbolDirectives {
  private final Pass pass;
  private final StatementReader in;

  SymbolDirectives(Pass pass, StatementReader in) {
    this.pass = pass;
    this.in = in;
  }

  boolean assign(boolean once) {
    Token name = symbol();
    if (name == null || !in.accept(",")) {
      return false;
    }
    if (once && pass.isDefined(name.text())) {
      in.wrong(1, "'" + name.text() + "' is already defined");
      return false;
    }
    return pass.assign(name, in);
  }

  boolean bind(Assembled.Binding binding) {
    do {
      Token name = symbol();
      if (name == null) {
        return false;
      }
      Symbols.Declared known = pass.symbols().declared(name.text());
      pass.symbols()
          .declare(name.text(), new Symbols.Declared(binding, known.type(), known.size()));
    } while (in.comma());
    return true;
  }

  boolean type() {
    Token name = symbol();
    if (name == null || !in.accept(",")) {
      return false;
    }
    if (in.isNext("%") || in.isNext("@") || in.isNext("#")) {
      in.next();
    }
    Token word = in.peek();
    String kind = word == null ? "" : word.text().toLowerCase(Locale.ROOT).replace("stt_", "");
    Assembled.Type type =
        switch (kind) {
          case "function", "func", "gnu_indirect_function" -> Assembled.Type.FUNCTION;
          case "object", "tls_object", "common" -> Assembled.Type.OBJECT;
          case "notype" -> Assembled.Type.NONE;
          default -> null;
        };
    if (type == null) {
      in.expected("%function, %object or %notype");
      return false;
    }
    in.next();
    Symbols.Declared known = pass.symbols().declared(name.text());
    pass.symbols().declare(name.text(), new Symbols.Declared(known.binding(), type, known.size()));
    return true;
  }

  boolean size() {
    Token name = symbol();
    if (name == null || !in.accept(",")) {
      return false;
    }
    Value size = in.value();
    if (size == null) {
      return false;
    }
    Symbols.Declared known = pass.symbols().declared(name.text());
    pass.symbols()
        .declare(name.text(), new Symbols.Declared(known.binding(), known.type(), size.number()));
    return true;
  }

  /** Zeros in .bss, of which nobody but this source can have more. */
  boolean common(boolean global) {
    Token name = symbol();
    if (name == null || !in.accept(",")) {
      return false;
    }
    int place = in.mark();
    Value size = in.value();
    Value alignment = size != null && in.comma() ? in.value() : Value.of(8);
    if (size == null || alignment == null) {
      return false;
    }
    long to = alignment.number();
    if (size.number() < 0
        || size.number() > 1 << 28
        || to <= 0
        || to > 1 << 24
        || Long.bitCount(to) != 1) {
      in.wrong(place, "expected a size and an alignment that is a power of two");
      return false;
    }
    SectionBuffer current = pass.section();
    pass.enter(".bss", null);
    pass.section().align((int) to, 0, (int) to);
    pass.define(name);
    pass.section().repeat(0, (int) size.number());
    pass.symbols()
        .declare(
            name.text(),
            new Symbols.Declared(
                global ? Assembled.Binding.GLOBAL : Assembled.Binding.LOCAL,
                Assembled.Type.OBJECT,
                size.number()));
    pass.enter(current.name(), null);
    return true;
  }

  private @Nullable Token symbol() {
    Token name = in.peek();
    if (name == null || name.kind() != Token.Kind.WORD) {
      in.expected("a symbol");
      return null;
    }
    in.next();
    return name;
  }
}
