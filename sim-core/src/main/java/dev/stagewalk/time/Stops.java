package dev.stagewalk.time;

import java.util.List;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Where to stop on the way.
 *
 * @param atExits at the next exit, before its handler acts
 * @param breakpoint instruction addresses to stop before, or null
 * @param event events to stop after, or null
 * @param sought where something of these has happened
 */
public record Stops(
    boolean atExits,
    @Nullable LongPredicate breakpoint,
    @Nullable EventStop event,
    List<Sought> sought) {
  /** Nowhere. */
  public static final Stops NONE = new Stops(false, null);

  public Stops {
    sought = List.copyOf(sought);
  }

  /** At no event but exits, and where nothing is sought. */
  public Stops(boolean atExits, @Nullable LongPredicate breakpoint) {
    this(atExits, breakpoint, null, List.of());
  }

  /** Where nothing is sought. */
  public Stops(boolean atExits, @Nullable LongPredicate breakpoint, @Nullable EventStop event) {
    this(atExits, breakpoint, event, List.of());
  }

  /** At no event but exits. */
  public Stops(boolean atExits, @Nullable LongPredicate breakpoint, List<Sought> sought) {
    this(atExits, breakpoint, null, sought);
  }
}
