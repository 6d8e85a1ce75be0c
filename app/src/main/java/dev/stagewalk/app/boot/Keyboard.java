package dev.stagewalk.app.boot;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The standard input, for the UART. It is not touched before somebody asks for it; then a thread
 * reads ahead, as the input cannot be asked whether it has ended.
 */
final class Keyboard {
  /** In the place of a byte. */
  static final int NOTHING_YET = -1;

  static final int ENDED = -2;

  private static final int AHEAD = 256;

  private final InputStream in;
  private final BlockingQueue<Integer> bytes = new LinkedBlockingQueue<>(AHEAD);
  private boolean reading;
  private boolean ended;

  Keyboard(InputStream in) {
    this.in = in;
  }

  /**
   * The next byte, 0 to 255; {@link #NOTHING_YET} or {@link #ENDED} in its place.
   *
   * @param millis how long to wait for one
   */
  int next(long millis) {
    if (ended) {
      return ENDED;
    }
    if (!reading) {
      reading = true;
      Thread.ofPlatform().daemon().name("keyboard").start(this::readAhead);
    }
    try {
      Integer next = millis == 0 ? bytes.poll() : bytes.poll(millis, TimeUnit.MILLISECONDS);
      ended = next != null && next == ENDED;
      return next == null ? NOTHING_YET : next;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return ENDED;
    }
  }

  private void readAhead() {
    try {
      for (int value = in.read(); value >= 0; value = in.read()) {
        bytes.put(value);
      }
      bytes.put(ENDED);
    } catch (IOException _) {
      bytes.add(ENDED);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
