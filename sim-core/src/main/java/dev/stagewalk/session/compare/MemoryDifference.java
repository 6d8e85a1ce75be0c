package dev.stagewalk.session.compare;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Size;
import java.util.List;

/**
 * How physical memory differs.
 *
 * @param ranges what differs, in order of addresses, as many as are kept
 * @param count how many ranges there are
 * @param bytes how many bytes differ
 * @param tableBytes how many of those are in translation tables
 * @param note what was not compared; empty if all was
 */
public record MemoryDifference(
    List<Range> ranges, long count, long bytes, long tableBytes, String note) {

  /** Nothing, where nothing is known. */
  static final MemoryDifference NONE = new MemoryDifference(List.of(), 0, 0, 0, "");

  public MemoryDifference {
    ranges = List.copyOf(ranges);
  }

  /** Whether all that was compared holds the same. */
  public boolean isEqual() {
    return bytes == 0;
  }

  /**
   * Neighbouring words of eight bytes that differ.
   *
   * @param pa of the first word
   * @param size from the first to the last word, in bytes
   * @param differing how many of its bytes differ
   * @param first value of its first word at the first moment
   * @param second value of its first word at the second moment
   * @param what what it is: "level 3 table of stage 2, VMID 1", "main+0x10"; empty if unknown
   */
  public record Range(long pa, long size, long differing, long first, long second, String what) {

    /** "0x4820_3018 to 0x4820_301f (8 bytes)". */
    public String words() {
      return Hex.address(pa)
          + " to "
          + Hex.address(pa + size - 1)
          + " ("
          + Size.words(size)
          + (differing == size ? "" : ", " + differing + (differing == 1 ? " differs" : " differ"))
          + ")";
    }
  }
}
