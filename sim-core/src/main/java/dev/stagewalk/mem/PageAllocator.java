package dev.stagewalk.mem;

import org.jspecify.annotations.Nullable;

/**
 * The host's page allocator: power-of-two runs of pages from one range, lowest address first, freed
 * pages used again. Its state is a bitmap that can be saved, so it goes back in time with the rest.
 */
public final class PageAllocator {
  private final long base;
  private final int pageSize;
  private final int pages;
  private long[] used;
  private byte[] orders;
  private boolean failsNext;

  /** The state as last saved, while it still holds: saving is frequent and changes are not. */
  private @Nullable State saved;

  /**
   * @param base first byte it may hand out, a multiple of the page size
   * @param size bytes it may hand out
   * @param pageSize bytes: 4096, 16384 or 65536
   */
  public PageAllocator(long base, long size, int pageSize) {
    if (base % pageSize != 0) {
      throw new IllegalArgumentException("allocator range must begin at a page");
    }
    this.base = base;
    this.pageSize = pageSize;
    this.pages = (int) (size / pageSize);
    this.used = new long[(pages + 63) / 64];
    this.orders = new byte[pages];
  }

  public int pageSize() {
    return pageSize;
  }

  /** Where its range begins. */
  public long base() {
    return base;
  }

  /** Bytes of its range. */
  public long size() {
    return (long) pages * pageSize;
  }

  /** Pages now handed out. */
  public int pagesUsed() {
    int sum = 0;
    for (long word : used) {
      sum += Long.bitCount(word);
    }
    return sum;
  }

  /**
   * Hands out 2^order pages, aligned to their size.
   *
   * @return the address, or −1 when there is no such run
   */
  public long allocate(int order) {
    if (failsNext) {
      failsNext = false;
      saved = null;
      return -1;
    }
    int run = 1 << order;
    long step = (long) run * pageSize;
    long first = Long.divideUnsigned(base + step - 1, step) * step;
    for (int at = (int) ((first - base) / pageSize); at + run <= pages; at += run) {
      if (run == 1 && used[at >> 6] == -1L) {
        at |= 63;
        continue;
      }
      if (isFree(at, run)) {
        set(at, run, true);
        orders[at] = (byte) (order + 1);
        return base + (long) at * pageSize;
      }
    }
    return -1;
  }

  /** The next allocation is answered as if there were no such run. */
  public void failNext() {
    failsNext = true;
    saved = null;
  }

  /** Whether the next allocation will be refused whatever is free. */
  public boolean failsNext() {
    return failsNext;
  }

  /**
   * Takes a run back that {@link #allocate} handed out.
   *
   * @param pa its first byte
   * @return its order, or −1 if it is not the start of a run handed out now; then nothing is done
   */
  public int free(long pa) {
    long offset = pa - base;
    if (offset < 0 || offset % pageSize != 0 || offset / pageSize >= pages) {
      return -1;
    }
    int at = (int) (offset / pageSize);
    if (orders[at] == 0) {
      return -1;
    }
    int order = orders[at] - 1;
    orders[at] = 0;
    set(at, 1 << order, false);
    return order;
  }

  /**
   * Where the run begins that an address lies in.
   *
   * @return −1 if it lies in none that is handed out now
   */
  public long runOf(long pa) {
    if (!isUsed(pa)) {
      return -1;
    }
    int at = (int) ((pa - base) / pageSize);
    // Runs are aligned to their size as addresses, which the base need not be.
    long page = pa / pageSize;
    for (int order = 0; order < Integer.SIZE; order++) {
      int start = at - (int) (page & (1L << order) - 1);
      if (start >= 0 && orders[start] == order + 1) {
        return base + (long) start * pageSize;
      }
    }
    return -1;
  }

  /** Bytes of the run that begins at an address; 0 if none does. */
  public long runBytes(long start) {
    int order = orders[(int) ((start - base) / pageSize)] - 1;
    return order < 0 ? 0 : (long) pageSize << order;
  }

  /** Whether the page of an address is handed out. */
  public boolean isUsed(long pa) {
    long offset = pa - base;
    if (offset < 0 || offset / pageSize >= pages) {
      return false;
    }
    int at = (int) (offset / pageSize);
    return (used[at >> 6] & 1L << at) != 0;
  }

  /**
   * What is handed out, at one moment.
   *
   * @param used a bit a page
   * @param orders at the first page of each run, its order + 1
   * @param failsNext whether the next allocation is refused
   */
  public record State(long[] used, byte[] orders, boolean failsNext) {
    /** Hash of the state. */
    public long hash() {
      long h = Mix.of(used);
      for (int i = 0; i < orders.length; i++) {
        if (orders[i] != 0) {
          h += Mix.mix(orders[i], i);
        }
      }
      return failsNext ? Mix.mix(h, 1) : h;
    }
  }

  public State save() {
    State state = saved;
    if (state == null) {
      state = new State(used.clone(), orders.clone(), failsNext);
      saved = state;
    }
    return state;
  }

  public void restore(State state) {
    used = state.used.clone();
    orders = state.orders.clone();
    failsNext = state.failsNext;
    saved = state;
  }

  private boolean isFree(int at, int run) {
    for (int i = at; i < at + run; i++) {
      if ((used[i >> 6] & 1L << i) != 0) {
        return false;
      }
    }
    return true;
  }

  private void set(int at, int run, boolean value) {
    saved = null;
    for (int i = at; i < at + run; i++) {
      if (value) {
        used[i >> 6] |= 1L << i;
      } else {
        used[i >> 6] &= ~(1L << i);
      }
    }
  }
}
