package dev.stagewalk.hyp;

import dev.stagewalk.cpu.El2;

/**
 * The device behind an emulated region: a console in the manner of a PL011. A byte written to its
 * data register goes out at the board's UART; its flag register says that there is room and that
 * nothing has come in; every other offset keeps what is written there.
 *
 * @param memory physical address of one granule that holds its registers
 * @param size bytes of that granule: registers repeat behind it
 */
record EmulatedConsole(El2 el2, long memory, long size) {
  static final int DR = 0x00;
  static final int FR = 0x18;

  /** TXFE and RXFE. */
  private static final long EMPTY = 0x90;

  private static final int WORD = 8;

  long read(long offset, int bytes) {
    return offset == FR ? EMPTY : memoryAt(offset, bytes);
  }

  void write(long offset, int bytes, long value) {
    if (offset == DR) {
      el2.store(El1Vectors.UART, 1, value & 0xff);
      return;
    }
    long at = memory + (offset & size - 1);
    for (int done = 0; done < bytes; ) {
      long word = at + done & -WORD;
      int shift = (int) (at + done - word) * 8;
      int part = Math.min(bytes - done, WORD - shift / 8);
      long mask = (part == WORD ? -1 : (1L << 8 * part) - 1) << shift;
      long bits = value >>> 8 * done << shift;
      el2.store(word, WORD, el2.load(word) & ~mask | bits & mask);
      done += part;
    }
  }

  private long memoryAt(long offset, int bytes) {
    long at = memory + (offset & size - 1);
    int shift = (int) (at & WORD - 1) * 8;
    long value = el2.load(at & -WORD) >>> shift;
    if (shift + 8 * bytes > 64) {
      value |= el2.load((at & -WORD) + WORD) << 64 - shift;
    }
    return bytes == WORD ? value : value & (1L << 8 * bytes) - 1;
  }
}
