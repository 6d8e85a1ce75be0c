package dev.stagewalk.mem;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The immutable content of a bank of RAM at one moment, or memory that is kept elsewhere, such as
 * in the file of a dump. Any thread may read it.
 */
public final class MemoryImage {
  /** log2 of the bytes of a region of pages. */
  private static final int REGION_SHIFT = 21;

  private static final long REGION = 1L << REGION_SHIFT;

  private final long base;
  private final long size;
  private final PhysicalMemory.@Nullable Region[] root;
  private final @Nullable MemorySource elsewhere;

  MemoryImage(long base, long size, PhysicalMemory.@Nullable Region[] root) {
    this(base, size, root, null);
  }

  private MemoryImage(
      long base,
      long size,
      PhysicalMemory.@Nullable Region[] root,
      @Nullable MemorySource elsewhere) {
    this.base = base;
    this.size = size;
    this.root = root;
    this.elsewhere = elsewhere;
  }

  /** Memory that is kept elsewhere: it has no bank, may have holes, and no bank can be restored. */
  public static MemoryImage of(MemorySource source) {
    return new MemoryImage(0, 0, new PhysicalMemory.Region[0], source);
  }

  /** Sees pages, in order of their addresses. */
  @FunctionalInterface
  public interface Pages {
    /**
     * @param pa of its first byte
     */
    void page(long pa, Frame frame);
  }

  /** All pages that have been written; pages of zeros may be among them. */
  public void forEachPage(Pages pages) {
    for (int r = 0; r < root.length; r++) {
      PhysicalMemory.Region region = root[r];
      if (region == null) {
        continue;
      }
      for (int f = 0; f < region.frames.length; f++) {
        Frame frame = region.frames[f];
        if (frame != null) {
          pages.page(base + ((long) r << 21 | (long) f << 12), frame);
        }
      }
    }
  }

  /**
   * An image of these pages; all others read as 0.
   *
   * @param base physical address of the first byte, a multiple of 2 MiB
   * @param size bytes, a multiple of 4 KiB
   * @param pages by the physical address of their first byte
   * @throws IllegalArgumentException if a page lies outside, or is not aligned
   */
  public static MemoryImage of(long base, long size, Map<Long, Frame> pages) {
    if ((base & ((1L << 21) - 1)) != 0 || (size & (Frame.SIZE - 1)) != 0 || size <= 0) {
      throw new IllegalArgumentException("RAM must begin at 2 MiB and be a number of 4 KiB pages");
    }
    PhysicalMemory.@Nullable Region[] regions =
        new PhysicalMemory.Region[(int) ((size + (1L << 21) - 1) >>> 21)];
    PhysicalMemory.Epoch epoch = new PhysicalMemory.Epoch();
    pages.forEach((pa, frame) -> {
      long offset = pa - base;
      if (offset < 0 || offset >= size || (offset & (Frame.SIZE - 1)) != 0) {
        throw new IllegalArgumentException(
            "there is no page at physical address 0x" + Long.toHexString(pa));
      }
      int r = (int) (offset >>> 21);
      PhysicalMemory.Region region = regions[r];
      if (region == null) {
        region = new PhysicalMemory.Region(epoch);
        regions[r] = region;
      }
      region.frames[(int) (offset >>> 12) & 511] = frame;
    });
    return new MemoryImage(base, size, regions);
  }

  PhysicalMemory.@Nullable Region[] root() {
    return root;
  }

  public long base() {
    return base;
  }

  /** Bytes. */
  public long size() {
    return size;
  }

  /** Whether {@code bytes} bytes at {@code pa} lie in this bank, or in what is kept elsewhere. */
  public boolean contains(long pa, int bytes) {
    if (elsewhere != null) {
      return elsewhere.contains(pa, bytes);
    }
    long offset = pa - base;
    return Long.compareUnsigned(offset, size) < 0
        && Long.compareUnsigned(offset + bytes, size) <= 0;
  }

  /**
   * Reads {@code width} (1, 2, 4, 8) bytes, zero-extended; 0 outside the bank, so ask {@link
   * #contains} where that matters.
   */
  public long read(long pa, int width) {
    if (!contains(pa, width)) {
      return 0;
    }
    if (elsewhere != null) {
      return elsewhere.read(pa, width);
    }
    int offset = (int) pa & (Frame.SIZE - 1);
    if (offset + width > Frame.SIZE) {
      long value = 0;
      for (int i = width - 1; i >= 0; i--) {
        value = value << 8 | read(pa + i, 1);
      }
      return value;
    }
    Frame frame = frame(pa);
    return frame == null ? 0 : frame.read(offset, width);
  }

  private @Nullable Frame frame(long pa) {
    long offset = pa - base;
    PhysicalMemory.Region region = root[(int) (offset >>> REGION_SHIFT)];
    return region == null ? null : region.frames[(int) (offset >>> 12) & 511];
  }

  /** Pages that take host memory. */
  public long pages() {
    return pagesNotIn(null);
  }

  /** Pages that an earlier image of the same run does not share, so that they take memory. */
  public long pagesNotIn(@Nullable MemoryImage earlier) {
    long count = 0;
    for (int r = 0; r < root.length; r++) {
      PhysicalMemory.Region region = root[r];
      PhysicalMemory.Region old = earlier == null ? null : earlier.root[r];
      if (region == null || region == old) {
        continue;
      }
      for (int f = 0; f < region.frames.length; f++) {
        Frame frame = region.frames[f];
        if (frame != null && (old == null || frame != old.frames[f])) {
          count++;
        }
      }
    }
    return count;
  }

  /**
   * Whether two pages hold the same. Images of one run share the pages that nobody wrote between,
   * so that most answers take no look at the bytes.
   *
   * @param pa any address in the page; outside the bank it holds zeros
   * @param other an image of this or another memory
   * @param otherPa any address in the page there
   */
  public boolean samePage(long pa, MemoryImage other, long otherPa) {
    if (elsewhere != null || other.elsewhere != null) {
      boolean one = elsewhere == other.elsewhere && pa == otherPa;
      return one || sameWords(pa, other, otherPa);
    }
    Frame here = contains(pa, 1) ? frame(pa) : null;
    Frame there = other.contains(otherPa, 1) ? other.frame(otherPa) : null;
    return here == there || same(here, there);
  }

  private boolean sameWords(long pa, MemoryImage other, long otherPa) {
    long here = pa & -Frame.SIZE;
    long there = otherPa & -Frame.SIZE;
    for (int offset = 0; offset < Frame.SIZE; offset += 8) {
      if (read(here + offset, 8) != other.read(there + offset, 8)) {
        return false;
      }
    }
    return true;
  }

  private static boolean same(@Nullable Frame one, @Nullable Frame other) {
    byte[] first = one == null ? Frame.ABSENT.bytes : one.bytes;
    byte[] second = other == null ? Frame.ABSENT.bytes : other.bytes;
    return Arrays.equals(first, second);
  }

  /**
   * Addresses of the pages of 4 KiB that hold something else than in another image, in order. Of
   * banks at different places only what both have is compared, of memory kept elsewhere nothing.
   */
  public long[] pagesUnlike(MemoryImage other) {
    long from = Math.max(base, other.base);
    long end = Math.min(base + size, other.base + other.size);
    LongStream.Builder found = LongStream.builder();
    // Every bank begins where a region does.
    for (long region = from; region < end; region += REGION) {
      if (root[(int) ((region - base) >>> REGION_SHIFT)]
          == other.root[(int) ((region - other.base) >>> REGION_SHIFT)]) {
        continue;
      }
      for (long pa = region; pa < Math.min(region + REGION, end); pa += Frame.SIZE) {
        if (!samePage(pa, other, pa)) {
          found.add(pa);
        }
      }
    }
    return found.build().toArray();
  }

  /** Hash of the whole content; equal contents have equal hashes, whatever was written between. */
  public long hash() {
    long h = 0;
    for (int r = 0; r < root.length; r++) {
      PhysicalMemory.Region region = root[r];
      if (region == null) {
        continue;
      }
      for (int f = 0; f < region.frames.length; f++) {
        Frame frame = region.frames[f];
        if (frame != null) {
          long content = frame.hash();
          if (content != 0) {
            h += Mix.mix(content, ((long) r << 9 | f) + 1);
          }
        }
      }
    }
    return h;
  }
}
