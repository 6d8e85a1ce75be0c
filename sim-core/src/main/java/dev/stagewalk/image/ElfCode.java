package dev.stagewalk.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The instructions of an ELF64 file of AArch64, linked or not, and the names in it. Without section
 * headers its executable segments are taken.
 *
 * <p>Source: System V Application Binary Interface, "Sections", "Symbol Table"; ELF for the Arm
 * 64-bit Architecture, "Mapping symbols".
 */
public final class ElfCode {
  private static final int MAGIC = 0x464c_457f;
  private static final int HEADER = 64;
  private static final int EM_AARCH64 = 183;
  private static final int ET_REL = 1;
  private static final int PT_LOAD = 1;
  private static final int SHT_PROGBITS = 1;
  private static final int SHT_SYMTAB = 2;
  private static final int SHT_NOBITS = 8;
  private static final int SHT_DYNSYM = 11;
  private static final int SHF_ALLOC = 2;
  private static final int SHF_EXECINSTR = 4;
  private static final int SHN_LORESERVE = 0xff00;
  private static final int SECTION_HEADER = 64;
  private static final int PROGRAM_HEADER = 56;
  private static final int SYMBOL = 24;
  private static final int STT_SECTION = 3;
  private static final int STT_FILE = 4;
  private static final String CUT = "it was cut: copy it again";

  private final Path name;
  private final ByteBuffer file;
  private final List<Header> headers = new ArrayList<>();
  private final List<Piece> pieces = new ArrayList<>();
  private final NavigableMap<Long, Named> everywhere = new TreeMap<>();

  private record Header(
      String name, int type, long flags, long address, long offset, long size, int link) {}

  private record Named(String name, int rank) {}

  /**
   * Bytes at their address, in which instructions stand.
   *
   * @param executable whether it is meant to be executed
   */
  public static final class Piece {
    private final String name;
    private final long address;
    private final byte[] bytes;
    private final boolean executable;
    private final NavigableMap<Long, Named> symbols = new TreeMap<>();
    private final NavigableMap<Long, Boolean> kinds = new TreeMap<>();

    private Piece(String name, long address, byte[] bytes, boolean executable) {
      this.name = name;
      this.address = address;
      this.bytes = bytes;
      this.executable = executable;
    }

    /** A flat file, all of it instructions. */
    public static Piece flat(String name, long address, byte[] bytes) {
      return new Piece(name, address, bytes, true);
    }

    public String name() {
      return name;
    }

    public long address() {
      return address;
    }

    public byte[] bytes() {
      return bytes.clone();
    }

    public boolean isExecutable() {
      return executable;
    }

    /** The symbol at this very address, or null. */
    public @Nullable String symbol(long at) {
      Named named = symbols.get(at);
      return named == null ? null : named.name();
    }

    /** Whether instructions, not data, stand there. */
    public boolean isCode(long at) {
      Map.Entry<Long, Boolean> kind = kinds.floorEntry(at);
      return kind == null ? executable : kind.getValue();
    }

    /** Where the next symbol or change between instructions and data is, at most the end. */
    public long boundaryAfter(long at) {
      Long symbol = symbols.higherKey(at);
      Long kind = kinds.higherKey(at);
      long end = address + bytes.length;
      return Math.min(end, Math.min(symbol == null ? end : symbol, kind == null ? end : kind));
    }

    private boolean holds(long at) {
      return at >= address && at <= address + bytes.length;
    }
  }

  private ElfCode(Path name, byte[] content) {
    this.name = name;
    file = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Whether a file begins like an ELF file. */
  public static boolean isElf(byte[] content) {
    return content.length >= 4
        && ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getInt(0) == MAGIC;
  }

  /**
   * Reads a file.
   *
   * @throws DumpException where it is no whole ELF64 file of AArch64, with the place and cause
   */
  public static ElfCode read(Path name, byte[] content) throws DumpException {
    ElfCode code = new ElfCode(name, content);
    code.read();
    return code;
  }

  /** All sections with bytes in memory, or the segments of a file without sections. */
  public List<Piece> pieces() {
    return List.copyOf(pieces);
  }

  /**
   * The symbol at or before an address, with its distance, or null where none is near.
   *
   * @param from the piece from which it is seen: of a file that is not linked, the only one
   */
  public @Nullable String nearest(Piece from, long at) {
    NavigableMap<Long, Named> symbols = from.holds(at) ? from.symbols : everywhere;
    Map.Entry<Long, Named> entry = symbols.floorEntry(at);
    if (entry == null || (!from.holds(at) && pieces.stream().noneMatch(p -> p.holds(at)))) {
      return null;
    }
    long distance = at - entry.getKey();
    String symbol = entry.getValue().name();
    return distance == 0 ? symbol : symbol + "+0x" + Long.toHexString(distance);
  }

  private void read() throws DumpException {
    if (file.capacity() < HEADER) {
      throw wrong(file.capacity(), "the file ends inside its ELF header", CUT);
    }
    if (file.get(4) != 2 || file.get(5) != 1 || u16(18) != EM_AARCH64) {
      throw wrong(4, "not a little-endian ELF64 file of AArch64", "name one");
    }
    sections();
    if (headers.stream().noneMatch(header -> header.type() == SHT_PROGBITS)) {
      segments();
    }
    if (pieces.isEmpty()) {
      throw wrong(0, "nothing in it lies in memory", "name a program or an object file");
    }
  }

  private void sections() throws DumpException {
    long table = file.getLong(40);
    int size = u16(58);
    int count = u16(60);
    if (count == 0) {
      return;
    }
    if (size < SECTION_HEADER || !holds(table, (long) count * size)) {
      throw wrong(40, "the file ends before its " + count + " section headers do", CUT);
    }
    int names = u16(62);
    long strings = names < count ? file.getLong((int) (table + (long) names * size + 24)) : -1;
    List<@Nullable Piece> ofSection = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int at = (int) (table + (long) i * size);
      Header header =
          new Header(
              text(strings, u32(at)),
              file.getInt(at + 4),
              file.getLong(at + 8),
              file.getLong(at + 16),
              file.getLong(at + 24),
              file.getLong(at + 32),
              file.getInt(at + 40));
      if (header.type() != 0
          && header.type() != SHT_NOBITS
          && !holds(header.offset(), header.size())) {
        throw wrong(at, "the file ends before section " + i + " does", CUT);
      }
      headers.add(header);
      boolean shown =
          (header.flags() & SHF_ALLOC) != 0 && header.type() != SHT_NOBITS && header.size() > 0;
      Piece piece =
          shown && header.type() != 0
              ? piece(
                  header.name(),
                  header.address(),
                  header.offset(),
                  header.size(),
                  (header.flags() & SHF_EXECINSTR) != 0)
              : null;
      ofSection.add(piece);
      if (piece != null) {
        pieces.add(piece);
      }
    }
    boolean full = headers.stream().anyMatch(header -> header.type() == SHT_SYMTAB);
    for (Header header : headers) {
      if (header.type() == (full ? SHT_SYMTAB : SHT_DYNSYM)) {
        symbols(header, ofSection);
      }
    }
  }

  private void symbols(Header table, List<@Nullable Piece> ofSection) throws DumpException {
    if (table.link() < 0 || table.link() >= headers.size()) {
      throw wrong(40, "its symbol table names no table of strings", "link it again");
    }
    long strings = headers.get(table.link()).offset();
    boolean linked = u16(16) != ET_REL;
    for (long at = table.offset(); at + SYMBOL <= table.offset() + table.size(); at += SYMBOL) {
      int place = (int) at;
      String symbol = text(strings, u32(place));
      int info = file.get(place + 4) & 0xff;
      int section = u16(place + 6);
      long value = file.getLong(place + 8);
      Piece piece = section < ofSection.size() ? ofSection.get(section) : null;
      if (section == 0 || section >= SHN_LORESERVE || symbol.isEmpty()) {
        continue;
      }
      if (symbol.matches("\\$[xd](\\..*)?")) {
        if (piece != null) {
          piece.kinds.put(value, symbol.charAt(1) == 'x');
        }
        continue;
      }
      int type = info & 15;
      if (type == STT_SECTION || type == STT_FILE) {
        continue;
      }
      // Where several names stand at one place: a global one, then one with a type.
      Named named = new Named(symbol, (info >> 4) * 2 + (type == 0 ? 0 : 1));
      if (piece != null) {
        piece.symbols.merge(value, named, ElfCode::better);
      }
      if (linked) {
        everywhere.merge(value, named, ElfCode::better);
      }
    }
  }

  private static Named better(Named first, Named second) {
    return second.rank() > first.rank() ? second : first;
  }

  private void segments() throws DumpException {
    long table = file.getLong(32);
    int size = u16(54);
    int count = u16(56);
    if (count > 0 && (size < PROGRAM_HEADER || !holds(table, (long) count * size))) {
      throw wrong(32, "the file ends before its " + count + " program headers do", CUT);
    }
    for (int i = 0; i < count; i++) {
      int at = (int) (table + (long) i * size);
      long offset = file.getLong(at + 8);
      long bytes = file.getLong(at + 32);
      if (file.getInt(at) != PT_LOAD || bytes == 0) {
        continue;
      }
      if (!holds(offset, bytes)) {
        throw wrong(at, "the file ends before segment " + i + " does", CUT);
      }
      boolean executable = (file.getInt(at + 4) & 1) != 0;
      pieces.add(piece("segment " + i, file.getLong(at + 16), offset, bytes, executable));
    }
  }

  private Piece piece(String label, long address, long offset, long size, boolean executable) {
    byte[] bytes = Arrays.copyOfRange(file.array(), (int) offset, (int) (offset + size));
    return new Piece(label, address, bytes, executable);
  }

  private boolean holds(long offset, long size) {
    return offset >= 0 && size >= 0 && offset <= file.capacity() - size && size <= file.capacity();
  }

  private int u16(int at) {
    return file.getShort(at) & 0xffff;
  }

  private long u32(int at) {
    return file.getInt(at) & 0xffff_ffffL;
  }

  private String text(long strings, long offset) {
    if (!holds(strings, offset) || strings < 0) {
      return "";
    }
    int start = (int) (strings + offset);
    int end = start;
    while (end < file.capacity() && file.get(end) != 0) {
      end++;
    }
    return new String(file.array(), start, end - start, StandardCharsets.UTF_8);
  }

  private DumpException wrong(long offset, String cause, String next) {
    return new DumpException(name, offset, cause, next);
  }
}
