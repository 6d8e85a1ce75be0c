package dev.stagewalk.hyp;

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

  /** Done, without remark. */
  Result OK = new Ok();

  static Result refused(String reason) {
    return new Refused(reason);
  }

  default boolean ok() {
    return this instanceof Ok;
  }

  /** "ok", or the reason. */
  default String words() {
    return switch (this) {
      case Ok _ -> "ok";
      case Refused refused -> refused.reason();
    };
  }
}
