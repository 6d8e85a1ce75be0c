package dev.stagewalk.trace;

import dev.stagewalk.event.Event;
import dev.stagewalk.event.SimEvent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * One gzip member of a recording's stream: whole lines, packed, behind a header that says how long
 * it is and what is in it, so that a reader can hop from one to the next without unpacking any.
 *
 * <p>Source: RFC 1952, section 2.3, with a subfield {@code SW} in FEXTRA.
 *
 * @param header bytes before the packed ones
 * @param bytes of the member, header and trailer included
 * @param rawBytes unpacked
 * @param firstEvent number of the first event in it, or of the next event where it holds none
 * @param firstInstruction instructions started before its first line
 * @param inputs whether lines are in it that say what came in from outside
 * @param holds what kinds of events are in it; null where it does not say, as in version 1
 */
public record RecordingMember(
    int header,
    int bytes,
    int rawBytes,
    long firstEvent,
    long firstInstruction,
    boolean inputs,
    @Nullable Holds holds) {
  private static final int INPUTS = 1;

  /** Bytes before the packed ones, as written today. */
  static final int HEADER = 56;

  /** Bytes before the packed ones at least: with what every version says. */
  static final int LEAST_HEADER = 44;

  private static final int LARGEST_HEADER = 4096;
  private static final int TRAILER = 8;
  private static final int BEFORE_SUBFIELD = 16;

  /** Far more than lines of 4096 events take. */
  private static final int LARGEST = 1 << 26;

  private static final byte[] START = {
    0x1f,
    (byte) 0x8b,
    8,
    4,
    0,
    0,
    0,
    0,
    0,
    (byte) 0xff,
    HEADER - BEFORE_SUBFIELD + 4,
    0,
    'S',
    'W',
    HEADER - BEFORE_SUBFIELD,
    0
  };

  /**
   * How many of the events in a member are of which kind.
   *
   * @param guest in the lane of the guest
   * @param exits in the lane of exits
   * @param host in the lane of the hypervisor
   * @param you in the lane of the person in front of the program
   * @param taken exceptions among them that left a guest for EL2
   * @param printed bytes of the guest's UART among them, and lines that the hypervisor printed
   */
  public record Holds(int guest, int exits, int host, int you, int taken, int printed) {
    static final Holds NOTHING = new Holds(0, 0, 0, 0, 0, 0);

    /** The same with one more. */
    Holds with(Event event) {
      SimEvent what = event.what();
      boolean left = what instanceof SimEvent.ExceptionTaken e && e.toEl() == 2 && e.fromEl() < 2;
      boolean prints = what instanceof SimEvent.UartByte || what instanceof SimEvent.Printed;
      return new Holds(
          guest + (what.lane() == SimEvent.Lane.GUEST ? 1 : 0),
          exits + (what.lane() == SimEvent.Lane.EXITS ? 1 : 0),
          host + (what.lane() == SimEvent.Lane.HOST ? 1 : 0),
          you + (what.lane() == SimEvent.Lane.YOU ? 1 : 0),
          taken + (left ? 1 : 0),
          printed + (prints ? 1 : 0));
    }

    /** Events of a lane. */
    public int in(SimEvent.Lane lane) {
      return switch (lane) {
        case GUEST -> guest;
        case EXITS -> exits;
        case HOST -> host;
        case YOU -> you;
      };
    }

    /** All events. */
    public int events() {
      return guest + exits + host + you;
    }
  }

  /**
   * Packs lines.
   *
   * @param inputs whether lines are among them that say what came in from outside
   */
  static byte[] pack(
      byte[] raw, long firstEvent, long firstInstruction, boolean inputs, Holds holds) {
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
      all.putLong(firstEvent).putLong(firstInstruction).putInt(inputs ? INPUTS : 0);
      all.putShort((short) holds.guest).putShort((short) holds.exits);
      all.putShort((short) holds.host).putShort((short) holds.you);
      all.putShort((short) holds.taken).putShort((short) holds.printed);
      all.put(packed, 0, length).putInt((int) crc.getValue()).putInt(raw.length);
      return all.array();
    } finally {
      deflater.end();
    }
  }

  /**
   * What a header says; null if the bytes are none.
   *
   * @param header {@link #LEAST_HEADER} bytes, or more
   */
  static @Nullable RecordingMember read(byte[] header) {
    ByteBuffer in = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
    boolean ours = in.getInt(0) == 0x0408_8b1f && in.get(12) == 'S' && in.get(13) == 'W';
    int length = (in.getShort(14) & 0xffff) + BEFORE_SUBFIELD;
    if (!ours
        || (in.getShort(10) & 0xffff) != length - BEFORE_SUBFIELD + 4
        || length < LEAST_HEADER
        || length > LARGEST_HEADER) {
      return null;
    }
    boolean says = length >= HEADER && header.length >= HEADER;
    RecordingMember member =
        new RecordingMember(
            length,
            in.getInt(16),
            in.getInt(20),
            in.getLong(24),
            in.getLong(32),
            !says || (in.getInt(40) & INPUTS) != 0,
            says ? holds(in) : null);
    boolean sound =
        member.bytes > length + TRAILER
            && member.bytes <= LARGEST
            && member.rawBytes > 0
            && member.rawBytes <= LARGEST
            && member.firstEvent >= 0
            && member.firstInstruction >= 0;
    return sound ? member : null;
  }

  private static Holds holds(ByteBuffer in) {
    int[] counts = new int[6];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = in.getShort(LEAST_HEADER + 2 * i) & 0xffff;
    }
    return new Holds(counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]);
  }

  /** Unpacks a whole member; null if it is damaged. */
  byte @Nullable [] unpack(byte[] whole) {
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(whole, header, whole.length - header - TRAILER);
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
