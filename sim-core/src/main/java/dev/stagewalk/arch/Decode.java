package dev.stagewalk.arch;

import java.util.ArrayList;
import java.util.List;

/** A register value as lines of text: one for each field, its bits, its value, what it means. */
public final class Decode {
  private static final int BITS_COLUMN = 8;
  private static final int NAME_COLUMN = 14;
  private static final int VALUE_COLUMN = 12;

  private Decode() {}

  /** {@link #render(String, long, Context)} when nothing else is known. */
  public static List<String> render(String register, long value) {
    return render(register, value, Context.PLAIN);
  }

  /**
   * The lines for a value of a register. A line with an exclamation mark in front has a value the
   * architecture does not permit or does not define.
   *
   * @throws IllegalArgumentException when no register has that name; the message offers others
   */
  public static List<String> render(String register, long value, Context context) {
    Register found = RegisterTable.standard().require(register);
    List<String> lines = new ArrayList<>();
    lines.add(found.name() + " = " + Hex.full(value));
    lines.add(found.purpose());
    String title = found.form().layout(value, context).title();
    if (!title.isEmpty()) {
      lines.add("layout: " + title);
    }
    lines.add("");
    appendFields(lines, found.decode(value, context));
    if (found.form().name().startsWith("ESR_EL")) {
      Syndrome syndrome = Syndrome.of(value);
      lines.add("");
      lines.add("ISS of " + syndrome.className() + ":");
      appendFields(lines, syndrome.fields());
      lines.add("");
      lines.add(syndrome.sentence());
    }
    return lines;
  }

  /** The lines for fields alone. */
  public static List<String> render(List<FieldValue> fields) {
    List<String> lines = new ArrayList<>();
    appendFields(lines, fields);
    return lines;
  }

  private static void appendFields(List<String> lines, List<FieldValue> fields) {
    for (FieldValue field : fields) {
      StringBuilder line = new StringBuilder();
      line.append(field.status() == FieldValue.Status.OK ? "  " : "! ");
      pad(line, field.bits(), BITS_COLUMN);
      pad(line, field.name(), NAME_COLUMN);
      pad(line, Bits.hex(field.raw()), VALUE_COLUMN);
      line.append(field.text());
      if (field.status() != FieldValue.Status.OK) {
        line.append(" [").append(field.status().words()).append(']');
      }
      line.append(" - ").append(field.description());
      lines.add(line.toString());
    }
  }

  private static void pad(StringBuilder line, String text, int column) {
    line.append(text).append(" ".repeat(Math.max(1, column - text.length())));
  }
}
