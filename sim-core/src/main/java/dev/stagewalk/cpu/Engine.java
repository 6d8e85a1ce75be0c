package dev.stagewalk.cpu;

import java.util.Locale;

/**
 * How the instructions of a PE are executed. What they do is the same in every engine, instruction
 * for instruction; only the time it takes differs.
 */
public enum Engine {
  /** One instruction after the other, each with all checks before it: the one to compare with. */
  REFERENCE(0),
  /** Straight runs of instructions, checked again only where something can have changed. */
  SUPERBLOCK(0),
  /** As {@link #SUPERBLOCK}, and what is executed often is made a method of its own. */
  COMPILED(1000),
  /** As {@link #COMPILED}, and everything is made a method at once: slow, to test with. */
  EAGER(1);

  /** Where nothing else is asked for. */
  public static final Engine USUAL = COMPILED;

  private final int often;

  Engine(int often) {
    this.often = often;
  }

  /**
   * How often execution must come to a place before a method is made of it, which takes about a
   * millisecond; 0 for never.
   */
  int often() {
    return often;
  }

  /** As it is typed: {@code superblock}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
