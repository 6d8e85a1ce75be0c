package dev.stagewalk.isa.asm;

import dev.stagewalk.isa.InstructionTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Assembles A64 source in the syntax of GNU as: labels, numeric local labels, literal pools,
 * expressions, the directives of {@link Directives}, macros and the blocks of {@link Blocks}. All
 * sections are placed and every symbol is resolved here: there is no linker. Reports every error of
 * a source, not the first. Immutable, safe for any thread.
 */
public final class Assembler {
  /** A layout that has not settled by then feeds back on itself. */
  private static final int MOST_PASSES = 8;

  private final InstructionTable table = InstructionTable.a64();

  /**
   * Assembles a source that includes no files.
   *
   * @param sourceName as it stands in errors
   * @param base the address of the first byte of .text; .data and other sections follow, aligned
   */
  public Assembled assemble(String sourceName, String text, long base) {
    return assemble(sourceName, text, base, Includes.none());
  }

  /**
   * Assembles a source.
   *
   * @param sourceName as it stands in errors
   * @param base the address of the first byte of .text; .data and other sections follow, aligned
   * @param includes finds the files it includes; asked once for each
   */
  public Assembled assemble(String sourceName, String text, long base, Includes includes) {
    List<Statement> statements = new Lexer(text, Place.ofMain(sourceName)).statements();
    Pass.Setting setting = new Pass.Setting(table, onceEach(includes), sourceName, base);
    Pass pass = new Pass(setting, null);
    pass.run(statements);
    for (int count = 1; !pass.isSettled(); count++) {
      if (count == MOST_PASSES) {
        return pass.unsettled();
      }
      pass = new Pass(setting, pass);
      pass.run(statements);
    }
    return pass.result();
  }

  /** Every pass sees the same bytes, whatever happens to the file meanwhile. */
  private static Includes onceEach(Includes includes) {
    Map<String, byte[]> known = new HashMap<>();
    return name -> {
      byte[] bytes = known.get(name);
      if (bytes == null) {
        bytes = includes.read(name);
        known.put(name, bytes);
      }
      return bytes;
    };
  }
}
