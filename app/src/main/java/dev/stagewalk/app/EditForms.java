package dev.stagewalk.app;

import dev.stagewalk.event.SimEvent;
import dev.stagewalk.session.Edit;
import dev.stagewalk.session.Injection;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.views.SelectionModel;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.scene.Node;

/** What a person does to the machine from the window: at the selection, or by a form. */
final class EditForms {
  private static final int EVENTS_LOOKED_AT = 10_000;

  private final Supplier<Snapshot> snapshot;
  private final SelectionModel selection;
  private final Popups popups;
  private final Supplier<Node> anchor;
  private final Consumer<Edit> submit;
  private final Consumer<String> say;

  /**
   * @param anchor what forms stand below
   * @param submit is told what to do
   * @param say is told what is missing
   */
  EditForms(
      Supplier<Snapshot> snapshot,
      SelectionModel selection,
      Popups popups,
      Supplier<Node> anchor,
      Consumer<Edit> submit,
      Consumer<String> say) {
    this.snapshot = snapshot;
    this.selection = selection;
    this.popups = popups;
    this.anchor = anchor;
    this.submit = submit;
    this.say = say;
  }

  /** Asks what to unmap. */
  void unmap() {
    unmap(selectedOrLikelyIpa());
  }

  /** Asks what to unmap, with this IPA filled in. */
  void unmap(long ipa) {
    popups.show(
        anchor.get(),
        new UnmapForm(
            snapshot.get().scenario(),
            ipa,
            range ->
                confirmed(new Injection.Unmap(range.ipa(), Injection.Extent.RANGE, range.size()))));
  }

  void unmapAtSelection() {
    OptionalLong ipa = selectedIpa();
    if (ipa.isEmpty()) {
      unmap();
      return;
    }
    long bytes = pageBytes();
    submit.accept(new Injection.Unmap(ipa.getAsLong() & -bytes, Injection.Extent.RANGE, bytes));
  }

  void mapAtSelection() {
    OptionalLong ipa = selectedIpa();
    if (ipa.isEmpty()) {
      say.accept("Select an entry, a fault or an address first: the page is mapped there.");
      return;
    }
    long bytes = pageBytes();
    submit.accept(new Edit.MapFresh(ipa.getAsLong() & -bytes, bytes));
  }

  /** Asks for what an injection needs to know, if it does. */
  void inject(InjectionKind kind) {
    if (kind.fields().isEmpty()) {
      submit.accept(InjectionKind.edit(kind.line(List.of(), "")));
      return;
    }
    popups.show(
        anchor.get(),
        new InjectionForm(
            kind, snapshot.get(), selection.selected(), selectedOrLikelyIpa(), this::confirmed));
  }

  private void confirmed(Edit edit) {
    popups.close();
    submit.accept(edit);
  }

  private long pageBytes() {
    return snapshot.get().scenario().granule().bytes();
  }

  private OptionalLong selectedIpa() {
    return selection.selected().ipa();
  }

  private long selectedOrLikelyIpa() {
    return selectedIpa().orElseGet(this::likelyIpa);
  }

  /** The IPA of the newest fault, or the first that is mapped on demand. */
  private long likelyIpa() {
    Snapshot now = snapshot.get();
    long newest = now.eventCount() - 1;
    for (long n = newest; n >= Math.max(0, newest - EVENTS_LOOKED_AT); n--) {
      if (now.events().get(n).what() instanceof SimEvent.ExceptionTaken taken
          && taken.fault().isPresent()) {
        return taken.fault().get().ipa();
      }
    }
    return now.scenario().regions().stream()
        .filter(r -> r.backing() == Scenario.Backing.ON_DEMAND)
        .mapToLong(Scenario.Region::ipa)
        .findFirst()
        .orElse(0);
  }
}
