package dev.stagewalk.image;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes of a file, little-endian; whoever reads has asked {@link #holds} before. */
public final class FileBytes {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] content;

  public FileBytes(byte[] content) {
    this.content = content;
  }

  public int size() {
    return content.length;
  }

  /** Whether a range, given by unsigned numbers, lies in the file. */
  public boolean holds(long offset, long bytes) {
    return offset >= 0
        && bytes >= 0
        && offset <= content.length
        && bytes <= content.length - offset;
  }

  public int u8(long offset) {
    return content[(int) offset] & 0xff;
  }

  public int u16(long offset) {
    return (short) SHORT.get(content, (int) offset) & 0xffff;
  }

  public long u32(long offset) {
    return (int) INT.get(content, (int) offset) & 0xffff_ffffL;
  }

  public long u64(long offset) {
    return (long) LONG.get(content, (int) offset);
  }

  public byte[] range(long offset, long bytes) {
    return Arrays.copyOfRange(content, (int) offset, (int) (offset + bytes));
  }

  /** The characters from an offset up to a zero byte or the end of the file. */
  public String text(long offset) {
    int end = (int) offset;
    while (end < content.length && content[end] != 0) {
      end++;
    }
    return new String(content, (int) offset, end - (int) offset, StandardCharsets.UTF_8);
  }
}
