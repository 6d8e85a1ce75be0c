package dev.stagewalk.trace;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Packs members and writes them, on a thread of its own: the run need not wait for that. What could
 * not be written is told to whoever hands over the next member, or waits for all.
 */
final class MemberWriter {
  /** Members that may wait; whoever brings one more waits as well. */
  private static final int MOST_WAITING = 4;

  private final WritableByteChannel stream;
  private final BlockingQueue<Task> tasks = new ArrayBlockingQueue<>(MOST_WAITING);
  private final Thread thread;
  private volatile @Nullable IOException failure;

  /**
   * @param raw the lines; null to end
   * @param done told when it is written
   */
  private record Task(
      byte @Nullable [] raw,
      long firstEvent,
      long firstInstruction,
      boolean inputs,
      RecordingMember.Holds holds,
      Runnable done) {}

  MemberWriter(WritableByteChannel stream) {
    this.stream = stream;
    this.thread = Thread.ofPlatform().daemon().name("stagewalk-recording").start(this::serve);
  }

  private void serve() {
    try {
      while (true) {
        Task task = tasks.take();
        byte[] raw = task.raw;
        if (raw != null && raw.length > 0 && failure == null) {
          write(task, raw);
        }
        task.done.run();
        if (raw == null) {
          return;
        }
      }
    } catch (InterruptedException _) {
      // Nobody does that: the thread ends when it is told to.
    }
  }

  private void write(Task task, byte[] raw) {
    try {
      RecordingWriter.write(
          stream,
          RecordingMember.pack(
              raw, task.firstEvent, task.firstInstruction, task.inputs, task.holds));
    } catch (IOException e) {
      failure = e;
    }
  }

  /** Hands over a member. */
  void add(
      byte[] raw,
      long firstEvent,
      long firstInstruction,
      boolean inputs,
      RecordingMember.Holds holds)
      throws IOException {
    requireSound();
    put(new Task(raw, firstEvent, firstInstruction, inputs, holds, () -> {}));
  }

  /** Waits until all that was handed over is written. */
  void await() throws IOException {
    if (thread.isAlive()) {
      // When one more has a place behind all others and has been seen to, so have they.
      CountDownLatch latch = new CountDownLatch(1);
      put(new Task(new byte[0], 0, 0, false, RecordingMember.Holds.NOTHING, latch::countDown));
      uninterrupted(latch::await);
    }
    requireSound();
  }

  /** Ends the thread, once all is written. */
  void close() throws IOException {
    put(new Task(null, 0, 0, false, RecordingMember.Holds.NOTHING, () -> {}));
    uninterrupted(thread::join);
    requireSound();
  }

  private void put(Task task) {
    uninterrupted(() -> tasks.put(task));
  }

  private void requireSound() throws IOException {
    IOException known = failure;
    if (known != null) {
      throw new IOException(known.getMessage(), known);
    }
  }

  @FunctionalInterface
  private interface Waiting {
    void run() throws InterruptedException;
  }

  /**
   * A session that is closed interrupts its thread; what it has executed is written all the same.
   */
  private static void uninterrupted(Waiting waiting) {
    boolean interrupted = false;
    while (true) {
      try {
        waiting.run();
        break;
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
