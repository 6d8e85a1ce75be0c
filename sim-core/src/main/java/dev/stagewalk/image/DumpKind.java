package dev.stagewalk.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/** The forms of memory dump. */
public enum DumpKind {
  ELF_CORE("elf-core", "an ELF core of physical memory"),
  LIME("lime", "a LiME dump of physical memory"),
  RAW("raw", "raw memory"),
  /** Recognised, so that it can be refused in words. */
  KDUMP("kdump", "a dump compressed by kdump");

  private static final int HEAD = 64;

  private final String id;
  private final String words;

  DumpKind(String id, String words) {
    this.id = id;
    this.words = words;
  }

  /** As the command line names it. */
  public String id() {
    return id;
  }

  /** As a sentence names it: "an ELF core of physical memory". */
  public String words() {
    return words;
  }

  /**
   * The kind of a file as its content says; what is packed is looked into. Empty for what is no
   * dump, or is raw memory, which nothing tells from other files.
   */
  public static Optional<DumpKind> of(Path file) {
    try (InputStream in = Packing.open(file)) {
      return DumpFile.kind(in.readNBytes(HEAD));
    } catch (IOException unreadable) {
      // Whoever reads it next says why.
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return id;
  }
}
