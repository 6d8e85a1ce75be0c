package dev.stagewalk.app;

import dev.stagewalk.image.ElfCode;
import dev.stagewalk.isa.Disassembler;
import dev.stagewalk.isa.InstructionTable;
import dev.stagewalk.isa.SystemRegisterNames;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Prints instructions and data in the form of objdump -d. */
final class CodeListing {
  private final PrintWriter out;
  private final boolean noAliases;

  /** Names addresses. */
  interface Names {
    @Nullable String at(ElfCode.Piece from, long address);
  }

  CodeListing(PrintWriter out, boolean noAliases) {
    this.out = out;
    this.noAliases = noAliases;
  }

  void print(ElfCode.Piece piece, Names names) {
    ByteBuffer bytes = ByteBuffer.wrap(piece.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    Disassembler disassembler =
        new Disassembler(
            InstructionTable.a64(), at -> names.at(piece, at), SystemRegisterNames::name);
    line("");
    line("Disassembly of section " + piece.name() + ":");
    if (piece.symbol(piece.address()) == null) {
      line("");
    }
    long end = piece.address() + bytes.capacity();
    for (long at = piece.address(); at < end; ) {
      String symbol = piece.symbol(at);
      if (symbol != null) {
        line("");
        line("%016x <%s>:".formatted(at, symbol));
      }
      int offset = (int) (at - piece.address());
      int room = (int) (piece.boundaryAfter(at) - at);
      if (room >= 4) {
        int word = bytes.getInt(offset);
        String text =
            !piece.isCode(at)
                ? ".word 0x%08x".formatted(word)
                : noAliases
                    ? disassembler.baseText(word, at)
                    : disassembler.commentedText(word, at);
        line("%8x:\t%08x \t%s".formatted(at, word, text.replaceFirst(" ", "\t")));
        at += 4;
      } else if (room >= 2) {
        short half = bytes.getShort(offset);
        line("%8x:\t%04x     \t.short\t0x%04x".formatted(at, half, half));
        at += 2;
      } else {
        byte one = bytes.get(offset);
        line("%8x:\t%02x       \t.byte\t0x%02x".formatted(at, one, one));
        at++;
      }
    }
  }

  /** The same bytes on every system. */
  private void line(String text) {
    out.print(text + "\n");
  }
}
