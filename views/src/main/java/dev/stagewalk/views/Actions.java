package dev.stagewalk.views;

import dev.stagewalk.session.Command;

/** What a pane can ask of the program around it. All methods return at once. */
public interface Actions {

  /** Sends a command to the session; a refusal is shown to the user in words. */
  void submit(Command command);

  /** Asks which pages to unmap, with this IPA filled in. */
  void unmapDialog(long ipa);

  /** Shows the explanation of an event and selects it. */
  void explain(long event);

  /** Shows physical memory at an address. */
  void showInMemory(long pa);

  /** Puts a text on the clipboard and says so. */
  void copy(String text);
}
