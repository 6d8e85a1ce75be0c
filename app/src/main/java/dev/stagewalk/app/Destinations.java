package dev.stagewalk.app;

import dev.stagewalk.event.Event;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.Place;
import dev.stagewalk.session.Snapshot;
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
            }));
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

  /** Marks the present moment. */
  void mark() {
    submit.accept(new Command.AddMark(""));
    say.accept("Marked " + snapshot.get().moment() + ".");
  }

  /**
   * @param number of the mark in order of time, from 1
   */
  void toMark(int number) {
    submit.accept(new Place.NumberedMark(number).from(snapshot.get()));
  }
}
