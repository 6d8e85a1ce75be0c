package dev.stagewalk.views;

import dev.stagewalk.event.Translation;
import java.util.stream.Collectors;

/** A walk as text: what a screen reader reads and what "Copy as text" copies. */
final class WalkText {
  /** Rows a table has at most in the text. */
  private static final int ROWS = 12;

  private WalkText() {}

  static String of(WalkFigure figure) {
    StringBuilder out = new StringBuilder();
    Translation walk = figure.source().translation();
    out.append(figure.source().heading())
        .append(walk.stage() == 2 ? ", IPA " : ", VA ")
        .append(figure.names().shown(walk.input()))
        .append('\n');
    out.append(figure.source().regime())
        .append(" · moment ")
        .append(figure.source().moment())
        .append('\n');
    if (!figure.chips().isEmpty()) {
      out.append(figure.counter()).append('\n');
    }
    for (WalkBand band : figure.bands()) {
      band(out, figure, band);
      if (band.stage() == 1 && !figure.chips().isEmpty()) {
        out.append("\nStage 2 of each address:\n");
        figure
            .chips()
            .forEach(
                chip -> out.append("   ").append(figure.names().named(chip.text())).append('\n'));
      }
    }
    out.append('\n').append(card(figure.card()));
    return out.toString();
  }

  private static void band(StringBuilder out, WalkFigure figure, WalkBand band) {
    if (!band.title().isEmpty()) {
      out.append('\n')
          .append(band.title())
          .append(", ")
          .append(band.inputName())
          .append(' ')
          .append(figure.names().shown(band.input()))
          .append('\n');
    }
    out.append(
        band.fields().stream()
            .map(f -> f.name() + " " + f.bits() + " = " + f.value())
            .collect(Collectors.joining(" · ")));
    out.append('\n');
    boolean root = !band.beginsHeld();
    for (WalkColumn column : band.columns()) {
      out.append('\n');
      column(out, figure, column, root);
      root = false;
    }
  }

  private static void column(
      StringBuilder out, WalkFigure figure, WalkColumn column, boolean root) {
    if (!column.isKnown()) {
      out.append(Levels.name(column.level()))
          .append(": ")
          .append(column.state().words())
          .append('\n');
      return;
    }
    out.append(column.title(root))
        .append(" at ")
        .append(figure.names().named(column.base()))
        .append(" (")
        .append(column.scale())
        .append(")\n");
    for (WalkColumn.Row row : column.rows(ROWS)) {
      switch (row) {
        case WalkColumn.Entry e -> {
          out.append(e.onPath() ? " > " : "   ").append(e.range()).append("  ").append(e.word());
          if (e.hasTarget()) {
            out.append(" → ").append(figure.names().shown(e.target()));
          }
          if (e.onPath() && column.state() == WalkColumn.State.NEXT) {
            out.append("  (not read yet)");
          }
          if (e.onPath() && figure.isFailing(column)) {
            out.append("  ← ").append(figure.card().title());
          }
          if (!e.remark().isEmpty()) {
            out.append("  (").append(e.remark()).append(')');
          }
          out.append('\n');
        }
        case WalkColumn.Run r ->
            out.append("   ").append(r.range()).append("  ").append(r.words()).append('\n');
      }
    }
  }

  private static String card(WalkCard card) {
    StringBuilder out = new StringBuilder(card.title()).append('\n');
    card.sentences().forEach(s -> out.append(s).append('\n'));
    if (!card.evidence().isEmpty()) {
      out.append(card.evidence()).append('\n');
    }
    return out.toString();
  }
}
