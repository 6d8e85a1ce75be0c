package dev.stagewalk.app;

/** How fast a run is shown. */
enum Speed {
  HALF(0.5),
  ONE(1),
  TWO(2),
  FIVE(5),
  TEN(10),
  TWENTY_FIVE(25),
  /** As fast as the engine runs. */
  MAX(Double.POSITIVE_INFINITY);

  private final double stepsPerSecond;

  Speed(double stepsPerSecond) {
    this.stepsPerSecond = stepsPerSecond;
  }

  double stepsPerSecond() {
    return stepsPerSecond;
  }

  /** "0.5 /s", "25 /s", "Max". */
  String words() {
    if (this == MAX) {
      return "Max";
    }
    return (stepsPerSecond < 1 ? "0.5" : Integer.toString((int) stepsPerSecond)) + " /s";
  }
}
