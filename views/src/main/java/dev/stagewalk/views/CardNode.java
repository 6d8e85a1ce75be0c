package dev.stagewalk.views;

import dev.stagewalk.session.Answer;
import dev.stagewalk.session.Command;
import dev.stagewalk.views.WalkCard.Offer;
import java.util.ArrayList;
import java.util.List;
import javafx.css.PseudoClass;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/** The card that says what a walk came to. */
final class CardNode extends VBox {
  private static final PseudoClass PRIMARY = PseudoClass.getPseudoClass("primary");

  private final Actions actions;
  private final List<Button> pool = new ArrayList<>();
  private final Label title = new Label();
  private final Label words = new Label();
  private final Label evidence = new Label();
  private final FlowPane buttons = new FlowPane();
  private String hue = "";
  private @Nullable WalkCard shown;

  CardNode(Actions actions) {
    this.actions = actions;
    getStyleClass().add("walk-card");
    title.getStyleClass().add("walk-card-title");
    words.getStyleClass().add("walk-card-words");
    words.setWrapText(true);
    words.setMinHeight(USE_PREF_SIZE);
    evidence.getStyleClass().addAll("code", "muted", "small");
    evidence.setWrapText(true);
    evidence.setMinHeight(USE_PREF_SIZE);
    title.setWrapText(true);
    title.setMinHeight(USE_PREF_SIZE);
    buttons.getStyleClass().add("walk-card-buttons");
    getChildren().addAll(title, words, evidence, buttons);
    setAccessibleRole(AccessibleRole.TEXT);
  }

  void show(WalkCard card) {
    if (card.equals(shown)) {
      return;
    }
    shown = card;
    String newHue = card.hue().styleClass();
    if (!newHue.equals(hue)) {
      getStyleClass().remove(hue);
      getStyleClass().add(newHue);
      hue = newHue;
    }
    title.setText(card.symbol().isEmpty() ? card.title() : card.symbol() + " " + card.title());
    words.setText(String.join("\n", card.sentences()));
    evidence.setText(card.evidence());
    evidence.setVisible(!card.evidence().isEmpty());
    evidence.setManaged(evidence.isVisible());
    while (pool.size() < card.offers().size()) {
      Button button = new Button();
      button.getStyleClass().add("walk-card-button");
      pool.add(button);
    }
    for (int i = 0; i < card.offers().size(); i++) {
      Offer offer = card.offers().get(i);
      Button button = pool.get(i);
      button.setText(offer.words());
      button.pseudoClassStateChanged(PRIMARY, i == 0 && isPrimary(offer));
      button.setOnAction(_ -> take(offer));
    }
    if (buttons.getChildren().size() != card.offers().size()) {
      buttons.getChildren().setAll(pool.subList(0, card.offers().size()));
    }
    setAccessibleText(title.getText() + ". " + words.getText());
  }

  private static boolean isPrimary(Offer offer) {
    return offer instanceof Offer.MapPage || offer instanceof Offer.Next;
  }

  private void take(Offer offer) {
    switch (offer) {
      case Offer.MapPage _ -> actions.submit(new Command.AnswerExit(Answer.MAP_PAGE));
      case Offer.WhoWrote(var entry, _) -> actions.submit(SearchOffer.writerOf(entry.address()));
      case Offer.ShowMemory(long pa) -> actions.showInMemory(pa);
      case Offer.Explain(long event, _) -> actions.explain(event);
      case Offer.Unmap(long ipa) -> actions.unmapDialog(ipa);
      case Offer.Next _ -> actions.submit(new Command.MicroStep());
    }
  }
}
