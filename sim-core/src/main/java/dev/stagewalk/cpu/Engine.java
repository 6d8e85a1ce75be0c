package dev.stagewalk.cpu;

import java.util.Locale;

/**
 * How the instructions of a PE are executed. What they do is the same in every engine, instruction
 * for instruction; only the time it takes differs.
 */
public enum Engine {
  /** One instruction after the other, each with all checks before it: the one to compare with. */
  REFERENCE,
  /** Straight runs of instructions, checked again only where something can have changed. */
  SUPERBLOCK;

  /** Where nothing else is asked for. */
  public static final Engine USUAL = SUPERBLOCK;

  /** As it is typed: {@code superblock}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
