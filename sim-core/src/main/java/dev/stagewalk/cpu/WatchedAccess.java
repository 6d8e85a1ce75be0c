package dev.stagewalk.cpu;

import java.util.OptionalLong;

/**
 * An access to watched memory, told of while it is made: what it does has not happened yet, but
 * nothing prevents it any more.
 *
 * @param range the number of a range that it meets; of each it is told
 * @param by who makes it
 * @param pe on which PE
 * @param pc address of the instruction that is being executed there
 * @param el exception level of that instruction
 * @param va as the instruction names it; empty for those who use none
 * @param ipa that stage 2 translated; empty where it took no part
 * @param pa of the first byte
 * @param bytes how many, at least 1
 * @param old what a write replaces; empty for reads, devices, and more than 8 bytes
 * @param value what is read or written, as a little-endian number; empty for more than 8 bytes
 */
public record WatchedAccess(
    int range,
    By by,
    Kind kind,
    int pe,
    long pc,
    int el,
    OptionalLong va,
    OptionalLong ipa,
    long pa,
    long bytes,
    OptionalLong old,
    OptionalLong value) {

  /** Who accesses memory. */
  public enum By {
    INSTRUCTION,
    /** A table walk that an instruction has caused. */
    WALK,
    /** A hypervisor in Java, or the person in front of it. */
    HOST,
    /** A reset of the board, which loads the images again. */
    RESET
  }

  /** The direction of an access. */
  public enum Kind {
    READ,
    WRITE,
    FETCH
  }
}
