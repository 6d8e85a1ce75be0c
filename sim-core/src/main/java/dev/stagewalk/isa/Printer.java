package dev.stagewalk.isa;

import java.util.function.IntFunction;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** The text of one instruction while it is printed, with a comment for what GNU adds in one. */
final class Printer {
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder comment = new StringBuilder();
  private final long pc;
  private final LongFunction<@Nullable String> symbols;
  private final IntFunction<@Nullable String> systemRegisters;

  Printer(
      long pc,
      LongFunction<@Nullable String> symbols,
      IntFunction<@Nullable String> systemRegisters) {
    this.pc = pc;
    this.symbols = symbols;
    this.systemRegisters = systemRegisters;
  }

  Printer append(String part) {
    text.append(part);
    return this;
  }

  Printer append(long number) {
    text.append(number);
    return this;
  }

  void hex(long number) {
    text.append("0x").append(Long.toHexString(number));
  }

  /** An address: 0x1234, or 1234 <symbol+0x4> where a symbol is known. */
  void address(long address) {
    String symbol = symbols.apply(address);
    if (symbol == null) {
      hex(address);
    } else {
      text.append(Long.toHexString(address)).append(" <").append(symbol).append('>');
    }
  }

  void comment(String words) {
    comment.append(words);
  }

  @Nullable String systemRegister(int encoding) {
    return systemRegisters.apply(encoding);
  }

  long pc() {
    return pc;
  }

  String text() {
    return text.toString();
  }

  String comment() {
    return comment.toString();
  }
}
