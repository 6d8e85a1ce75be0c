package dev.stagewalk.mmu;

import dev.stagewalk.mem.Mix;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The 4 KiB pages of memory that walks have read descriptors from, so that stores to them can be
 * told from other stores.
 *
 * <p>A page that is stored to {@link #FORGOTTEN_AFTER} times with no walk in between has become
 * something else: it counts no longer, until a walk reads it again.
 */
public final class TablePages {
  /** Twice the descriptors of a page: whoever fills it anew and then clears it is still told of. */
  static final int FORGOTTEN_AFTER = 1024;

  private static final int FIRST_SIZE = 64;

  /** Page numbers + 1, open addressing; 0 is free. */
  private long[] pages = new long[FIRST_SIZE];

  /** Stores since a walk last read the page in the same place. */
  private int[] stores = new int[FIRST_SIZE];

  private int count;
  private boolean shared;
  private long lastRead = -1;

  /** A walk reads a descriptor. Returns whether its page counts only from now on. */
  boolean read(long pa) {
    long page = pa >>> 12;
    if (page == lastRead) {
      return false;
    }
    int slot = find(page);
    lastRead = page;
    if (pages[slot] != 0) {
      if (stores[slot] != 0) {
        own();
        stores[slot] = 0;
      }
      return false;
    }
    add(page);
    return true;
  }

  /** Whether a store to this address is one to a table. */
  public boolean contains(long pa) {
    return pages[find(pa >>> 12)] != 0;
  }

  /** Counts a store to a page that {@link #contains} it. */
  public void stored(long pa) {
    long page = pa >>> 12;
    int slot = find(page);
    own();
    lastRead = -1;
    if (++stores[slot] >= FORGOTTEN_AFTER) {
      remove(page);
    }
  }

  private int find(long page) {
    int mask = pages.length - 1;
    int slot = (int) Mix.mix(page, 0) & mask;
    while (pages[slot] != 0 && pages[slot] != page + 1) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void add(long page) {
    own();
    if (2 * (count + 1) > pages.length) {
      rebuild(2 * pages.length, -1);
    }
    pages[find(page)] = page + 1;
    count++;
  }

  private void remove(long page) {
    rebuild(pages.length, page);
  }

  private void rebuild(int size, long without) {
    long[] oldPages = pages;
    int[] oldStores = stores;
    pages = new long[size];
    stores = new int[size];
    count = 0;
    for (int i = 0; i < oldPages.length; i++) {
      if (oldPages[i] != 0 && oldPages[i] != without + 1) {
        int slot = find(oldPages[i] - 1);
        pages[slot] = oldPages[i];
        stores[slot] = oldStores[i];
        count++;
      }
    }
  }

  private void own() {
    if (shared) {
      pages = pages.clone();
      stores = stores.clone();
      shared = false;
    }
  }

  /** The pages at one moment; never changed. */
  record State(long[] pages, int[] stores, int count) {

    static State of(List<TlbContent.TablePage> list) {
      TablePages all = new TablePages();
      for (TlbContent.TablePage page : list) {
        all.add(page.number());
        all.stores[all.find(page.number())] = page.stores();
      }
      return all.save();
    }

    List<TlbContent.TablePage> list() {
      return IntStream.range(0, pages.length)
          .filter(i -> pages[i] != 0)
          .mapToObj(i -> new TlbContent.TablePage(pages[i] - 1, stores[i]))
          .sorted(Comparator.comparingLong(TlbContent.TablePage::number))
          .toList();
    }
  }

  /** Hash of the pages and their stores, wherever they stand in the array. */
  long hash() {
    long h = count;
    for (int i = 0; i < pages.length; i++) {
      if (pages[i] != 0) {
        h += Mix.mix(pages[i], stores[i]);
      }
    }
    return h;
  }

  /** All state, for later; the next change copies it first. */
  State save() {
    shared = true;
    return new State(pages, stores, count);
  }

  void restore(State state) {
    pages = state.pages;
    stores = state.stores;
    count = state.count;
    shared = true;
    lastRead = -1;
  }

  /** Page numbers, in order. */
  long[] numbers() {
    return Arrays.stream(pages).filter(p -> p != 0).map(p -> p - 1).sorted().toArray();
  }
}
