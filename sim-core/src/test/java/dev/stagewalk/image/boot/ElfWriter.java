package dev.stagewalk.image.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes small ELF programs, whole or with one thing wrong. */
final class ElfWriter {
  static final int EXECUTABLE = 2;
  static final int MOVABLE = 3;

  private final int type;
  private final long entry;
  private final List<Segment> segments = new ArrayList<>();
  private final List<Symbol> symbols = new ArrayList<>();

  private record Segment(int type, long address, byte[] content, long size) {}

  private record Symbol(String name, long address, long size) {}

  ElfWriter(int type, long entry) {
    this.type = type;
    this.entry = entry;
  }

  ElfWriter load(long address, byte[] content, long size) {
    segments.add(new Segment(1, address, content, size));
    return this;
  }

  ElfWriter segment(int kind, long address, byte[] content) {
    segments.add(new Segment(kind, address, content, content.length));
    return this;
  }

  ElfWriter symbol(String name, long address, long size) {
    symbols.add(new Symbol(name, address, size));
    return this;
  }

  static byte[] words(int... words) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int word : words) {
      bytes.putInt(word);
    }
    return bytes.array();
  }

  static byte[] longs(long... longs) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * longs.length).order(ByteOrder.LITTLE_ENDIAN);
    for (long value : longs) {
      bytes.putLong(value);
    }
    return bytes.array();
  }

  byte[] write() {
    int contentAt = 64 + 56 * segments.size();
    int symbolsAt = contentAt;
    for (Segment segment : segments) {
      symbolsAt += segment.content.length;
    }
    StringBuilder names = new StringBuilder("\0");
    int stringsAt = symbolsAt + 24 * (symbols.size() + 1);
    for (Symbol symbol : symbols) {
      names.append(symbol.name).append('\0');
    }
    byte[] strings = names.toString().getBytes(StandardCharsets.UTF_8);
    int sectionsAt = stringsAt + strings.length;
    boolean named = !symbols.isEmpty();
    ByteBuffer out =
        ByteBuffer.allocate(named ? sectionsAt + 3 * 64 : symbolsAt).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(0x464c_457f).put((byte) 2).put((byte) 1).put((byte) 1);
    out.putShort(16, (short) type).putShort(18, (short) 183).putInt(20, 1);
    out.putLong(24, entry).putLong(32, 64).putLong(40, named ? sectionsAt : 0);
    out.putShort(52, (short) 64).putShort(54, (short) 56).putShort(56, (short) segments.size());
    out.putShort(58, (short) 64).putShort(60, (short) (named ? 3 : 0));
    int at = 64;
    int content = contentAt;
    for (Segment segment : segments) {
      out.putInt(at, segment.type).putInt(at + 4, 7).putLong(at + 8, content);
      out.putLong(at + 16, segment.address).putLong(at + 24, segment.address);
      out.putLong(at + 32, segment.content.length).putLong(at + 40, segment.size);
      out.putLong(at + 48, 0x1000);
      out.put(content, segment.content);
      at += 56;
      content += segment.content.length;
    }
    if (named) {
      int name = 1;
      int to = symbolsAt + 24;
      for (Symbol symbol : symbols) {
        out.putInt(to, name).put(to + 4, (byte) 2).putShort(to + 6, (short) 1);
        out.putLong(to + 8, symbol.address).putLong(to + 16, symbol.size);
        name += symbol.name.length() + 1;
        to += 24;
      }
      out.put(stringsAt, strings);
      section(out, sectionsAt + 64, 2, symbolsAt, 24L * (symbols.size() + 1), 2);
      section(out, sectionsAt + 128, 3, stringsAt, strings.length, 0);
    }
    return out.array();
  }

  private static void section(ByteBuffer out, int at, int type, long offset, long size, int link) {
    out.putInt(at + 4, type).putLong(at + 24, offset).putLong(at + 32, size).putInt(at + 40, link);
  }
}
