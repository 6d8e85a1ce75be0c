package dev.stagewalk.check;

/** What becomes of an Access flag fault. */
public enum AccessFaults {
  /** Somebody handles it: leaves with AF = 0 are as they should be. */
  HANDLED,
  /** Nobody does. */
  NOT_HANDLED,
  /** It is not known: tables in which no leaf at all has AF = 1 are suspicious. */
  UNKNOWN
}
