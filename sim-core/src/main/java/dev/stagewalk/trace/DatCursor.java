package dev.stagewalk.trace;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A place in a stretch of a binary file, from which values are read one after the other. */
final class DatCursor {
  private final String file;
  private final ByteBuffer bytes;

  /** Offset in the file of the stretch's first byte; −1 where the stretch was unpacked. */
  private final long base;

  DatCursor(String file, ByteBuffer bytes, long base) {
    this.file = file;
    this.bytes = bytes;
    this.base = base;
  }

  int position() {
    return bytes.position();
  }

  int remaining() {
    return bytes.remaining();
  }

  int u8() throws TraceException {
    need(1);
    return bytes.get() & 0xff;
  }

  int u16() throws TraceException {
    need(2);
    return bytes.getShort() & 0xffff;
  }

  long u32() throws TraceException {
    need(4);
    return bytes.getInt() & 0xffff_ffffL;
  }

  long u64() throws TraceException {
    need(8);
    return bytes.getLong();
  }

  /** Some bytes as text. */
  String text(long length) throws TraceException {
    byte[] text = new byte[need(length)];
    bytes.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  /** The text up to the next zero byte, which is passed over. */
  String string() throws TraceException {
    int end = bytes.position();
    while (end < bytes.limit() && bytes.get(end) != 0) {
      end++;
    }
    if (end == bytes.limit()) {
      throw broken("a name has no end");
    }
    String text = text(end - bytes.position());
    bytes.get();
    return text;
  }

  /** Passes over a word that must stand here. */
  void expect(String word) throws TraceException {
    String found = text(Math.min(word.length(), bytes.remaining()));
    if (!found.equals(word)) {
      throw broken("'%s' was expected".formatted(word.strip().replace("\0", "")));
    }
  }

  /** A stretch from here, which is passed over. */
  DatCursor part(long length) throws TraceException {
    int from = bytes.position();
    int size = need(length);
    ByteBuffer part = bytes.slice(from, size).order(bytes.order());
    bytes.position(from + size);
    return new DatCursor(file, part, base < 0 ? -1 : base + from);
  }

  /** All bytes that are left. */
  byte[] rest() {
    byte[] rest = new byte[bytes.remaining()];
    bytes.get(rest);
    return rest;
  }

  private int need(long length) throws TraceException {
    if (length < 0 || length > bytes.remaining()) {
      throw broken(
          "%s bytes were expected and %d are left"
              .formatted(Long.toUnsignedString(length), bytes.remaining()));
    }
    return (int) length;
  }

  /** What to throw where the bytes make no sense. */
  TraceException broken(String what) {
    return new TraceException(
        "'%s' is a damaged or cut trace.dat: %s %s (record it again, or export it with 'trace-cmd report')"
            .formatted(
                file,
                what,
                base < 0
                    ? "at byte " + bytes.position() + " of an unpacked section"
                    : "at offset 0x" + Long.toHexString(base + bytes.position())));
  }
}
