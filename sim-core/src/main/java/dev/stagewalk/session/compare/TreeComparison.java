package dev.stagewalk.session.compare;

import dev.stagewalk.check.Place;
import dev.stagewalk.check.TableTree;
import dev.stagewalk.event.Lookup.Verdict;
import dev.stagewalk.mem.Frame;
import dev.stagewalk.mem.MemoryImage;
import dev.stagewalk.mmu.TableShape;
import dev.stagewalk.session.compare.EffectDifferences.Mapped;
import java.util.ArrayList;
import java.util.List;

/**
 * Goes through the tables of two moments at once. A last-level table that both moments share is not
 * read at all: images of one run share the pages that nobody wrote, so that tables of a million
 * leaves take as long as what differs in them.
 */
final class TreeComparison {
  /** Tables entered before a comparison gives up. */
  private static final long MOST_TABLES = 1 << 20;

  private static final int LAST_LEVEL = 3;

  private final Half first;
  private final Half second;
  private final TablePages pages;

  /** Whether equal leaves make the same of an address at both moments. */
  private final boolean sameMeaning;

  private final EntryGroups groups = new EntryGroups();
  private final EffectDifferences effects = new EffectDifferences();
  private final long[] path = new long[LAST_LEVEL + 2];
  private int depth;
  private long tables;
  private boolean complete = true;

  /** The tables at one of the moments. */
  private static final class Half {
    private final TableTree tree;
    private final MemoryImage memory;
    private final Meaning[] meanings = new Meaning[LAST_LEVEL + 2];

    Half(TableTree tree, MemoryImage memory) {
      this.tree = tree;
      this.memory = memory;
      for (int level = -1; level <= LAST_LEVEL; level++) {
        meanings[level + 1] = new Meaning(tree.formats().apply(level));
      }
    }

    Meaning at(int level) {
      return meanings[level + 1];
    }

    /** Physical address of something in a table; −1 where no memory is. */
    long pa(long address) {
      long pa = tree.physical().applyAsLong(address);
      return memory.contains(pa, 8) ? pa : -1;
    }

    /** A descriptor; 0 where no memory is. */
    long read(long pa) {
      return pa == -1 ? 0 : memory.read(pa, 8);
    }
  }

  private TreeComparison(
      TableTree first,
      MemoryImage firstMemory,
      TableTree second,
      MemoryImage secondMemory,
      TablePages pages) {
    this.first = new Half(first, firstMemory);
    this.second = new Half(second, secondMemory);
    this.pages = pages;
    sameMeaning = this.first.at(LAST_LEVEL).isSameAs(this.second.at(LAST_LEVEL));
  }

  /**
   * Compares two trees.
   *
   * @param pages gets the pages of their tables
   */
  static TreeDifference of(
      NamedTree first,
      MemoryImage firstMemory,
      NamedTree second,
      MemoryImage secondMemory,
      TablePages pages) {
    TableTree one = first.tree();
    TableTree other = second.tree();
    boolean alike = alike(one.shape(), other.shape());
    TreeComparison walk = new TreeComparison(one, firstMemory, other, secondMemory, pages);
    if (alike) {
      TableShape shape = one.shape();
      walk.tables(
          shape.startLevel(),
          shape.rootBase(),
          other.shape().rootBase(),
          shape.rootEntries(),
          shape.firstInput(),
          0,
          0);
    } else {
      walk.whole();
    }
    return new TreeDifference(
        one.owner(),
        one.shape().firstInput() != 0,
        one.shape().rootBase(),
        other.shape().rootBase(),
        first.inForce(),
        second.inForce(),
        alike,
        walk.groups.done(),
        walk.groups.count(),
        walk.groups.descriptors(),
        walk.effects.done(),
        walk.complete);
  }

  private static boolean alike(TableShape one, TableShape other) {
    return one.format().equals(other.format())
        && one.startLevel() == other.startLevel()
        && one.rootEntries() == other.rootEntries()
        && one.firstInput() == other.firstInput();
  }

  /** Compares by effect alone: descriptors of another geometry stand for other addresses. */
  private void whole() {
    List<Mapped> one = new ArrayList<>();
    List<Mapped> other = new ArrayList<>();
    below(first, root(first), one);
    below(second, root(second), other);
    TableShape a = first.tree.shape();
    TableShape b = second.tree.shape();
    long begin = Math.min(a.firstInput(), b.firstInput());
    long bytes = begin == 0 ? 1L << Math.max(a.inputBits(), b.inputBits()) : -begin;
    effects.compare(begin, bytes, one, other);
  }

  private static Part root(Half half) {
    TableShape shape = half.tree.shape();
    return new Part(
        shape.startLevel(), shape.rootBase(), shape.rootEntries(), shape.firstInput(), 0);
  }

  /** A table that only one of the moments has at its place. */
  private record Part(int level, long base, int entries, long input, long limits) {}

  private void tables(
      int level, long a, long b, int entries, long input, long limitsA, long limitsB) {
    if (!enter(a)) {
      return;
    }
    int shift = first.at(level).format().shift();
    for (int i = 0; i < entries; ) {
      long pa = first.pa(a + 8L * i);
      long pb = second.pa(b + 8L * i);
      note(first, pa, level);
      note(second, pb, level);
      // Up to the end of the page that ends first: tables may be larger or smaller than a page.
      int end = Math.min(entries, i + Math.min(left(pa), left(pb)));
      boolean same = pa != -1 && pb != -1 && first.memory.samePage(pa, second.memory, pb);
      boolean unequalOffsets = ((pa ^ pb) & (Frame.SIZE - 1)) != 0;
      boolean sameLimits = sameMeaning && limitsA == limitsB;
      if (same && !unequalOffsets && level == LAST_LEVEL && sameLimits) {
        i = end;
        continue;
      }
      for (; i < end; i++, pa += pa == -1 ? 0 : 8, pb += pb == -1 ? 0 : 8) {
        long one = first.read(pa);
        long other = second.read(pb);
        if ((one | other) != 0) {
          long covered = input + ((long) i << shift);
          entry(new At(level, a, i, covered, 1L << shift, pa, pb), one, other, limitsA, limitsB);
        }
      }
    }
    depth--;
  }

  private static int left(long pa) {
    return pa == -1 ? Frame.SIZE / 8 : (int) (Frame.SIZE - (pa & (Frame.SIZE - 1))) / 8;
  }

  private void note(Half half, long pa, int level) {
    if (pa != -1) {
      pages.add(pa, half.tree.owner(), level);
    }
  }

  /** Whether a table may be entered: it leads not back to itself, and is not one too many. */
  private boolean enter(long base) {
    for (int i = 0; i < depth; i++) {
      if (path[i] == base) {
        return false;
      }
    }
    if (tables >= MOST_TABLES || depth == path.length) {
      complete = false;
      return false;
    }
    tables++;
    path[depth++] = base;
    return true;
  }

  /** Where two descriptors stand. */
  private record At(int level, long table, int index, long input, long bytes, long pa, long pb) {}

  private void entry(At at, long one, long other, long limitsA, long limitsB) {
    Meaning a = first.at(at.level);
    Meaning b = second.at(at.level);
    boolean tableA = a.kind(one) == Verdict.TABLE;
    boolean tableB = b.kind(other) == Verdict.TABLE;
    if (one == other && !tableA && !tableB && limitsA == limitsB && sameMeaning) {
      return;
    }
    long before = effects.changes();
    long belowA = 0;
    long belowB = 0;
    if (tableA && tableB) {
      tables(
          at.level + 1,
          a.format().output(one),
          b.format().output(other),
          a.format().granule().entries(),
          at.input,
          limitsA | a.format().tableLimits(one),
          limitsB | b.format().tableLimits(other));
    } else if (tableA || tableB) {
      List<Mapped> mappedA = new ArrayList<>();
      List<Mapped> mappedB = new ArrayList<>();
      belowA = mapped(first, at, one, limitsA, mappedA);
      belowB = mapped(second, at, other, limitsB, mappedB);
      effects.compare(at.input, at.bytes, mappedA, mappedB);
    } else {
      effects.compare(at.input, at.bytes, a.effect(one, limitsA), b.effect(other, limitsB));
    }
    if (one != other) {
      differs(at, one, other, belowA, belowB, effects.changes() == before);
    }
  }

  private void differs(At at, long one, long other, long belowA, long belowB, boolean sameEffect) {
    Meaning a = first.at(at.level);
    Meaning b = second.at(at.level);
    Place.Entry place =
        new Place.Entry(first.tree.owner(), at.level, at.table, at.index, at.input, at.bytes);
    EntryDifference next =
        new EntryDifference(place, at.pa, at.pb, 1, one, other, "", "", belowA, belowB, sameEffect);
    if (!groups.join(next, a, b)) {
      groups.begin(
          new EntryDifference(
              place,
              at.pa,
              at.pb,
              1,
              one,
              other,
              a.words(one),
              b.words(other),
              belowA,
              belowB,
              sameEffect));
    }
  }

  /** What a descriptor maps; how many descriptors stand below it, as far as it names a table. */
  private long mapped(Half half, At at, long descriptor, long limits, List<Mapped> into) {
    Meaning meaning = half.at(at.level);
    if (meaning.kind(descriptor) == Verdict.TABLE) {
      return below(
          half,
          new Part(
              at.level + 1,
              meaning.format().output(descriptor),
              meaning.format().granule().entries(),
              at.input,
              limits | meaning.format().tableLimits(descriptor)),
          into);
    }
    Effect effect = meaning.effect(descriptor, limits);
    if (effect != null) {
      EffectDifferences.append(into, new Mapped(at.input, at.bytes, effect));
    }
    return 0;
  }

  private long below(Half half, Part part, List<Mapped> into) {
    if (!enter(part.base)) {
      return 0;
    }
    Meaning meaning = half.at(part.level);
    int shift = meaning.format().shift();
    long count = 0;
    long pa = -1;
    for (int i = 0; i < part.entries; i++) {
      long address = part.base + 8L * i;
      if (i == 0 || (address & (Frame.SIZE - 1)) == 0) {
        pa = half.pa(address);
        note(half, pa, part.level);
      }
      long descriptor = half.read(pa);
      pa += pa == -1 ? 0 : 8;
      if (descriptor != 0) {
        long input = part.input + ((long) i << shift);
        At at = new At(part.level, part.base, i, input, 1L << shift, -1, -1);
        count += 1 + mapped(half, at, descriptor, part.limits, into);
      }
    }
    depth--;
    return count;
  }
}
