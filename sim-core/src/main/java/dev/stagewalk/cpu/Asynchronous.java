package dev.stagewalk.cpu;

/**
 * The kinds of asynchronous exceptions.
 *
 * <p>Source: Arm ARM, "Asynchronous exception types".
 */
public enum Asynchronous {
  IRQ("IRQ", "IMO"),
  FIQ("FIQ", "FMO"),
  SERROR("SError", "AMO");

  private final String words;
  private final String route;

  Asynchronous(String words, String route) {
    this.words = words;
    this.route = route;
  }

  /** As the Arm ARM writes it: "SError". */
  public String words() {
    return words;
  }

  /** The field of HCR_EL2 that takes the physical one to EL2 and makes the virtual one possible. */
  public String route() {
    return route;
  }

  /** The bit of {@link #route()} in HCR_EL2. */
  public long routeBit() {
    return switch (this) {
      case FIQ -> 1L << 3;
      case IRQ -> 1L << 4;
      case SERROR -> 1L << 5;
    };
  }
}
