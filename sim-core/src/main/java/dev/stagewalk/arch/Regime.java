package dev.stagewalk.arch;

/**
 * A translation regime: whose addresses are translated.
 *
 * <p>Source: Arm ARM, "Translation regimes".
 */
public enum Regime {
  EL1_0("EL1&0"),
  EL2("EL2"),
  EL2_0("EL2&0");

  private final String text;

  Regime(String text) {
    this.text = text;
  }

  /** As the Arm ARM writes it: "EL1&amp;0". */
  public String text() {
    return text;
  }
}
