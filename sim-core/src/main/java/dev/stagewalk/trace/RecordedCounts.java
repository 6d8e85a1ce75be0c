package dev.stagewalk.trace;

import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * How many lines of each sort a recorded run has.
 *
 * @param events by the kind that its lines name, the most frequent first
 * @param hashes of its state
 * @param notUnderstood lines whose first key is not known, which are passed over
 */
public record RecordedCounts(Map<String, Long> events, long hashes, long notUnderstood) {
  private static final String KIND = "\"kind\":\"";
  private static final Set<String> OTHERS = Set.of("input", "answer", "end");

  public RecordedCounts {
    events = Collections.unmodifiableMap(new LinkedHashMap<>(events));
  }

  /**
   * Counts the whole members, one at a time.
   *
   * @throws TraceException if one is damaged; the message says where
   */
  public static RecordedCounts of(Recording recording) throws TraceException {
    Map<String, Long> kinds = new HashMap<>();
    long[] others = new long[2];
    recording.read(line -> {
      if (EventReader.isEvent(line)) {
        kinds.merge(kind(line), 1L, Long::sum);
      } else if (line.startsWith("{\"hash\"")) {
        others[0]++;
      } else if (OTHERS.stream().noneMatch(key -> line.startsWith("{\"" + key + "\""))) {
        others[1]++;
      }
      return true;
    });
    Map<String, Long> sorted = new LinkedHashMap<>();
    kinds.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .forEach(kind -> sorted.put(kind.getKey(), kind.getValue()));
    return new RecordedCounts(sorted, others[0], others[1]);
  }

  private static String kind(String line) {
    int begin = line.indexOf(KIND) + KIND.length();
    int end = line.indexOf('"', begin);
    return begin < KIND.length() || end < 0 ? "unknown" : line.substring(begin, end);
  }
}
