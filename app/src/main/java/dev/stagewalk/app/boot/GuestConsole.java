package dev.stagewalk.app.boot;

import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an image sends to its UART: it is printed, and searched for the line with its status. */
final class GuestConsole {
  private static final Pattern STATUS = Pattern.compile("EXIT: STATUS=(\\d{1,9})");
  private static final int LONGEST_LINE = 1000;

  private final PrintWriter out;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private final ByteBuffer bytes = ByteBuffer.allocate(256);
  private final CharBuffer text = CharBuffer.allocate(256);
  private final StringBuilder line = new StringBuilder();
  private OptionalInt status = OptionalInt.empty();
  private long sent;

  GuestConsole(PrintWriter out) {
    this.out = out;
  }

  /** A byte was sent. */
  void sent(int value) {
    sent++;
    bytes.put((byte) value);
    if (value == '\n') {
      findStatus();
      line.setLength(0);
    } else if (line.length() < LONGEST_LINE && value != '\r') {
      line.append((char) value);
    }
    if (value == '\n' || !bytes.hasRemaining()) {
      show();
    }
  }

  private void findStatus() {
    Matcher m = STATUS.matcher(line);
    if (m.matches()) {
      status = OptionalInt.of(Integer.parseInt(m.group(1)));
    }
  }

  /** Shows what has been sent so far, as far as it makes whole characters. */
  void show() {
    bytes.flip();
    decoder.decode(bytes, text, false);
    bytes.compact();
    text.flip();
    out.append(text);
    text.clear();
    out.flush();
  }

  /** Bytes sent so far. */
  long count() {
    return sent;
  }

  /** The number of the last status line; empty if there was none. */
  OptionalInt status() {
    findStatus();
    return status;
  }
}
