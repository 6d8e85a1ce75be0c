package dev.stagewalk.event;

import dev.stagewalk.event.Lookup.Verdict;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * The lookups of a walk in compact form: an immutable list whose elements are made when somebody
 * looks. A two-stage walk takes 24 lookups and more, and nobody looks at most walks.
 *
 * <p>The lookups are held in the order they were made. Those of stage 2 that stand before one of
 * stage 1 translated its address and are its {@link Lookup#nested()}; those after the last of stage
 * 1 translated its output.
 */
public final class LookupTrace extends AbstractList<Lookup> implements RandomAccess {
  /** Words a lookup takes: what it is, where the descriptor was read, and the descriptor. */
  private static final int WORDS = 3;

  private static final long HELD = 1L << 63;

  private static final Verdict[] VERDICTS = Verdict.values();

  private final long[] words;
  private final int count;
  private final long stage1Table;
  private final Outputs outputs;
  private final List<String> rules;
  private volatile @Nullable List<Lookup> lookups;

  private LookupTrace(
      long[] words, int count, long stage1Table, Outputs outputs, List<String> rules) {
    this.words = words;
    this.count = count;
    this.stage1Table = stage1Table;
    this.outputs = outputs;
    this.rules = rules;
  }

  /** Reads the address in a descriptor that was taken. */
  @FunctionalInterface
  public interface Outputs {
    /**
     * Next table or output address without the offset.
     *
     * @param kind {@link Verdict#TABLE}, BLOCK or PAGE
     */
    long of(int stage, int level, long descriptor, Verdict kind);
  }

  /** Takes lookups down while a walk makes them. */
  public static final class Builder {
    private final Outputs outputs;
    private final List<String> rules;
    private long[] words;
    private int count;
    private long held;
    private long stage1Table;

    /**
     * @param most lookups expected; more are possible
     * @param outputs how the descriptors of this walk hold addresses
     * @param rules the sentences that numbers stand for
     */
    public Builder(int most, Outputs outputs, List<String> rules) {
      this.words = new long[most * WORDS];
      this.outputs = outputs;
      this.rules = rules;
    }

    /** Stage 1 begins with this table: a PA, under stage 2 an IPA. */
    public void stage1From(long table) {
      stage1Table = table;
    }

    /** One lookup more; the parameters are those of {@link Lookup}. */
    public void add(
        int stage,
        int level,
        int index,
        int indexHigh,
        int indexLow,
        long descriptorAddress,
        long descriptor,
        Verdict verdict,
        int rule) {
      int at = count * WORDS;
      if (at == words.length) {
        words = Arrays.copyOf(words, at * 2);
      }
      words[at] =
          stage
              | (level + 1L) << 2
              | (long) verdict.ordinal() << 5
              | (long) rule << 8
              | (long) indexHigh << 16
              | (long) indexLow << 22
              | (long) index << 28
              | held;
      held = 0;
      words[at + 1] = descriptorAddress;
      words[at + 2] = descriptor;
      count++;
    }

    /** The next lookup is of what a TLB holds. */
    public void nextIsHeld() {
      held = HELD;
    }

    /** The list; nothing may be added afterwards. */
    public LookupTrace done() {
      return new LookupTrace(words, count, stage1Table, outputs, rules);
    }
  }

  /** Descriptor reads of the whole walk, nested ones included. */
  public int reads() {
    int reads = 0;
    for (int at = 0; at < count * WORDS; at += WORDS) {
      reads += VERDICTS[(int) (words[at] >>> 5) & 7] == Verdict.UNREACHED ? 0 : 1;
    }
    return reads;
  }

  /** Where the latest lookup was made: {@link Lookup#descriptorAddress()} of the last one. */
  public long lastDescriptorAddress() {
    return words[(count - 1) * WORDS + 1];
  }

  @Override
  public Lookup get(int index) {
    return lookups().get(index);
  }

  @Override
  public int size() {
    return lookups().size();
  }

  @Override
  public boolean isEmpty() {
    return count == 0;
  }

  private List<Lookup> lookups() {
    List<Lookup> made = lookups;
    if (made == null) {
      made = make();
      lookups = made;
    }
    return made;
  }

  private List<Lookup> make() {
    List<Lookup> outer = new ArrayList<>();
    List<Lookup> pending = new ArrayList<>();
    long table = stage1Table;
    for (int i = 0; i < count; i++) {
      if ((words[i * WORDS] & 3) == 1) {
        Lookup made = lookup(i, table, pending);
        outer.add(made);
        table = made.output();
        pending.clear();
      } else {
        pending.add(lookup(i, words[i * WORDS + 1] - 8L * index(i), List.of()));
      }
    }
    outer.addAll(pending);
    return List.copyOf(outer);
  }

  private int index(int i) {
    return (int) (words[i * WORDS] >>> 28) & 0x7fff_ffff;
  }

  private Lookup lookup(int i, long table, List<Lookup> nested) {
    int at = i * WORDS;
    long packed = words[at];
    int stage = (int) packed & 3;
    int level = ((int) (packed >>> 2) & 7) - 1;
    long descriptor = words[at + 2];
    Verdict verdict = VERDICTS[(int) (packed >>> 5) & 7];
    long output =
        switch (verdict) {
          case TABLE, BLOCK, PAGE -> outputs.of(stage, level, descriptor, verdict);
          case INVALID, REFUSED, EXTERNAL_ABORT, UNREACHED -> 0;
        };
    return new Lookup(
        stage,
        level,
        table,
        index(i),
        (int) (packed >>> 16) & 0x3f,
        (int) (packed >>> 22) & 0x3f,
        words[at + 1],
        descriptor,
        verdict,
        output,
        rules.get((int) (packed >>> 8) & 0xff),
        nested,
        (packed & HELD) != 0);
  }
}
