package dev.stagewalk.app;

import dev.stagewalk.guests.lesson.Lit;
import dev.stagewalk.views.Selection;
import dev.stagewalk.views.SelectionModel;
import java.util.ArrayList;
import java.util.List;

/** Lights what a lesson's card is about: panes come to the front, all else is the one selection. */
final class LessonLights {
  private final Panes panes;
  private final SelectionModel selection;

  LessonLights(Panes panes, SelectionModel selection) {
    this.panes = panes;
    this.selection = selection;
  }

  void light(List<Lit> lights) {
    Selection lit = Selection.NONE;
    for (Lit light : lights) {
      lit = with(lit, light);
    }
    if (!lights.isEmpty()) {
      selection.select(lit);
    }
  }

  private Selection with(Selection lit, Lit light) {
    return switch (light) {
      case Lit.Pane pane -> {
        panes
            .find(pane.name())
            .ifPresent(place -> {
              place.frame().foldedProperty().set(false);
              place.frame().open(place.view());
            });
        yield lit;
      }
      case Lit.Field f -> lit.withField(new Selection.Field(f.register(), f.field()));
      case Lit.Entry e -> {
        List<Selection.Entry> all = new ArrayList<>(lit.entries());
        all.add(new Selection.Entry(e.table(), e.index(), e.level()));
        yield lit.withEntries(all).withIpa(e.ipa());
      }
      case Lit.Ipa ipa -> lit.withIpa(ipa.address());
      case Lit.Instruction i -> lit.withInstruction(i.address());
      case Lit.Tlb tlb -> {
        Selection of = Selection.of(tlb.entry());
        yield new Selection(
            lit.event(), lit.entries(), lit.field(), of.ipa(), lit.instruction(), of.tlbEntry());
      }
      case Lit.Happened happened -> {
        Selection of = Selection.of(happened.event());
        yield new Selection(
            of.event(), of.entries(), lit.field(), of.ipa(), of.instruction(), lit.tlbEntry());
      }
    };
  }
}
