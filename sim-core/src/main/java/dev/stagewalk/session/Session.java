package dev.stagewalk.session;

import dev.stagewalk.cpu.Engine;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** One run of one scenario, driven by commands, seen through snapshots. */
public interface Session extends AutoCloseable {

  /**
   * Begins a run of a scenario, paused at its start.
   *
   * @throws IllegalArgumentException if its source does not assemble or its hypervisor cannot be
   *     configured so; the message names every reason
   */
  static Session open(Scenario scenario) {
    return open(scenario, Engine.USUAL);
  }

  /**
   * As above, executed by a certain engine, also after a restart.
   *
   * @throws IllegalArgumentException likewise
   */
  static Session open(Scenario scenario, Engine engine) {
    return new LocalSession(scenario, engine, null);
  }

  /**
   * As above, written down while it runs.
   *
   * @param recorder begun with the same scenario; to be closed after the session
   */
  static Session open(Scenario scenario, Engine engine, Recorder recorder) {
    return new LocalSession(scenario, engine, recorder);
  }

  /**
   * Opens a recorded run, paused at its start.
   *
   * @throws IllegalArgumentException if its source does not assemble any more, or an input of it
   *     cannot be read
   */
  static Session open(OpenedRun run) {
    Session session = open(run.scenario());
    try {
      session.submit(new Command.OpenRun(run)).join();
      return session;
    } catch (CompletionException e) {
      session.close();
      throw e.getCause() instanceof IllegalArgumentException refused ? refused : e;
    }
  }

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
