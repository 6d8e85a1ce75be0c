package dev.stagewalk.event;

/**
 * Whom a barrier or a TLBI reaches, the smaller first.
 *
 * <p>Source: Arm ARM, "Data Synchronization Barrier"; "TLB maintenance instructions".
 */
public enum Domain {
  /** The PE that executes the instruction; of a TLBI the form without IS or OS. */
  NON_SHAREABLE("nsh", ""),
  INNER_SHAREABLE("ish", "is"),
  OUTER_SHAREABLE("osh", "os"),
  FULL_SYSTEM("sy", "");

  private final String text;
  private final String suffix;

  Domain(String text, String suffix) {
    this.text = text;
    this.suffix = suffix;
  }

  /** As a barrier writes it: {@code ish}. */
  public String text() {
    return text;
  }

  /** As a TLBI writes it: {@code is}; empty for its own PE. */
  public String suffix() {
    return suffix;
  }

  /** Whether everything in the other is in this too. */
  public boolean covers(Domain other) {
    return ordinal() >= other.ordinal();
  }

  /** Whether it reaches no PE but its own. */
  public boolean isLocal() {
    return this == NON_SHAREABLE;
  }

  /** "on this PE", "on all PEs of the Inner Shareable domain". */
  public String words() {
    return switch (this) {
      case NON_SHAREABLE -> "on this PE";
      case INNER_SHAREABLE -> "on all PEs of the Inner Shareable domain";
      case OUTER_SHAREABLE -> "on all PEs of the Outer Shareable domain";
      case FULL_SYSTEM -> "everywhere";
    };
  }
}
