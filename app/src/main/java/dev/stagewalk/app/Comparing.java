package dev.stagewalk.app;

import dev.stagewalk.session.Command;
import dev.stagewalk.session.Place;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.views.CompareView;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javafx.application.Platform;
import javafx.scene.Node;

/** Compares the moment that is shown with another one, in the pane Compare. */
final class Comparing {
  private final Supplier<Snapshot> snapshot;
  private final CompareView view;
  private final Runnable reveal;
  private final Popups popups;
  private final Supplier<Node> anchor;
  private final Function<Command, CompletableFuture<Snapshot>> ask;
  private final Consumer<String> say;

  /**
   * @param reveal brings the view to the front
   * @param anchor what the form stands below
   * @param ask asks the session; what it refuses is shown
   * @param say is told what is done
   */
  Comparing(
      Supplier<Snapshot> snapshot,
      CompareView view,
      Runnable reveal,
      Popups popups,
      Supplier<Node> anchor,
      Function<Command, CompletableFuture<Snapshot>> ask,
      Consumer<String> say) {
    this.snapshot = snapshot;
    this.view = view;
    this.reveal = reveal;
    this.popups = popups;
    this.anchor = anchor;
    this.ask = ask;
    this.say = say;
  }

  /** Asks with what. */
  void form() {
    popups.show(
        anchor.get(),
        new CompareForm(
            snapshot.get(),
            place -> {
              popups.close();
              var _ = with(place);
            }));
  }

  /**
   * Compares the present moment with another; of a branch, with the same moment of it.
   *
   * @return completed when what differs is listed
   */
  CompletableFuture<Void> with(Place place) {
    Snapshot here = snapshot.get();
    Place there =
        place instanceof Place.OfBranch(int number)
            ? new Place.AtMoment(here.moment().onBranch(number))
            : place;
    say.accept("Looking at the other moment…");
    return ask.apply(new Command.Glance(there))
        .thenComposeAsync(
            seen -> {
              say.accept(seen.notice());
              reveal.run();
              return view.compare(seen, here);
            },
            Platform::runLater);
  }
}
