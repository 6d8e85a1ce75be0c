package dev.stagewalk.trace;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The events of a trace in the order of its file, kept in columns: about 40 bytes an event and its
 * body, so that ten million stay within the memory of a desktop program.
 */
public final class TraceEvents {
  private static final int CHUNK = 1 << 20;

  private final Words tasks = new Words();
  private final Words names = new Words();
  private final List<byte[]> bodies = new ArrayList<>();
  private int chunkUsed;
  private long bodyBytes;

  private int size;
  private long[] nanos = new long[1024];
  private long[] lines = new long[1024];
  private int[] cpus = new int[1024];
  private int[] threads = new int[1024];
  private int[] processes = new int[1024];
  private int[] taskIds = new int[1024];
  private int[] nameIds = new int[1024];
  private int[] bodyChunks = new int[1024];
  private int[] bodyStarts = new int[1024];
  private int[] bodyLengths = new int[1024];

  /** Appends an event; its {@link TraceEvent#number} is ignored. */
  void add(TraceEvent event) {
    if (size == nanos.length) {
      grow();
    }
    nanos[size] = event.nanos();
    lines[size] = event.line();
    cpus[size] = event.cpu();
    threads[size] = event.thread();
    processes[size] = event.process();
    taskIds[size] = tasks.idOf(event.task());
    nameIds[size] = names.idOf(event.name());
    keepBody(event.body().getBytes(StandardCharsets.UTF_8));
    size++;
  }

  private void keepBody(byte[] body) {
    if (bodies.isEmpty() || chunkUsed + body.length > CHUNK) {
      bodies.add(new byte[Math.max(CHUNK, body.length)]);
      chunkUsed = 0;
    }
    int chunk = bodies.size() - 1;
    System.arraycopy(body, 0, bodies.get(chunk), chunkUsed, body.length);
    bodyChunks[size] = chunk;
    bodyStarts[size] = chunkUsed;
    bodyLengths[size] = body.length;
    chunkUsed += body.length;
    bodyBytes += body.length;
  }

  private void grow() {
    // By little, so that what is set aside for a trace is not passed by much.
    int room = size + Math.max(1024, size >> 3);
    nanos = Arrays.copyOf(nanos, room);
    lines = Arrays.copyOf(lines, room);
    cpus = Arrays.copyOf(cpus, room);
    threads = Arrays.copyOf(threads, room);
    processes = Arrays.copyOf(processes, room);
    taskIds = Arrays.copyOf(taskIds, room);
    nameIds = Arrays.copyOf(nameIds, room);
    bodyChunks = Arrays.copyOf(bodyChunks, room);
    bodyStarts = Arrays.copyOf(bodyStarts, room);
    bodyLengths = Arrays.copyOf(bodyLengths, room);
  }

  /** How many events there are. */
  public int size() {
    return size;
  }

  /** Memory they take, in bytes. */
  public long bytes() {
    return size * 48L + bodyBytes + tasks.bytes + names.bytes;
  }

  /** Whether they take more memory than some bytes. */
  boolean exceed(long room) {
    return bytes() > room;
  }

  /** What to tell where the rest of a trace did not fit into some bytes. */
  String leftOut(long room) {
    return "only the first %,d events fit into the %,d MiB set aside for a trace: the rest is left out"
        .formatted(size, room >> 20);
  }

  /**
   * One of them.
   *
   * @throws IndexOutOfBoundsException unless 0 ≤ number &lt; size
   */
  public TraceEvent get(int number) {
    Objects.checkIndex(number, size);
    return new TraceEvent(
        number,
        lines[number],
        nanos[number],
        cpus[number],
        threads[number],
        processes[number],
        tasks.word(taskIds[number]),
        names.word(nameIds[number]),
        new String(
            bodies.get(bodyChunks[number]),
            bodyStarts[number],
            bodyLengths[number],
            StandardCharsets.UTF_8));
  }

  /** Time of one of them alone, in nanoseconds, or {@link TraceEvent#UNKNOWN}. */
  public long nanos(int number) {
    return nanos[Objects.checkIndex(number, size)];
  }

  /** Thread of one of them alone, or −1. */
  public int thread(int number) {
    return threads[Objects.checkIndex(number, size)];
  }

  /** Process of one of them alone, or −1. */
  public int process(int number) {
    return processes[Objects.checkIndex(number, size)];
  }

  /** Name of one of them alone. */
  public String eventName(int number) {
    return names.word(nameIds[Objects.checkIndex(number, size)]);
  }

  /** How often each name occurs, the commonest first, equal ones by name. */
  public Map<String, Long> counts() {
    long[] counts = new long[names.size()];
    for (int n = 0; n < size; n++) {
      counts[nameIds[n]]++;
    }
    List<Integer> order = new ArrayList<>();
    for (int id = 0; id < counts.length; id++) {
      order.add(id);
    }
    order.sort(
        Comparator.<Integer>comparingLong(id -> -counts[id]).thenComparing(id -> names.word(id)));
    Map<String, Long> ordered = new LinkedHashMap<>();
    order.forEach(id -> ordered.put(names.word(id), counts[id]));
    return ordered;
  }

  /** Short words that repeat, each kept once. */
  private static final class Words {
    private final Map<String, Integer> ids = new HashMap<>();
    private final List<String> words = new ArrayList<>();
    private long bytes;

    int idOf(String word) {
      Integer known = ids.get(word);
      if (known != null) {
        return known;
      }
      ids.put(word, words.size());
      words.add(word);
      bytes += 120 + 2L * word.length();
      return words.size() - 1;
    }

    String word(int id) {
      return words.get(id);
    }

    int size() {
      return words.size();
    }
  }
}
