package dev.stagewalk.trace;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The files of a recording in a ZIP archive that only stores them. They are read in place: nothing
 * is unpacked, so that an archive can neither fill a disk nor write anywhere, and a name that would
 * lie outside of a folder refuses the whole archive.
 *
 * <p>Source: PKWARE, ".ZIP File Format Specification", sections 4.3 and 4.4.
 */
final class ZipFiles implements RecordingFiles {
  private static final int END = 22;
  private static final int LONGEST_COMMENT = 0xffff;
  private static final int END_64_LOCATOR = 20;
  private static final int END_64 = 56;
  private static final int ENTRY = 46;
  private static final int LOCAL = 30;
  private static final int MOST_ENTRIES = 1 << 20;
  private static final long LARGEST_DIRECTORY = 1L << 28;
  private static final long NOT_HERE = 0xffff_ffffL;
  private static final int LINK = 0xa000;

  private final Path path;
  private final Map<String, Entry> entries;

  /**
   * @param local where its local header begins
   */
  private record Entry(long local, long size) {}

  private ZipFiles(Path path, Map<String, Entry> entries) {
    this.path = path;
    this.entries = entries;
  }

  static ZipFiles open(Path path) throws TraceException {
    try (Content file = new Content(path)) {
      return new ZipFiles(path, directory(path, file));
    } catch (IOException e) {
      throw new TraceException("'" + path + "' cannot be read: " + e.getMessage(), e);
    }
  }

  private static Map<String, Entry> directory(Path path, Content file)
      throws IOException, TraceException {
    int tail = (int) Math.min(file.size(), END + LONGEST_COMMENT);
    ByteBuffer in = buffer(file, file.size() - tail, tail);
    int at = tail - END;
    while (at >= 0 && in.getInt(at) != 0x0605_4b50) {
      at--;
    }
    if (at < 0) {
      throw new TraceException(
          "'"
              + path
              + "' is no recording: it is neither a folder nor a whole ZIP archive; if it was cut"
              + " off on its way, copy it again");
    }
    long count = in.getShort(at + 10) & 0xffff;
    long bytes = in.getInt(at + 12) & NOT_HERE;
    long begin = in.getInt(at + 16) & NOT_HERE;
    int locator = at - END_64_LOCATOR;
    if (locator >= 0 && in.getInt(locator) == 0x0706_4b50) {
      ByteBuffer large = buffer(file, in.getLong(locator + 8), END_64);
      if (large.getInt(0) != 0x0606_4b50) {
        throw damaged(path, "its end of the central directory is missing");
      }
      count = large.getLong(32);
      bytes = large.getLong(40);
      begin = large.getLong(48);
    }
    if (count < 0 || count > MOST_ENTRIES || bytes < 0 || bytes > LARGEST_DIRECTORY) {
      throw damaged(path, "it says to hold " + count + " files");
    }
    return entries(path, file.size(), buffer(file, begin, (int) bytes), count);
  }

  private static Map<String, Entry> entries(Path path, long size, ByteBuffer in, long count)
      throws TraceException {
    Map<String, Entry> entries = new TreeMap<>();
    for (long n = 0; n < count; n++) {
      if (in.remaining() < ENTRY || in.getInt(in.position()) != 0x0201_4b50) {
        throw damaged(path, "entry " + n + " of its directory is missing");
      }
      int at = in.position();
      int nameLength = in.getShort(at + 28) & 0xffff;
      int extraLength = in.getShort(at + 30) & 0xffff;
      int length = ENTRY + nameLength + extraLength + (in.getShort(at + 32) & 0xffff);
      if (in.remaining() < length) {
        throw damaged(path, "entry " + n + " of its directory is cut off");
      }
      byte[] raw = new byte[nameLength];
      in.get(at + ENTRY, raw);
      String name = new String(raw, StandardCharsets.UTF_8);
      requireInside(path, name);
      if ((in.getShort(at + 8) & 1) != 0 || in.getShort(at + 10) != 0) {
        throw new TraceException(
            "'"
                + path
                + "' holds '"
                + name
                + "' packed or encrypted: an archive of a recording only stores its files; unpack"
                + " it, and open the folder");
      }
      if ((in.getInt(at + 38) >>> 16 & 0xf000) == LINK) {
        throw new TraceException(
            "'" + path + "' holds a link, '" + name + "', and is refused: it may point anywhere");
      }
      long[] numbers = numbers(in, at, at + ENTRY + nameLength, extraLength);
      boolean inside =
          numbers[0] >= 0 && numbers[1] >= 0 && numbers[1] <= size - LOCAL - numbers[0];
      if (!inside) {
        throw damaged(path, "'" + name + "' lies outside of it");
      }
      if (!name.endsWith("/")
          && entries.put(name, new Entry(numbers[1], numbers[0])) instanceof Entry) {
        throw new TraceException("'" + path + "' holds '" + name + "' twice, and is refused");
      }
      in.position(at + length);
    }
    return entries;
  }

  /** Size and local header of an entry, in ZIP64 form where the usual fields do not hold them. */
  private static long[] numbers(ByteBuffer in, int at, int extra, int extraLength) {
    long size = in.getInt(at + 24) & NOT_HERE;
    long packed = in.getInt(at + 20) & NOT_HERE;
    long local = in.getInt(at + 42) & NOT_HERE;
    int end = extra + extraLength;
    for (int field = extra; field + 4 <= end; ) {
      int length = in.getShort(field + 2) & 0xffff;
      if (in.getShort(field) == 1 && field + 4 + length <= end) {
        int value = field + 4;
        int last = value + length;
        if (size == NOT_HERE && value + 8 <= last) {
          size = in.getLong(value);
          value += 8;
        }
        if (packed == NOT_HERE && value + 8 <= last) {
          value += 8;
        }
        if (local == NOT_HERE && value + 8 <= last) {
          local = in.getLong(value);
        }
      }
      field += 4 + length;
    }
    return new long[] {size, local};
  }

  /** Refuses names that a program which unpacks the archive would write elsewhere. */
  private static void requireInside(Path path, String name) throws TraceException {
    boolean outside = name.isEmpty() || name.indexOf('\0') >= 0 || name.contains("\\");
    outside |= name.startsWith("/") || name.matches("[A-Za-z]:.*");
    for (String part : name.split("/", -1)) {
      outside |= part.equals("..");
    }
    if (outside) {
      throw new TraceException(
          "'"
              + path
              + "' holds '"
              + name.replace('\0', '?')
              + "', which would lie outside of its folder, and is refused");
    }
  }

  private static TraceException damaged(Path path, String what) {
    return new TraceException("'" + path + "' is a damaged archive: " + what);
  }

  private static ByteBuffer buffer(Content file, long at, int count) throws IOException {
    byte[] bytes = new byte[count];
    file.read(at, bytes);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public boolean has(String file) {
    return entries.containsKey(file);
  }

  @Override
  public List<String> in(String folder) {
    return entries.keySet().stream().filter(name -> name.startsWith(folder + "/")).toList();
  }

  @Override
  public Content open(String file) throws IOException {
    Entry entry = entries.get(file);
    if (entry == null) {
      throw new IOException("there is no " + file + " in it");
    }
    long begin;
    try (Content whole = new Content(path)) {
      ByteBuffer local = buffer(whole, entry.local, LOCAL);
      if (local.getInt(0) != 0x0403_4b50) {
        throw new IOException("'" + file + "' does not begin where the archive says");
      }
      begin = entry.local + LOCAL + (local.getShort(26) & 0xffff) + (local.getShort(28) & 0xffff);
      if (begin > whole.size() - entry.size) {
        throw new IOException("'" + file + "' is cut off");
      }
    }
    return new Content(path, begin, entry.size);
  }
}
