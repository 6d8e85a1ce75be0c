package dev.stagewalk.guests.lesson;

import dev.stagewalk.arch.Alike;
import dev.stagewalk.ask.Expression;
import dev.stagewalk.ask.Facts;
import dev.stagewalk.ask.RegisterPart;
import dev.stagewalk.event.Lookup;
import java.util.ArrayList;
import java.util.List;

/** What a step wants lit in the window, as the file says it. */
sealed interface Light {
  /** What it is at a moment. */
  Lit at(Facts facts);

  /** A pane by the name in its tab. */
  record Pane(String name) implements Light {
    @Override
    public Lit at(Facts facts) {
      return new Lit.Pane(name);
    }
  }

  /** A register, or a field of one. */
  record Field(RegisterPart part) implements Light {
    @Override
    public Lit at(Facts facts) {
      return new Lit.Field(part.register(), part.field());
    }
  }

  /** The table entry that an IPA's walk reads at a level. */
  record Entry(Expression level, Expression ipa) implements Light {
    @Override
    public Lit at(Facts facts) {
      Lookup lookup = facts.lookup((int) level.at(facts).number(), ipa.at(facts).number());
      return new Lit.Entry(
          lookup.descriptorAddress() - 8L * lookup.index(),
          lookup.index(),
          lookup.level(),
          ipa.at(facts).number());
    }
  }

  /** An IPA. */
  record Ipa(Expression address) implements Light {
    @Override
    public Lit at(Facts facts) {
      return new Lit.Ipa(address.at(facts).number());
    }
  }

  /** An instruction of the guest. */
  record Instruction(Expression address) implements Light {
    @Override
    public Lit at(Facts facts) {
      return new Lit.Instruction(address.at(facts).number());
    }
  }

  /** The TLB's entry for an IPA; nothing is lit if it holds none. */
  record Tlb(Expression ipa) implements Light {
    @Override
    public Lit at(Facts facts) {
      long address = ipa.at(facts).number();
      return facts.tlbEntry(address).<Lit>map(Lit.Tlb::new).orElse(new Lit.Ipa(address));
    }
  }

  /** The newest event of a kind. */
  record Newest(String event) implements Light {
    @Override
    public Lit at(Facts facts) {
      return new Lit.Happened(facts.selectable(event));
    }
  }

  /**
   * Reads what is to be lit.
   *
   * @throws IllegalArgumentException saying what can be
   */
  static Light parse(String text) {
    String[] words = text.strip().split("\\s+", 2);
    String rest = words.length > 1 ? words[1] : "";
    return switch (words[0]) {
      case "pane" -> new Pane(rest);
      case "field" ->
          new Field(
              RegisterPart.named(rest)
                  .orElseThrow(() -> new IllegalArgumentException("no register " + rest)));
      case "entry" -> {
        List<Expression> both = pair(rest);
        yield new Entry(both.get(0), both.get(1));
      }
      case "ipa" -> new Ipa(Expression.parse(rest));
      case "instruction" -> new Instruction(Expression.parse(rest));
      case "tlb" -> new Tlb(Expression.parse(rest));
      case "event" -> {
        if (!Facts.SELECTABLE.contains(rest)) {
          throw new IllegalArgumentException(
              "the newest " + String.join(", ", Facts.SELECTABLE) + " can be lit, not " + rest);
        }
        yield new Newest(rest);
      }
      default ->
          throw new IllegalArgumentException(
              "nothing is lit by '"
                  + words[0]
                  + "'"
                  + Alike.choice(
                      words[0],
                      List.of("pane", "field", "entry", "ipa", "instruction", "tlb", "event")));
    };
  }

  /** "LEVEL, IPA". */
  private static List<Expression> pair(String text) {
    int comma = text.indexOf(',');
    if (comma < 0) {
      throw new IllegalArgumentException("an entry is 'LEVEL, IPA', not '" + text + "'");
    }
    List<Expression> both = new ArrayList<>();
    both.add(Expression.parse(text.substring(0, comma)));
    both.add(Expression.parse(text.substring(comma + 1)));
    return both;
  }
}
