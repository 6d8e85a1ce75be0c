package dev.stagewalk.trace;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * One gzip member of a recording's stream: whole lines, packed, behind a header that says how long
 * it is, so that a reader can hop from one to the next without unpacking any.
 *
 * <p>Source: RFC 1952, section 2.3, with a subfield {@code SW} in FEXTRA.
 *
 * @param bytes of the member, header and trailer included
 * @param rawBytes unpacked
 * @param firstEvent number of the first event in it, or of the next event where it holds none
 * @param firstInstruction instructions started before its first line
 */
public record RecordingMember(int bytes, int rawBytes, long firstEvent, long firstInstruction) {
  /** Bytes before the packed ones. */
  static final int HEADER = 44;

  private static final int TRAILER = 8;
  private static final int SUBFIELD = 28;

  /** Far more than lines of 4096 events take. */
  private static final int LARGEST = 1 << 26;

  private static final byte[] START = {
    0x1f, (byte) 0x8b, 8, 4, 0, 0, 0, 0, 0, (byte) 0xff, 4 + SUBFIELD, 0, 'S', 'W', SUBFIELD, 0
  };

  /** Packs lines. */
  static byte[] pack(byte[] raw, long firstEvent, long firstInstruction) {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    try {
      deflater.setInput(raw);
      deflater.finish();
      byte[] packed = new byte[raw.length + raw.length / 1000 + 64];
      int length = deflater.deflate(packed);
      CRC32 crc = new CRC32();
      crc.update(raw);
      ByteBuffer all =
          ByteBuffer.allocate(HEADER + length + TRAILER).order(ByteOrder.LITTLE_ENDIAN);
      all.put(START).putInt(all.capacity()).putInt(raw.length);
      all.putLong(firstEvent).putLong(firstInstruction).putInt(0);
      all.put(packed, 0, length).putInt((int) crc.getValue()).putInt(raw.length);
      return all.array();
    } finally {
      deflater.end();
    }
  }

  /** What a header says; null if the bytes are none. */
  static @Nullable RecordingMember read(byte[] header) {
    ByteBuffer in = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < START.length; i++) {
      // MTIME, XFL and OS say nothing about the content.
      if (in.get() != START[i] && (i < 4 || i > 9)) {
        return null;
      }
    }
    RecordingMember member =
        new RecordingMember(in.getInt(), in.getInt(), in.getLong(), in.getLong());
    boolean sound =
        member.bytes > HEADER + TRAILER
            && member.bytes <= LARGEST
            && member.rawBytes > 0
            && member.rawBytes <= LARGEST
            && member.firstEvent >= 0
            && member.firstInstruction >= 0;
    return sound ? member : null;
  }

  /** Unpacks a whole member; null if it is damaged. */
  byte @Nullable [] unpack(byte[] whole) {
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(whole, HEADER, whole.length - HEADER - TRAILER);
      byte[] raw = new byte[rawBytes];
      int length = inflater.inflate(raw);
      CRC32 crc = new CRC32();
      crc.update(raw);
      ByteBuffer end = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
      boolean sound =
          length == rawBytes && end.getInt(whole.length - TRAILER) == (int) crc.getValue();
      return sound ? raw : null;
    } catch (DataFormatException _) {
      return null;
    } finally {
      inflater.end();
    }
  }
}
