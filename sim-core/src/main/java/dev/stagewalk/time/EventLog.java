package dev.stagewalk.time;

import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import java.util.Arrays;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The record of a run: every event, in chunks. When it takes more than its budget, the oldest
 * chunks give up their events and keep only where they stand; such events are executed again when
 * asked for.
 *
 * <p>One thread appends and truncates; any thread may read a {@link #view()}.
 */
public final class EventLog {
  /** Events in a chunk. */
  static final int CHUNK = 512;

  private final long budget;
  private final Refetch refetch;
  private Chunk[] chunks = new Chunk[16];
  private long size;
  private long bytes;
  private int firstKept;

  /** Executes again what a chunk held. */
  @FunctionalInterface
  interface Refetch {
    /** The events from one moment to another, both included. */
    Content between(Moment first, Moment last);
  }

  /**
   * @param budget bytes of events kept at hand
   * @param refetch for the others
   */
  EventLog(long budget, Refetch refetch) {
    this.budget = budget;
    this.refetch = refetch;
  }

  /** A run of consecutive events. Filled up, then never changed except that it may be emptied. */
  static final class Chunk {
    final int branch;
    final long firstNumber;
    final long exitsBefore;
    int count;
    int exits;
    long bytes;
    volatile @Nullable Content content = new Content();

    /** Kept when the content is gone. */
    long firstInstruction;

    long firstMicro;
    long lastInstruction;
    long lastMicro;

    Chunk(int branch, long firstNumber, long exitsBefore) {
      this.branch = branch;
      this.firstNumber = firstNumber;
      this.exitsBefore = exitsBefore;
    }

    Moment first() {
      return new Moment(branch, firstInstruction, firstMicro);
    }

    Moment last() {
      return new Moment(branch, lastInstruction, lastMicro);
    }
  }

  /** The events of a chunk. */
  static final class Content {
    final long[] instructions = new long[CHUNK];
    final long[] micros = new long[CHUNK];
    final SimEvent[] events = new SimEvent[CHUNK];
  }

  void append(Moment moment, SimEvent event) {
    append(moment.instruction(), moment.micro(), event);
  }

  void append(long instruction, long micro, SimEvent event) {
    int c = (int) (size / CHUNK);
    if (c == chunks.length) {
      chunks = Arrays.copyOf(chunks, c * 2);
    }
    Chunk chunk = chunks[c];
    if (chunk == null) {
      long exits = c == 0 ? 0 : chunks[c - 1].exitsBefore + chunks[c - 1].exits;
      chunk = new Chunk(1, size, exits);
      chunk.firstInstruction = instruction;
      chunk.firstMicro = micro;
      chunks[c] = chunk;
    }
    Content content = chunk.content;
    if (content == null) {
      throw new IllegalStateException("the last chunk of a log always has its events");
    }
    int i = chunk.count;
    content.instructions[i] = instruction;
    content.micros[i] = micro;
    content.events[i] = event;
    chunk.lastInstruction = instruction;
    chunk.lastMicro = micro;
    if (isExit(event)) {
      chunk.exits++;
    }
    long cost = costOf(event);
    chunk.bytes += cost;
    bytes += cost;
    chunk.count++;
    size++;
    if (chunk.count == CHUNK && bytes > budget) {
      evict(c);
    }
  }

  private void evict(int last) {
    while (bytes > budget * 3 / 4 && firstKept < last - 1) {
      Chunk old = chunks[firstKept++];
      old.content = null;
      bytes -= old.bytes;
    }
  }

  /** Forgets all events after a moment. Views taken before keep them. */
  void truncateAfter(Moment moment) {
    long keep = view().countAt(moment);
    int full = (int) (keep / CHUNK);
    int rest = (int) (keep % CHUNK);
    Chunk[] kept = Arrays.copyOf(Arrays.copyOf(chunks, full + (rest > 0 ? 1 : 0)), full + 16);
    for (int c = full; c < chunks.length; c++) {
      if (chunks[c] != null && chunks[c].content != null) {
        bytes -= chunks[c].bytes;
      }
    }
    if (rest > 0) {
      Chunk old = chunks[full];
      Chunk copy = new Chunk(old.branch, old.firstNumber, old.exitsBefore);
      View all = view();
      copy.firstInstruction = old.firstInstruction;
      copy.firstMicro = old.firstMicro;
      chunks = kept;
      kept[full] = copy;
      size = (long) full * CHUNK;
      firstKept = Math.min(firstKept, full);
      for (int i = 0; i < rest; i++) {
        Event event = all.get(old.firstNumber + i);
        append(event.moment(), event.what());
      }
    } else {
      chunks = kept;
      size = keep;
      firstKept = Math.min(firstKept, full);
    }
  }

  long size() {
    return size;
  }

  /** Bytes the events at hand take, estimated. */
  public long bytes() {
    return bytes;
  }

  /** The log as it is now; later appends do not show in it. */
  public View view() {
    return new View(chunks, size, bytes, refetch);
  }

  static boolean isExit(SimEvent event) {
    return event instanceof SimEvent.ExceptionTaken taken && taken.toEl() == 2;
  }

  /** Bytes an event takes in memory, estimated from its object layout. */
  private static long costOf(SimEvent event) {
    return switch (event) {
      case SimEvent.Translated t -> 240 + 40L * t.translation().reads();
      case SimEvent.HostCallBegan b -> 120 + b.arguments().length();
      case SimEvent.HostCallEnded e -> 120 + e.result().length();
      case SimEvent.ExceptionTaken _ -> 112;
      default -> 64;
    };
  }

  /** The events up to a certain size. Immutable; any thread may use it. */
  public static final class View implements Events {
    private final Chunk[] chunks;
    private final long size;
    private final long bytes;
    private final Refetch refetch;

    private View(Chunk[] chunks, long size, long bytes, Refetch refetch) {
      this.chunks = chunks;
      this.size = size;
      this.bytes = bytes;
      this.refetch = refetch;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public long bytes() {
      return bytes;
    }

    @Override
    public Event get(long number) {
      Chunk chunk = chunkOf(number);
      Content content = contentOf(chunk);
      int i = (int) (number % CHUNK);
      return new Event(number, momentIn(chunk, content, i), 0, content.events[i]);
    }

    @Override
    public Moment momentOf(long number) {
      Chunk chunk = chunkOf(number);
      if (number == chunk.firstNumber) {
        return chunk.first();
      }
      return momentIn(chunk, contentOf(chunk), (int) (number % CHUNK));
    }

    @Override
    public long countAt(Moment moment) {
      if (size == 0) {
        return 0;
      }
      int low = 0;
      int high = (int) ((size - 1) / CHUNK) + 1;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (chunks[middle].first().compareTo(moment) <= 0) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      if (low == 0) {
        return 0;
      }
      Chunk chunk = chunks[low - 1];
      int count = (int) Math.min(CHUNK, size - chunk.firstNumber);
      if (count == chunk.count && chunk.last().compareTo(moment) <= 0) {
        return chunk.firstNumber + count;
      }
      Content content = contentOf(chunk);
      int i = 1;
      while (i < count && momentIn(chunk, content, i).compareTo(moment) <= 0) {
        i++;
      }
      return chunk.firstNumber + i;
    }

    /** Exits to EL2 among the first {@code count} events. */
    public long exitsAmong(long count) {
      if (count == 0) {
        return 0;
      }
      Chunk chunk = chunks[(int) ((count - 1) / CHUNK)];
      int within = (int) (count - chunk.firstNumber);
      if (within == chunk.count) {
        return chunk.exitsBefore + chunk.exits;
      }
      Content content = contentOf(chunk);
      long exits = chunk.exitsBefore;
      for (int i = 0; i < within; i++) {
        if (isExit(content.events[i])) {
          exits++;
        }
      }
      return exits;
    }

    /** The last exit among the first {@code count} events, or −1. */
    public long lastExitAmong(long count) {
      for (long n = count - 1; n >= 0; n--) {
        Chunk chunk = chunkOf(n);
        if (chunk.exits == 0) {
          n = chunk.firstNumber;
          continue;
        }
        if (isExit(contentOf(chunk).events[(int) (n % CHUNK)])) {
          return n;
        }
      }
      return -1;
    }

    /** The first exit at or after an event, or −1. */
    public long firstExitFrom(long number) {
      for (long n = number; n < size; n++) {
        Chunk chunk = chunkOf(n);
        if (chunk.exits == 0) {
          n = chunk.firstNumber + CHUNK - 1;
          continue;
        }
        if (isExit(contentOf(chunk).events[(int) (n % CHUNK)])) {
          return n;
        }
      }
      return -1;
    }

    private Chunk chunkOf(long number) {
      if (number < 0 || number >= size) {
        throw new NoSuchElementException("no event " + number + "; there are " + size);
      }
      return chunks[(int) (number / CHUNK)];
    }

    private Content contentOf(Chunk chunk) {
      Content content = chunk.content;
      if (content != null) {
        return content;
      }
      return refetch.between(chunk.first(), chunk.last());
    }

    private static Moment momentIn(Chunk chunk, Content content, int i) {
      return new Moment(chunk.branch, content.instructions[i], content.micros[i]);
    }
  }
}
