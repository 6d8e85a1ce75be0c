package dev.stagewalk.views;

/** What the lesson pane asks for. All methods return at once. */
public interface LessonActions {

  /** Opens a lesson or a case by its name, where its student left it. */
  void openLesson(String name);

  /** Takes a prediction: a letter or a number. */
  void predict(String answer);

  /** Brings about what the card waits for. */
  void act();

  /** The next card; after the last one the list of lessons. */
  void next();

  /** The card before, on a machine brought back to where it begins. */
  void back();

  /** This card once more, from its beginning. */
  void again();

  /** The list of lessons. */
  void lessons();
}
