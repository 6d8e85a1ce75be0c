package dev.stagewalk.session;

/** No breakpoint stops where one was looked for; one is where one was. */
public final class NoStop extends Refused {
  private static final long serialVersionUID = 1L;

  NoStop(String reason) {
    super(reason);
  }
}
