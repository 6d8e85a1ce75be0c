package dev.stagewalk.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.event.Translation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The engine's walks against the rules, over random tables, controls and accesses. */
final class OracleWalkTest {
  private final Map<String, Integer> seen = new TreeMap<>();
  private final List<String> differences = new ArrayList<>();
  private int differing;

  @Test
  void everyRandomTranslationIsWhatTheRulesSay() {
    compare(0, 20_000);
    everyEndIsSeen(1, 1);
  }

  @Test
  @Tag("long")
  void aMillionRandomTranslationsAreWhatTheRulesSay() {
    compare(1_000_000, 1_000_000);
    everyEndIsSeen(10, -1);
  }

  private void compare(long from, int count) {
    for (int i = 0; i < count; i++) {
      compare(new RandomCase(from + i), from + i);
    }
    if (System.getenv("ORACLE_SHOW") != null) {
      seen.forEach((what, times) -> System.out.println(times + " " + what));
      System.out.println(differing + " differ");
    }
    assertThat(differences).as(differing + " of " + count + " differ").isEmpty();
  }

  /** Each fault at each level and stage, and walks of all depths: else the sweep says little. */
  private void everyEndIsSeen(int least, int highest) {
    List<String> rare = new ArrayList<>();
    for (String where : List.of("1", "2", "2 S1PTW")) {
      for (int level = highest; level <= 3; level++) {
        for (Abort.Status status : Abort.Status.values()) {
          boolean atAnyLevel =
              switch (status) {
                case TRANSLATION, ADDRESS_SIZE, EXTERNAL_ON_WALK -> true;
                case ACCESS_FLAG, PERMISSION -> level >= 0;
                case ALIGNMENT -> level == 0 && !where.endsWith("PTW");
              };
          String end = status + " " + where + " level " + level;
          if (atAnyLevel && seen.getOrDefault(end, 0) < least) {
            rare.add(end);
          }
        }
      }
    }
    for (int reads = 0; reads <= 35; reads++) {
      boolean common = reads <= 24 || reads == 29 || reads == 30 || reads == 35;
      if (common && seen.getOrDefault("reads " + reads, 0) < least) {
        rare.add("reads " + reads);
      }
    }
    assertThat(rare).as("seen fewer than " + least + " times").isEmpty();
    int cases = seen.values().stream().mapToInt(Integer::intValue).sum() / 3;
    assertThat(seen.get("output")).isGreaterThan(cases / 4);
    assertThat(seen.get("updates")).isGreaterThan(cases / 40);
    assertThat(seen.get("AT")).isGreaterThan(cases / 20);
  }

  private void compare(RandomCase one, long number) {
    WalkMemory memory = new WalkMemory(one::memory);
    AddressTranslation oracle = new AddressTranslation(one.pe, one.controls, one.va, memory);
    AddressTranslation.Result rules = oracle.translate(one.va, one.access, one.outputToo);
    List<String> found;
    try {
      Translation engine =
          Engine.translate(
              one.features, one.pe, one.controls, one.va, one.access, one.outputToo, one::memory);
      found = Comparison.of(engine, rules, oracle, one.access, memory);
      if (found.isEmpty() && oracle.second() != null) {
        found = Stage2Comparison.of(one);
      }
    } catch (RuntimeException e) {
      found = List.of("engine threw " + e + " at " + e.getStackTrace()[0]);
    }
    count(rules, memory, one);
    if (!found.isEmpty()) {
      differing++;
      String kind = found.getFirst().replaceAll(":.*", "");
      if (seen.merge("DIFF " + kind, 1, Integer::sum) == 1) {
        differences.add("case " + number + " " + one + "\n  " + String.join("\n  ", found));
      }
    }
  }

  private void count(AddressTranslation.Result rules, WalkMemory memory, RandomCase one) {
    Abort.Fault fault = rules.fault();
    String what =
        fault == null
            ? "output"
            : fault.status()
                + " "
                + (fault.secondStage() ? 2 : 1)
                + (fault.s2fs1walk() ? " S1PTW" : "")
                + " level "
                + fault.level();
    seen.merge(what, 1, Integer::sum);
    seen.merge("reads " + memory.steps().size(), 1, Integer::sum);
    seen.merge(one.access.type().toString(), 1, Integer::sum);
    if (!memory.updated().isEmpty()) {
      seen.merge("updates", 1, Integer::sum);
    }
  }
}
