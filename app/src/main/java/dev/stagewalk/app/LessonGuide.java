package dev.stagewalk.app;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.guests.lesson.Card;
import dev.stagewalk.guests.lesson.Course;
import dev.stagewalk.guests.lesson.Lesson;
import dev.stagewalk.guests.lesson.LessonRun;
import dev.stagewalk.guests.lesson.Lit;
import dev.stagewalk.guests.lesson.Outcome;
import dev.stagewalk.guests.lesson.ZooCase;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.views.LessonActions;
import dev.stagewalk.views.LessonCard;
import dev.stagewalk.views.LessonCard.Stage;
import dev.stagewalk.views.LessonCard.Verdict;
import dev.stagewalk.views.LessonShelf;
import dev.stagewalk.views.LessonView;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import javafx.application.Platform;
import org.jspecify.annotations.Nullable;

/**
 * Leads a student through a lesson in the window: the lesson is carried out on a thread of its own,
 * because it waits for the session; the card and the lights belong to the JavaFX thread, as all
 * methods here do.
 */
final class LessonGuide implements LessonActions {
  private final Session session;
  private final Settings settings;
  private final Course course = Course.standard();
  private final LessonView view = new LessonView(this);
  private final Runnable open;
  private final Consumer<List<Lit>> lamp;
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("stagewalk-lesson").factory());
  private @Nullable LessonRun run;
  private @Nullable Card card;
  private boolean busy;
  private boolean looking;
  private long looked;

  /**
   * @param open brings the pane to the front
   * @param lamp lights what a card is about
   */
  LessonGuide(Session session, Settings settings, Runnable open, Consumer<List<Lit>> lamp) {
    this.session = session;
    this.settings = settings;
    this.open = open;
    this.lamp = lamp;
    view.show(shelf());
  }

  LessonView view() {
    return view;
  }

  Course course() {
    return course;
  }

  private LessonShelf shelf() {
    return new LessonShelf(
        List.of(
            new LessonShelf.Group(
                "Lessons", course.lessons().stream().map(l -> item(l, l.name())).toList()),
            new LessonShelf.Group(
                "Bug zoo",
                course.cases().stream().map(ZooCase::story).map(l -> item(l, "")).toList())));
  }

  private LessonShelf.Item item(Lesson lesson, String label) {
    return new LessonShelf.Item(
        lesson.name(),
        label,
        lesson.title(),
        lesson.intro(),
        settings.lesson(lesson.name()),
        lesson.size());
  }

  @Override
  public void lessons() {
    run = null;
    card = null;
    view.show(shelf());
    open.run();
  }

  @Override
  public void openLesson(String name) {
    Lesson lesson = course.find(name).orElseThrow();
    LessonRun fresh = new LessonRun(lesson, session);
    run = fresh;
    int done = settings.lesson(lesson.name());
    turn(fresh, done >= lesson.size() ? 1 : done + 1);
    open.run();
  }

  private void turn(LessonRun current, int number) {
    work(() -> current.open(number), this::opened);
  }

  private void opened(Card now) {
    card = now;
    LessonCard shown =
        new LessonCard(
            label(),
            now.number(),
            now.of(),
            now.title(),
            now.text(),
            now.figure(),
            now.prompt(),
            now.choices(),
            "",
            now.asks() ? Stage.ASKS : Stage.WAITS,
            now.hint(),
            Verdict.NONE,
            "");
    view.show(shown);
    lamp.accept(now.lights());
    if (!now.asks() && !now.happens()) {
      close("");
    }
  }

  private String label() {
    Lesson lesson = Objects.requireNonNull(run).lesson();
    return course.lessons().contains(lesson) ? lesson.name() : lesson.title();
  }

  @Override
  public void predict(String answer) {
    LessonCard shown = view.card();
    Card now = card;
    if (shown == null || now == null || busy || shown.stage() != Stage.ASKS) {
      return;
    }
    if (now.asksForNumber()) {
      try {
        Hex.parse(answer);
      } catch (NumberFormatException e) {
        view.tell(String.valueOf(e.getMessage()));
        return;
      }
    }
    view.show(shown.working(answer).waiting());
    if (!now.happens()) {
      close(answer);
    }
  }

  @Override
  public void act() {
    LessonCard shown = view.card();
    LessonRun current = run;
    if (shown == null || current == null || busy || shown.stage() != Stage.WAITS) {
      return;
    }
    view.show(shown.working(shown.answer()));
    work(
        () -> {
          current.act();
          return current.close(shown.answer());
        },
        outcome -> closed(outcome));
  }

  private void close(String answer) {
    LessonRun current = Objects.requireNonNull(run);
    work(() -> current.close(answer), this::closed);
  }

  private void closed(Outcome outcome) {
    LessonCard shown = view.card();
    if (shown == null) {
      return;
    }
    Verdict verdict =
        outcome.verdict().map(v -> new Verdict(v.right(), words(v))).orElse(Verdict.NONE);
    view.show(shown.seen(verdict, outcome.see()));
    lamp.accept(outcome.lights());
    settings.lesson(Objects.requireNonNull(run).lesson().name(), shown.number());
    if (!outcome.broken().isEmpty()) {
      view.tell(
          "This run has gone another way than the card describes. Again brings it back to where"
              + " the card begins.");
    }
  }

  private static String words(Outcome.Verdict verdict) {
    return verdict.right() || verdict.expected().isEmpty()
        ? verdict.feedback()
        : "It is " + verdict.expected() + ". " + verdict.feedback();
  }

  @Override
  public void next() {
    LessonCard shown = view.card();
    LessonRun current = run;
    if (shown == null || current == null || busy) {
      return;
    }
    if (shown.isLast()) {
      lessons();
    } else if (shown.stage() == Stage.SEEN) {
      turn(current, shown.number() + 1);
    } else {
      act();
    }
  }

  @Override
  public void back() {
    LessonCard shown = view.card();
    LessonRun current = run;
    if (shown != null && current != null && !busy && shown.number() > 1) {
      turn(current, shown.number() - 1);
    }
  }

  @Override
  public void again() {
    LessonRun current = run;
    if (current != null && view.card() != null && !busy) {
      work(current::again, this::opened);
    }
  }

  /** Looks whether a student has come by themselves to where the card waits. */
  void pulse(Snapshot now) {
    LessonRun current = run;
    LessonCard shown = view.card();
    if (current == null
        || shown == null
        || busy
        || looking
        || shown.stage() != Stage.WAITS
        || now.state() == RunState.RUNNING
        || now.version() == looked) {
      return;
    }
    looked = now.version();
    looking = true;
    worker.execute(() -> {
      boolean reached = current.reached();
      Platform.runLater(() -> {
        looking = false;
        LessonCard still = view.card();
        if (reached && !busy && still != null && still.stage() == Stage.WAITS) {
          close(still.answer());
        }
      });
    });
  }

  private <T> void work(Callable<T> task, Consumer<T> then) {
    LessonRun current = run;
    busy = true;
    worker.execute(() -> {
      T result;
      try {
        result = task.call();
      } catch (Exception e) {
        Platform.runLater(() -> failed(String.valueOf(e.getMessage())));
        return;
      }
      Platform.runLater(() -> {
        busy = false;
        if (run == current) {
          then.accept(result);
        }
      });
    });
  }

  /** The run is not where the lesson left it, for example because another guest was opened. */
  private void failed(String cause) {
    busy = false;
    LessonCard shown = view.card();
    if (shown != null) {
      view.show(shown.waiting());
      view.tell("The card does not fit this run any more (" + cause + "). Press Again.");
    }
  }
}
