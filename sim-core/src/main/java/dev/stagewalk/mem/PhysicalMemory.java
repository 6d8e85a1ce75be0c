package dev.stagewalk.mem;

import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One bank of RAM, sparse: a page takes host memory from its first write on.
 *
 * <p>Time travel rests on {@link #image()}: it costs nothing but the end of an epoch. The first
 * write to a page in an epoch copies the page, so every image keeps what it saw, and images share
 * what has not changed between them.
 *
 * <p>Whoever keeps a {@link Frame} for faster access must drop it when {@link #generation()}
 * changes.
 */
public final class PhysicalMemory {
  private static final int FRAME_SHIFT = 12;
  private static final int REGION_SHIFT = 21;
  private static final int FRAMES_PER_REGION = 1 << (REGION_SHIFT - FRAME_SHIFT);

  private final long base;
  private final long size;
  private @Nullable Region[] root;
  private Epoch epoch = new Epoch();
  private Epoch rootEpoch = epoch;

  /** The frame of every page as the regions have it: the way through the regions is longer. */
  private final @Nullable Frame[] frames;

  /** The bytes of every frame, for reads of eight bytes: a table walk waits for each of them. */
  private final byte[] @Nullable [] pages;

  private int generation;

  /** The frame that the latest change of {@link #generation} has replaced. */
  private @Nullable Frame replaced;

  private int replacedAt;
  private long framesCopied;

  /**
   * @param base physical address of the first byte, a multiple of 2 MiB
   * @param size bytes, a multiple of 4 KiB
   */
  public PhysicalMemory(long base, long size) {
    if ((base & ((1L << REGION_SHIFT) - 1)) != 0 || (size & (Frame.SIZE - 1)) != 0 || size <= 0) {
      throw new IllegalArgumentException("RAM must begin at 2 MiB and be a number of 4 KiB pages");
    }
    this.base = base;
    this.size = size;
    this.root = new Region[(int) ((size + (1L << REGION_SHIFT) - 1) >>> REGION_SHIFT)];
    this.frames = new Frame[root.length * FRAMES_PER_REGION];
    this.pages = new byte[frames.length][];
  }

  /**
   * The time between two images of one memory, by identity: a number would not do, because memories
   * restore each other's images and must not take another's frames for their own.
   */
  static final class Epoch {}

  static final class Region {
    final @Nullable Frame[] frames;
    final Epoch epoch;

    Region(Epoch epoch) {
      this(new Frame[FRAMES_PER_REGION], epoch);
    }

    private Region(@Nullable Frame[] frames, Epoch epoch) {
      this.frames = frames;
      this.epoch = epoch;
    }

    Region copyFor(Epoch newEpoch) {
      return new Region(frames.clone(), newEpoch);
    }
  }

  public long base() {
    return base;
  }

  /** Bytes. */
  public long size() {
    return size;
  }

  /** Whether {@code bytes} bytes at {@code pa} lie in this bank. */
  public boolean contains(long pa, int bytes) {
    long offset = pa - base;
    return Long.compareUnsigned(offset, size) < 0
        && Long.compareUnsigned(offset + bytes, size) <= 0;
  }

  /** Changes whenever a frame handed out earlier may no longer be the one to read or write. */
  public int generation() {
    return generation;
  }

  /**
   * The frame in whose place another has come, if that alone was the latest change of {@link
   * #generation}; null if more has changed.
   */
  public @Nullable Frame replacedLast() {
    return replacedAt == generation ? replaced : null;
  }

  /** Pages copied so far because an image still needed their old content. */
  public long framesCopied() {
    return framesCopied;
  }

  /** The frame to read {@code pa} from, or null where nothing was ever written (it reads as 0). */
  public @Nullable Frame frame(long pa) {
    return frames[(int) (pa - base >>> FRAME_SHIFT)];
  }

  /** As {@link #frame}, with a frame of zeros that is never written where there is none. */
  public Frame readable(long pa) {
    Frame frame = frame(pa);
    return frame == null ? Frame.ABSENT : frame;
  }

  /** The frame to write {@code pa} to in the present epoch. */
  public Frame writable(long pa) {
    long offset = pa - base;
    if (rootEpoch != epoch) {
      root = root.clone();
      rootEpoch = epoch;
    }
    int r = (int) (offset >>> REGION_SHIFT);
    Region region = root[r];
    if (region == null) {
      region = new Region(epoch);
      root[r] = region;
    } else if (region.epoch != epoch) {
      region = region.copyFor(epoch);
      root[r] = region;
    }
    int page = (int) (offset >>> FRAME_SHIFT);
    Frame frame = frames[page];
    if (frame == null) {
      frame = new Frame(epoch);
      replaced = Frame.ABSENT;
    } else if (frame.epoch != epoch) {
      replaced = frame;
      frame = frame.copyFor(epoch);
      framesCopied++;
    } else {
      return frame;
    }
    region.frames[page & (FRAMES_PER_REGION - 1)] = frame;
    frames[page] = frame;
    pages[page] = frame.bytes;
    generation++;
    replacedAt = generation;
    return frame;
  }

  /** Asks to be told of writes to the page of {@code pa}; returns the frame that is watched. */
  public Frame watch(long pa, Function<Frame, Frame.WriteListener> listener) {
    Frame frame = frame(pa);
    if (frame == null) {
      frame = writable(pa);
    }
    frame.listen(listener.apply(frame));
    generation++;
    return frame;
  }

  /**
   * Reads {@code size} (1, 2, 4, 8) bytes at an address inside this bank, zero-extended; may cross
   * pages.
   */
  public long read(long pa, int size) {
    int offset = (int) pa & (Frame.SIZE - 1);
    if (offset + size > Frame.SIZE) {
      long value = 0;
      for (int i = size - 1; i >= 0; i--) {
        value = value << 8 | read(pa + i, 1);
      }
      return value;
    }
    Frame frame = frame(pa);
    return frame == null ? 0 : frame.read(offset, size);
  }

  /** Reads the eight bytes at an address inside this bank that is a multiple of 8. */
  public long readWord(long pa) {
    byte[] page = pages[(int) (pa - base >>> FRAME_SHIFT)];
    return page == null ? 0 : Frame.word(page, (int) pa & (Frame.SIZE - 1));
  }

  /** Writes {@code size} (1, 2, 4, 8) bytes at an address inside this bank; may cross pages. */
  public void write(long pa, int size, long value) {
    int offset = (int) pa & (Frame.SIZE - 1);
    if (offset + size > Frame.SIZE) {
      for (int i = 0; i < size; i++) {
        write(pa + i, 1, value >>> (8 * i));
      }
      return;
    }
    writable(pa).write(offset, size, value);
  }

  /** Writes bytes, such as a program image. */
  public void write(long pa, byte[] content) {
    for (int i = 0; i < content.length; i++) {
      write(pa + i, 1, content[i]);
    }
  }

  /** Fills with zero bytes; whole pages that were never written stay so. */
  public void clear(long pa, long bytes) {
    long end = pa + bytes;
    long at = pa;
    while (at < end) {
      long next = Math.min(end, (at | (Frame.SIZE - 1)) + 1);
      if (frame(at) != null) {
        for (long p = at; p < next; p++) {
          write(p, 1, 0);
        }
      }
      at = next;
    }
  }

  /** The content now, for ever. Ends the epoch: the next write to each page copies it. */
  public MemoryImage image() {
    epoch = new Epoch();
    generation++;
    return new MemoryImage(base, size, root);
  }

  /** Makes the content that of an image of this bank. */
  public void restore(MemoryImage image) {
    @Nullable Region[] now = image.root();
    for (int r = 0; r < now.length; r++) {
      Region region = now[r];
      if (region == root[r]) {
        continue;
      }
      int first = r * FRAMES_PER_REGION;
      if (region == null) {
        Arrays.fill(frames, first, first + FRAMES_PER_REGION, null);
        Arrays.fill(pages, first, first + FRAMES_PER_REGION, null);
        continue;
      }
      for (int i = 0; i < FRAMES_PER_REGION; i++) {
        Frame frame = region.frames[i];
        frames[first + i] = frame;
        pages[first + i] = frame == null ? null : frame.bytes;
      }
    }
    root = now;
    epoch = new Epoch();
    generation++;
  }
}
