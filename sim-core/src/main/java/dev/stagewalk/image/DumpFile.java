package dev.stagewalk.image;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Size;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One dump file, recognised by its content.
 *
 * @param kind what it is
 * @param format what it is and how much it holds, one line
 * @param stretches memory it holds, in the order of the file
 * @param notes what a user should know beside
 */
record DumpFile(DumpKind kind, String format, List<Stretch> stretches, List<String> notes) {
  private static final Pattern ADDRESS_IN_NAME = Pattern.compile("0x[0-9a-fA-F]{4,16}");
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Stretches of memory in one file: many more would be a file of headers. */
  static final int MOST_STRETCHES = 1 << 20;

  private static final int ELF = 0x464c_457f;
  private static final int LIME = 0x4c69_4d45;
  private static final int KDUMP = 0x4d55_444b;
  private static final int MAKEDUMPFILE = 0x656b_616d;
  private static final int XZ = 0x587a_37fd;

  DumpFile {
    stretches = List.copyOf(stretches);
    notes = List.copyOf(notes);
  }

  static DumpFile open(DumpName name, Arena arena) throws DumpException, IOException {
    Path file = name.file();
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new DumpException(
          file,
          Files.isDirectory(file) ? "is a folder" : "is not a file that can be read",
          "name an ELF core, a LiME file, or raw memory as FILE@BASE");
    }
    MemorySegment content = map(file, arena);
    if (content.byteSize() == 0) {
      throw new DumpException(file, "is empty", "was the dump taken to its end?");
    }
    if (Packing.of(file) != Packing.NONE) {
      Path unpacked = Unpacked.toTemporary(file);
      content = map(unpacked, arena);
      try {
        Files.deleteIfExists(unpacked);
      } catch (IOException _) {
        // Some systems keep a file that is mapped; it goes at the end of the program.
      }
    }
    return name.base().isPresent()
        ? raw(file, content, name.base().getAsLong())
        : recognised(file, content);
  }

  private static DumpFile recognised(Path file, MemorySegment content) throws DumpException {
    return switch (magic(content)) {
      case ELF -> ElfCore.read(file, content);
      case LIME -> Lime.read(file, content);
      case KDUMP, MAKEDUMPFILE ->
          throw new DumpException(
              file,
              "is compressed by kdump, which is not read here",
              "write an ELF file instead: dump-guest-memory without -z, -l and -s, or makedumpfile"
                  + " -E");
      case XZ ->
          throw new DumpException(
              file, "is compressed by xz", "unpack it first (gzip and zstd are unpacked here)");
      default -> {
        Matcher hint = ADDRESS_IN_NAME.matcher(String.valueOf(file.getFileName()));
        throw new DumpException(
            file,
            "is neither an ELF core nor a LiME file",
            "if it is raw memory say where that lies, as FILE@BASE: "
                + file
                + "@"
                + (hint.find() ? hint.group() : "0x40000000"));
      }
    };
  }

  /** The user says it is raw. A header that says otherwise is believed more. */
  private static DumpFile raw(Path file, MemorySegment content, long base) throws DumpException {
    long size = content.byteSize();
    String note = "";
    switch (magic(content)) {
      case LIME ->
          throw new DumpException(
              file,
              "begins with a LiME header, which says itself where its memory lies",
              "leave @" + Hex.plain(base) + " away");
      case ELF -> {
        if (ElfCore.isCore(content)) {
          throw new DumpException(
              file,
              "is an ELF core, whose headers say where its memory lies",
              "leave @" + Hex.plain(base) + " away");
        }
        note = "'" + file + "' begins like an ELF program; it is read as raw memory, as asked";
      }
      default -> {
        // Raw memory can begin with anything else.
      }
    }
    if ((base | base + size - 1) >>> 52 != 0) {
      throw new DumpException(
          file,
          "does not fit: " + bytes(size) + " from " + Hex.address(base) + " on",
          "a physical address has at most 52 bits: check the base");
    }
    return new DumpFile(
        DumpKind.RAW,
        "'" + file + "': raw memory, " + bytes(size) + " at " + Hex.address(base),
        List.of(new Stretch(base, size, 0, file.toString(), content)),
        note.isEmpty() ? List.of() : List.of(note));
  }

  private static MemorySegment map(Path file, Arena arena) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    }
  }

  private static int magic(MemorySegment content) {
    return content.byteSize() < 4 ? 0 : content.get(INT, 0);
  }

  /** What a file is, as far as its first bytes say it; what is packed is unpacked already. */
  static Optional<DumpKind> kind(byte[] head) {
    MemorySegment content = MemorySegment.ofArray(head);
    return switch (magic(content)) {
      case LIME -> Optional.of(DumpKind.LIME);
      case ELF -> ElfCore.isCore(content) ? Optional.of(DumpKind.ELF_CORE) : Optional.empty();
      case KDUMP, MAKEDUMPFILE -> Optional.of(DumpKind.KDUMP);
      default -> Optional.empty();
    };
  }

  static String bytes(long count) {
    return count % 1024 == 0 ? Size.words(count) : count + " bytes";
  }
}
