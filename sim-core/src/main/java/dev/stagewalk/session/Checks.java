package dev.stagewalk.session;

import dev.stagewalk.time.Rerun;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What checks say at the moment of a snapshot. Nothing is computed before somebody asks; then the
 * answer is kept. Any thread may ask.
 */
public final class Checks {
  private final Supplier<Judgement> referee;
  private @Nullable Judgement judgement;

  private Checks(Supplier<Judgement> referee) {
    this.referee = referee;
  }

  static Checks of(Rerun rerun) {
    return new Checks(() -> Judgement.of(rerun));
  }

  /** Of a snapshot that no run is behind: nothing is said. */
  public static Checks none() {
    return new Checks(() -> new Judgement(List.of(), List.of()));
  }

  /**
   * The break-before-make referee's view of everything up to this moment. The first call executes
   * the run again, so it takes as long as that.
   */
  public synchronized Judgement judgement() {
    Judgement known = judgement;
    if (known == null) {
      known = referee.get();
      judgement = known;
    }
    return known;
  }
}
