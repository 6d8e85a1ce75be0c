package dev.stagewalk.board;

import dev.stagewalk.mem.Device;

/**
 * The virtio transports of the board, all of them empty: whoever probes one finds the magic value
 * and a device identifier of 0, which says that nothing is plugged in.
 *
 * <p>Source: Virtual I/O Device (VIRTIO) specification, "MMIO Device Register Layout".
 */
final class VirtioSlots implements Device {
  private static final int COUNT = 32;

  /** Bytes of the registers of one. */
  private static final int STRIDE = 0x200;

  private static final int MAGIC_VALUE = 0x000;
  private static final int VERSION = 0x004;

  /** "virt". */
  private static final long MAGIC = 0x7472_6976;

  private final long base;

  VirtioSlots(long base) {
    this.base = base;
  }

  @Override
  public long base() {
    return base;
  }

  @Override
  public long size() {
    return COUNT * STRIDE;
  }

  /** Registers are 32 bits wide; a narrower read gets the bytes it asks for, a wider one zeros. */
  @Override
  public long read(long offset, int width) {
    int at = (int) offset % STRIDE;
    long register =
        switch (at & ~3) {
          case MAGIC_VALUE -> MAGIC;
          case VERSION -> 2;
          default -> 0;
        };
    long bytes = register >>> 8 * (at & 3);
    return width >= 4 ? bytes : bytes & (1L << 8 * width) - 1;
  }

  @Override
  public void write(long offset, int width, long value) {
    // A driver leaves a slot alone that is empty; whatever it writes, nobody is there.
  }

  @Override
  public long[] save() {
    return new long[0];
  }

  @Override
  public void restore(long[] state) {
    // It has none.
  }
}
