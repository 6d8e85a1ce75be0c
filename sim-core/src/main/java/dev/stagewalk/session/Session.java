package dev.stagewalk.session;

import java.util.concurrent.CompletableFuture;

/** One run of one scenario, driven by commands, seen through snapshots. */
public interface Session extends AutoCloseable {

  /** The newest snapshot; any thread may ask, as often as it likes. */
  Snapshot snapshot();

  /**
   * Queues a command for the owner thread.
   *
   * @return completed with the snapshot after it; exceptionally with an {@link
   *     IllegalArgumentException} in words when the command cannot be done, and then nothing has
   *     changed
   */
  CompletableFuture<Snapshot> submit(Command command);

  /** Ends the owner thread. */
  @Override
  void close();
}
