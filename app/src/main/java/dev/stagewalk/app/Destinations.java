package dev.stagewalk.app;

import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.Place;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.time.Mark;
import dev.stagewalk.views.Selection;
import dev.stagewalk.views.SelectionModel;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.scene.Node;

/** Leads to what somebody types or points at: a moment, an event, an address, a mark. */
final class Destinations {
  private final Supplier<Snapshot> snapshot;
  private final SelectionModel selection;
  private final Panes panes;
  private final Popups popups;
  private final Supplier<Node> anchor;
  private final Consumer<Command> submit;
  private final Consumer<String> say;

  /**
   * @param anchor what the form stands below
   * @param submit is told what to do
   * @param say is told what is missing, and what was done
   */
  Destinations(
      Supplier<Snapshot> snapshot,
      SelectionModel selection,
      Panes panes,
      Popups popups,
      Supplier<Node> anchor,
      Consumer<Command> submit,
      Consumer<String> say) {
    this.snapshot = snapshot;
    this.selection = selection;
    this.panes = panes;
    this.popups = popups;
    this.anchor = anchor;
    this.submit = submit;
    this.say = say;
  }

  /** Asks where to. */
  void form() {
    popups.show(
        anchor.get(),
        new GoToForm(
            snapshot,
            destination -> {
              popups.close();
              goTo(destination);
            },
            this::editMark));
  }

  void goTo(Inputs.Destination destination) {
    switch (destination) {
      case Inputs.ToPlace(Place place) -> submit.accept(place.from(snapshot.get()));
      case Inputs.ToEvent(long number) -> {
        Event event = snapshot.get().events().get(number);
        selection.select(Selection.of(event));
        submit.accept(new Command.GoTo(event.moment()));
      }
      case Inputs.ToAddress(long address) -> show(address);
    }
  }

  private void show(long address) {
    if (snapshot.get().program().line(address).isPresent()) {
      selection.select(Selection.ofInstruction(address).withIpa(address));
      panes.code().open(panes.codeView());
      panes.codeView().reveal(address);
    } else {
      selection.select(Selection.ofIpa(address));
    }
  }

  void toSelected() {
    selection
        .selected()
        .event()
        .ifPresentOrElse(
            n -> submit.accept(new Command.GoTo(snapshot.get().events().momentOf(n))),
            () -> say.accept("Select an event first."));
  }

  /** Marks the present moment at once, and asks for a note. */
  void mark() {
    Snapshot now = snapshot.get();
    Moment moment = now.branches().origin(now.moment());
    Mark mark =
        now.marks().stream()
            .filter(known -> known.moment().equals(moment))
            .findFirst()
            .orElse(new Mark(moment, ""));
    submit.accept(new Command.AddMark(""));
    say.accept("Marked " + now.moment() + ".");
    editMark(mark);
  }

  private void editMark(Mark mark) {
    long before =
        snapshot.get().marks().stream()
            .filter(known -> Mark.BY_TIME.compare(known, mark) < 0)
            .count();
    popups.show(
        anchor.get(),
        new MarkForm(
            mark,
            1 + (int) before,
            note -> {
              popups.close();
              submit.accept(new Command.NameMark(mark.moment(), note));
            },
            () -> {
              popups.close();
              submit.accept(new Command.RemoveMark(mark.moment()));
            }));
  }

  /**
   * @param number of the mark in order of time, from 1
   */
  void toMark(int number) {
    submit.accept(new Place.NumberedMark(number).from(snapshot.get()));
  }
}
