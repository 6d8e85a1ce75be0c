package dev.stagewalk.hyp;

import java.util.List;
import java.util.stream.Collectors;

/** What a function of the library answers. */
public sealed interface Result {

  /** It was done. */
  record Ok() implements Result {}

  /**
   * It was not done, and nothing was changed (unless a defect says otherwise).
   *
   * @param reason why, as a sentence without its full stop
   */
  record Refused(String reason) implements Result {}

  /** It was done, and changed so many blocks and pages. */
  record Changed(int leaves) implements Result {}

  /** It was done, and these are the blocks and pages that were asked for, by rising IPA. */
  record Found(List<Mapping> mappings) implements Result {
    public Found {
      mappings = List.copyOf(mappings);
    }
  }

  /** An IPA leads somewhere. */
  record Leads(Mapping mapping) implements Result {}

  /** Done, without remark. */
  Result OK = new Ok();

  static Result refused(String reason) {
    return new Refused(reason);
  }

  default boolean ok() {
    return !(this instanceof Refused);
  }

  /** "ok", what was found, or the reason. */
  default String words() {
    return switch (this) {
      case Ok _ -> "ok";
      case Refused refused -> refused.reason();
      case Changed(int leaves) ->
          leaves == 0 ? "nothing to change" : Words.count(leaves, "leaf", "leaves") + " changed";
      case Leads(Mapping mapping) -> mapping.sentence();
      case Found(List<Mapping> mappings) -> mappings.isEmpty() ? "none" : words(mappings);
    };
  }

  private static String words(List<Mapping> mappings) {
    int shown = 4;
    return mappings.size()
        + ": "
        + mappings.stream().limit(shown).map(Mapping::range).collect(Collectors.joining(", "))
        + (mappings.size() > shown ? ", …" : "");
  }
}
