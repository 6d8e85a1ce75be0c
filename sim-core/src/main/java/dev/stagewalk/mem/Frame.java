package dev.stagewalk.mem;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The content of one 4 KiB page of physical memory. A frame belongs to one epoch of its {@link
 * PhysicalMemory}; once that epoch has ended its bytes never change again, so images share it.
 */
public final class Frame {
  /** Bytes in a frame. */
  public static final int SIZE = 4096;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  /** What a page that was never written reads as; nobody writes it. */
  static final Frame ABSENT = new Frame(new PhysicalMemory.Epoch());

  final byte[] bytes;
  final PhysicalMemory.Epoch epoch;

  /** Told of every write to this frame; whoever sets it must make sure that writes come here. */
  private @Nullable WriteListener listener;

  private long hash;

  /** Volatile, so that whoever sees it sees {@link #hash}: memories of two threads share frames. */
  private volatile boolean hashed;

  Frame(PhysicalMemory.Epoch epoch) {
    this(new byte[SIZE], epoch);
  }

  private Frame(byte[] bytes, PhysicalMemory.Epoch epoch) {
    this.bytes = bytes;
    this.epoch = epoch;
  }

  /**
   * A page with this content, that belongs to no memory yet: a memory that comes to write it copies
   * it.
   *
   * @param content {@link #SIZE} bytes
   */
  public static Frame of(byte[] content) {
    if (content.length != SIZE) {
      throw new IllegalArgumentException("a page of " + content.length + " bytes");
    }
    return new Frame(content.clone(), new PhysicalMemory.Epoch());
  }

  /** A copy of the bytes; only for a frame that can no longer change. */
  public byte[] content() {
    return bytes.clone();
  }

  Frame copyFor(PhysicalMemory.Epoch newEpoch) {
    return new Frame(bytes.clone(), newEpoch);
  }

  /** Something derived from the bytes that a write makes wrong, such as decoded instructions. */
  public interface WriteListener {
    /** {@code size} bytes at {@code offset} have changed. */
    void written(int offset, int size);
  }

  /** Who is told of writes; null if nobody. */
  public @Nullable WriteListener listener() {
    return listener;
  }

  /** Asks to be told of writes; call only through {@link PhysicalMemory#watch}. */
  void listen(WriteListener newListener) {
    listener = newListener;
  }

  /**
   * Reads {@code size} (1, 2, 4, 8) bytes, zero-extended, little-endian.
   *
   * @param offset 0 to 4096 − size, any alignment
   */
  public long read(int offset, int size) {
    return switch (size) {
      case 8 -> (long) LONG.get(bytes, offset);
      case 4 -> (int) INT.get(bytes, offset) & 0xffff_ffffL;
      case 2 -> (short) SHORT.get(bytes, offset) & 0xffffL;
      default -> bytes[offset] & 0xffL;
    };
  }

  /** The eight bytes at an offset in the content of a frame, little-endian. */
  static long word(byte[] content, int offset) {
    return (long) LONG.get(content, offset);
  }

  /** Writes {@code size} (1, 2, 4, 8) bytes; only for a frame of the current epoch. */
  public void write(int offset, int size, long value) {
    switch (size) {
      case 8 -> LONG.set(bytes, offset, value);
      case 4 -> INT.set(bytes, offset, (int) value);
      case 2 -> SHORT.set(bytes, offset, (short) value);
      default -> bytes[offset] = (byte) value;
    }
    WriteListener told = listener;
    if (told != null) {
      told.written(offset, size);
    }
  }

  /** Hash of the content, 0 for a page of zeros; only for a frame that can no longer change. */
  long hash() {
    if (!hashed) {
      long h = 0;
      for (int i = 0; i < SIZE; i += 8) {
        long word = (long) LONG.get(bytes, i);
        if (word != 0) {
          h += Mix.mix(word, i);
        }
      }
      hash = h;
      hashed = true;
    }
    return hash;
  }
}
