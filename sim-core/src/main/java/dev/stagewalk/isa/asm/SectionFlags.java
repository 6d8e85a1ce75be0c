package dev.stagewalk.isa.asm;

import java.util.List;

/**
 * What a section is for.
 *
 * @param alloc whether it lies in memory
 * @param noBits whether it takes no room in a file: memory that starts as zero
 * @param note whether it holds notes for a linker
 */
record SectionFlags(boolean alloc, boolean write, boolean exec, boolean noBits, boolean note) {
  private static final SectionFlags CODE = new SectionFlags(true, false, true, false, false);
  private static final SectionFlags CONSTANTS = new SectionFlags(true, false, false, false, false);
  private static final SectionFlags DATA = new SectionFlags(true, true, false, false, false);
  private static final SectionFlags ZEROS = new SectionFlags(true, true, false, true, false);
  private static final SectionFlags NOTE = new SectionFlags(false, false, false, false, true);
  private static final SectionFlags APART = new SectionFlags(false, false, false, false, false);

  /** What a section of this name is where its source does not say. An unknown name is data. */
  static SectionFlags ofName(String name) {
    if (isOf(name, List.of(".text", ".init", ".fini", ".plt"))) {
      return CODE;
    }
    if (isOf(name, List.of(".rodata", ".rodata1", ".eh_frame"))) {
      return CONSTANTS;
    }
    if (isOf(name, List.of(".bss", ".sbss"))) {
      return ZEROS;
    }
    if (isOf(name, List.of(".note"))) {
      return NOTE;
    }
    return isOf(name, List.of(".comment", ".stab")) || name.startsWith(".debug") ? APART : DATA;
  }

  private static boolean isOf(String name, List<String> kinds) {
    return kinds.stream().anyMatch(kind -> name.equals(kind) || name.startsWith(kind + "."));
  }

  /** The flags written in a string such as {@code ax}, and the type after it. */
  static SectionFlags of(String letters, String type) {
    return new SectionFlags(
        letters.contains("a"),
        letters.contains("w"),
        letters.contains("x"),
        type.equals("nobits"),
        type.equals("note"));
  }
}
