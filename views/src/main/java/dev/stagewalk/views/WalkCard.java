package dev.stagewalk.views;

import dev.stagewalk.image.boot.SymbolTable;
import java.util.List;

/**
 * What a walk came to, in words, with what can be done about it.
 *
 * @param hue of its outline
 * @param symbol before the title, or empty
 * @param title "Translation fault, level 3"
 * @param sentences what happened and why
 * @param evidence the register fields that say so; may be empty
 * @param offers what can be done, the likeliest first
 */
record WalkCard(
    Token hue,
    String symbol,
    String title,
    List<String> sentences,
    String evidence,
    List<Offer> offers) {

  WalkCard {
    sentences = List.copyOf(sentences);
    offers = List.copyOf(offers);
  }

  /** The same with names behind the addresses that have one. */
  WalkCard named(SymbolTable names) {
    return new WalkCard(
        hue,
        symbol,
        names.named(title),
        sentences.stream().map(names::named).toList(),
        names.named(evidence),
        offers);
  }

  /** Something that can be done. */
  sealed interface Offer {
    /** What the button says. */
    String words();

    /** Let the hypervisor map a page where the guest faulted, and go on. */
    record MapPage() implements Offer {
      @Override
      public String words() {
        return "Map this page";
      }
    }

    /** Find the event that last wrote an entry. */
    record WhoWrote(Selection.Entry entry, String words) implements Offer {}

    /** Show memory at a physical address. */
    record ShowMemory(long pa) implements Offer {
      @Override
      public String words() {
        return "Show in memory";
      }
    }

    /** Explain an event. */
    record Explain(long event, String words) implements Offer {}

    /** Choose pages to unmap. */
    record Unmap(long ipa) implements Offer {
      @Override
      public String words() {
        return "Unmap this page…";
      }
    }

    /** Go one lookup further. */
    record Next() implements Offer {
      @Override
      public String words() {
        return "Next lookup";
      }
    }
  }
}
