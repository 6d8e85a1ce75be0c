package dev.stagewalk.mem;

/** A device that answers reads and writes in a window of physical addresses. */
public interface Device extends Stateful {
  /** Physical address of the window. */
  long base();

  /** Bytes in the window. */
  long size();

  /** Reads {@code width} (1, 2, 4, 8) bytes at an offset into the window. */
  long read(long offset, int width);

  /** Writes {@code width} (1, 2, 4, 8) bytes at an offset into the window. */
  void write(long offset, int width, long value);
}
