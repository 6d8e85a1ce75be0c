package dev.stagewalk.isa;

import java.util.List;
import java.util.function.IntFunction;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Writes instructions as GNU objdump does, with one space between mnemonic and operands, preferring
 * the aliases that it prefers. Immutable, safe for any thread.
 */
public final class Disassembler {
  private final InstructionTable table;
  private final LongFunction<@Nullable String> symbols;
  private final IntFunction<@Nullable String> systemRegisters;

  /**
   * A disassembler with names.
   *
   * @param symbols the symbol at an address, with {@code +0x4} where it is not the symbol's own, or
   *     null
   * @param systemRegisters the lower-case name of op0:op1:CRn:CRm:op2, or null
   */
  public Disassembler(
      InstructionTable table,
      LongFunction<@Nullable String> symbols,
      IntFunction<@Nullable String> systemRegisters) {
    this.table = table;
    this.symbols = symbols;
    this.systemRegisters = systemRegisters;
  }

  /** A disassembler of the A64 table without symbols. */
  public Disassembler() {
    this(InstructionTable.a64(), address -> null, SystemRegisterNames::name);
  }

  /** The instruction's text, branch targets as addresses seen from {@code pc}. */
  public String text(int word, long pc) {
    return print(word, pc, true).text();
  }

  /** The text without aliases: the name of the encoding itself. */
  public String baseText(int word, long pc) {
    return print(word, pc, false).text();
  }

  /** The text, and after {@code //} what objdump adds: a decimal value, other condition names. */
  public String commentedText(int word, long pc) {
    Printer out = print(word, pc, true);
    return out.comment().isEmpty() ? out.text() : out.text() + " // " + out.comment();
  }

  private Printer print(int word, long pc, boolean aliases) {
    Printer out = new Printer(pc, symbols, systemRegisters);
    Row row = table.row(word);
    Syntax chosen = null;
    for (Syntax syntax : row.syntaxes()) {
      if (syntax.printed() && syntax.names(row, word)) {
        chosen = syntax;
        if (aliases) {
          break;
        }
      }
    }
    if (chosen == null) {
      out.append(".inst ");
      out.append("0x%08x".formatted(word));
      out.append(" ; undefined");
      return out;
    }
    chosen.print(row, word, out);
    if (chosen.mnemonic().startsWith("b.")) {
      List<String> others = table.names("cond").otherNames(word & 15);
      if (!others.isEmpty()) {
        out.comment("b." + String.join(", b.", others));
      }
    }
    return out;
  }
}
