package dev.stagewalk.session;

/** What a person may choose at an exit instead of the handler. */
public enum Answer {
  /** Allocate a zeroed page, map it where the guest faulted, and RESUME. */
  MAP_PAGE("Map this page"),
  /** End the guest. */
  KILL("End the guest");

  private final String words;

  Answer(String words) {
    this.words = words;
  }

  public String words() {
    return words;
  }
}
