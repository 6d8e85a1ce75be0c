package dev.stagewalk.app.verify;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What came of a verification. */
public final class Tally {
  private long passed;
  private long skipped;
  private final List<Failure> failures = new ArrayList<>();
  private final Map<String, Long> skipReasons = new TreeMap<>();
  private final Map<String, Long> notes = new LinkedHashMap<>();

  /**
   * One thing that was not as recorded.
   *
   * @param where file, line, vector, step
   */
  public record Failure(String where, String expected, String found) {}

  void pass() {
    passed++;
  }

  void fail(String where, String expected, String found) {
    failures.add(new Failure(where, expected, found));
  }

  void skip(String reason, long count) {
    if (count > 0) {
      skipped += count;
      skipReasons.merge(reason, count, Long::sum);
    }
  }

  /** Counts something worth knowing that is neither right nor wrong. */
  void note(String what, long count) {
    if (count > 0) {
      notes.merge(what, count, Long::sum);
    }
  }

  /** What is worth knowing, each with its count. */
  public Map<String, Long> notes() {
    return Collections.unmodifiableMap(notes);
  }

  public long passed() {
    return passed;
  }

  public long skipped() {
    return skipped;
  }

  public List<Failure> failures() {
    return Collections.unmodifiableList(failures);
  }

  /** Each reason for skipping with its count. */
  public Map<String, Long> skipReasons() {
    return Collections.unmodifiableMap(skipReasons);
  }

  /** {@code N passed, M failed, K skipped}. */
  public String lastLine() {
    return passed + " passed, " + failures.size() + " failed, " + skipped + " skipped";
  }
}
