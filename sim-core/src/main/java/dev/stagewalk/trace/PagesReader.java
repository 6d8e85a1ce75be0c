package dev.stagewalk.trace;

import dev.stagewalk.mem.Frame;
import dev.stagewalk.mem.MemoryImage;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** Finds the pages of memory of checkpoints; those of equal content share their bytes. */
final class PagesReader {
  private final RecordingFiles files;
  private final String name;
  private final Map<Long, WeakReference<Frame>> known = new HashMap<>();

  PagesReader(RecordingFiles files, String name) {
    this.files = files;
    this.name = name;
  }

  /**
   * The image that a checkpoint describes.
   *
   * @throws TraceException if a page is damaged or missing; the message says where
   * @throws IllegalArgumentException if the description cannot be
   */
  synchronized MemoryImage read(long base, long size, JsonRecord memory) throws TraceException {
    Map<Long, Frame> pages = new HashMap<>();
    try (RecordingFiles.Content content = files.open(name)) {
      for (JsonRecord run : memory.objects("pages")) {
        long pa = run.hex("pa");
        for (long at : run.numbers("at")) {
          pages.put(pa, frame(content, at));
          pa += Frame.SIZE;
        }
      }
    } catch (IOException e) {
      throw new TraceException("'" + name + "' cannot be read: " + e.getMessage(), e);
    }
    return MemoryImage.of(base, size, pages);
  }

  private Frame frame(RecordingFiles.Content content, long at) throws IOException {
    WeakReference<Frame> reference = known.get(at);
    Frame frame = reference == null ? null : reference.get();
    if (frame == null) {
      frame = Frame.of(page(content, at));
      known.put(at, new WeakReference<>(frame));
    }
    return frame;
  }

  private static byte[] page(RecordingFiles.Content content, long at) throws IOException {
    byte[] header = new byte[PagesWriter.HEADER];
    content.read(at, header);
    ByteBuffer in = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
    int length = in.getInt();
    if (length < 1 || length > Frame.SIZE) {
      throw new IOException("at byte " + at + " is no page");
    }
    byte[] packed = new byte[length];
    content.read(at + PagesWriter.HEADER, packed);
    byte[] page = length == Frame.SIZE ? packed : unpacked(packed);
    if (page == null || !in.slice().equals(ByteBuffer.wrap(Sha256.digest().digest(page)))) {
      throw new IOException("the page at byte " + at + " is not what its hash says");
    }
    return page;
  }

  private static byte @Nullable [] unpacked(byte[] packed) {
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(packed);
      byte[] page = new byte[Frame.SIZE];
      return inflater.inflate(page) == Frame.SIZE ? page : null;
    } catch (DataFormatException _) {
      return null;
    } finally {
      inflater.end();
    }
  }
}
