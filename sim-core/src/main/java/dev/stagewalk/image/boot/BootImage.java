package dev.stagewalk.image.boot;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.board.Machine;
import dev.stagewalk.image.FileBytes;
import dev.stagewalk.mem.PhysicalMemory;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A program that can be put into memory and entered at EL2.
 *
 * @param name of its file
 * @param kind what it is, in words: {@code ELF program}
 * @param entry address of the first instruction
 * @param pieces what lies where
 * @param symbols what names its addresses
 * @param lines its source lines
 * @param sources lines of the source files that are at hand, by the name {@code lines} has
 * @param codeFrom where code (true) or data begins; without any all is code
 * @param notes what a user should know beside
 * @param file the bytes of its file, from which it reads the same again; nobody changes them
 */
public record BootImage(
    String name,
    String kind,
    long entry,
    List<Piece> pieces,
    SymbolTable symbols,
    SourceLines lines,
    Map<String, List<String>> sources,
    NavigableMap<Long, Boolean> codeFrom,
    List<String> notes,
    byte[] file) {

  public BootImage {
    pieces = List.copyOf(pieces);
    sources = Map.copyOf(sources);
    codeFrom = Collections.unmodifiableNavigableMap(new TreeMap<>(codeFrom));
    notes = List.copyOf(notes);
  }

  /**
   * Bytes that lie together.
   *
   * @param address of the first
   * @param content what the file gives
   * @param size bytes in memory, at least those of the content; the rest is zero
   * @param code whether there is something to execute in it
   */
  public record Piece(long address, byte[] content, long size, boolean code) {
    long end() {
      return address + size;
    }
  }

  /** Bytes from the base of RAM to where a flat image and a position-independent one lie. */
  public static final long LOAD_OFFSET = 0x8_0000;

  /**
   * Reads an image: an ELF program, an arm64 Image or plain code.
   *
   * @param name of the file, for messages
   * @throws ImageException if it cannot be booted
   */
  public static BootImage read(String name, byte[] content) throws ImageException {
    FileBytes file = new FileBytes(content);
    BootImage read =
        ElfProgram.isElf(file) ? ElfProgram.read(name, file) : FlatImage.read(name, file);
    return read.with(read.sources, content);
  }

  /** The same image with sources to show. */
  public BootImage withSources(Map<String, List<String>> found) {
    return with(found, file);
  }

  private BootImage with(Map<String, List<String>> newSources, byte[] newFile) {
    return new BootImage(
        name, kind, entry, pieces, symbols, lines, newSources, codeFrom, notes, newFile);
  }

  /** The text of a source line, if the source is at hand. */
  public Optional<String> source(SourceLines.Place place) {
    List<String> text = sources.getOrDefault(place.file(), List.of());
    return place.line() <= text.size() ? Optional.of(text.get(place.line() - 1)) : Optional.empty();
  }

  /** Whether what lies at an address is meant to be executed, as far as the image says so. */
  public boolean isCode(long address) {
    Map.Entry<Long, Boolean> mark = codeFrom.floorEntry(address);
    return mark == null || mark.getValue();
  }

  /** Its first byte. */
  public long first() {
    return pieces.stream().mapToLong(Piece::address).min().orElse(entry);
  }

  /** The byte after its last. */
  public long end() {
    return pieces.stream().mapToLong(Piece::end).max().orElse(entry);
  }

  /**
   * Refuses memory that does not hold the image.
   *
   * @param limit the byte after the last it may take
   */
  void requireRoom(long limit) throws ImageException {
    for (Piece piece : pieces) {
      if (piece.address() < Machine.RAM_BASE || piece.size() > limit - piece.address()) {
        boolean below = piece.address() < Machine.RAM_BASE || piece.address() >= 1L << 40;
        throw new ImageException(
            name,
            "does not fit into memory: it needs "
                + Hex.address(piece.address())
                + " to "
                + Hex.address(piece.end() - 1)
                + ", and there is memory for it from "
                + Hex.address(Machine.RAM_BASE)
                + " to "
                + Hex.address(limit - 1),
            below ? "link it for an address in that range" : "give it more with --mem");
      }
    }
  }

  /** Puts it into memory that is all zero. */
  void load(PhysicalMemory memory) {
    for (Piece piece : pieces) {
      memory.write(piece.address(), piece.content());
    }
  }
}
