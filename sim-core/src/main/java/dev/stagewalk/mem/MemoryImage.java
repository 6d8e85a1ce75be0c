package dev.stagewalk.mem;

import org.jspecify.annotations.Nullable;

/**
 * The immutable content of a bank of RAM at one moment, or memory that is kept elsewhere, such as
 * in the file of a dump. Any thread may read it.
 */
public final class MemoryImage {
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
    PhysicalMemory.Region region = root[(int) (offset >>> 21)];
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
