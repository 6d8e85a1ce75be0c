package dev.stagewalk.isa.asm;

import dev.stagewalk.isa.InstructionTable;
import dev.stagewalk.isa.SystemRegisterNames;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * Assembles A64 source in the syntax of GNU as: labels, numeric local labels, literal pools,
 * expressions, and the directives of {@link Directives}. Reports every error of a source, not the
 * first. Immutable, safe for any thread.
 */
public final class Assembler {
  /** A layout that has not settled by then feeds back on itself. */
  private static final int MOST_PASSES = 8;

  private final InstructionTable table;
  private final Function<String, OptionalInt> systemRegisters;

  /**
   * An assembler.
   *
   * @param systemRegisters op0:op1:CRn:CRm:op2 of a system register's lower-case name; names such
   *     as {@code s3_4_c2_c1_0} need no entry
   */
  public Assembler(InstructionTable table, Function<String, OptionalInt> systemRegisters) {
    this.table = table;
    this.systemRegisters = systemRegisters;
  }

  /** An assembler of the A64 table with the architecture's system registers. */
  public Assembler() {
    this(InstructionTable.a64(), SystemRegisterNames::encoding);
  }

  /**
   * Assembles a source.
   *
   * @param sourceName as it stands in errors
   * @param base the address of the first byte of .text; .data and other sections follow, aligned
   */
  public Assembled assemble(String sourceName, String text, long base) {
    List<List<Token>> statements = new Lexer(text).statements();
    Pass pass = new Pass(table, systemRegisters, sourceName, base, null);
    pass.run(statements);
    for (int count = 1; count < MOST_PASSES; count++) {
      Pass again = new Pass(table, systemRegisters, sourceName, base, pass);
      again.run(statements);
      if (again.isSettled()) {
        return again.result();
      }
      pass = again;
    }
    return pass.unsettled();
  }
}
