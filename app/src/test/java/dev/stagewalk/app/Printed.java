package dev.stagewalk.app;

import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * What a command line has printed.
 *
 * @param code with which the program would have ended
 */
record Printed(int code, String out, String err) {

  /** By the program, given these words. */
  static Printed by(String... words) {
    StringWriter said = new StringWriter();
    StringWriter complained = new StringWriter();
    int code =
        StagewalkCommand.commandLine(Display.ofThisMachine(), new StagewalkFaces())
            .setOut(new PrintWriter(said))
            .setErr(new PrintWriter(complained))
            .execute(words);
    return new Printed(code, said.toString(), complained.toString());
  }
}
