package dev.stagewalk.image;

import dev.stagewalk.arch.Hex;
import java.lang.foreign.MemorySegment;

/**
 * Physical memory that follows on in a file.
 *
 * @param pa first physical address
 * @param bytes how many; the last address does not pass the end of the address space
 * @param offset where in the file the first byte stands
 * @param file which file, as the user named it
 * @param content the whole file
 */
record Stretch(long pa, long bytes, long offset, String file, MemorySegment content) {

  /** The address of the last byte. */
  long last() {
    return pa + bytes - 1;
  }

  /** What is left of it from an address on. */
  Stretch from(long address) {
    long gone = address - pa;
    return new Stretch(address, bytes - gone, offset + gone, file, content);
  }

  /** What is left of it before an address. */
  Stretch before(long address) {
    return new Stretch(pa, address - pa, offset, file, content);
  }

  String words() {
    return Hex.address(pa) + " to " + Hex.address(last()) + " from " + file;
  }
}
