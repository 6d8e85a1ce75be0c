package dev.stagewalk.trace;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a text file, one after the other. A line longer than {@link #LONGEST} bytes is cut
 * there, so that a file without line ends cannot fill the memory.
 */
final class TraceLines implements Closeable {
  static final int LONGEST = 8192;

  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private int next;
  private int end;
  private byte[] line = new byte[512];
  private long number;
  private long offset;

  TraceLines(InputStream in) {
    this.in = in;
  }

  /** Number of the line read last, from 1. */
  long number() {
    return number;
  }

  /** Bytes read so far. */
  long offset() {
    return offset;
  }

  /** The next line without its end; null after the last. */
  @Nullable String read() throws IOException {
    int length = 0;
    int c = readByte();
    if (c < 0) {
      return null;
    }
    while (c >= 0 && c != '\n') {
      if (length < LONGEST) {
        if (length == line.length) {
          line = Arrays.copyOf(line, length * 2);
        }
        line[length++] = (byte) c;
      }
      c = readByte();
    }
    if (length > 0 && line[length - 1] == '\r') {
      length--;
    }
    number++;
    String text = new String(line, 0, length, StandardCharsets.UTF_8);
    return number == 1 && text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private int readByte() throws IOException {
    if (next == end) {
      end = in.read(buffer);
      next = 0;
      if (end <= 0) {
        end = 0;
        return -1;
      }
    }
    offset++;
    return buffer[next++] & 0xff;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
