package dev.stagewalk.mmu;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.event.Lookup.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The tables of a stage as they stand in memory, for showing them: table by table, or as ranges of
 * input addresses, which are called IPAs here, although those of stage 1 are VAs. Nothing is kept
 * of the tables but the position in them, so a scan of another instant is another {@code
 * TableScan}.
 */
public final class TableScan {
  /** Tables visited before {@link #ranges} gives up. */
  public static final int USUAL_LIMIT = 1 << 16;

  private final TableShape shape;
  private final Stage2Format format;
  private final Granule granule;
  private final DescriptorReader reader;

  /** Of the tables of stage 2. */
  public TableScan(Stage2Parameters parameters, DescriptorReader reader) {
    this(TableShape.of(parameters), reader);
  }

  /**
   * Of the tables of either stage.
   *
   * @param reader takes the addresses as the tables have them: IPAs for stage 1 under stage 2
   */
  public TableScan(TableShape shape, DescriptorReader reader) {
    this.shape = shape;
    this.format = shape.format();
    this.granule = shape.granule();
    this.reader = reader;
  }

  /**
   * One translation table, or the concatenated tables at the root.
   *
   * @param level level of lookup, −1 to 3
   * @param base physical address
   * @param entries descriptors in it
   * @param ipa first IPA that entry 0 covers
   * @param path index in each table above that leads here, the root's first; empty for the root
   */
  public record Table(int level, long base, int entries, long ipa, List<Integer> path) {

    /** Physical address of a descriptor. */
    public long descriptorAddress(int index) {
      return base + 8L * index;
    }
  }

  /**
   * Leaves that follow each other in IPA and PA, of one level and with the same attributes.
   *
   * @param ipa first IPA
   * @param pa first output address
   * @param bytes size of the whole range
   * @param level level of lookup of its leaves
   * @param leaf descriptor of the first leaf: its attributes are those of all
   * @param leaves how many
   */
  public record Range(long ipa, long pa, long bytes, int level, long leaf, long leaves) {}

  /**
   * What a scan of all tables found.
   *
   * @param ranges in order of IPA
   * @param tables tables visited, the root as one
   * @param leaves leaves found
   * @param unreadable tables that no memory answers for, or beyond the output size
   * @param complete false if the limit of tables ended the scan, or a table leads back to itself:
   *     that is not followed
   */
  public record Ranges(
      List<Range> ranges, int tables, long leaves, int unreadable, boolean complete) {}

  /** The root: all its concatenated tables as one. */
  public Table root() {
    return new Table(
        shape.startLevel(), shape.rootBase(), shape.rootEntries(), shape.firstInput(), List.of());
  }

  /**
   * The descriptor at a place of a table.
   *
   * @throws ExternalAbort if no memory answers there
   */
  public long descriptor(Table table, int index) {
    return reader.read(table.descriptorAddress(index));
  }

  /** What the walker makes of an entry, permissions aside. */
  public Verdict kind(Table table, int index) {
    try {
      long descriptor = descriptor(table, index);
      Verdict kind = format.kind(descriptor, table.level());
      return kind != Verdict.INVALID && beyond(descriptor) ? Verdict.REFUSED : kind;
    } catch (ExternalAbort _) {
      return Verdict.EXTERNAL_ABORT;
    }
  }

  /** First IPA that an entry covers. */
  public long ipaOf(Table table, int index) {
    return table.ipa() + ((long) index << granule.levelShift(table.level()));
  }

  /** Bytes of IPA space that one entry of a table covers. */
  public long entryCovers(Table table) {
    return 1L << granule.levelShift(table.level());
  }

  /** The table an entry names; empty if it names none. */
  public Optional<Table> child(Table table, int index) {
    if (kind(table, index) != Verdict.TABLE) {
      return Optional.empty();
    }
    List<Integer> path = new ArrayList<>(table.path());
    path.add(index);
    return Optional.of(
        new Table(
            table.level() + 1,
            format.tableAddress(descriptor(table, index)),
            granule.entries(),
            ipaOf(table, index),
            List.copyOf(path)));
  }

  /** The table at the end of a path of indices from the root; empty if the path breaks off. */
  public Optional<Table> at(List<Integer> path) {
    Optional<Table> table = Optional.of(root());
    for (int index : path) {
      table = table.filter(t -> index >= 0 && index < t.entries()).flatMap(t -> child(t, index));
    }
    return table;
  }

  /** Tables a walk of an IPA reads, the root first; empty where the IPA is out of range. */
  public List<Table> tablesOf(long ipa) {
    List<Table> found = new ArrayList<>();
    if (!shape.walkable() || !shape.covers(ipa)) {
      return found;
    }
    Optional<Table> next = Optional.of(root());
    while (next.isPresent()) {
      Table table = next.get();
      found.add(table);
      next = child(table, indexOf(table, ipa));
    }
    return found;
  }

  /** Index of the entry of a table that covers an IPA. */
  public int indexOf(Table table, long ipa) {
    return (int) (ipa >>> granule.levelShift(table.level())) & (table.entries() - 1);
  }

  /** Entries of a table that are valid; 0 where no memory answers. */
  public int validEntries(Table table) {
    int valid = 0;
    for (int i = 0; i < table.entries(); i++) {
      Verdict kind = kind(table, i);
      if (kind == Verdict.EXTERNAL_ABORT) {
        return 0;
      }
      if (kind != Verdict.INVALID) {
        valid++;
      }
    }
    return valid;
  }

  /** All leaves, merged, with the usual limit. */
  public Ranges ranges() {
    return ranges(USUAL_LIMIT);
  }

  /**
   * All leaves, merged.
   *
   * @param limit tables to visit at most
   */
  public Ranges ranges(int limit) {
    Folding folding = new Folding();
    TableSweep.Done done = TableSweep.over(shape, reader, folding, limit);
    folding.folder.finish();
    return new Ranges(
        List.copyOf(folding.found),
        (int) done.tables(),
        folding.folder.leaves(),
        folding.unreadable,
        done.complete() && !folding.looped);
  }

  private boolean beyond(long descriptor) {
    return format.tableAddress(descriptor) >>> shape.outputBits() != 0;
  }

  /** Folds what a sweep meets; leaves that no walk would end in are left out. */
  private final class Folding implements TableSweep.Visitor {
    private final List<Range> found = new ArrayList<>();
    private final RangeFolder folder = new RangeFolder(shape, found::add);
    private int unreadable;
    private boolean looped;

    @Override
    public void leaf(long ipa, int level, long pa, long descriptor) {
      if (!beyond(descriptor)) {
        folder.leaf(ipa, level, pa, descriptor);
      }
    }

    @Override
    public void oddity(TableSweep.Oddity oddity) {
      switch (oddity.kind()) {
        case NO_MEMORY, TABLE_BEYOND_OUTPUT_SIZE -> unreadable++;
        case LOOP -> looped = true;
        case OUTPUT_BEYOND_OUTPUT_SIZE, RESERVED, TOO_MANY_TABLES -> {
          // None of these is a table that a walk could enter.
        }
      }
    }
  }
}
