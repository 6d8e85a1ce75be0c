package dev.stagewalk.session;

import dev.stagewalk.trace.Trace;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a window has open: a machine that runs, a recording, or a dump of memory. Another is opened
 * in its place; what cannot be opened leaves things as they are.
 */
public final class OpenedSession implements Session {
  /**
   * Snapshots of a machine count up from 1; those of what is imported must never be taken for them.
   */
  private static final long VERSIONS_APART = 1L << 40;

  private final AtomicReference<Session> current;
  private @Nullable Session machine;
  private Command.@Nullable HistoryBudget budget;
  private long imported;

  private OpenedSession(Session first, @Nullable Session machine) {
    this.current = new AtomicReference<>(first);
    this.machine = machine;
  }

  /** With a machine, which is closed with this. */
  public static OpenedSession of(Session machine) {
    return new OpenedSession(machine, machine);
  }

  /** With a recording. */
  public static OpenedSession of(Trace trace) {
    return new OpenedSession(new TraceSession(trace, -VERSIONS_APART), null);
  }

  /** With a dump of memory. */
  public static OpenedSession of(OpenedDump dump) {
    return new OpenedSession(new DumpSession(dump, -VERSIONS_APART), null);
  }

  /** Opens a recording; a machine that was open pauses and is kept until another begins. */
  public synchronized void open(Trace trace) {
    show(new TraceSession(trace, versions()));
  }

  /** Opens a dump of memory; a machine that was open pauses and is kept until another begins. */
  public synchronized void open(OpenedDump dump) {
    show(new DumpSession(dump, versions()));
  }

  private long versions() {
    imported++;
    return -VERSIONS_APART * (imported + 1);
  }

  private void show(Session next) {
    Session paused = machine;
    if (paused != null) {
      var _ = paused.submit(new Command.Pause());
      // One does not come back to it; it is refused where nothing is recorded.
      var _ = paused.submit(new Command.EndRecording());
    }
    current.set(next);
  }

  @Override
  public Snapshot snapshot() {
    return current().snapshot();
  }

  private Session current() {
    return current.get();
  }

  @Override
  public CompletableFuture<Snapshot> submit(Command command) {
    if (command instanceof Command.OpenTrace(Trace trace)) {
      open(trace);
      return CompletableFuture.completedFuture(snapshot());
    }
    Session now = current();
    if (command instanceof Command.HistoryBudget set) {
      remember(set);
    }
    if (now.snapshot().isImported()) {
      if (command instanceof Command.Restart restart) {
        return begin(restart, () -> Session.open(restart.scenario()));
      }
      if (command instanceof Command.OpenRun open) {
        return begin(open, () -> Session.open(open.run()));
      }
    }
    return now.submit(command);
  }

  /** It belongs to the machine, also to one that waits behind a recording or comes later. */
  private synchronized void remember(Command.HistoryBudget set) {
    budget = set;
    Session behind = machine;
    if (behind != null && behind != current()) {
      var _ = behind.submit(set);
    }
  }

  private synchronized CompletableFuture<Snapshot> begin(Command command, Supplier<Session> anew) {
    Session kept = machine;
    if (kept != null) {
      return kept.submit(command)
          .thenApply(begun -> {
            current.set(kept);
            return begun;
          });
    }
    try {
      Session made = anew.get();
      Command.HistoryBudget set = budget;
      if (set != null) {
        var _ = made.submit(set);
      }
      machine = made;
      current.set(made);
      return CompletableFuture.completedFuture(made.snapshot());
    } catch (IllegalArgumentException e) {
      return CompletableFuture.failedFuture(new CompletionException(e));
    }
  }

  @Override
  public synchronized void close() {
    Session open = machine;
    if (open != null) {
      open.close();
    }
  }
}
