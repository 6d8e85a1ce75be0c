package dev.stagewalk.mem;

/** Something whose state decides how the machine goes on. */
public interface Stateful {
  /** The state that decides later answers. */
  long[] save();

  /** Puts a saved state back. */
  void restore(long[] state);
}
