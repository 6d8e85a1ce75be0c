package dev.stagewalk.image;

import dev.stagewalk.image.ElfSections.Section;
import dev.stagewalk.image.ElfSections.Symbol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The instructions of an ELF64 file of AArch64, linked or not, and the names in it. Without section
 * headers its executable segments are taken.
 */
public final class ElfCode {
  private static final long MAGIC = 0x464c_457fL;
  private static final int HEADER = 64;
  private static final int EM_AARCH64 = 183;
  private static final int ET_REL = 1;
  private static final int STB_GLOBAL = 1;
  private static final int STB_WEAK = 2;
  private static final int STT_OBJECT = 1;
  private static final int STT_FUNC = 2;

  private final String name;
  private final FileBytes file;
  private final List<Piece> pieces = new ArrayList<>();
  private final NavigableMap<Long, Named> everywhere = new TreeMap<>();

  /** Of several names of one place objdump shows the last in this order. */
  private record Named(String name, int rank, long size) implements Comparable<Named> {
    private static final Comparator<Named> ORDER =
        Comparator.comparingInt(Named::rank)
            .thenComparingLong(Named::size)
            .thenComparing(Named::name, Comparator.reverseOrder());

    static Named of(Symbol symbol) {
      int type = symbol.type() == STT_FUNC ? 8 : symbol.type() == STT_OBJECT ? 4 : 0;
      int binding = symbol.binding() == STB_GLOBAL ? 2 : symbol.binding() == STB_WEAK ? 1 : 0;
      return new Named(symbol.name(), type + binding, symbol.size());
    }

    @Override
    public int compareTo(Named other) {
      return ORDER.compare(this, other);
    }
  }

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

  private ElfCode(String name, byte[] content) {
    this.name = name;
    file = new FileBytes(content);
  }

  /** Whether a file begins like an ELF file. */
  public static boolean isElf(byte[] content) {
    return content.length >= 4 && new FileBytes(content).u32(0) == MAGIC;
  }

  /**
   * Reads a file.
   *
   * @param name of the file, for messages
   * @throws ElfException where it is no whole ELF64 file of AArch64, with the place and cause
   */
  public static ElfCode read(String name, byte[] content) throws ElfException {
    ElfCode code = new ElfCode(name, content);
    code.read();
    return code;
  }

  /** All sections with bytes in memory, or the segments of a file without sections. */
  public List<Piece> pieces() {
    return List.copyOf(pieces);
  }

  /**
   * The symbol at or before an address with its distance, or where none is before, the first one;
   * null where there is none at all.
   *
   * @param from the piece from which it is seen: of a file that is not linked, the only one
   */
  public @Nullable String nearest(Piece from, long at) {
    NavigableMap<Long, Named> symbols =
        everywhere.isEmpty() && from.holds(at) ? from.symbols : everywhere;
    Map.Entry<Long, Named> before = symbols.floorEntry(at);
    Map.Entry<Long, Named> entry = before == null ? symbols.firstEntry() : before;
    if (entry == null) {
      return null;
    }
    long distance = at - entry.getKey();
    String symbol = entry.getValue().name();
    return distance == 0
        ? symbol
        : symbol + (distance < 0 ? "-0x" : "+0x") + Long.toHexString(Math.abs(distance));
  }

  private void read() throws ElfException {
    if (file.size() < HEADER) {
      throw wrong(file.size(), "the file ends inside its ELF header", "it was cut: copy it again");
    }
    if (file.u8(4) != 2 || file.u8(5) != 1 || file.u16(18) != EM_AARCH64) {
      throw wrong(4, "not a little-endian ELF64 file of AArch64", "name one");
    }
    ElfSections sections = ElfSections.read(name, file);
    List<@Nullable Piece> ofSection = new ArrayList<>();
    for (Section section : sections.all()) {
      Piece piece = section.isInMemory() && section.hasContent() ? piece(section) : null;
      ofSection.add(piece);
      if (piece != null) {
        pieces.add(piece);
      }
    }
    for (Symbol symbol : sections.symbols()) {
      add(symbol, symbol.section() < ofSection.size() ? ofSection.get(symbol.section()) : null);
    }
    if (sections.all().stream().noneMatch(Section::isProgramBits)) {
      segments();
    }
    if (pieces.isEmpty()) {
      throw wrong(0, "nothing in it lies in memory", "name a program or an object file");
    }
  }

  private @Nullable Piece piece(Section section) {
    return section.size() == 0
        ? null
        : new Piece(
            section.name(),
            section.address(),
            file.range(section.offset(), section.size()),
            section.isExecutable());
  }

  private void add(Symbol symbol, @Nullable Piece piece) {
    if (symbol.isMapping() && piece != null) {
      piece.kinds.put(symbol.value(), symbol.beginsCode());
    }
    if (!symbol.isName()) {
      return;
    }
    Named named = Named.of(symbol);
    if (piece != null) {
      piece.symbols.merge(symbol.value(), named, BinaryOperator.maxBy(Comparator.naturalOrder()));
    }
    if (file.u16(16) != ET_REL && symbol.section() != 0) {
      everywhere.merge(symbol.value(), named, BinaryOperator.maxBy(Comparator.naturalOrder()));
    }
  }

  private void segments() throws ElfException {
    List<ElfSegment> all = ElfSegment.all(name, file);
    for (int i = 0; i < all.size(); i++) {
      ElfSegment segment = all.get(i);
      if (segment.type() != ElfSegment.PT_LOAD || segment.fileBytes() == 0) {
        continue;
      }
      String label = "segment " + i;
      segment.requireIn(name, file, label);
      byte[] bytes = file.range(segment.offset(), segment.fileBytes());
      pieces.add(new Piece(label, segment.virtual(), bytes, segment.executable()));
    }
  }

  private ElfException wrong(long offset, String cause, String next) {
    return new ElfException(name, offset, cause, next);
  }
}
