package dev.stagewalk.session;

/** A command that cannot be done, with the reason and the next step; nothing has changed. */
class Refused extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  Refused(String reason) {
    super(reason);
  }
}
