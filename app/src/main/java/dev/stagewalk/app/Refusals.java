package dev.stagewalk.app;

import java.util.concurrent.CompletionException;

/** What a session has refused to do, as its commands tell it. */
final class Refusals {
  private Refusals() {}

  /**
   * The reason in words.
   *
   * @throws CompletionException the same, if it was no refusal but a mistake of this program
   */
  static String words(CompletionException e) {
    if (e.getCause() instanceof IllegalArgumentException refused) {
      return String.valueOf(refused.getMessage());
    }
    throw e;
  }
}
