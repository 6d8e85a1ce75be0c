package dev.stagewalk.cpu;

/** What one PE does. */
public enum Activity {
  RUNS("runs"),
  WAITS_FOR_INTERRUPT("waits for an interrupt"),
  WAITS_FOR_EVENT("waits for an event"),
  OFF("is off");

  private final String words;

  Activity(String words) {
    this.words = words;
  }

  /** "waits for an interrupt". */
  public String words() {
    return words;
  }
}
