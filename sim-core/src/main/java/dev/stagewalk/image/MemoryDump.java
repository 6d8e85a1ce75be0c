package dev.stagewalk.image;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.mem.MemorySource;
import dev.stagewalk.mmu.DescriptorReader;
import dev.stagewalk.mmu.ExternalAbort;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Physical memory as dump files hold it. The files are mapped, not read: a dump of any size takes
 * the same small heap. Where several files hold an address, the one named last counts.
 *
 * <p>An address that no file holds is an {@link ExternalAbort}, as for a walker no memory answers
 * there; {@link #missing} says so in words. Any thread may read until the dump is closed.
 */
public final class MemoryDump implements DescriptorReader, MemorySource, AutoCloseable {
  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Arena arena;
  private final boolean closes;
  private final List<String> notes = new ArrayList<>();
  private final List<String> formats = new ArrayList<>();
  private final List<DumpKind> kinds = new ArrayList<>();

  /** Stretches that do not overlap, by their first address as an unsigned number. */
  private final TreeMap<Long, Stretch> stretches = new TreeMap<>(Long::compareUnsigned);

  private MemoryDump(Arena arena, boolean closes) {
    this.arena = arena;
    this.closes = closes;
  }

  /**
   * Memory that is there.
   *
   * @param pa first physical address
   * @param bytes how many
   * @param file that holds it, as the user named it
   */
  public record Range(long pa, long bytes, String file) {
    /** The address of the last byte. */
    public long last() {
      return pa + bytes - 1;
    }
  }

  /**
   * Opens dumps and lays each over those before it.
   *
   * @throws DumpException if a file is no dump that can be read; nothing is left open then
   * @throws IOException if a file cannot be read at all
   */
  public static MemoryDump open(List<DumpName> names) throws DumpException, IOException {
    return open(names, new MemoryDump(Arena.ofShared(), true));
  }

  /**
   * As {@link #open}, for readers of whom nobody knows when the last has done: the files are let go
   * when nothing refers to this any more, and closing it does nothing.
   */
  public static MemoryDump keep(List<DumpName> names) throws DumpException, IOException {
    return open(names, new MemoryDump(Arena.ofAuto(), false));
  }

  private static MemoryDump open(List<DumpName> names, MemoryDump dump)
      throws DumpException, IOException {
    try {
      for (DumpName name : names) {
        DumpFile file = DumpFile.open(name, dump.arena);
        file.stretches().forEach(dump::lay);
        dump.formats.add(file.format());
        dump.kinds.add(file.kind());
        dump.notes.addAll(file.notes());
      }
      return dump;
    } catch (DumpException | IOException | RuntimeException e) {
      dump.close();
      throw e;
    }
  }

  /** Lays a stretch over what is there. */
  private void lay(Stretch stretch) {
    if (stretch.bytes() == 0) {
      return;
    }
    Map.Entry<Long, Stretch> below = stretches.lowerEntry(stretch.pa());
    if (below != null && Long.compareUnsigned(below.getValue().last(), stretch.pa()) >= 0) {
      Stretch cut = below.getValue();
      stretches.put(cut.pa(), cut.before(stretch.pa()));
      if (Long.compareUnsigned(cut.last(), stretch.last()) > 0) {
        Stretch rest = cut.from(stretch.last() + 1);
        stretches.put(rest.pa(), rest);
      }
    }
    Map<Long, Stretch> covered = stretches.subMap(stretch.pa(), true, stretch.last(), true);
    if (!covered.isEmpty()) {
      Stretch highest = List.copyOf(covered.values()).getLast();
      covered.clear();
      if (Long.compareUnsigned(highest.last(), stretch.last()) > 0) {
        Stretch rest = highest.from(stretch.last() + 1);
        stretches.put(rest.pa(), rest);
      }
    }
    stretches.put(stretch.pa(), stretch);
  }

  @Override
  public long read(long pa) {
    Stretch at = holding(pa);
    if (at.bytes() - (pa - at.pa()) >= 8) {
      return at.content().get(WORD, at.offset() + (pa - at.pa()));
    }
    return bytes(pa, 8);
  }

  /** Byte by byte, as they may lie in several stretches. */
  private long bytes(long pa, int width) {
    long value = 0;
    for (int i = width - 1; i >= 0; i--) {
      Stretch part = holding(pa + i);
      long offset = part.offset() + (pa + i - part.pa());
      value = value << 8 | part.content().get(ValueLayout.JAVA_BYTE, offset) & 0xff;
    }
    return value;
  }

  private Stretch holding(long pa) {
    Map.Entry<Long, Stretch> found = stretches.floorEntry(pa);
    if (found == null || Long.compareUnsigned(pa, found.getValue().last()) > 0) {
      throw ExternalAbort.ABORT;
    }
    return found.getValue();
  }

  @Override
  public long read(long pa, int width) {
    return width == 8 ? read(pa) : bytes(pa, width);
  }

  @Override
  public boolean contains(long pa, int bytes) {
    return contains(pa, (long) bytes);
  }

  /** Whether all bytes of a range are held. */
  public boolean contains(long pa, long bytes) {
    try {
      long at = pa;
      while (true) {
        long last = holding(at).last();
        if (Long.compareUnsigned(last, pa + bytes - 1) >= 0) {
          return true;
        }
        at = last + 1;
      }
    } catch (ExternalAbort _) {
      return false;
    }
  }

  /** Why an address cannot be read: that it is not in the dump, and what is nearest. */
  public String missing(long pa) {
    StringBuilder words = new StringBuilder("PA " + Hex.address(pa) + " is not in the dump");
    Map.Entry<Long, Stretch> below = stretches.floorEntry(pa);
    Map.Entry<Long, Stretch> above = stretches.higherEntry(pa);
    String separator = ": the nearest it has is ";
    if (below != null) {
      words.append(separator).append(below.getValue().words());
      separator = " and ";
    }
    if (above != null) {
      words.append(separator).append(above.getValue().words());
    }
    return words.toString();
  }

  /** What kind each file is and what it holds, one line each. */
  public List<String> formats() {
    return List.copyOf(formats);
  }

  /** What kind each file is. */
  public List<DumpKind> kinds() {
    return List.copyOf(kinds);
  }

  /** The memory that is there, in order of its addresses. */
  public List<Range> ranges() {
    return stretches.values().stream()
        .map(stretch -> new Range(stretch.pa(), stretch.bytes(), stretch.file()))
        .toList();
  }

  /** What a user should know beside: cut files, parts without memory. */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  @Override
  public void close() {
    if (closes) {
      arena.close();
    }
  }
}
