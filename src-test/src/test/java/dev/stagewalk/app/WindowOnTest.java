package dev.stagewalk.app;

import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.session.OpenedSession;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.views.Look;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import javafx.animation.AnimationTimer;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.testfx.api.FxRobot;
import org.testfx.util.WaitForAsyncUtils;

/**
 * A window on a sample, opened as the program opens it at its first start, and a hand to use it.
 */
final class WindowOnTest implements AutoCloseable {
  /** The headless screen is 1000 × 1000; small type gives the panes the room of a large window. */
  private static final double SIZE = 1000;

  final OpenedSession session;
  final StagewalkWindow window;
  private final AnimationTimer timer;
  private final FxRobot robot = new FxRobot();

  /** Call it on the JavaFX application thread. */
  WindowOnTest(Stage stage, String sample) {
    this(stage, Catalogue.standard().find(sample).orElseThrow());
  }

  /** As above, on anything that can be run. */
  WindowOnTest(Stage stage, Scenario scenario) {
    // JavaFX's Headless platform throws on its own thread when it paints a pop-up that hangs over
    // the edge of its 1000 x 1000 screen. It loses nothing but that paint, yet would fail whatever
    // test comes next.
    WaitForAsyncUtils.autoCheckException = false;
    Catalogue guests = Catalogue.standard();
    session = OpenedSession.of(Session.open(scenario));
    Look look = new Look();
    look.setScale(0.7);
    window = new StagewalkWindow(session, look, Settings.forgetful(), Parts.of(guests.scenarios()));
    window.firstStart();
    if (scenario.boot().isEmpty()) {
      FirstFault.before(scenario).ifPresent(window::startAt);
    }
    stage.setScene(window.scene(SIZE, SIZE));
    stage.setX(0);
    stage.setY(0);
    timer =
        new AnimationTimer() {
          @Override
          public void handle(long now) {
            window.pulse();
          }
        };
    timer.start();
    stage.show();
    stage.toFront();
  }

  /** Presses keys together and waits until the session has answered. */
  Snapshot press(KeyCode... keys) {
    long version = session.snapshot().version();
    robot.push(keys);
    return until(s -> s.version() > version && s.state() != RunState.RUNNING);
  }

  /** Presses keys that the session need not notice. */
  void type(KeyCode... keys) {
    robot.push(keys);
    WaitForAsyncUtils.waitForFxEvents();
  }

  FxRobot robot() {
    return robot;
  }

  /** Waits for a snapshot, and for the window to have shown it. */
  Snapshot until(Predicate<Snapshot> wanted) {
    waitFor(() -> wanted.test(session.snapshot()));
    WaitForAsyncUtils.waitForFxEvents(5);
    return session.snapshot();
  }

  void waitFor(Callable<Boolean> condition) {
    try {
      WaitForAsyncUtils.waitFor(20, TimeUnit.SECONDS, condition);
    } catch (TimeoutException e) {
      throw new AssertionError("not within 20 s; now " + session.snapshot().status(), e);
    }
  }

  /** What a pane shows, as text. */
  String text(String pane) {
    WaitForAsyncUtils.waitForFxEvents(5);
    return WaitForAsyncUtils.waitForAsyncFx(
        5000, () -> window.panes().find(pane).orElseThrow().view().text());
  }

  boolean isOpen(String pane) {
    return WaitForAsyncUtils.waitForAsyncFx(
        5000,
        () -> {
          Node node = window.panes().find(pane).orElseThrow().view().node();
          return node.getScene() != null;
        });
  }

  /** What a frame shows of a view, as text; for a recording that may be why it has nothing. */
  String shown(String pane) {
    return WaitForAsyncUtils.waitForAsyncFx(
        5000, () -> window.panes().find(pane).orElseThrow().frame().text());
  }

  /** What the last row of the window said last. */
  String status() {
    return WaitForAsyncUtils.waitForAsyncFx(
        5000, () -> ((Label) window.root().lookup("#status-message")).getText());
  }

  void onFx(Runnable work) {
    WaitForAsyncUtils.waitForAsyncFx(5000, work);
    WaitForAsyncUtils.waitForFxEvents();
  }

  @Override
  public void close() {
    onFx(timer::stop);
    session.close();
  }
}
