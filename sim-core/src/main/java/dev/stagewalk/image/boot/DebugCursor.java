package dev.stagewalk.image.boot;

import dev.stagewalk.image.FileBytes;

/** Reads debug information from front to back, up to an end. */
final class DebugCursor {
  private final FileBytes bytes;
  private final long end;
  private long at;

  DebugCursor(FileBytes bytes, long from, long end) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  long at() {
    return at;
  }

  boolean hasMore() {
    return at < end;
  }

  /** Goes to an offset, which must not lie behind. */
  void goTo(long offset) throws DebugException {
    if (offset < at || offset > end) {
      throw new DebugException("a length at offset 0x" + Long.toHexString(at) + " is wrong");
    }
    at = offset;
  }

  void skip(long count) throws DebugException {
    advance(count);
  }

  private long advance(long count) throws DebugException {
    long before = at;
    if (count < 0 || count > end - at) {
      throw new DebugException("it ends early, at offset 0x" + Long.toHexString(at));
    }
    at += count;
    return before;
  }

  int u8() throws DebugException {
    return bytes.u8(advance(1));
  }

  int s8() throws DebugException {
    return (byte) u8();
  }

  int u16() throws DebugException {
    return bytes.u16(advance(2));
  }

  long u32() throws DebugException {
    return bytes.u32(advance(4));
  }

  long u64() throws DebugException {
    return bytes.u64(advance(8));
  }

  /** An offset or length in the 32-bit or 64-bit format. */
  long offset(boolean wide) throws DebugException {
    return wide ? u64() : u32();
  }

  long unsigned() throws DebugException {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      int b = u8();
      if (shift < 64) {
        value |= (b & 0x7fL) << shift;
      }
      if (b < 0x80) {
        return value;
      }
    }
  }

  long signed() throws DebugException {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      int b = u8();
      if (shift < 64) {
        value |= (b & 0x7fL) << shift;
      }
      if (b < 0x80) {
        return shift + 7 < 64 && (b & 0x40) != 0 ? value | -1L << shift + 7 : value;
      }
    }
  }

  String text() throws DebugException {
    long from = at;
    while (u8() != 0) {
      // To the end of the text.
    }
    return bytes.text(from);
  }
}
