package dev.stagewalk.app.lesson;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.stagewalk.guests.lesson.Card;
import dev.stagewalk.guests.lesson.Course;
import dev.stagewalk.guests.lesson.Lesson;
import dev.stagewalk.guests.lesson.Outcome;
import dev.stagewalk.guests.lesson.Report;
import dev.stagewalk.guests.lesson.ZooCase;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;

/** Lessons, cards and grades as one JSON object on one line. */
final class LessonJson {
  private LessonJson() {}

  private interface Body {
    void write(JsonGenerator json) throws IOException;
  }

  private static void object(PrintWriter out, Body body) throws IOException {
    // The generator must not close the program's output.
    try (JsonGenerator json =
        new JsonFactory().createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
      json.writeStartObject();
      body.write(json);
      json.writeEndObject();
    }
    out.println();
  }

  static void list(PrintWriter out, Course course) throws IOException {
    object(
        out,
        json -> {
          lessons(json, "lessons", course.lessons());
          lessons(json, "cases", course.cases().stream().map(ZooCase::story).toList());
        });
  }

  private static void lessons(JsonGenerator json, String key, List<Lesson> lessons)
      throws IOException {
    json.writeArrayFieldStart(key);
    for (Lesson lesson : lessons) {
      json.writeStartObject();
      head(json, lesson);
      json.writeStringField("intro", lesson.intro());
      json.writeNumberField("steps", lesson.size());
      json.writeArrayFieldStart("treats");
      for (String id : lesson.treats()) {
        json.writeString(id);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void head(JsonGenerator json, Lesson lesson) throws IOException {
    json.writeStringField("lesson", lesson.name());
    json.writeStringField("title", lesson.title());
  }

  /** The cards, without what would give the answers away. */
  static void cards(PrintWriter out, Report report) throws IOException {
    object(
        out,
        json -> {
          head(json, report.lesson());
          json.writeArrayFieldStart("steps");
          for (Report.Done done : report.steps()) {
            Card card = done.card();
            json.writeStartObject();
            json.writeNumberField("step", card.number());
            json.writeStringField("title", card.title());
            json.writeStringField("text", card.text());
            if (!card.figure().isEmpty()) {
              strings(json, "figure", card.figure());
            }
            if (card.asks()) {
              json.writeStringField("question", card.prompt());
              strings(json, "choices", card.choices());
            }
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private static void strings(JsonGenerator json, String key, List<String> values)
      throws IOException {
    json.writeArrayFieldStart(key);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }

  static void grades(PrintWriter out, Report report) throws IOException {
    object(
        out,
        json -> {
          head(json, report.lesson());
          json.writeNumberField("asked", report.asked());
          json.writeNumberField("right", report.right());
          json.writeArrayFieldStart("answers");
          for (Report.Done done : report.steps()) {
            if (done.outcome().verdict().isPresent()) {
              answer(json, done.card(), done.outcome().verdict().get());
            }
          }
          json.writeEndArray();
        });
  }

  private static void answer(JsonGenerator json, Card card, Outcome.Verdict verdict)
      throws IOException {
    json.writeStartObject();
    json.writeNumberField("step", card.number());
    json.writeStringField("title", card.title());
    json.writeStringField("given", verdict.given());
    json.writeBooleanField("right", verdict.right());
    json.writeStringField("expected", verdict.expected());
    json.writeStringField("feedback", verdict.feedback());
    if (!verdict.misconception().isEmpty()) {
      json.writeStringField("misconception", verdict.misconception());
    }
    json.writeEndObject();
  }
}
