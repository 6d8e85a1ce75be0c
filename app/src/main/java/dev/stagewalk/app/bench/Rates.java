package dev.stagewalk.app.bench;

import dev.stagewalk.cpu.Engine;
import dev.stagewalk.guests.Workload;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** The rates that were measured: instructions a second, of w5 and w6 traps a second. */
public final class Rates {
  private final Map<Place, List<Double>> measured = new HashMap<>();

  private record Place(String workload, String column) {}

  void add(Workload workload, Column column, double rate) {
    measured
        .computeIfAbsent(new Place(workload.name(), column.key()), _ -> new ArrayList<>())
        .add(rate);
  }

  /** The median of a workload on a column; empty if it was not measured. */
  OptionalDouble median(String workload, Column column) {
    List<Double> rates = measured.get(new Place(workload, column.key()));
    if (rates == null) {
      return OptionalDouble.empty();
    }
    List<Double> sorted = new ArrayList<>(rates);
    Collections.sort(sorted);
    return OptionalDouble.of(sorted.get(sorted.size() / 2));
  }

  /** The median of the ratios within each turn; empty if one of the two was not measured. */
  OptionalDouble ratio(String workload, Column column, Column to) {
    List<Double> rates = measured.get(new Place(workload, column.key()));
    List<Double> others = measured.get(new Place(workload, to.key()));
    if (rates == null || others == null) {
      return OptionalDouble.empty();
    }
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < Math.min(rates.size(), others.size()); i++) {
      ratios.add(rates.get(i) / others.get(i));
    }
    Collections.sort(ratios);
    return OptionalDouble.of(ratios.get(ratios.size() / 2));
  }

  /** The geometric mean of ratios; empty if one of them is missing. */
  OptionalDouble meanRatio(List<String> workloads, Column column, Column to) {
    double sum = 0;
    for (String workload : workloads) {
      OptionalDouble ratio = ratio(workload, column, to);
      if (ratio.isEmpty()) {
        return OptionalDouble.empty();
      }
      sum += Math.log(ratio.getAsDouble());
    }
    return OptionalDouble.of(Math.exp(sum / workloads.size()));
  }

  /** The engine that everything else is executed with, to which all others are compared. */
  static final Column OURS = new Column.Ours(Engine.USUAL);
}
