package dev.stagewalk.guests.lesson;

import dev.stagewalk.ask.Facts;
import dev.stagewalk.event.Event;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import java.util.List;
import java.util.Map;

/**
 * A case of the bug zoo: a machine with a defect, what is found in it and how it is explained, and
 * a twin without the defect, in which nothing is found.
 */
public final class ZooCase {
  private final Lesson story;
  private final String seen;
  private final List<String> findings;
  private final List<Explained> explained;
  private final Setup twin;
  private final List<Deed> twinDeeds;

  ZooCase(
      Lesson story,
      String seen,
      List<String> findings,
      List<Explained> explained,
      Setup twin,
      List<Deed> twinDeeds) {
    this.story = story;
    this.seen = seen;
    this.findings = List.copyOf(findings);
    this.explained = List.copyOf(explained);
    this.twin = twin;
    this.twinDeeds = List.copyOf(twinDeeds);
  }

  /**
   * Words that Explain says of an event.
   *
   * @param event the newest exit, fault, walk or tlbi after the last card
   */
  public record Explained(String event, String words) {}

  /** The case as cards: its machine, its text, what to look at. */
  public Lesson story() {
    return story;
  }

  /** As it is typed: {@code vmid-reused}. */
  public String name() {
    return story.name();
  }

  /** Where such a thing was met, in words. */
  public String seen() {
    return seen;
  }

  /**
   * Stable ids of the findings it yields after its last card; empty where it is a reader of tables
   * that is wrong and not the machine.
   */
  public List<String> findings() {
    return findings;
  }

  public List<Explained> explained() {
    return explained;
  }

  /** The mended machine. */
  public Scenario twin() {
    return twin.scenario();
  }

  /** Begins with the mended machine and brings it as far as the story brings the other. */
  public Snapshot playTwin(Session session) {
    Driver driver = new Driver(session, Map.of());
    driver.perform(new Deed.Open(twin));
    twinDeeds.forEach(driver::perform);
    return session.snapshot();
  }

  /** The event that a part of the explanation is about, at a moment. */
  public static Event event(Explained explained, Snapshot snapshot) {
    return new Facts(snapshot.present()).selectable(explained.event());
  }
}
