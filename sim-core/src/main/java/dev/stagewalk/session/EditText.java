package dev.stagewalk.session;

import dev.stagewalk.arch.Hex;

/** Edits as {@link InjectionGrammar} reads them. */
final class EditText {
  private EditText() {}

  /**
   * An edit as it is typed.
   *
   * @throws Refused if nothing that can be typed means just this
   */
  static String of(Edit edit) {
    Edit typed =
        edit instanceof Edit.Unmap(long ipa, long size)
            ? new Injection.Unmap(ipa, Injection.Extent.RANGE, size)
            : edit;
    String text = text(typed);
    boolean same;
    try {
      same = InjectionGrammar.parse(text).equals(typed);
    } catch (IllegalArgumentException _) {
      same = false;
    }
    if (!same) {
      throw new Refused("this edit cannot be recorded: it cannot be typed as '" + text + "'");
    }
    return text;
  }

  /** Whether what is typed for an edit means just this edit. */
  static boolean isTyped(Edit edit) {
    try {
      return InjectionGrammar.parse(text(edit)).equals(edit);
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static String text(Edit edit) {
    return switch (edit) {
      case Injection injection -> injection.text();
      case LibraryCall call -> call.text();
      case Edit.Unmap(long ipa, long size) ->
          "unmap ipa " + Hex.plain(ipa) + " size " + Hex.plain(size);
      case Edit.MapFresh(long ipa, long size) ->
          "map ipa " + Hex.plain(ipa) + " size " + Hex.plain(size);
      case Edit.SetRegister(String register, long value, int pe) ->
          "set " + register + " " + Hex.plain(value) + (pe < 0 ? "" : " pe " + pe);
      case Edit.Type(String text) -> "type \"" + text + "\"";
      case Edit.SetMemory(long pa, long value) ->
          "write pa " + Hex.plain(pa) + " " + Hex.plain(value);
    };
  }
}
