package dev.stagewalk.app.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.stagewalk.guests.Workload;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** What was measured, as a table for people and as JSON. */
public final class SpeedReport {
  private static final int WIDTH = 15;

  private final List<Workload> workloads;
  private final List<Column> columns;
  private final Rates rates;
  private final Optional<String> qemuVersion;
  private final String withoutQemu;

  /**
   * @param withoutQemu why there is no QEMU to compare with, where there is none
   */
  public SpeedReport(
      List<Workload> workloads, Comparison comparison, Optional<Qemu> qemu, String withoutQemu) {
    this.workloads = workloads;
    this.columns = comparison.columns();
    this.rates = comparison.rates();
    this.qemuVersion = qemu.map(Qemu::version);
    this.withoutQemu = withoutQemu;
  }

  /** The line above the table. */
  public void printHead(PrintWriter out) {
    StringBuilder line = new StringBuilder("%-14s".formatted(""));
    for (Column column : columns) {
      line.append("%15s".formatted(column.words()));
    }
    for (Column column : columns.subList(1, columns.size())) {
      line.append("%15s".formatted("/ " + column.words().replace("QEMU ", "")));
    }
    out.println(line);
    out.flush();
  }

  /** The line of a workload. */
  public void printLine(Workload workload, PrintWriter out) {
    StringBuilder line =
        new StringBuilder(
            "%-14s".formatted(workload.name() + (workload.traps() ? " traps/s" : " MIPS")));
    for (Column column : columns) {
      line.append(cell(rates.median(workload.name(), column), workload.traps()));
    }
    for (Column column : columns.subList(1, columns.size())) {
      OptionalDouble ratio = rates.ratio(workload.name(), Rates.OURS, column);
      line.append(
          ratio.isPresent()
              ? String.format(Locale.ROOT, "%" + WIDTH + ".2f", ratio.getAsDouble())
              : "%15s".formatted("-"));
    }
    out.println(line);
    out.flush();
  }

  private static String cell(OptionalDouble rate, boolean traps) {
    if (rate.isEmpty()) {
      return "%15s".formatted("-");
    }
    return traps
        ? String.format(Locale.ROOT, "%," + WIDTH + ".0f", rate.getAsDouble())
        : String.format(Locale.ROOT, "%" + WIDTH + ".1f", rate.getAsDouble() / 1e6);
  }

  /** What the figures mean, and which goals are met. */
  public void printFoot(int turns, PrintWriter out) {
    for (Workload workload : workloads) {
      out.println(workload.name() + ": " + workload.title() + ".");
    }
    out.println(
        "MIPS: million guest instructions a second of processor time, traps/s: exceptions to EL2;"
            + " medians of "
            + turns
            + " turns.");
    out.println(
        "Ours records every event and lays checkpoints. / x: " + Rates.OURS.words() + " by x.");
    out.println(
        qemuVersion
            .map(
                v -> "QEMU " + v + " executes the same images and records nothing but with -d int.")
            .orElse(withoutQemu));
    for (Goal goal : Goal.of(rates)) {
      out.printf(
          Locale.ROOT,
          "goal  %-36s %10.2f  at least %6.1f  %s%n",
          goal.words(),
          goal.reached(),
          goal.target(),
          goal.met() ? "met" : "NOT MET");
    }
    out.flush();
  }

  /**
   * Everything as one JSON object.
   *
   * @throws IOException if it cannot be written
   */
  public void writeJson(int turns, Writer out) throws IOException {
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeNumberField("turns", turns);
      json.writeStringField("qemu", qemuVersion.orElse(""));
      json.writeObjectFieldStart("workloads");
      for (Workload workload : workloads) {
        json.writeObjectFieldStart(workload.name());
        json.writeStringField("unit", workload.traps() ? "traps/s" : "instructions/s");
        for (Column column : columns) {
          OptionalDouble rate = rates.median(workload.name(), column);
          if (rate.isPresent()) {
            json.writeNumberField(column.key(), Math.round(rate.getAsDouble()));
          }
        }
        json.writeEndObject();
      }
      json.writeEndObject();
      json.writeArrayFieldStart("goals");
      for (Goal goal : Goal.of(rates)) {
        json.writeStartObject();
        json.writeStringField("goal", goal.words());
        json.writeNumberField("target", goal.target());
        json.writeNumberField("reached", goal.reached());
        json.writeBooleanField("met", goal.met());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    out.write(System.lineSeparator());
    out.flush();
  }
}
