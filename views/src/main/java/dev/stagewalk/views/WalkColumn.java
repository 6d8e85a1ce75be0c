package dev.stagewalk.views;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Size;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.mem.MemoryImage;
import dev.stagewalk.mmu.Stage2Format;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One level of a walk: the table that was read there, every entry of it, and those worth a row.
 *
 * @param level level of lookup, −1 to 3
 * @param state how far the walk has come
 * @param table address of the table as the walker has it; 0 while unknown
 * @param pa physical address of the table; {@link #NOWHERE} while unknown
 * @param physical whether {@code table} is a physical address; an IPA for stage 1 under stage 2
 * @param entries descriptors in it, through all concatenated tables; 0 while unknown
 * @param granule translation granule
 * @param path the entry the walk reads here; −1 while unknown
 * @param lookup what was read; null before
 * @param kinds what each entry is now
 * @param descriptors each entry now
 * @param format how the descriptors are laid out
 */
record WalkColumn(
    int level,
    State state,
    long table,
    long pa,
    boolean physical,
    int entries,
    Granule granule,
    int path,
    @Nullable Lookup lookup,
    Verdict[] kinds,
    long[] descriptors,
    Stage2Format format) {

  /** Not an address. */
  static final long NOWHERE = -1;

  /** How far a walk has come with a level. */
  enum State {
    /** Read, and the walk went on from it. */
    READ,
    /** The descriptor read last. */
    CURRENT,
    /** The next read: the address is known, the descriptor is not. */
    NEXT,
    /** A later read, if the walk gets there. */
    AHEAD,
    /** The walk ended above it. */
    NOT_REACHED,
    /** No walk was made: the TLB held an entry. */
    HELD;

    /** Why a column is empty. */
    String words() {
      return switch (this) {
        case NOT_REACHED -> "not reached";
        case HELD -> "not read: the TLB held an entry";
        case READ, CURRENT, NEXT, AHEAD -> "not read yet";
      };
    }
  }

  /** A row of the column: one entry, or a run of them. */
  sealed interface Row {
    int first();

    int last();

    /** "3", "4…511". */
    default String range() {
      return first() == last() ? "" + first() : first() + "…" + last();
    }
  }

  /**
   * One entry.
   *
   * @param kind what it is (was, when the walk read it)
   * @param target address it names; 0 for none
   * @param onPath whether the walk read it
   * @param remark what has become of it since the walk read it, or empty
   */
  record Entry(int first, Verdict kind, String word, long target, boolean onPath, String remark)
      implements Row {
    @Override
    public int last() {
      return first;
    }

    boolean hasTarget() {
      return kind == Verdict.TABLE || kind == Verdict.BLOCK || kind == Verdict.PAGE;
    }
  }

  /** Entries that are folded into one row: "508 invalid", "96 pages, 25 invalid". */
  record Run(int first, int last, String words, boolean allInvalid) implements Row {
    /** Without what the range itself tells: that the others are invalid. */
    String shortWords() {
      return allInvalid ? words : words.replaceFirst(", \\d+ invalid", "");
    }
  }

  /**
   * A level whose table is known.
   *
   * @param next the lookup made there, or the one to be made
   * @param read the same once it was made; null before
   * @param physical whether the table's address is a physical one
   */
  static WalkColumn of(
      int level,
      State state,
      Lookup next,
      @Nullable Lookup read,
      Stage2Format format,
      MemoryImage memory,
      boolean physical) {
    int entries = 1 << (next.indexHigh() - next.indexLow() + 1);
    boolean unreached = next.verdict() == Verdict.UNREACHED;
    long pa = unreached ? NOWHERE : next.descriptorAddress() - 8L * next.index();
    // What stage 2 maps as one piece may hold less than the whole table.
    long piece = next.nested().isEmpty() ? 0 : -1L << next.nested().getLast().indexLow();
    long here = WalkParts.address(next) & piece;
    Verdict[] kinds = new Verdict[entries];
    long[] descriptors = new long[entries];
    for (int i = 0; i < entries; i++) {
      if (unreached || ((next.table() + 8L * i) & piece) != here) {
        kinds[i] = Verdict.UNREACHED;
        continue;
      }
      long at = pa + 8L * i;
      descriptors[i] = memory.read(at, 8);
      kinds[i] =
          memory.contains(at, 8) ? format.kind(descriptors[i], level) : Verdict.EXTERNAL_ABORT;
    }
    return new WalkColumn(
        level,
        state,
        next.table(),
        pa,
        physical,
        entries,
        format.granule(),
        next.index(),
        read,
        kinds,
        descriptors,
        format);
  }

  /** A level of which only the number is known. */
  static WalkColumn unknown(int level, State state, Stage2Format format) {
    return new WalkColumn(
        level,
        state,
        0,
        NOWHERE,
        true,
        0,
        format.granule(),
        -1,
        null,
        new Verdict[0],
        new long[0],
        format);
  }

  /** Whether its entry was not read: the TLB held it of an earlier walk. */
  boolean isHeld() {
    return lookup != null && lookup.held();
  }

  boolean isKnown() {
    return entries > 0;
  }

  /** Tables concatenated here; 1 for an ordinary table. */
  int tables() {
    return Math.max(1, entries / granule.entries());
  }

  /** Bytes of input address that one entry covers. */
  long covers() {
    return 1L << granule.levelShift(level);
  }

  /** "L0 root", "L1 root, 2 tables", "L3 table". */
  String title(boolean root) {
    String what = root ? " root" : " table";
    return Levels.name(level) + what + (tables() > 1 ? " ×" + tables() : "");
  }

  /** "L0 root", "L1 ×2", "L3": beside the address of the table in a narrow column. */
  String shortTitle(boolean root) {
    return Levels.name(level) + (tables() > 1 ? " ×" + tables() : root ? " root" : "");
  }

  /** "512 GiB / entry", with the number of entries where it is not the usual one. */
  String scale() {
    String each = Size.words(covers()) + " / entry";
    if (tables() > 1) {
      return each + " · " + tables() + " concatenated tables";
    }
    return entries > 0 && entries != granule.entries() ? each + " · " + entries + " entries" : each;
  }

  /** An entry, by its place in physical memory; only where {@link #pa} is known. */
  Selection.Entry entry(int index) {
    return new Selection.Entry(pa, index, level);
  }

  /** "0x4800_1000", of stage 1 under stage 2 "IPA 0x4040_1000". */
  String base() {
    return (physical ? "" : "IPA ") + Hex.address(table);
  }

  /**
   * Rows in the order of the table, at most {@code budget} of them: 3 or more, or 1 for the entry
   * on the path alone.
   */
  List<Row> rows(int budget) {
    if (!isKnown()) {
      return List.of();
    }
    if (budget == 1) {
      return List.of(single(Math.max(0, path)));
    }
    List<Row> fine = fine(0, entries - 1);
    if (fine.size() <= budget) {
      return fine;
    }
    // Too many: keep what is near the path and fold both ends.
    int middle = 0;
    for (int i = 0; i < fine.size(); i++) {
      if (fine.get(i).first() <= Math.max(0, path)) {
        middle = i;
      }
    }
    int keep = Math.max(1, budget - 2);
    int start = Math.clamp(middle - keep / 2, 0, fine.size() - keep);
    int end = start + keep;
    // A fold of a single row would save nothing.
    start = start == 1 ? 0 : start;
    end = end == fine.size() - 1 ? fine.size() : end;
    List<Row> out = new ArrayList<>();
    if (start > 0) {
      out.add(fold(0, fine.get(start - 1).last()));
    }
    out.addAll(fine.subList(start, end));
    if (end < fine.size()) {
      out.add(fold(fine.get(end).first(), entries - 1));
    }
    return out;
  }

  /** Each valid entry and the path's entry by itself, invalid ones in runs. */
  private List<Row> fine(int first, int last) {
    List<Row> out = new ArrayList<>();
    int i = first;
    while (i <= last) {
      Verdict kind = kinds[i];
      if (i == path || (kind != Verdict.INVALID && kind != Verdict.UNREACHED)) {
        out.add(single(i));
        i++;
        continue;
      }
      int end = i;
      while (end < last && end + 1 != path && kinds[end + 1] == kind) {
        end++;
      }
      out.add(fold(i, end));
      i = end + 1;
    }
    return out;
  }

  private Row single(int index) {
    boolean onPath = index == path;
    Lookup read = onPath ? lookup : null;
    if (read == null) {
      return entryRow(index, kinds[index], descriptors[index], onPath, "");
    }
    Verdict kind = format.kind(read.descriptor(), level);
    if (read.verdict() == Verdict.EXTERNAL_ABORT) {
      kind = Verdict.EXTERNAL_ABORT;
    } else if (read.verdict() == Verdict.UNREACHED) {
      kind = Verdict.UNREACHED;
    }
    String changed =
        read.descriptor() == descriptors[index] || kind == Verdict.UNREACHED
            ? ""
            : "now " + word(kinds[index]) + " " + target(kinds[index], descriptors[index]);
    String held = !read.held() ? "" : changed.isEmpty() ? "held" : "held, ";
    return entryRow(index, kind, read.descriptor(), true, (held + changed).strip());
  }

  private Entry entryRow(int index, Verdict kind, long descriptor, boolean onPath, String remark) {
    long target =
        switch (kind) {
          case TABLE -> format.tableAddress(descriptor);
          case BLOCK, PAGE -> format.leafAddress(descriptor, level);
          case INVALID, REFUSED, EXTERNAL_ABORT, UNREACHED -> 0;
        };
    return new Entry(index, kind, word(kind), target, onPath, remark);
  }

  private String target(Verdict kind, long descriptor) {
    return switch (kind) {
      case TABLE -> "→ " + Hex.address(format.tableAddress(descriptor));
      case BLOCK, PAGE -> "→ " + Hex.address(format.leafAddress(descriptor, level));
      case INVALID, REFUSED, EXTERNAL_ABORT, UNREACHED -> "";
    };
  }

  private String word(Verdict kind) {
    return switch (kind) {
      case TABLE -> "TABLE";
      case BLOCK -> "BLOCK " + shortSize(covers());
      case PAGE -> "PAGE";
      case INVALID, REFUSED -> "INVALID";
      case EXTERNAL_ABORT -> "NO MEMORY";
      case UNREACHED -> "NOT READ";
    };
  }

  private Run fold(int first, int last) {
    int[] count = new int[Verdict.values().length];
    for (int i = first; i <= last; i++) {
      count[kinds[i].ordinal()]++;
    }
    List<String> words = new ArrayList<>();
    count(words, count[Verdict.TABLE.ordinal()], "table", "tables");
    count(words, count[Verdict.BLOCK.ordinal()], "block", "blocks");
    count(words, count[Verdict.PAGE.ordinal()], "page", "pages");
    if (first == last && kinds[first] == Verdict.INVALID) {
      words.add("invalid");
    } else {
      count(words, count[Verdict.INVALID.ordinal()], "invalid", "invalid");
    }
    count(words, count[Verdict.EXTERNAL_ABORT.ordinal()], "without memory", "without memory");
    count(words, count[Verdict.UNREACHED.ordinal()], "out of reach", "out of reach");
    return new Run(
        first,
        last,
        String.join(", ", words),
        count[Verdict.INVALID.ordinal()] == last - first + 1);
  }

  private static void count(List<String> words, int count, String one, String many) {
    if (count > 0) {
      words.add(count + " " + (count == 1 ? one : many));
    }
  }

  /** "2M", "1G", "512M": sizes as people say them of blocks. */
  static String shortSize(long bytes) {
    return Size.words(bytes).replace(" ", "").replace("iB", "");
  }
}
