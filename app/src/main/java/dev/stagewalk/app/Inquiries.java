package dev.stagewalk.app;

import dev.stagewalk.event.Event;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.views.SearchOffer;
import dev.stagewalk.views.Selection;
import dev.stagewalk.views.SelectionModel;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.scene.Node;

/** Asks the run who wrote something, when it was used last, when it faults next. */
final class Inquiries {
  private final SelectionModel selection;
  private final Popups popups;
  private final Supplier<Node> anchor;
  private final Consumer<Command> submit;
  private final Consumer<String> say;

  /**
   * @param anchor what the form stands below
   * @param submit is told what to ask
   * @param say is told what is missing
   */
  Inquiries(
      SelectionModel selection,
      Popups popups,
      Supplier<Node> anchor,
      Consumer<Command> submit,
      Consumer<String> say) {
    this.selection = selection;
    this.popups = popups;
    this.anchor = anchor;
    this.submit = submit;
    this.say = say;
  }

  /** Asks one thing about what is selected. */
  void ask(SearchOffer.Kind kind) {
    SearchOffer.of(selection.selected(), kind)
        .ifPresentOrElse(
            offer -> submit.accept(offer.command()),
            () ->
                say.accept(
                    switch (kind) {
                      case WRITER, WATCH ->
                          "Select an entry of a table or of the TLB, a register or an IPA first.";
                      case USE -> "Select an entry of a table or of the TLB, or an IPA first.";
                      case NEXT_FAULT, PREVIOUS_FAULT -> "Select something with an IPA first.";
                    }));
  }

  /** Asks what to search for. */
  void form() {
    popups.show(
        anchor.get(),
        new SearchForm(
            suggestion(),
            command -> {
              popups.close();
              submit.accept(command);
            }));
  }

  private String suggestion() {
    return SearchOffer.of(selection.selected(), SearchOffer.Kind.WRITER)
        .map(SearchOffer::command)
        .map(command -> command instanceof Command.Search search ? search.text() : "")
        .orElse("last write register VTTBR_EL2");
  }

  /** Selects the event that a search has led to; whether there is one. */
  boolean selectFound(Snapshot now) {
    Optional<Event> found = eventOf(now);
    found.ifPresent(event -> selection.select(Selection.of(event)));
    return found.isPresent();
  }

  /** Empty if the moment is that of none. */
  private static Optional<Event> eventOf(Snapshot now) {
    boolean arrived =
        now.search()
            .flatMap(result -> result.sighting())
            .filter(sighting -> sighting.moment().equals(now.moment()))
            .isPresent();
    if (!arrived || now.eventCount() == 0) {
      return Optional.empty();
    }
    Event last = now.events().get(now.eventCount() - 1);
    return Optional.of(last).filter(event -> event.moment().equals(now.moment()));
  }
}
