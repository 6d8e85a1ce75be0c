package dev.stagewalk.check;

/**
 * Something that is wrong with translation tables, their controls or what was done to them, or that
 * is worth knowing.
 *
 * @param kind which rule
 * @param place where
 * @param evidence what was seen, one or more sentences with the numbers of this case
 * @param mend what would be right, one or more sentences with the numbers of this case
 */
public record Finding(FindingKind kind, Place place, String evidence, String mend) {

  public Severity severity() {
    return kind.severity();
  }

  /** The finding in one line. */
  public String words() {
    return kind.severity().word() + " " + kind.id() + ": " + place.words() + ": " + evidence;
  }
}
