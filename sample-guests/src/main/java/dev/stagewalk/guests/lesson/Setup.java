package dev.stagewalk.guests.lesson;

import dev.stagewalk.arch.Alike;
import dev.stagewalk.arch.Granule;
import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.hyp.ExitHandlers;
import dev.stagewalk.mmu.TlbPlan;
import dev.stagewalk.session.Framework;
import dev.stagewalk.session.Scenario;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The machine a lesson or a case begins with: a scenario by its name, and what is different in it:
 * {@code demand-paging granule=4K ipa-bits=40 defects=remap-no-bbm tlb=adversarial}.
 *
 * @param words as it stands in the file
 * @param scenario with all changes made
 */
record Setup(String words, Scenario scenario) {
  private static final List<String> KEYS =
      List.of("granule", "ipa-bits", "defects", "tlb", "profile", "equ", "host-page", "handlers");

  /**
   * Reads a machine.
   *
   * @throws IllegalArgumentException naming the word that is wrong
   */
  static Setup parse(String text) {
    String[] words = text.strip().split("\\s+");
    Scenario scenario = Catalogue.scenario(words[0]);
    for (int i = 1; i < words.length; i++) {
      int equals = words[i].indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException(
            "'" + words[i] + "' is not 'key=value', such as granule=16K");
      }
      scenario = with(scenario, words[i].substring(0, equals), words[i].substring(equals + 1));
    }
    return new Setup(text.strip(), scenario);
  }

  private static Scenario with(Scenario scenario, String key, String value) {
    return switch (key) {
      case "granule" -> scenario.with(Granule.parse(value), scenario.ipaBits());
      case "ipa-bits" -> scenario.with(scenario.granule(), bits(value));
      case "defects" -> scenario.withDefects(value);
      case "equ" -> withSymbol(scenario, value);
      case "host-page" -> scenario.with(scenario.board().withHostPage(hostPage(value)));
      case "handlers" -> withHandlers(scenario, value);
      case "profile" -> scenario.with(scenario.board().withProfile(value));
      case "tlb" -> scenario.with(scenario.board().with(TlbPlan.parse(value)));
      default ->
          throw new IllegalArgumentException(
              "a machine has no '" + key + "'" + Alike.choice(key, KEYS));
    };
  }

  /** The same source with another value of a symbol, as {@code POSTED:0}. */
  private static Scenario withSymbol(Scenario scenario, String text) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    Matcher line =
        Pattern.compile("(?m)^(\\s*\\.equ\\s+" + Pattern.quote(name) + ",\\s*)\\S+")
            .matcher(scenario.source());
    if (colon < 0 || !line.find()) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is not NAME:VALUE with a NAME that the source of "
              + scenario.name()
              + " sets by .equ");
    }
    String value = Matcher.quoteReplacement(text.substring(colon + 1));
    return scenario.withSource(line.replaceFirst("$1" + value));
  }

  /** Other exit handlers of the first guest. */
  private static Scenario withHandlers(Scenario scenario, String names) {
    ExitHandlers.parse(names);
    Framework now = scenario.framework();
    return scenario.with(new Framework(names, now.traps(), now.el1(), now.others()));
  }

  private static int hostPage(String value) {
    return (int) Granule.parse(value).bytes();
  }

  private static int bits(String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("ipa-bits is a number, not '" + value + "'", e);
    }
  }
}
