package dev.stagewalk.board;

import dev.stagewalk.mem.Device;
import java.util.function.IntConsumer;

/**
 * The transmitting half of a PL011 UART, always ready: every byte written leaves at once.
 *
 * <p>Source: PrimeCell UART (PL011) Technical Reference Manual, "Programmers Model".
 */
public final class Pl011 implements Device {
  /** Bytes of its window. */
  public static final long SIZE = 0x1000;

  private static final int DATA = 0x00;
  private static final int FLAGS = 0x18;
  private static final int INTEGER_BAUD = 0x24;
  private static final int FRACTIONAL_BAUD = 0x28;
  private static final int LINE_CONTROL = 0x2c;
  private static final int CONTROL = 0x30;
  private static final int INTERRUPT_MASK = 0x38;

  /** TXFE and RXFE: both FIFOs are empty. */
  private static final long FLAGS_IDLE = 1 << 7 | 1 << 4;

  private static final int IDENTIFICATION_BASE = 0xfe0;

  /** The identification registers at 0xfe0 … 0xffc. */
  private static final int[] IDENTIFICATION = {0x11, 0x10, 0x34, 0x00, 0x0d, 0xf0, 0x05, 0xb1};

  private final long base;
  private final IntConsumer output;
  private long integerBaud;
  private long fractionalBaud;
  private long lineControl;
  private long control = 0x300;
  private long interruptMask;

  /**
   * @param base physical address of its window
   * @param output gets each byte sent, 0 to 255
   */
  public Pl011(long base, IntConsumer output) {
    this.base = base;
    this.output = output;
  }

  @Override
  public long base() {
    return base;
  }

  @Override
  public long size() {
    return SIZE;
  }

  /** Registers are 32 bits wide; a narrower read gets the bytes it asks for, a wider one zeros. */
  @Override
  public long read(long offset, int width) {
    long bytes = register((int) offset & ~3) >>> 8 * (offset & 3);
    return width >= 4 ? bytes : bytes & (1L << 8 * width) - 1;
  }

  private long register(int offset) {
    if (offset >= IDENTIFICATION_BASE) {
      return IDENTIFICATION[(offset - IDENTIFICATION_BASE) / 4];
    }
    return switch (offset) {
      case FLAGS -> FLAGS_IDLE;
      case INTEGER_BAUD -> integerBaud;
      case FRACTIONAL_BAUD -> fractionalBaud;
      case LINE_CONTROL -> lineControl;
      case CONTROL -> control;
      case INTERRUPT_MASK -> interruptMask;
      default -> 0;
    };
  }

  /** A write that does not begin at a register changes none. */
  @Override
  public void write(long offset, int width, long value) {
    switch ((int) offset) {
      case DATA -> output.accept((int) value & 0xff);
      case INTEGER_BAUD -> integerBaud = merged(integerBaud, width, value) & 0xffff;
      case FRACTIONAL_BAUD -> fractionalBaud = value & 0x3f;
      case LINE_CONTROL -> lineControl = value & 0xff;
      case CONTROL -> control = merged(control, width, value) & 0xffff;
      case INTERRUPT_MASK -> interruptMask = merged(interruptMask, width, value) & 0x7ff;
      default -> {
        // The other registers only clear interrupts and errors, of which there are none.
      }
    }
  }

  /** A byte written leaves the rest of the register as it was. */
  private static long merged(long old, int width, long value) {
    return width == 1 ? (old & ~0xffL) | (value & 0xff) : value;
  }

  @Override
  public long[] save() {
    return new long[] {integerBaud, fractionalBaud, lineControl, control, interruptMask};
  }

  @Override
  public void restore(long[] state) {
    integerBaud = state[0];
    fractionalBaud = state[1];
    lineControl = state[2];
    control = state[3];
    interruptMask = state[4];
  }
}
