package dev.stagewalk.session;

import dev.stagewalk.cpu.Engine;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A session whose owner thread runs in this program. */
final class LocalSession implements Session {
  private static final long PUBLISH_NANOS = 50_000_000;

  /** How long to wait for the end of what is under way, where a disk may be slow. */
  private static final Duration CLOSING = Duration.ofSeconds(10);

  private final LinkedBlockingDeque<Request> requests = new LinkedBlockingDeque<>();

  /** Requests in the queue that stop whatever runs. */
  private final AtomicInteger stopping = new AtomicInteger();

  /** Requests in the queue that stop what would go on for ever, and wait for all else. */
  private final AtomicInteger waiting = new AtomicInteger();

  /** What runs now goes on until something happens. */
  private volatile boolean openEnded;

  private volatile boolean closed;
  private volatile Snapshot snapshot;
  private final Debugger debugger;
  private final Thread owner;
  private long lastPublished;

  private record Request(Command command, CompletableFuture<Snapshot> answer) {
    boolean stopsAll() {
      return command instanceof Command.Pause
          || command instanceof Command.Restart
          || command instanceof Command.OpenRun;
    }
  }

  LocalSession(Scenario scenario, Engine engine, @Nullable Recorder recorder) {
    debugger = new Debugger(scenario, engine, this::isInterrupted, recorder);
    snapshot = debugger.standing();
    owner = Thread.ofPlatform().daemon().name("stagewalk-machine").start(this::serve);
  }

  @Override
  public Snapshot snapshot() {
    return snapshot;
  }

  @Override
  public CompletableFuture<Snapshot> submit(Command command) {
    Request request = new Request(command, new CompletableFuture<>());
    if (closed) {
      refuse(request);
      return request.answer;
    }
    count(request, 1);
    requests.add(request);
    if (closed) {
      refuseAll();
    }
    return request.answer;
  }

  private void count(Request request, int change) {
    if (request.stopsAll()) {
      stopping.addAndGet(change);
    } else if (!request.command.isDoneWhileRunning()) {
      waiting.addAndGet(change);
    }
  }

  /** What runs stops, and a recording that is being written ends as a whole, before it returns. */
  @Override
  public void close() {
    closed = true;
    // Not an interrupt: that would close the files of a recording while they are written.
    requests.add(new Request(new Command.Pause(), new CompletableFuture<>()));
    try {
      owner.join(CLOSING);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isInterrupted() {
    return closed || stopping.get() > 0 || (openEnded && waiting.get() > 0);
  }

  private void serve() {
    try {
      while (!closed) {
        Request request = requests.take();
        count(request, -1);
        if (closed) {
          refuse(request); // it was taken in the moment in which close() woke this thread
        } else {
          answer(request);
        }
      }
    } catch (InterruptedException _) {
      // Nobody in this program does that, and this thread ends as it does when it is closed.
    }
    debugger.close();
    refuseAll();
  }

  private void refuseAll() {
    for (Request left = requests.poll(); left != null; left = requests.poll()) {
      refuse(left);
    }
  }

  private static void refuse(Request request) {
    request.answer.completeExceptionally(new IllegalStateException("this session has been closed"));
  }

  private void answer(Request request) {
    openEnded = debugger.isOpenEnded(request.command);
    try {
      if (request.command instanceof Command.Glance(Place place)) {
        request.answer.complete(debugger.glance(place, () -> !isInterrupted()));
        return;
      }
      debugger.perform(request.command, this::meanwhile);
      snapshot = debugger.standing();
      request.answer.complete(snapshot);
    } catch (Refused e) {
      snapshot = debugger.standing();
      request.answer.completeExceptionally(e);
    } catch (RuntimeException | Error e) {
      // The thread must live on whatever went wrong: it is the only one that can go back.
      request.answer.completeExceptionally(e);
    }
  }

  /** Does what neither stops a run nor waits for its end; a refusal does not stop it either. */
  private void settle(Request request) {
    try {
      debugger.perform(request.command, () -> true);
      snapshot = debugger.whileRunning();
      request.answer.complete(snapshot);
    } catch (Refused e) {
      request.answer.completeExceptionally(e);
    }
  }

  /** Publishes what is going on now and then, and says whether to go on. */
  private boolean meanwhile() {
    Request next = requests.peek();
    while (next != null && next.command.isDoneWhileRunning()) {
      requests.remove();
      settle(next);
      next = requests.peek();
    }
    long now = System.nanoTime();
    if (now - lastPublished > PUBLISH_NANOS) {
      snapshot = debugger.whileRunning();
      lastPublished = now;
    }
    return !isInterrupted();
  }
}
