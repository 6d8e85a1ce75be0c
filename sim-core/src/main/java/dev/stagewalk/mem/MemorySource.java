package dev.stagewalk.mem;

/** Memory that never changes and is kept elsewhere, such as in a file. Any thread may read it. */
public interface MemorySource {

  /** Whether all of {@code bytes} bytes at a physical address are there. */
  boolean contains(long pa, int bytes);

  /** Reads {@code width} (1, 2, 4, 8) bytes that are there, zero-extended. */
  long read(long pa, int width);
}
