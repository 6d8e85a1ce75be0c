package dev.stagewalk.isa.asm;

import org.jspecify.annotations.Nullable;

/**
 * Where statements come from: a file, and what brought them in if it was not the file itself.
 *
 * @param source the file that lines and columns of tokens count in
 * @param outerLine the line of the main source that brought them in, or 0 in the main source
 * @param context what is added to errors, such as {@code in macro 'push', used in line 7}
 */
record Place(String source, int outerLine, @Nullable String context) {

  static Place ofMain(String source) {
    return new Place(source, 0, null);
  }

  /** Within a macro that is used at this place, in this line. */
  Place inMacro(String name, String definedIn, int line) {
    String used = "in macro '" + name + "', used in " + where(definedIn, line);
    return new Place(definedIn, outer(line), context == null ? used : used + ", " + context);
  }

  /** Within a file that is included at this place, in this line. */
  Place inFile(String file, int line) {
    return new Place(file, outer(line), "included in line " + line + " of " + source);
  }

  /** The line of the main source that a line of this place belongs to. */
  int outer(int line) {
    return outerLine == 0 ? line : outerLine;
  }

  AsmError error(int line, int column, String message) {
    String words = context == null ? message : message + " (" + context + ")";
    return new AsmError(source, line, column, words);
  }

  private String where(String definedIn, int line) {
    return definedIn.equals(source) ? "line " + line : "line " + line + " of " + source;
  }
}
