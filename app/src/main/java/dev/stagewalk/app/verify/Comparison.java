package dev.stagewalk.app.verify;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/** What was expected, key by key, beside what was found; only the differences are told. */
final class Comparison {
  private final StringJoiner expected = new StringJoiner(" ");
  private final StringJoiner found = new StringJoiner(" ");
  private final Set<String> different = new HashSet<>();

  /** Compares one value. */
  void check(String key, String wanted, String is) {
    if (!wanted.equals(is)) {
      different.add(key);
      expected.add(key + "=" + wanted);
      found.add(key + "=" + is);
    }
  }

  void check(String key, long wanted, long is) {
    check(key, RecordedMachine.hex(wanted), RecordedMachine.hex(is));
  }

  /** Compares every value that is expected. */
  void check(Map<String, String> wanted, Map<String, String> is) {
    wanted.forEach((key, value) -> check(key, value, is.getOrDefault(key, "nothing")));
  }

  /** Compares every value that is expected or found. */
  void same(Map<String, String> wanted, Map<String, String> is) {
    check(wanted, is);
    is.forEach((key, value) -> {
      if (!wanted.containsKey(key)) {
        check(key, "nothing", value);
      }
    });
  }

  boolean equal() {
    return expected.length() == 0;
  }

  /** Whether every difference is in one of these keys. */
  boolean differsOnlyIn(Set<String> keys) {
    return keys.containsAll(different);
  }

  void tally(Tally tally, String where) {
    if (equal()) {
      tally.pass();
    } else {
      tally.fail(where, expected.toString(), found.toString());
    }
  }
}
