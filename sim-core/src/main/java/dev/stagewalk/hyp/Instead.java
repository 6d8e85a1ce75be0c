package dev.stagewalk.hyp;

/** What a person chooses at an exit in place of the handler, once. */
public enum Instead {
  /** Nothing: the handler acts. */
  HANDLER,
  /** Map the page the guest faulted on, and RESUME; for translation faults. */
  MAP_PAGE,
  /** End the guest. */
  KILL
}
