package dev.stagewalk.time;

import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The record of a run: every event. The youngest are at hand, in blocks, as many as the budget
 * holds; all others are executed again from the checkpoint before them when asked for, so that
 * nothing at all is kept of them.
 *
 * <p>One thread appends and truncates; any thread may read a {@link View}.
 */
public final class EventLog {
  /** Events in a block. */
  static final int BLOCK = 512;

  private final long budget;
  private final Refetch refetch;

  /** Those up to {@link #firstKept} are empty. */
  private Block[] blocks = new Block[16];

  /** Number of the first event of the first block. */
  private long base;

  private int firstKept;
  private long size;
  private long bytes;
  private long lastInstruction;
  private long lastMicro;

  /** Executes a run again for what is not at hand. */
  interface Refetch {
    /**
     * Consecutive events.
     *
     * @param inputs of the run
     * @param end moment of the last event of the run
     */
    Content events(long first, int count, List<Input> inputs, Moment end);

    /** Events that had happened at a moment of the run. */
    long countAt(Moment moment, List<Input> inputs);
  }

  /**
   * @param budget bytes of events kept at hand
   * @param refetch for the others
   */
  EventLog(long budget, Refetch refetch) {
    this.budget = budget;
    this.refetch = refetch;
  }

  /** Consecutive events, which are filled in and never changed, until they are given up. */
  private static final class Block {
    volatile @Nullable Content content;
    long bytes;

    Block(Content content) {
      this.content = content;
    }
  }

  /** Up to {@link #BLOCK} events. */
  static final class Content {
    final long[] instructions;
    final long[] micros;
    final byte[] pes;
    final SimEvent[] events;

    Content() {
      this(new long[BLOCK], new long[BLOCK], new byte[BLOCK], new SimEvent[BLOCK]);
    }

    private Content(long[] instructions, long[] micros, byte[] pes, SimEvent[] events) {
      this.instructions = instructions;
      this.micros = micros;
      this.pes = pes;
      this.events = events;
    }

    void set(int i, long instruction, long micro, int pe, SimEvent event) {
      instructions[i] = instruction;
      micros[i] = micro;
      pes[i] = (byte) pe;
      events[i] = event;
    }

    Moment moment(int i) {
      return Moment.at(instructions[i], micros[i]);
    }

    Content first(int count) {
      return new Content(
          Arrays.copyOf(Arrays.copyOf(instructions, count), BLOCK),
          Arrays.copyOf(Arrays.copyOf(micros, count), BLOCK),
          Arrays.copyOf(Arrays.copyOf(pes, count), BLOCK),
          Arrays.copyOf(Arrays.copyOf(events, count), BLOCK));
    }
  }

  void append(long instruction, long micro, int pe, SimEvent event) {
    int b = (int) ((size - base) / BLOCK);
    int i = (int) ((size - base) % BLOCK);
    if (i == 0) {
      b = begin(b);
    }
    Block block = blocks[b];
    Content content = block.content;
    if (content == null) {
      throw new IllegalStateException("the last block of a log always has its events");
    }
    content.set(i, instruction, micro, pe, event);
    long cost = costOf(event);
    block.bytes += cost;
    bytes += cost;
    size++;
    lastInstruction = instruction;
    lastMicro = micro;
  }

  /** A new last block; its place. */
  private int begin(int place) {
    while (bytes > budget * 7 / 8 && firstKept < place) {
      Block old = blocks[firstKept++];
      old.content = null;
      bytes -= old.bytes;
    }
    int b = place;
    if (b == blocks.length) {
      // Views hold the old array: what they show must stay where it is.
      blocks = Arrays.copyOf(Arrays.copyOfRange(blocks, firstKept, b), 2 * (b - firstKept) + 16);
      base += (long) firstKept * BLOCK;
      b -= firstKept;
      firstKept = 0;
    }
    blocks[b] = new Block(new Content());
    return b;
  }

  /** Forgets all but the first events. Views taken before keep them. */
  void truncateTo(long count, Moment moment) {
    if (count == size) {
      return;
    }
    int b = count < base ? -1 : (int) ((count - base) / BLOCK);
    int rest = count < base ? 0 : (int) ((count - base) % BLOCK);
    Content content = b < firstKept ? null : blocks[b].content;
    if (content == null) {
      blocks = new Block[16];
      base = count;
      firstKept = 0;
    } else {
      Block[] kept = Arrays.copyOf(Arrays.copyOf(blocks, b), b + 16);
      if (rest > 0) {
        kept[b] = new Block(content.first(rest));
        for (int i = 0; i < rest; i++) {
          kept[b].bytes += costOf(content.events[i]);
        }
      }
      blocks = kept;
    }
    bytes = 0;
    for (int i = firstKept; i < blocks.length && blocks[i] != null; i++) {
      bytes += blocks[i].bytes;
    }
    size = count;
    lastInstruction = moment.instruction();
    lastMicro = moment.micro();
  }

  long size() {
    return size;
  }

  /** Bytes the events at hand take, estimated. */
  long bytes() {
    return bytes;
  }

  /**
   * The log as it is now; later appends do not show in it.
   *
   * @param inputs of the run
   */
  View view(List<Input> inputs) {
    return new View(this, inputs);
  }

  /** Bytes an event takes in memory, estimated from its object layout, its place included. */
  private static long costOf(SimEvent event) {
    return switch (event) {
      case SimEvent.Translated t -> 240 + 40L * t.translation().steps();
      case SimEvent.HostCallBegan b -> 120 + b.arguments().length();
      case SimEvent.HostCallEnded e -> 120 + e.result().length();
      case SimEvent.HandlerAnswered a -> 112 + a.reason().length();
      case SimEvent.Printed p -> 88 + p.text().length();
      case SimEvent.FirmwareCalled f -> 120 + f.arguments().length();
      case SimEvent.GuestStopped s -> 88 + s.reason().length();
      case SimEvent.ExceptionTaken _ -> 112;
      default -> 64;
    };
  }

  /** The events up to a certain number. Immutable; any thread may use it. */
  public static final class View implements Events {
    private final Block[] blocks;
    private final long base;
    private final int firstKept;
    private final long size;
    private final long bytes;
    private final Moment last;
    private final List<Input> inputs;
    private final Refetch refetch;

    private View(EventLog log, List<Input> inputs) {
      this.blocks = log.blocks;
      this.base = log.base;
      this.firstKept = log.firstKept;
      this.size = log.size;
      this.bytes = log.bytes;
      this.last = Moment.at(log.lastInstruction, log.lastMicro);
      this.refetch = log.refetch;
      this.inputs = inputs;
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
      if (number < 0 || number >= size) {
        throw new NoSuchElementException("no event " + number + "; there are " + size);
      }
      Content content = number < base ? null : blocks[(int) ((number - base) / BLOCK)].content;
      int i = (int) ((number - base) % BLOCK);
      if (content == null) {
        i = (int) (number % BLOCK);
        long first = number - i;
        int count = (int) Math.min(BLOCK, size - first);
        content = refetch.events(first, count, inputs, last);
      }
      return new Event(number, content.moment(i), content.pes[i], content.events[i]);
    }

    @Override
    public long countAt(Moment moment) {
      if (size == 0 || last.compareTo(moment) <= 0) {
        return size;
      }
      int low = firstKept;
      int high = (int) ((size - base + BLOCK - 1) / BLOCK);
      while (low < high) {
        int middle = (low + high) >>> 1;
        Content content = blocks[middle].content;
        // An empty block is before all others, so that the search goes on behind it.
        if (content == null || content.moment(0).compareTo(moment) <= 0) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      Content content = low == firstKept ? null : blocks[low - 1].content;
      if (content == null) {
        return Math.min(size, refetch.countAt(moment, inputs));
      }
      long first = base + (long) (low - 1) * BLOCK;
      return first + countIn(content, (int) Math.min(BLOCK, size - first), moment);
    }

    private static int countIn(Content content, int count, Moment moment) {
      int low = 0;
      int high = count;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (content.moment(middle).compareTo(moment) <= 0) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }
  }
}
