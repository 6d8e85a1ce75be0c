package dev.stagewalk.check;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Size;
import dev.stagewalk.mmu.EntryFormat;
import dev.stagewalk.mmu.RangeFolder;
import dev.stagewalk.mmu.TableScan;
import dev.stagewalk.mmu.TableShape;
import dev.stagewalk.mmu.TableSweep;
import org.jspecify.annotations.Nullable;

/**
 * Judges every table and descriptor of a tree in one sweep. A table that several descriptors name
 * is entered once at each level, so that a sweep ends whatever the tables hold.
 */
final class TableJudge implements TableSweep.Visitor {
  private static final int LEVELS = 5;

  private final TableTree tree;
  private final TableShape shape;
  private final Surroundings surroundings;
  private final Findings findings;
  private final SeenTables seen;
  private final MappedMemory mapped;
  private final RangeRules ranges;
  private final RangeFolder folder;
  private final EntryRules[] rules = new EntryRules[LEVELS];

  // The tables on the way to what is looked at, by level + 1.
  private final long[] bases = new long[LEVELS];
  private final int[] sizes = new int[LEVELS];
  private final long[] limits = new long[LEVELS + 1];

  /** Of the last contiguous run that was looked at: its table and first index. */
  private long runTable = -1;

  private int runFirst;

  /** Where the first leaf of the range stands that is being folded, and limits above it. */
  private Place.Entry first;

  private long firstLimits;
  private boolean passedOn = true;

  /** Leaves with equal attributes whose neighbours may have the same, wherever they lead to. */
  private TableScan.@Nullable Range waiting;

  private Place.Entry waitingFirst;
  private long waitingLimits;

  /**
   * @param seen tables met so far: those of other trees too
   * @param mapped gets all ranges of leaves
   */
  TableJudge(
      TableTree tree,
      Surroundings surroundings,
      SeenTables seen,
      MappedMemory mapped,
      Findings findings) {
    this.tree = tree;
    this.shape = tree.shape();
    this.surroundings = surroundings;
    this.findings = findings;
    this.seen = seen;
    this.mapped = mapped;
    this.ranges = new RangeRules(surroundings.accessFaults(), findings);
    this.folder = new RangeFolder(shape, this::range);
    this.first = new Place.Entry(tree.owner(), shape.startLevel(), shape.rootBase(), 0, 0, 0);
    this.waitingFirst = first;
    for (int level = shape.startLevel(); level <= 3; level++) {
      rules[level + 1] = new EntryRules(tree.formats().apply(level));
    }
  }

  /** Judges the controls and, where they let a walk begin at the tables, all of these. */
  TableSweep.Done judge(long limit) {
    ControlRules.judge(tree, findings);
    if (tree.problems().stream().anyMatch(ControlRules::leadsAstray)) {
      return new TableSweep.Done(0, false);
    }
    TableSweep.Done done = TableSweep.over(shape, tree.reader(), this, limit);
    folder.finish();
    judgeWaiting();
    ranges.finish();
    return done;
  }

  private EntryFormat format(int level) {
    return rules[level + 1].format();
  }

  private Place.Entry place(int level, long input) {
    int shift = shape.granule().levelShift(level);
    int index = (int) (input >>> shift) & (sizes[level + 1] - 1);
    return new Place.Entry(tree.owner(), level, bases[level + 1], index, input, 1L << shift);
  }

  @Override
  public boolean table(int level, long base, int entries, long input) {
    if (level > shape.startLevel()) {
      Place.Entry parent = place(level - 1, input);
      boolean known = seen.add(base, level, input);
      int other = known ? level : otherLevel(base, level);
      if (other != level || known) {
        shared(base, level, other, parent);
      }
      if (known) {
        return false;
      }
    } else if (!isNewRoot(base, level, input)) {
      sharedRoot(base, level);
      return false;
    }
    if (level > shape.startLevel() && limits[level] != limits[level + 1]) {
      folder.finish();
    }
    bases[level + 1] = base;
    sizes[level + 1] = entries;
    return true;
  }

  private int otherLevel(long base, int level) {
    for (int other = -1; other <= 3; other++) {
      if (other != level && seen.contains(base, other)) {
        return other;
      }
    }
    return level;
  }

  private void shared(long base, int level, int other, Place.Entry parent) {
    if (tree.stage() != 2) {
      // Kernels share tables of stage 1 on purpose, for what they map everywhere alike.
      return;
    }
    findings.add(
        FindingKind.TABLE_SHARED,
        1,
        () ->
            new Finding(
                FindingKind.TABLE_SHARED,
                parent,
                "The entry names the table at "
                    + Hex.address(base)
                    + ", which is read at level "
                    + level
                    + " here and was reached before, at level "
                    + other
                    + " for "
                    + tree.owner().input()
                    + " "
                    + Hex.address(seen.inputOf(base, other))
                    + ".",
                "Give "
                    + tree.owner().input()
                    + " "
                    + Hex.address(parent.input())
                    + " a table of its own, or store 0 in the entry at "
                    + Hex.address(parent.at())
                    + "."));
  }

  /** Takes note of all the tables that the root is concatenated of. */
  private boolean isNewRoot(long base, int level, long input) {
    boolean known = seen.add(base, level, input);
    for (long part = shape.granule().bytes();
        part < shape.rootBytes();
        part += shape.granule().bytes()) {
      seen.add(base + part, level, input);
    }
    return !known;
  }

  private void sharedRoot(long base, int level) {
    findings.accept(
        new Finding(
            FindingKind.TABLE_SHARED,
            new Place.Table(tree.owner(), level, base, shape.firstInput(), 0),
            "The root at "
                + Hex.address(base)
                + " is a table of other controls or another VMID too.",
            "Give each guest tables of its own."));
  }

  @Override
  public void next(long input, int level, long descriptor) {
    limits[level + 2] = limits[level + 1] | format(level).tableLimits(descriptor);
    EntryRules rule = rules[level + 1];
    if (rule.suspiciousTable(descriptor)) {
      rule.judgeTable(descriptor, place(level, input), findings);
    }
  }

  @Override
  public void leaf(long input, int level, long pa, long descriptor) {
    EntryRules rule = rules[level + 1];
    if (rule.suspicious(descriptor)) {
      rule.judge(descriptor, place(level, input), findings);
    }
    EntryFormat format = rule.format();
    if (format.contiguous(descriptor)) {
      contiguous(format, place(level, input));
    }
    if (shape.format().tableAddress(descriptor) >>> shape.outputBits() != 0) {
      // A walk faults; the sweep says so.
      return;
    }
    folder.leaf(input, level, pa, descriptor);
    if (passedOn) {
      first = place(level, input);
      firstLimits = limits[level + 1];
      passedOn = false;
    }
  }

  private void contiguous(EntryFormat format, Place.Entry place) {
    int runStart = place.index() & -format.contiguousEntries();
    if (runTable == place.table() && runFirst == runStart) {
      return;
    }
    runTable = place.table();
    runFirst = runStart;
    ContiguousRule.wrong(
            format, tree.reader(), place.table(), sizes[place.level() + 1], place.index())
        .ifPresent(words ->
            findings.add(
                FindingKind.CONTIGUOUS_MISUSE,
                1,
                () ->
                    new Finding(
                        FindingKind.CONTIGUOUS_MISUSE,
                        place,
                        Character.toUpperCase(words.charAt(0)) + words.substring(1) + ".",
                        "Clear bit 52 in every entry of the run, or make all "
                            + format.contiguousEntries()
                            + " of them valid, with equal attributes, from an output address that"
                            + " is a multiple of "
                            + Size.words((long) format.contiguousEntries() << format.shift())
                            + ", by break-before-make.")));
  }

  private void range(TableScan.Range range) {
    passedOn = true;
    mapped.add(format(range.level()), range);
    TableScan.Range before = waiting;
    if (before != null
        && before.level() == range.level()
        && before.ipa() + before.bytes() == range.ipa()
        && waitingLimits == firstLimits
        && folder.sameAttributes(before.leaf(), range.leaf())) {
      waiting =
          new TableScan.Range(
              before.ipa(),
              before.pa(),
              before.bytes() + range.bytes(),
              before.level(),
              before.leaf(),
              before.leaves() + range.leaves());
      return;
    }
    judgeWaiting();
    waiting = range;
    waitingFirst = first;
    waitingLimits = firstLimits;
  }

  private void judgeWaiting() {
    TableScan.Range range = waiting;
    if (range != null) {
      Place place =
          range.leaves() == 1
              ? waitingFirst
              : new Place.Input(tree.owner(), range.ipa(), range.bytes());
      ranges.judge(format(range.level()), range, waitingLimits, place);
      waiting = null;
    }
  }

  @Override
  public void oddity(TableSweep.Oddity oddity) {
    switch (oddity.kind()) {
      case LOOP -> loop(oddity);
      case NO_MEMORY -> noMemory(oddity);
      case TABLE_BEYOND_OUTPUT_SIZE -> beyond(FindingKind.TABLE_BEYOND_PS, oddity);
      case OUTPUT_BEYOND_OUTPUT_SIZE -> beyond(FindingKind.OUTPUT_BEYOND_PS, oddity);
      case RESERVED -> reserved(oddity);
      case TOO_MANY_TABLES ->
          findings.accept(
              new Finding(
                  FindingKind.NOT_JUDGED,
                  place(oddity.level(), oddity.ipa()),
                  "The limit of tables is reached here: nothing beyond was looked at.",
                  "Allow more tables if there are so many."));
    }
  }

  private void loop(TableSweep.Oddity oddity) {
    long named = shape.format().tableAddress(oddity.descriptor());
    FindingKind kind = tree.stage() == 2 ? FindingKind.TABLE_LOOP : FindingKind.RECURSIVE_TABLE;
    findings.add(
        kind,
        1,
        () ->
            new Finding(
                kind,
                place(oddity.level(), oddity.ipa()),
                "The descriptor "
                    + Hex.plain(oddity.descriptor())
                    + " names the table at "
                    + Hex.address(named)
                    + ", through which it was reached.",
                "Store 0 at "
                    + Hex.address(oddity.at())
                    + ", or the address of a table that is used nowhere else."));
  }

  private void noMemory(TableSweep.Oddity oddity) {
    Place place =
        new Place.Table(
            tree.owner(),
            oddity.level(),
            bases[oddity.level() + 1],
            oddity.ipa(),
            (long) sizes[oddity.level() + 1] << shape.granule().levelShift(oddity.level()));
    FindingKind kind =
        surroundings.partial() || underStage2()
            ? FindingKind.NOT_JUDGED
            : FindingKind.TABLE_UNREADABLE;
    findings.add(kind, 1, () -> unreadable(kind, place, oddity.at()));
  }

  /** Then a table may be paged out: a walk that comes there faults at stage 2, which may map it. */
  private boolean underStage2() {
    return tree.stage() == 1 && tree.owner().vmid() >= 0;
  }

  private Finding unreadable(FindingKind kind, Place place, long at) {
    if (kind == FindingKind.TABLE_UNREADABLE) {
      return new Finding(
          kind,
          place,
          "No memory answers at "
              + Hex.address(at)
              + ": a walk that comes here ends in a synchronous External abort.",
          "Name a table that lies in memory, or store 0 in the entry that names this one.");
    }
    return new Finding(
        kind,
        place,
        (underStage2()
                ? "Stage 2 does not map IPA " + Hex.address(at) + " now, or nothing answers there"
                : "No memory answers at " + Hex.address(at) + " in what was given")
            + ", so this table, or a part of it, was not looked at.",
        underStage2() ? "Look again when stage 2 maps it." : "Add the memory that holds it.");
  }

  private void beyond(FindingKind kind, TableSweep.Oddity oddity) {
    long address = shape.format().tableAddress(oddity.descriptor());
    findings.add(
        kind,
        1,
        () ->
            new Finding(
                kind,
                place(oddity.level(), oddity.ipa()),
                "The descriptor "
                    + Hex.plain(oddity.descriptor())
                    + " holds the address "
                    + Hex.address(address)
                    + ", and the output size is "
                    + shape.outputBits()
                    + " bits: every access is an Address size fault, level "
                    + oddity.level()
                    + ".",
                "Use memory below "
                    + Hex.address(1L << shape.outputBits())
                    + ", or make the output size larger if the PE has wider addresses."));
  }

  private void reserved(TableSweep.Oddity oddity) {
    boolean last = oddity.level() == 3;
    FindingKind kind = last ? FindingKind.RESERVED_DESCRIPTOR : FindingKind.BLOCK_LEVEL;
    findings.add(
        kind,
        1,
        () ->
            new Finding(
                kind,
                place(oddity.level(), oddity.ipa()),
                "The descriptor "
                    + Hex.plain(oddity.descriptor())
                    + " has bits [1:0] = 0b01, "
                    + (last
                        ? "which is reserved at level 3"
                        : "a block, which cannot stand at level "
                            + oddity.level()
                            + " with the "
                            + shape.granule().text()
                            + " granule"
                            + (shape.format().ds() ? " and DS = 1" : ""))
                    + ": every access is a Translation fault, level "
                    + oddity.level()
                    + ".",
                last
                    ? "Set bit 1 for a page, as in " + Hex.plain(oddity.descriptor() | 3) + "."
                    : "Store 0, or a table through which it is mapped by "
                        + lower(oddity.level())
                        + "."));
  }

  private String lower(int above) {
    for (int level = above + 1; level < 3; level++) {
      if (shape.format().blockAllowed(level)) {
        return "blocks of level " + level;
      }
    }
    return "pages";
  }
}
