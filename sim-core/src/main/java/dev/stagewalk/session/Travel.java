package dev.stagewalk.session;

import dev.stagewalk.cpu.Engine;
import dev.stagewalk.event.Moment;
import dev.stagewalk.time.Branches;
import dev.stagewalk.time.EventLog;
import dev.stagewalk.time.History;
import dev.stagewalk.time.Stops;

/**
 * A scenario's run without a thread of its own, for whoever compares states: tests, replay checks.
 * It stops nowhere by itself.
 */
public final class Travel {
  private final LoadedScenario loaded;
  private final History history;

  private Travel(LoadedScenario loaded) {
    this.loaded = loaded;
    this.history = loaded.history();
  }

  /**
   * At the start of a scenario's run.
   *
   * @throws IllegalArgumentException if it cannot be loaded, with every reason
   */
  public static Travel begin(Scenario scenario) {
    return begin(scenario, Engine.USUAL);
  }

  /**
   * As above, executed by a certain engine.
   *
   * @throws IllegalArgumentException likewise
   */
  public static Travel begin(Scenario scenario, Engine engine) {
    return new Travel(LoadedScenario.load(scenario, engine, () -> false));
  }

  public Moment moment() {
    return history.moment();
  }

  /** Hash of registers, memory, TLB, pending stores, devices and allocator now. */
  public long stateHash() {
    return history.stateHash();
  }

  /** What has been recorded so far. */
  public EventLog.View events() {
    return history.events();
  }

  /** Runs until the guest ends. */
  public void toEnd() {
    history.advance(Long.MAX_VALUE, () -> Stops.NONE, () -> true);
  }

  /** Whether the guest has ended at this moment. */
  public boolean isEnded() {
    return history.machine().isHalted();
  }

  /**
   * Does something to the machine at the present moment. If the run had gone on from there already
   * this makes a branch, and the other stays as it was.
   *
   * @throws IllegalArgumentException if it cannot be done now, with the reason
   */
  public void inject(Edit edit) {
    loaded.check(edit);
    history.apply(edit.words(), loaded.actionOf(edit));
  }

  /** All branches there are. */
  public Branches branches() {
    return history.branches();
  }

  /**
   * Takes the last edit back, if there is one, and is where it was made, in a branch without it.
   */
  public void undo() {
    if (history.lastInput().isPresent()) {
      history.undo(() -> true);
    }
  }

  /**
   * Looks for something from the present moment, and goes there.
   *
   * @param text see {@link WatchGrammar}
   * @param stay whether to answer without going there
   * @throws IllegalArgumentException if it cannot be read, or means nothing at this moment
   */
  public SearchResult search(String text, boolean stay) {
    return new Searches(history, loaded.program()).perform(text, stay, () -> true);
  }

  public void goTo(Moment moment) {
    history.goTo(moment, () -> true);
  }

  /** So many instructions forward, fewer if the guest ends. */
  public void step(int instructions) {
    history.advance(history.moment().instruction() + instructions, () -> Stops.NONE, () -> true);
  }

  /** So many instructions back, fewer at the start. */
  public void stepBack(int instructions) {
    Moment now = history.moment();
    goTo(new Moment(now.branch(), Math.max(0, now.instruction() - instructions), 0));
  }

  /** So many micro-steps forward, fewer if the guest ends. */
  public void microStep(int steps) {
    for (int i = 0; i < steps && !history.machine().isHalted(); i++) {
      history.microStep();
    }
  }

  /** So many micro-steps back, fewer at the start. */
  public void microStepBack(int steps) {
    for (int i = 0; i < steps; i++) {
      history.microStepBack();
    }
  }
}
