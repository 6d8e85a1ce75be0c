package dev.stagewalk.image.boot;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.board.Machine;
import dev.stagewalk.image.ElfException;
import dev.stagewalk.image.ElfSegment;
import dev.stagewalk.image.FileBytes;
import dev.stagewalk.image.boot.BootImage.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * ELF64 programs: static ones, which lie where they were linked for, and static
 * position-independent ones, which lie where a flat image would and get their RELATIVE relocations
 * applied. Those that apply them as well write the same values once more.
 *
 * <p>Source: System V Application Binary Interface, "ELF Header" and "Program Header"; ELF for the
 * Arm 64-bit Architecture, "Relocation".
 */
final class ElfProgram {
  private static final int HEADER = 64;
  private static final int EM_AARCH64 = 183;
  private static final int ET_EXEC = 2;
  private static final int ET_DYN = 3;
  private static final long LARGEST_ALIGNMENT = 2L << 20;
  private static final String TAKE = "take a static ELF64 program of AArch64";
  private static final String CUT = "it was cut: copy it again";

  private final String name;
  private final FileBytes file;
  private final List<ElfSegment> segments = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private long dynamic;
  private long dynamicBytes;
  private long bias;

  private ElfProgram(String name, FileBytes file) {
    this.name = name;
    this.file = file;
  }

  /** Whether a file begins like one in this format. */
  static boolean isElf(FileBytes file) {
    return file.size() >= 4 && file.u32(0) == 0x464c_457fL;
  }

  static BootImage read(String name, FileBytes file) throws ImageException {
    try {
      return new ElfProgram(name, file).read();
    } catch (ElfException e) {
      throw new ImageException(e);
    }
  }

  private BootImage read() throws ImageException, ElfException {
    if (file.size() < HEADER) {
      throw wrong(file.size(), "the file ends inside its ELF header", CUT);
    }
    checkKind();
    programHeaders();
    boolean movable = file.u16(16) == ET_DYN;
    if (movable) {
      bias = bias();
    }
    List<Piece> pieces = new ArrayList<>();
    for (ElfSegment segment : segments) {
      pieces.add(
          new Piece(
              segment.physical() + bias,
              file.range(segment.offset(), segment.fileBytes()),
              segment.bytes(),
              segment.executable()));
    }
    if (movable) {
      new Relocations(name, file, segments, bias).apply(dynamic, dynamicBytes, pieces, notes);
    }
    ElfNames names = ElfNames.read(name, file, bias);
    notes.addAll(names.notes());
    return new BootImage(
        name,
        movable ? "position-independent ELF program" : "ELF program",
        entry(),
        pieces,
        names.symbols(pieces),
        names.lines(),
        Map.of(),
        names.codeFrom(),
        notes,
        new byte[0]);
  }

  private ImageException wrong(long offset, String cause, String next) {
    return new ImageException(name, offset, cause, next);
  }

  private void checkKind() throws ImageException {
    int kind = file.u8(4);
    if (kind != 2) {
      throw wrong(
          4,
          kind == 1 ? "this is a 32-bit ELF file" : "the ELF class " + kind + " is unknown",
          TAKE);
    }
    if (file.u8(5) != 1) {
      throw wrong(5, "this is a big-endian ELF file", "little-endian is simulated");
    }
    if (file.u16(18) != EM_AARCH64) {
      throw wrong(
          18, "this is an ELF file of another machine, " + machine() + ", not of AArch64", TAKE);
    }
    int type = file.u16(16);
    if (type != ET_EXEC && type != ET_DYN) {
      throw wrong(
          16,
          switch (type) {
            case 1 -> "this is an object file, which no linker has given addresses";
            case 4 -> "this is a core, the memory of a machine that ran";
            default -> "the ELF type " + type + " is unknown";
          },
          type == 4 ? "`stagewalk walk` and `tables` read it with --dump" : TAKE);
    }
  }

  private String machine() {
    int machine = file.u16(18);
    return switch (machine) {
      case 3 -> "x86";
      case 40 -> "32-bit Arm";
      case 62 -> "x86-64";
      case 243 -> "RISC-V";
      default -> "number " + machine;
    };
  }

  private void programHeaders() throws ImageException, ElfException {
    List<ElfSegment> all = ElfSegment.all(name, file);
    if (all.isEmpty()) {
      throw wrong(56, "it has no program headers, so nothing is to be loaded", TAKE);
    }
    for (int i = 0; i < all.size(); i++) {
      programHeader(all.get(i), i);
    }
    if (segments.isEmpty()) {
      throw wrong(all.getFirst().header(), "it has nothing to be loaded", TAKE);
    }
  }

  private void programHeader(ElfSegment segment, int index) throws ImageException, ElfException {
    switch (segment.type()) {
      case ElfSegment.PT_INTERP ->
          throw wrong(
              segment.header(),
              "it needs a dynamic linker, and there is none on a bare machine",
              TAKE);
      case ElfSegment.PT_DYNAMIC -> {
        segment.requireIn(name, file, "the dynamic section");
        dynamic = segment.offset();
        dynamicBytes = segment.fileBytes();
      }
      case ElfSegment.PT_LOAD -> {
        if (segment.bytes() == 0) {
          return;
        }
        segment.requireIn(name, file, "segment " + index);
        if (segment.bytes() < segment.fileBytes()
            || segment.physical() < 0
            || segment.physical() >= 1L << 52
            || segment.bytes() >= 1L << 52) {
          throw wrong(
              segment.header(),
              "segment "
                  + index
                  + " makes no sense: "
                  + Hex.plain(segment.fileBytes())
                  + " bytes of the file, "
                  + Hex.plain(segment.bytes())
                  + " of memory, at "
                  + Hex.address(segment.physical()),
              "the file was damaged: link it again");
        }
        segments.add(segment);
      }
      default -> {
        // Notes and hints of systems that are not here.
      }
    }
  }

  /** What is added to every address: 0 for one that was linked for an address in RAM. */
  private long bias() {
    long lowest = Long.MAX_VALUE;
    long alignment = 4096;
    for (ElfSegment segment : segments) {
      lowest = Math.min(lowest, segment.physical());
      alignment = Math.max(alignment, Math.min(segment.alignment(), LARGEST_ALIGNMENT));
    }
    if (lowest >= Machine.RAM_BASE) {
      return 0;
    }
    long unit = Long.highestOneBit(alignment);
    long base = Machine.RAM_BASE + BootImage.LOAD_OFFSET;
    return Math.ceilDiv(base, unit) * unit - lowest / unit * unit;
  }

  /** The header's is a virtual address; the machine begins with its MMU off. */
  private long entry() throws ImageException {
    long entry = file.u64(24);
    for (ElfSegment segment : segments) {
      if (entry - segment.virtual() >= 0 && entry - segment.virtual() < segment.bytes()) {
        long physical = entry - segment.virtual() + segment.physical() + bias;
        if ((physical & 3) == 0) {
          return physical;
        }
      }
    }
    throw wrong(
        24,
        "its entry point " + Hex.address(entry) + " is no instruction in a segment",
        "link it with an entry point, such as -e _start");
  }
}
