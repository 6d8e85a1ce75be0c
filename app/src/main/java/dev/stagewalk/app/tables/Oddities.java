package dev.stagewalk.app.tables;

import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.TableSweep;
import dev.stagewalk.mmu.TableSweep.Kind;
import dev.stagewalk.mmu.TableSweep.Oddity;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/** What a sweep found odd: the first of each kind in words, all of them counted. */
final class Oddities {
  private static final int SHOWN = 10;

  private final LongFunction<String> missing;
  private final List<Oddity> shown = new ArrayList<>();
  private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);

  Oddities(LongFunction<String> missing) {
    this.missing = missing;
  }

  void add(Oddity oddity) {
    if (counts.merge(oddity.kind(), 1L, Long::sum) <= SHOWN) {
      shown.add(oddity);
    }
  }

  /** The first of each kind, in the order they were met. */
  List<Oddity> shown() {
    return shown;
  }

  Map<Kind, Long> counts() {
    return counts;
  }

  /** Exit code of a sweep: 0 if all tables were looked at, 1 if some could not be. */
  int exitCode(TableSweep.Done done, Stage2Parameters parameters) {
    boolean all = done.complete() && parameters.walkable() && !counts.containsKey(Kind.NO_MEMORY);
    return all ? 0 : 1;
  }

  /** Those, one line each, and how many more of each kind there are. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Oddity oddity : shown) {
      lines.add("odd: " + sentence(oddity));
    }
    counts.forEach((kind, count) -> {
      if (count > SHOWN) {
        lines.add("odd: " + (count - SHOWN) + " more of kind " + kind);
      }
    });
    return lines;
  }

  String sentence(Oddity oddity) {
    return oddity.kind() == TableSweep.Kind.NO_MEMORY
        ? oddity.sentence() + "; " + missing.apply(oddity.at())
        : oddity.sentence();
  }
}
