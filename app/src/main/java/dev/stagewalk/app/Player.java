package dev.stagewalk.app;

import dev.stagewalk.session.Command;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Snapshot;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import javafx.animation.Animation;
import javafx.animation.KeyFrame;
import javafx.animation.Timeline;
import javafx.application.Platform;
import javafx.util.Duration;

/**
 * Runs the guest at a speed people can follow: one step command after another, until what would end
 * a run ends it. At full speed it leaves the run to the session.
 */
final class Player {
  private final Function<Command, CompletableFuture<Snapshot>> submit;
  private Speed speed = Speed.MAX;
  private Timeline timeline = new Timeline();
  private boolean waiting;

  Player(Function<Command, CompletableFuture<Snapshot>> submit) {
    this.submit = submit;
  }

  Speed speed() {
    return speed;
  }

  /** Changes the speed; a run goes on at the new one. */
  void speed(Speed newSpeed) {
    boolean playing = isPlaying();
    stop();
    speed = newSpeed;
    if (playing) {
      play();
    }
  }

  boolean isPlaying() {
    return timeline.getStatus() == Animation.Status.RUNNING;
  }

  /** Runs on from the present moment. */
  void play() {
    stop();
    if (speed == Speed.MAX) {
      var _ = submit.apply(new Command.Run());
      return;
    }
    step();
    timeline =
        new Timeline(new KeyFrame(Duration.seconds(1 / speed.stepsPerSecond()), _ -> step()));
    timeline.setCycleCount(Animation.INDEFINITE);
    timeline.play();
  }

  /** Ends what this has begun; what the session runs by itself is paused by its own command. */
  void stop() {
    timeline.stop();
  }

  private void step() {
    if (waiting) {
      return;
    }
    waiting = true;
    submit
        .apply(new Command.Step())
        .whenComplete((after, refused) -> Platform.runLater(() -> stepped(after, refused != null)));
  }

  private void stepped(Snapshot after, boolean refused) {
    waiting = false;
    if (refused || endsRun(after)) {
      stop();
    }
  }

  private static boolean endsRun(Snapshot after) {
    return switch (after.state()) {
      case ENDED, AT_EXIT, AWAITS_INPUT -> true;
      case PAUSED, RUNNING -> after.isAtBreakpoint();
    };
  }

  /** Whether a run is going on, by this or by the session. */
  boolean isRunning(Snapshot snapshot) {
    return isPlaying() || snapshot.state() == RunState.RUNNING;
  }
}
