package dev.stagewalk.time;

import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The record of a line of a run: every event from the start. Those at hand lie in blocks, which
 * lines share as far as they share events; blocks that memory was asked back for are executed again
 * from the checkpoint before them when asked for, so that nothing at all is kept of them.
 *
 * <p>One thread appends and gives up; any thread may read a {@link View}.
 */
public final class EventLog {
  /** Events in a block. */
  static final int BLOCK = 512;

  private final Shelf shelf;
  private final Refetch refetch;

  /** Those up to {@link #firstKept} are empty. */
  private Block[] blocks = new Block[16];

  /** Number of the first event of the first block. */
  private long base;

  private int firstKept;
  private long size;
  private long lastInstruction;
  private long lastMicro;

  /** Executes a run again for what is not at hand. */
  interface Refetch {
    /**
     * Consecutive events.
     *
     * @param end moment of the last event that is known of the line
     */
    Content events(long first, int count, Line line, Moment end);

    /** Events that had happened at a moment of a line. */
    long countAt(Moment moment, Line line);

    /** One event, where it can be had alone; null where it is executed with others. */
    default @Nullable Event event(long number, Line line) {
      return null;
    }

    /** As {@link Events#stretch}, of a line. */
    default Optional<Events.Stretch> stretch(long number, Line line) {
      return Optional.empty();
    }
  }

  /** What the events at hand of all lines take. */
  static final class Shelf {
    private long bytes;

    /** Bytes, estimated. */
    long bytes() {
      return bytes;
    }
  }

  /**
   * @param shelf of all lines of the run
   * @param refetch for events that are not at hand
   */
  EventLog(Shelf shelf, Refetch refetch) {
    this.shelf = shelf;
    this.refetch = refetch;
  }

  /**
   * Of a run that was recorded: all its events are fetched.
   *
   * @param count how many
   * @param end up to which moment all of them are there
   */
  static EventLog archived(Shelf shelf, Refetch refetch, long count, Moment end) {
    EventLog log = new EventLog(shelf, refetch);
    log.size = count;
    log.base = count;
    log.lastInstruction = end.instruction();
    log.lastMicro = end.micro();
    return log;
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

  /** Whether all that happened up to a moment is on record. */
  boolean reaches(long instruction, long micro) {
    return instruction < lastInstruction || (instruction == lastInstruction && micro <= lastMicro);
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
    shelf.bytes += cost;
    size++;
    lastInstruction = instruction;
    lastMicro = micro;
  }

  /** A new last block; its place. */
  private int begin(int place) {
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

  /**
   * The first events once more, to be gone on from on another line.
   *
   * @param count how many
   * @param moment up to which they have happened
   */
  EventLog fork(long count, Moment moment) {
    EventLog fork = new EventLog(shelf, refetch);
    fork.size = count;
    fork.lastInstruction = moment.instruction();
    fork.lastMicro = moment.micro();
    int b = count < base ? -1 : (int) ((count - base) / BLOCK);
    int rest = count < base ? 0 : (int) ((count - base) % BLOCK);
    Content content = rest == 0 ? null : blocks[b].content;
    if (b < firstKept || (rest > 0 && content == null)) {
      fork.base = count;
      return fork;
    }
    fork.base = base;
    fork.firstKept = firstKept;
    fork.blocks = Arrays.copyOf(Arrays.copyOf(blocks, b), b + 16);
    if (content != null) {
      Block last = new Block(content.first(rest));
      for (int i = 0; i < rest; i++) {
        last.bytes += costOf(content.events[i]);
      }
      shelf.bytes += last.bytes;
      fork.blocks[b] = last;
    }
    return fork;
  }

  /**
   * Gives up blocks that another log does not have, the oldest first.
   *
   * @param enough asked before each
   */
  void giveUpAllBut(EventLog other, BooleanSupplier enough) {
    Set<Block> kept = Collections.newSetFromMap(new IdentityHashMap<>());
    Collections.addAll(kept, other.blocks);
    for (int b = firstKept; b < lastBlock() && !enough.getAsBoolean(); b++) {
      if (!kept.contains(blocks[b])) {
        giveUp(blocks[b]);
      }
    }
  }

  /**
   * Gives up blocks, the oldest first.
   *
   * @param enough asked before each
   */
  void giveUp(BooleanSupplier enough) {
    while (firstKept < lastBlock() && !enough.getAsBoolean()) {
      giveUp(blocks[firstKept++]);
    }
  }

  private void giveUp(Block block) {
    if (block.content != null) {
      block.content = null;
      shelf.bytes -= block.bytes;
    }
  }

  /** Place of the last block, which always has its events. */
  private int lastBlock() {
    return size == base ? 0 : (int) ((size - 1 - base) / BLOCK);
  }

  long size() {
    return size;
  }

  /** The log of a line as it is now; later appends do not show in it. */
  View view(Line line) {
    return new View(this, line);
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
    private final Line line;
    private final int branch;
    private final Refetch refetch;

    private View(EventLog log, Line line) {
      this.blocks = log.blocks;
      this.base = log.base;
      this.firstKept = log.firstKept;
      this.size = log.size;
      this.bytes = log.shelf.bytes;
      this.last = Moment.at(log.lastInstruction, log.lastMicro);
      this.refetch = log.refetch;
      this.line = line;
      this.branch = line.number();
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public long bytes() {
      return bytes;
    }

    /** Whether an event can be had without executing anything. */
    boolean isAtHand(long number) {
      return number >= base && blocks[(int) ((number - base) / BLOCK)].content != null;
    }

    @Override
    public Event get(long number) {
      if (number < 0 || number >= size) {
        throw new NoSuchElementException("no event " + number + "; there are " + size);
      }
      Content content = number < base ? null : blocks[(int) ((number - base) / BLOCK)].content;
      int i = (int) ((number - base) % BLOCK);
      Event fetched = content == null ? refetch.event(number, line) : null;
      if (fetched != null) {
        return fetched;
      }
      if (content == null) {
        i = (int) (number % BLOCK);
        long first = number - i;
        int count = (int) Math.min(BLOCK, size - first);
        content = refetch.events(first, count, line, last);
      }
      return new Event(
          number, content.moment(i).onBranch(branch), content.pes[i], content.events[i]);
    }

    @Override
    public Optional<Stretch> stretch(long number) {
      return number < base ? refetch.stretch(number, line) : Optional.empty();
    }

    @Override
    public long countAt(Moment place) {
      Moment moment = place.onBranch(1);
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
        return Math.min(size, refetch.countAt(moment, line));
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
