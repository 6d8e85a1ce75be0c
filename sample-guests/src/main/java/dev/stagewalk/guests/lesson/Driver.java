package dev.stagewalk.guests.lesson;

import dev.stagewalk.ask.Expression;
import dev.stagewalk.ask.Facts;
import dev.stagewalk.ask.Value;
import dev.stagewalk.event.Moment;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.InjectionGrammar;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import java.util.Map;
import java.util.concurrent.CompletionException;

/** Does to a session what a lesson says. Not for the thread that shows the session. */
final class Driver {
  /** Steps until a condition must be true, or the lesson is wrong. */
  private static final int MOST_STEPS = 20_000;

  private final Session session;
  private final Map<String, Value> kept;

  /**
   * @param kept what steps have kept, also what they keep later
   */
  Driver(Session session, Map<String, Value> kept) {
    this.session = session;
    this.kept = kept;
  }

  Facts facts() {
    return new Facts(session.snapshot().present(), kept);
  }

  /**
   * Does it and waits until it is done.
   *
   * @throws IllegalArgumentException if it cannot be done, or never comes true
   */
  void perform(Deed deed) {
    switch (deed) {
      case Deed.Go go -> go(go);
      case Deed.Handler _ -> submit(new Command.Step());
      case Deed.Start _ -> submit(new Command.ToStart());
      case Deed.End _ -> {
        while (session.snapshot().state() != RunState.ENDED) {
          submit(new Command.NextExit());
        }
      }
      case Deed.Inject inject ->
          submit(new Command.Inject(InjectionGrammar.parse(inject.words().at(facts()))));
      case Deed.AnswerExit answer -> submit(new Command.AnswerExit(answer.answer()));
      case Deed.Replay replay -> submit(new Command.OpenTrace(replay.trace()));
      case Deed.Open open -> {
        submit(new Command.Restart(open.setup().scenario()));
        submit(new Command.StopAtExits(true));
      }
    }
  }

  /** Goes to a moment of the run. */
  void goTo(Moment moment) {
    submit(new Command.GoTo(moment));
  }

  private void go(Deed.Go go) {
    Expression until = go.until();
    int most = until == null ? go.times() : MOST_STEPS;
    for (int i = 0; i < most; i++) {
      submit(
          switch (go.pace()) {
            case EXITS -> new Command.NextExit();
            case STEPS -> new Command.Step();
            case MICROSTEPS -> new Command.MicroStep();
            case MICROSTEPS_BACK -> new Command.MicroStepBack();
          });
      if (until != null && until.holds(facts())) {
        return;
      }
    }
    if (until != null) {
      throw new IllegalArgumentException("after " + most + " steps it is still not so");
    }
  }

  private Snapshot submit(Command command) {
    try {
      return session.submit(command).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof IllegalArgumentException refused) {
        throw refused;
      }
      throw e;
    }
  }
}
