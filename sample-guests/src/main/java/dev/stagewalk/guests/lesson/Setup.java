package dev.stagewalk.guests.lesson;

import dev.stagewalk.arch.Alike;
import dev.stagewalk.arch.Granule;
import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.mmu.TlbPlan;
import dev.stagewalk.session.Scenario;
import java.util.List;

/**
 * The machine a lesson or a case begins with: a scenario by its name, and what is different in it:
 * {@code demand-paging granule=4K ipa-bits=40 defects=remap-no-bbm tlb=adversarial}.
 *
 * @param words as it stands in the file
 * @param scenario with all changes made
 */
record Setup(String words, Scenario scenario) {
  private static final List<String> KEYS =
      List.of("granule", "ipa-bits", "defects", "tlb", "profile");

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
      case "profile" -> scenario.with(scenario.board().withProfile(value));
      case "tlb" -> scenario.with(scenario.board().with(TlbPlan.parse(value)));
      default ->
          throw new IllegalArgumentException(
              "a machine has no '" + key + "'" + Alike.choice(key, KEYS));
    };
  }

  private static int bits(String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("ipa-bits is a number, not '" + value + "'", e);
    }
  }
}
