package dev.stagewalk.views;

import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import javafx.application.Platform;
import org.jspecify.annotations.Nullable;

/**
 * The newest {@link Scan}, shared by the panes. Small tables are scanned at once; where a scan has
 * been seen to take longer than a pulse can bear it is made on a thread of its own, and the panes
 * show the last one until it is there.
 */
public final class Scans {
  /** What a scan may take on the JavaFX application thread. */
  private static final long AT_ONCE_NANOS = 3_000_000;

  /** Least time between two scans while the guest runs. */
  private static final long RUNNING_NANOS = 150_000_000;

  private final Executor worker =
      Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "table scan");
        thread.setDaemon(true);
        return thread;
      });
  private final List<Runnable> listeners = new ArrayList<>();
  private final long atOnceNanos;
  private @Nullable Scan newest;
  private @Nullable Snapshot last;
  private TableChoice choice = TableChoice.STAGE_2;
  private boolean busy;
  private @Nullable Snapshot waiting;
  private long lastTook;
  private long lastAt;

  public Scans() {
    this(AT_ONCE_NANOS);
  }

  /**
   * @param atOnceNanos what the last scan may have taken for the next to be made at once
   */
  Scans(long atOnceNanos) {
    this.atOnceNanos = atOnceNanos;
  }

  /** Adds a listener, told when a new scan is there. */
  void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /** The newest scan; null before the first. */
  @Nullable Scan newest() {
    return newest;
  }

  /** Whose tables are scanned. */
  TableChoice choice() {
    return choice;
  }

  /** Scans the tables of another stage from now on. */
  void choose(TableChoice newChoice) {
    choice = newChoice;
    Snapshot now = last;
    if (now != null) {
      want(now);
    }
    listeners.forEach(Runnable::run);
  }

  /** Asks for the tables of a snapshot; several panes may ask for the same. */
  void want(Snapshot snapshot) {
    last = snapshot;
    if (newest != null && newest.version() == snapshot.version() && newest.choice() == choice) {
      return;
    }
    if (snapshot.state() == RunState.RUNNING && System.nanoTime() - lastAt < RUNNING_NANOS) {
      return;
    }
    if (busy) {
      waiting = snapshot;
    } else if (lastTook <= atOnceNanos) {
      long start = System.nanoTime();
      take(Scan.of(snapshot, choice), System.nanoTime() - start);
    } else {
      begin(snapshot);
    }
  }

  private void begin(Snapshot snapshot) {
    busy = true;
    waiting = null;
    TableChoice wanted = choice;
    worker.execute(() -> {
      long start = System.nanoTime();
      Scan scan = Scan.of(snapshot, wanted);
      long took = System.nanoTime() - start;
      Platform.runLater(() -> {
        busy = false;
        take(scan, took);
        Snapshot next = waiting;
        if (next != null) {
          begin(next);
        }
      });
    });
  }

  private void take(Scan scan, long took) {
    newest = scan;
    lastTook = took;
    lastAt = System.nanoTime();
    listeners.forEach(Runnable::run);
  }
}
