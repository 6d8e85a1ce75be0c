package dev.stagewalk.views;

import dev.stagewalk.session.TrapRow;
import java.io.IOException;
import java.util.List;

/** Writes a trap log for other programs to read. */
public final class TrapExport {
  private static final List<String> COLUMNS =
      List.of(
          "event",
          "moment",
          "instruction",
          "lane",
          "name",
          "el",
          "pc",
          "symbol",
          "what",
          "result",
          "times");

  private TrapExport() {}

  /** Comma-separated values by RFC 4180, with a header line. */
  public static void csv(TrapLog log, Appendable out) throws IOException {
    out.append(String.join(",", COLUMNS)).append("\r\n");
    for (int i = 0; i < log.size(); i++) {
      List<String> cells = cells(log.get(i));
      for (int c = 0; c < cells.size(); c++) {
        out.append(c == 0 ? "" : ",").append(quotedForCsv(cells.get(c)));
      }
      out.append("\r\n");
    }
  }

  /** A JSON array with one object a row; numbers are numbers. */
  public static void json(TrapLog log, Appendable out) throws IOException {
    out.append("[\n");
    for (int i = 0; i < log.size(); i++) {
      List<String> cells = cells(log.get(i));
      out.append("  {");
      for (int c = 0; c < cells.size(); c++) {
        out.append(c == 0 ? "" : ", ").append('"').append(COLUMNS.get(c)).append("\": ");
        boolean number = c == 0 || c == 2 || c == 10;
        out.append(number ? cells.get(c) : quotedForJson(cells.get(c)));
      }
      out.append(i + 1 < log.size() ? "},\n" : "}\n");
    }
    out.append("]\n");
  }

  private static List<String> cells(TrapRow row) {
    return List.of(
        Long.toString(row.number()),
        row.moment(),
        Long.toString(row.instruction()),
        row.lane(),
        row.name(),
        row.el(),
        row.pc(),
        row.symbol(),
        row.words(),
        row.result(),
        Integer.toString(row.times()));
  }

  private static String quotedForCsv(String cell) {
    boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }

  private static String quotedForJson(String cell) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < cell.length(); i++) {
      char c = cell.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20) {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append('"').toString();
  }
}
