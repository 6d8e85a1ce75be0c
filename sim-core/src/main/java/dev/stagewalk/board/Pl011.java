package dev.stagewalk.board;

import dev.stagewalk.mem.Device;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * A PL011 UART. Every byte written leaves at once; bytes that come wait in a FIFO. It interrupts
 * when one has left, when enough have come, and, for those that are not enough, without the delay a
 * real one has.
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
  private static final int FIFO_LEVELS = 0x34;
  private static final int INTERRUPT_MASK = 0x38;
  private static final int RAW_STATUS = 0x3c;
  private static final int MASKED_STATUS = 0x40;
  private static final int CLEAR = 0x44;

  /** UARTFR: nothing waits to be sent, nothing has come, and no more can come. */
  private static final long FLAG_TXFE = 1 << 7;

  private static final long FLAG_RXFE = 1 << 4;
  private static final long FLAG_RXFF = 1 << 6;

  /** UARTRIS. */
  private static final long RECEIVED = 1 << 4;

  private static final long SENT = 1 << 5;
  private static final long TIMED_OUT = 1 << 6;
  private static final long OVERRUN = 1 << 10;

  /** UARTLCR_H.FEN: the FIFOs are used. */
  private static final long FIFOS = 1 << 4;

  private static final int FIFO_SIZE = 16;

  /** Bytes at which the receive interrupt is raised, by UARTIFLS.RXIFLSEL. */
  private static final int[] TRIGGERS = {2, 4, 8, 12, 14, 14, 14, 14};

  private static final int IDENTIFICATION_BASE = 0xfe0;

  /** The identification registers at 0xfe0 … 0xffc. */
  private static final int[] IDENTIFICATION = {0x11, 0x10, 0x34, 0x00, 0x0d, 0xf0, 0x05, 0xb1};

  private final long base;
  private final IntConsumer output;
  private final Consumer<Boolean> line;
  private long integerBaud;
  private long fractionalBaud;
  private long lineControl;
  private long control = 0x300;
  private long interruptMask;
  private long fifoLevels = 0x12;

  /** UARTRIS without what follows from the FIFO. */
  private long raised;

  private final byte[] fifo = new byte[FIFO_SIZE];
  private int waiting;

  /** Bytes of a sender that waits for room, as one with flow control does; oldest first. */
  private byte[] held = new byte[0];

  /** Counts reads, and is no part of the state. */
  private long polls;

  /**
   * @param base physical address of its window
   * @param output gets each byte sent, 0 to 255
   * @param line gets the level of the interrupt
   */
  public Pl011(long base, IntConsumer output, Consumer<Boolean> line) {
    this.base = base;
    this.output = output;
    this.line = line;
  }

  /** A byte comes; if there is no room for it, it is lost. */
  public void receive(int value) {
    if (waiting < capacity()) {
      fifo[waiting++] = (byte) value;
    } else {
      raised |= OVERRUN;
    }
    update();
  }

  /** Bytes come, one after the other as there is room for them. */
  public void receiveInTime(byte[] bytes) {
    int old = held.length;
    held = Arrays.copyOf(held, old + bytes.length);
    System.arraycopy(bytes, 0, held, old, bytes.length);
    letIn();
    update();
  }

  private void letIn() {
    int count = Math.min(held.length, Math.max(0, capacity() - waiting));
    System.arraycopy(held, 0, fifo, waiting, count);
    waiting += count;
    held = Arrays.copyOfRange(held, count, held.length);
  }

  /** Whether a byte that comes now is not lost. */
  public boolean hasRoom() {
    return waiting < capacity() && held.length == 0;
  }

  /** Whether bytes that come interrupt. */
  boolean interruptsOnInput() {
    return (interruptMask & (RECEIVED | TIMED_OUT)) != 0;
  }

  /** How often somebody has asked for a byte, or whether there is one; no part of the state. */
  public long polls() {
    return polls;
  }

  private int capacity() {
    return (lineControl & FIFOS) != 0 ? FIFO_SIZE : 1;
  }

  private long rawStatus() {
    int trigger = (lineControl & FIFOS) != 0 ? TRIGGERS[(int) (fifoLevels >>> 3) & 7] : 1;
    return raised | (waiting >= trigger ? RECEIVED : 0) | (waiting > 0 ? TIMED_OUT : 0);
  }

  /** Sets the interrupt line. */
  void update() {
    line.accept((rawStatus() & interruptMask) != 0);
  }

  private long take() {
    if (waiting == 0) {
      return 0;
    }
    int first = fifo[0] & 0xff;
    System.arraycopy(fifo, 1, fifo, 0, --waiting);
    fifo[waiting] = 0;
    letIn();
    update();
    return first;
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
    polls++;
    long bytes = offset == DATA ? take() : register((int) offset & ~3) >>> 8 * (offset & 3);
    return width >= 4 ? bytes : bytes & (1L << 8 * width) - 1;
  }

  private long register(int offset) {
    if (offset >= IDENTIFICATION_BASE) {
      return IDENTIFICATION[(offset - IDENTIFICATION_BASE) / 4];
    }
    return switch (offset) {
      case FLAGS ->
          FLAG_TXFE | (waiting == 0 ? FLAG_RXFE : 0) | (waiting >= capacity() ? FLAG_RXFF : 0);
      case INTEGER_BAUD -> integerBaud;
      case FRACTIONAL_BAUD -> fractionalBaud;
      case LINE_CONTROL -> lineControl;
      case CONTROL -> control;
      case FIFO_LEVELS -> fifoLevels;
      case INTERRUPT_MASK -> interruptMask;
      case RAW_STATUS -> rawStatus();
      case MASKED_STATUS -> rawStatus() & interruptMask;
      default -> 0;
    };
  }

  /** A write that does not begin at a register changes none. */
  @Override
  public void write(long offset, int width, long value) {
    switch ((int) offset) {
      case DATA -> {
        raised |= SENT;
        update();
        output.accept((int) value & 0xff);
        return;
      }
      case INTEGER_BAUD -> integerBaud = merged(integerBaud, width, value) & 0xffff;
      case FRACTIONAL_BAUD -> fractionalBaud = value & 0x3f;
      case LINE_CONTROL -> {
        lineControl = value & 0xff;
        letIn();
      }
      case CONTROL -> control = merged(control, width, value) & 0xffff;
      case INTERRUPT_MASK -> interruptMask = merged(interruptMask, width, value) & 0x7ff;
      case FIFO_LEVELS -> fifoLevels = value & 0x3f;
      case CLEAR -> raised &= ~value;
      default -> {
        // The others cannot be written, or clear errors, of which there are none.
      }
    }
    update();
  }

  /** A byte written leaves the rest of the register as it was. */
  private static long merged(long old, int width, long value) {
    return width == 1 ? (old & ~0xffL) | (value & 0xff) : value;
  }

  @Override
  public long[] save() {
    long[] state = new long[11 + (held.length + 7) / 8];
    state[0] = integerBaud;
    state[1] = fractionalBaud;
    state[2] = lineControl;
    state[3] = control;
    state[4] = interruptMask;
    state[5] = fifoLevels;
    state[6] = raised;
    state[7] = waiting;
    pack(fifo, state, 8);
    state[10] = held.length;
    pack(held, state, 11);
    return state;
  }

  private static void pack(byte[] bytes, long[] state, int from) {
    for (int i = 0; i < bytes.length; i++) {
      state[from + i / 8] |= (bytes[i] & 0xffL) << 8 * (i % 8);
    }
  }

  private static void unpack(long[] state, int from, byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (state[from + i / 8] >>> 8 * (i % 8));
    }
  }

  @Override
  public void restore(long[] state) {
    integerBaud = state[0];
    fractionalBaud = state[1];
    lineControl = state[2];
    control = state[3];
    interruptMask = state[4];
    fifoLevels = state[5];
    raised = state[6];
    waiting = (int) state[7];
    unpack(state, 8, fifo);
    held = new byte[(int) state[10]];
    unpack(state, 11, held);
  }
}
