package dev.stagewalk.check;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Size;
import dev.stagewalk.event.MemoryType;
import dev.stagewalk.mmu.EntryFormat;
import dev.stagewalk.mmu.TableScan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The output addresses of all trees that were judged: who reaches what, and as which memory. Of
 * each range a few numbers are kept, of no more than {@link #MOST_RANGES}.
 */
final class MappedMemory {
  /** Ranges that are compared with each other. */
  static final int MOST_RANGES = 1 << 20;

  private static final long PAGE = 4096;

  /** Bytes of a leaf in which memory of a guest is looked for. */
  private static final long MOST_LOOKED_AT = 2 << 20;

  private static final int INDEX_BITS = 20;
  private static final String TABLE = "a stage 2 translation table";
  private static final List<MemoryType> TYPES = List.of(MemoryType.values());

  /** Parts of one range that are named, beside the first. */
  private static final int MOST_PARTS = 1 << 12;

  private final Surroundings surroundings;
  private final List<TableTree> trees = new ArrayList<>();
  private long[] pas = new long[16];
  private long[] inputs = new long[16];
  private long[] sizes = new long[16];

  /** Memory type, cacheability and shareability in one. */
  private int[] kinds = new int[16];

  /** Number of the tree, and the level of the leaves + 1. */
  private int[] origins = new int[16];

  private int count;
  private long left;

  /** What was mapped until now by one kind of memory and one tree. */
  private static final class Open {
    private long end;
    private int range;
  }

  private record Key(int tree, int kind) {}

  MappedMemory(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** A tree whose ranges come next. */
  void begin(TableTree tree) {
    trees.add(tree);
  }

  void add(EntryFormat format, TableScan.Range range) {
    if (count == MOST_RANGES) {
      left++;
      return;
    }
    if (count == pas.length) {
      int more = 2 * count;
      pas = Arrays.copyOf(pas, more);
      inputs = Arrays.copyOf(inputs, more);
      sizes = Arrays.copyOf(sizes, more);
      kinds = Arrays.copyOf(kinds, more);
      origins = Arrays.copyOf(origins, more);
    }
    MemoryType type = format.memoryType(range.leaf());
    pas[count] = range.pa();
    inputs[count] = range.ipa();
    sizes[count] = range.bytes();
    // Cacheability stands in MemAttr at stage 2 and in MAIR at stage 1; within a tree it compares.
    kinds[count] =
        type.ordinal() << 16
            | format.cacheability(range.leaf()) << 8
            | format.shareability(range.leaf());
    origins[count] = (trees.size() - 1) << 3 | range.level() + 1;
    count++;
  }

  private TableTree tree(int range) {
    return trees.get(origins[range] >>> 3);
  }

  private int level(int range) {
    return (origins[range] & 7) - 1;
  }

  private MemoryType type(int range) {
    return TYPES.get(kinds[range] >>> 16);
  }

  private Place.Input place(int range, long from, long bytes) {
    return new Place.Input(tree(range).owner(), inputs[range] + from - pas[range], bytes);
  }

  /**
   * Compares everything.
   *
   * @param tables tables of stage 2
   */
  void judge(long[] tables, Findings findings) {
    Isolation isolation = new Isolation(tables);
    for (int i = 0; i < count; i++) {
      if (tree(i).stage() == 2) {
        isolation.judge(i, findings);
        device(i, findings);
      }
    }
    compare(findings);
    if (left > 0) {
      findings.accept(
          new Finding(
              FindingKind.NOT_JUDGED,
              new Place.Memory(0, 0),
              left
                  + " ranges beyond the first "
                  + MOST_RANGES
                  + " were not compared with the others: aliases and foreign memory in them stay"
                  + " unknown.",
              "Nothing is wrong with that."));
    }
  }

  private void device(int range, Findings findings) {
    MemoryType type = type(range);
    if (type.isDevice() || type == MemoryType.AS_STAGE_1) {
      return;
    }
    Optional<String> device = surroundings.host().device(pas[range], sizes[range]);
    device.ifPresent(name ->
        findings.accept(
            new Finding(
                FindingKind.DEVICE_AS_NORMAL,
                place(range, pas[range], sizes[range]),
                "It is mapped to PA "
                    + Hex.address(pas[range])
                    + " as "
                    + type.words()
                    + ", and there the "
                    + name
                    + " answers.",
                "Map the device by leaves of its own with MemAttr = 0b0000, Device-nGnRnE, and"
                    + " XN.")));
  }

  /** Overlapping ranges in order of PA. */
  private void compare(Findings findings) {
    long[] order = new long[count];
    for (int i = 0; i < count; i++) {
      order[i] = pas[i] >>> 12 << INDEX_BITS | i;
    }
    Arrays.sort(order);
    // Stage 1 has addresses of its own below: each tree is compared with itself alone.
    Map<Integer, Map<Key, Open>> spaces = new HashMap<>();
    for (long next : order) {
      int range = (int) next & MOST_RANGES - 1;
      int tree = origins[range] >>> 3;
      int space = trees.get(tree).stage() == 2 ? -1 : tree;
      compare(range, spaces.computeIfAbsent(space, _ -> new HashMap<>()), findings);
    }
  }

  private void compare(int range, Map<Key, Open> open, Findings findings) {
    Key own = new Key(origins[range] >>> 3, kinds[range]);
    Iterator<Map.Entry<Key, Open>> others = open.entrySet().iterator();
    while (others.hasNext()) {
      Map.Entry<Key, Open> other = others.next();
      if (other.getValue().end <= pas[range]) {
        others.remove();
        continue;
      }
      long bytes = Math.min(other.getValue().end - pas[range], sizes[range]);
      int before = other.getValue().range;
      if (other.getKey().kind() != own.kind() && comparable(range, before)) {
        findings.add(FindingKind.ATTRIBUTE_ALIAS, 1, () -> alias(range, before, bytes));
      }
      if (tree(range).owner().vmid() != tree(before).owner().vmid()) {
        findings.add(FindingKind.SHARED_BETWEEN_VMIDS, 1, () -> shared(range, before, bytes));
      }
    }
    Open mine = open.computeIfAbsent(own, _ -> new Open());
    if (pas[range] + sizes[range] > mine.end) {
      mine.end = pas[range] + sizes[range];
      mine.range = range;
    }
  }

  private boolean comparable(int a, int b) {
    return type(a) != MemoryType.AS_STAGE_1 && type(b) != MemoryType.AS_STAGE_1;
  }

  private Finding alias(int range, int before, long bytes) {
    return new Finding(
        FindingKind.ATTRIBUTE_ALIAS,
        place(range, pas[range], bytes),
        "PA "
            + Hex.address(pas[range])
            + " ("
            + Size.words(bytes)
            + ") is "
            + words(range)
            + " here, and "
            + words(before)
            + " at "
            + place(before, pas[range], bytes).words()
            + ".",
        "Give both mappings the same MemAttr and SH, or keep one of them; between the two the"
            + " caches must be cleaned and invalidated.");
  }

  private String words(int range) {
    MemoryType type = type(range);
    if (type.isDevice()) {
      return type.words();
    }
    String shareability =
        switch (kinds[range] & 0xff) {
          case 0 -> "Non-shareable";
          case 1 -> "reserved SH";
          case 2 -> "Outer Shareable";
          default -> "Inner Shareable";
        };
    return type.words()
        + ", "
        + shareability
        + " (encoding 0x"
        + Integer.toHexString(kinds[range] >>> 8 & 0xff)
        + ")";
  }

  private Finding shared(int range, int before, long bytes) {
    return new Finding(
        FindingKind.SHARED_BETWEEN_VMIDS,
        new Place.Memory(pas[range], bytes),
        "VMID "
            + tree(before).owner().vmid()
            + " reaches it at IPA "
            + Hex.address(place(before, pas[range], bytes).first())
            + ", VMID "
            + tree(range).owner().vmid()
            + " at IPA "
            + Hex.address(inputs[range])
            + ".",
        "Nothing, if both guests are to have it; otherwise unmap it from one, with a TLBI under its"
            + " VMID.");
  }

  /** Whether a guest reaches memory that is not its own. */
  private final class Isolation {
    private final long[] tables;

    Isolation(long[] tables) {
      this.tables = tables;
    }

    void judge(int range, Findings findings) {
      long end = pas[range] + sizes[range];
      long at = pas[range];
      for (int parts = 0; parts < MOST_PARTS && at < end; parts++) {
        Optional<HostMemory.Foreign> foreign = first(at, end - at);
        if (foreign.isEmpty()) {
          return;
        }
        HostMemory.Foreign part = foreign.get();
        FindingKind kind = kind(range, part);
        findings.add(kind, 1, () -> finding(kind, range, part));
        at = part.pa() + part.bytes();
      }
    }

    private Optional<HostMemory.Foreign> first(long pa, long bytes) {
      Optional<HostMemory.Foreign> host = surroundings.host().firstForeign(pa, bytes);
      int i = Arrays.binarySearch(tables, pa);
      i = i < 0 ? -i - 1 : i;
      if (i == tables.length || tables[i] - pa >= bytes) {
        return host;
      }
      if (host.isPresent() && host.get().pa() < tables[i]) {
        return host;
      }
      return Optional.of(new HostMemory.Foreign(tables[i], granule(), TABLE));
    }

    private long granule() {
      return trees.getFirst().shape().granule().bytes();
    }

    private FindingKind kind(int range, HostMemory.Foreign part) {
      long owned = owned(leaf(range, part), leafBytes(range));
      if (owned >= 0 && surroundings.host().owned(owned) < leafBytes(range)) {
        return FindingKind.EXPORTED_MORE;
      }
      return part.what().equals(TABLE)
          ? FindingKind.GUEST_MAPS_TABLES
          : FindingKind.GUEST_MAPS_HOST;
    }

    /** Where a leaf reaches memory that was handed out for a guest; −1 if nowhere. */
    private long owned(long leaf, long bytes) {
      for (long page = leaf; page < leaf + Math.min(bytes, MOST_LOOKED_AT); page += PAGE) {
        if (surroundings.host().owned(page) > 0 && Arrays.binarySearch(tables, page) < 0) {
          return page;
        }
      }
      return -1;
    }

    private long leafBytes(int range) {
      return 1L << tree(range).shape().granule().levelShift(level(range));
    }

    /** Output address of the leaf that exports something. */
    private long leaf(int range, HostMemory.Foreign part) {
      return pas[range] + (part.pa() - pas[range] & -leafBytes(range));
    }

    private Finding finding(FindingKind kind, int range, HostMemory.Foreign part) {
      if (kind == FindingKind.EXPORTED_MORE) {
        return exported(range, part);
      }
      return new Finding(
          kind,
          place(range, part.pa(), part.bytes()),
          "PA "
              + Hex.address(part.pa())
              + " is "
              + part.what()
              + (kind == FindingKind.GUEST_MAPS_TABLES
                  ? ": who writes it has all physical memory."
                  : "."),
          "Unmap IPA "
              + Hex.address(inputs[range] + part.pa() - pas[range])
              + " from the guest, with a TLBI of its VMID, and check output addresses before they"
              + " are mapped.");
    }

    private Finding exported(int range, HostMemory.Foreign part) {
      long leaf = leaf(range, part);
      long owned = owned(leaf, leafBytes(range));
      String size = Size.words(leafBytes(range));
      return new Finding(
          FindingKind.EXPORTED_MORE,
          place(range, leaf, leafBytes(range)),
          "The guest was to have "
              + Size.words(surroundings.host().owned(owned))
              + " at PA "
              + Hex.address(owned)
              + ", and the entry maps "
              + size
              + " from PA "
              + Hex.address(leaf)
              + ": it reaches "
              + part.what()
              + " at PA "
              + Hex.address(part.pa())
              + " too.",
          "Hand memory out in multiples of the granule, " + size + ", and refuse to map less.");
    }
  }
}
