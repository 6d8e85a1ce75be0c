package dev.stagewalk.trace;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.mem.Frame;
import dev.stagewalk.mem.MemoryImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.Deflater;

/**
 * Writes pages of memory behind one another, each content once: packed, behind its length and its
 * SHA-256. What is known of a page is where it begins.
 */
final class PagesWriter {
  static final int HASH = 32;
  static final int HEADER = 4 + HASH;

  /** Contents that are known again; an older one is written once more. */
  private static final int REMEMBERED = 1 << 18;

  private final WritableByteChannel out;
  private final MessageDigest digest = Sha256.digest();
  private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
  private final Map<Key, Long> places = new Places();

  /** The pages of the image before, by their addresses. */
  private Map<Long, Placed> last = new HashMap<>();

  private ByteArrayOutputStream pending = new ByteArrayOutputStream();
  private long size;

  private record Placed(Frame frame, long place) {}

  private record Key(long a, long b, long c, long d) {}

  private static final class Places extends LinkedHashMap<Key, Long> {
    private static final long serialVersionUID = 1L;

    Places() {
      super(1024, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Key, Long> eldest) {
      return size() > REMEMBERED;
    }
  }

  PagesWriter(WritableByteChannel out) {
    this.out = out;
  }

  /** Writes the pages that are new, and into {@code json} where all of them are. */
  void write(MemoryImage memory, JsonGenerator json) throws IOException {
    Map<Long, Placed> now = new LinkedHashMap<>();
    memory.forEachPage((pa, frame) -> {
      Placed before = last.get(pa);
      now.put(
          pa, before != null && before.frame == frame ? before : new Placed(frame, place(frame)));
    });
    last = now;
    ByteBuffer bytes = ByteBuffer.wrap(pending.toByteArray());
    pending = new ByteArrayOutputStream();
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
    json.writeArrayFieldStart("pages");
    long next = -1;
    for (Map.Entry<Long, Placed> page : now.entrySet()) {
      if (page.getValue().place < 0) {
        continue;
      }
      if (page.getKey() != next) {
        if (next >= 0) {
          json.writeEndArray();
          json.writeEndObject();
        }
        json.writeStartObject();
        json.writeStringField("pa", Hex.plain(page.getKey()));
        json.writeArrayFieldStart("at");
      }
      json.writeNumber(page.getValue().place);
      next = page.getKey() + Frame.SIZE;
    }
    if (next >= 0) {
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** Where the content of a page is; −1 for a page of zeros, which is nowhere. */
  private long place(Frame frame) {
    byte[] content = frame.content();
    if (isZero(content)) {
      return -1;
    }
    byte[] hash = digest.digest(content);
    ByteBuffer of = ByteBuffer.wrap(hash);
    Key key = new Key(of.getLong(), of.getLong(), of.getLong(), of.getLong());
    Long known = places.get(key);
    if (known != null) {
      return known;
    }
    byte[] packed = new byte[Frame.SIZE];
    deflater.reset();
    deflater.setInput(content);
    deflater.finish();
    int length = deflater.deflate(packed);
    if (!deflater.finished()) {
      length = Frame.SIZE;
      packed = content;
    }
    long place = size;
    byte[] header =
        ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN).putInt(length).put(hash).array();
    pending.writeBytes(header);
    pending.write(packed, 0, length);
    size += HEADER + length;
    places.put(key, place);
    return place;
  }

  private static boolean isZero(byte[] content) {
    for (byte b : content) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  void close() throws IOException {
    deflater.end();
    out.close();
  }
}
