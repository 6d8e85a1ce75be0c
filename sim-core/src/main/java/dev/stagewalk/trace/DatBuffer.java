package dev.stagewalk.trace;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The records of one CPU, page by page, in the layout of the kernel's ring buffer: a page begins
 * with its time and the bytes in use; a record with a word whose low five bits are its length in
 * words or a type, the others the time since the record before.
 */
final class DatBuffer {
  private static final int HEADER = 16;
  private static final int LENGTH_FOLLOWS = 0;
  private static final int PADDING = 29;
  private static final int TIME_EXTEND = 30;
  private static final int TIME_STAMP = 31;
  private static final int TIME_BITS = 27;

  /** Flags beside the bytes in use: records were lost before the page, and their number follows. */
  private static final long MISSED = 1L << 31;

  private static final long MISSED_STORED = 1L << 30;

  private final int cpu;
  private final ByteBuffer pages;
  private final int pageSize;
  private int page = -1;
  private int next;
  private int end;
  private long time;
  private long lost;
  private boolean cut;

  DatBuffer(int cpu, ByteBuffer pages, int pageSize) {
    this.cpu = cpu;
    this.pages = pages;
    this.pageSize = pageSize;
  }

  int cpu() {
    return cpu;
  }

  /** Whether the last page is not whole. */
  boolean isCut() {
    return cut;
  }

  /**
   * A record.
   *
   * @param lost records lost before it: 0 for none, −1 for a number that is not known
   */
  record Found(long time, ByteBuffer bytes, long lost) {}

  /** The next record; empty after the last. */
  Optional<Found> next() {
    while (true) {
      if (next >= end && !turnPage()) {
        return Optional.empty();
      }
      Optional<Found> found = inPage();
      if (found.isPresent()) {
        return found;
      }
    }
  }

  private boolean turnPage() {
    page++;
    long start = (long) page * pageSize;
    if (start + HEADER > pages.limit()) {
      cut |= start < pages.limit();
      return false;
    }
    int from = (int) start;
    time = pages.getLong(from);
    long commit = pages.getLong(from + 8);
    long used = commit & 0xf_ffff;
    int room = Math.min(pageSize, pages.limit() - from) - HEADER;
    cut |= used > room;
    next = from + HEADER;
    end = next + (int) Math.min(used, room);
    if ((commit & MISSED) != 0) {
      boolean stored = (commit & MISSED_STORED) != 0 && used + 8 <= room;
      lost = stored ? pages.getLong(from + HEADER + (int) used) : -1;
    }
    return true;
  }

  /** Reads on in the page; empty if what stands here is no event. */
  private Optional<Found> inPage() {
    if (next + 4 > end) {
      next = end;
      return Optional.empty();
    }
    long word = pages.getInt(next) & 0xffff_ffffL;
    int type = (int) (word & 0x1f);
    long delta = word >>> 5;
    next += 4;
    switch (type) {
      case TIME_EXTEND -> {
        time += delta + (following() << TIME_BITS);
        return Optional.empty();
      }
      case TIME_STAMP -> {
        time = delta | following() << TIME_BITS;
        return Optional.empty();
      }
      case PADDING -> {
        long length = following();
        next = delta == 0 ? end : (int) Math.min(end, next - 4 + length);
        return Optional.empty();
      }
      default -> {
        time += delta;
        return record(type == LENGTH_FOLLOWS ? following() - 4 : type * 4L);
      }
    }
  }

  private Optional<Found> record(long length) {
    if (length <= 0 || length > end - next) {
      cut = true;
      next = end;
      return Optional.empty();
    }
    ByteBuffer bytes = pages.slice(next, (int) length).order(pages.order());
    next += (int) (length + 3 & ~3);
    long before = lost;
    lost = 0;
    return Optional.of(new Found(time, bytes, before));
  }

  private long following() {
    if (next + 4 > end) {
      next = end;
      return 0;
    }
    long word = pages.getInt(next) & 0xffff_ffffL;
    next += 4;
    return word;
  }
}
