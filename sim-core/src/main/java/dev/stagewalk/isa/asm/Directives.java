package dev.stagewalk.isa.asm;

import java.util.Locale;
import java.util.Set;

/**
 * What a directive does, by its name: those of sections and places ({@link SectionDirectives}), of
 * data ({@link DataDirectives}) and of symbols ({@link SymbolDirectives}). Those that decide which
 * statements there are, are in {@link Blocks}.
 */
final class Directives {
  /** What tells tools of a compiler something that changes no byte. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          ".file",
          ".ident",
          ".loc",
          ".line",
          ".arch",
          ".arch_extension",
          ".cpu",
          ".hidden",
          ".internal",
          ".protected",
          ".variant_pcs",
          ".addrsig",
          ".addrsig_sym");

  /** All directives that are read here, for completion. */
  static final Set<String> NAMES =
      Set.of(
          ".text",
          ".data",
          ".bss",
          ".rodata",
          ".section",
          ".pushsection",
          ".popsection",
          ".previous",
          ".align",
          ".p2align",
          ".balign",
          ".org",
          ".ltorg",
          ".byte",
          ".hword",
          ".word",
          ".quad",
          ".float",
          ".double",
          ".inst",
          ".ascii",
          ".asciz",
          ".string",
          ".space",
          ".skip",
          ".zero",
          ".fill",
          ".incbin",
          ".equ",
          ".set",
          ".equiv",
          ".global",
          ".local",
          ".weak",
          ".type",
          ".size",
          ".comm");

  private final Pass pass;
  private final StatementReader in;
  private final SectionDirectives sections;
  private final DataDirectives data;
  private final SymbolDirectives symbols;

  Directives(Pass pass, StatementReader in) {
    this.pass = pass;
    this.in = in;
    sections = new SectionDirectives(pass, in);
    data = new DataDirectives(pass, in);
    symbols = new SymbolDirectives(pass, in);
  }

  /** Carries out the directive; false with the cause noted in the reader. */
  boolean read(Token directive) {
    String name = directive.text().toLowerCase(Locale.ROOT);
    return switch (name) {
      case ".text", ".data", ".bss", ".rodata" -> sections.enter(name);
      case ".section" -> sections.section(false);
      case ".pushsection" -> sections.section(true);
      case ".popsection" -> sections.pop();
      case ".previous" -> sections.previous();
      case ".align", ".p2align" -> sections.align(true);
      case ".balign" -> sections.align(false);
      case ".org" -> sections.org();
      case ".byte", ".1byte" -> data.integers(1);
      case ".hword", ".short", ".2byte" -> data.integers(2);
      case ".word", ".long", ".int", ".4byte" -> data.integers(4);
      case ".quad", ".xword", ".dword", ".8byte" -> data.integers(8);
      case ".inst" -> data.instructions();
      case ".float", ".single" -> data.reals(4);
      case ".double" -> data.reals(8);
      case ".ascii" -> data.strings(false);
      case ".asciz", ".string" -> data.strings(true);
      case ".space", ".skip", ".zero" -> data.space();
      case ".fill" -> data.fill();
      case ".incbin" -> data.binary();
      case ".equ", ".set" -> symbols.assign(false);
      case ".equiv" -> symbols.assign(true);
      case ".global", ".globl" -> symbols.bind(Assembled.Binding.GLOBAL);
      case ".local" -> symbols.bind(Assembled.Binding.LOCAL);
      case ".weak" -> symbols.bind(Assembled.Binding.WEAK);
      case ".type" -> symbols.type();
      case ".size" -> symbols.size();
      case ".comm", ".lcomm" -> symbols.common(name.equals(".comm"));
      case ".ltorg", ".pool" -> {
        pass.layPool();
        yield true;
      }
      default -> {
        if (WITHOUT_EFFECT.contains(name) || name.startsWith(".cfi_")) {
          in.skip();
          yield true;
        }
        in.wrong(0, "'" + directive.text() + "' is no directive");
        yield false;
      }
    };
  }
}
