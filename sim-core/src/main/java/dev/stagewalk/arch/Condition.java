package dev.stagewalk.arch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** When a layout, or the words for a field, apply: all of the terms hold. No terms: always. */
record Condition(List<Term> terms) {
  static final Condition ALWAYS = new Condition(List.of());

  Condition {
    terms = List.copyOf(terms);
  }

  sealed interface Term {
    boolean holds(long value, Context context);
  }

  /** Bits of the value itself are one of the given numbers. */
  record BitsAre(int hi, int lo, Set<Long> wanted) implements Term {
    @Override
    public boolean holds(long value, Context context) {
      return wanted.contains(Bits.extract(value, hi, lo));
    }
  }

  /** A setting beside the value is one of the given numbers. */
  record SettingIs(Setting setting, Set<Integer> wanted) implements Term {
    @Override
    public boolean holds(long value, Context context) {
      return wanted.contains(context.get(setting));
    }
  }

  boolean holds(long value, Context context) {
    for (Term term : terms) {
      if (!term.holds(value, context)) {
        return false;
      }
    }
    return true;
  }

  /** Whether no value in any context can satisfy this: two of its terms exclude each other. */
  boolean contradictsItself() {
    for (int i = 0; i < terms.size(); i++) {
      for (Term other : terms.subList(0, i)) {
        if (exclude(terms.get(i), other)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean exclude(Term a, Term b) {
    return switch (a) {
      case BitsAre x ->
          b instanceof BitsAre y
              && x.hi() == y.hi()
              && x.lo() == y.lo()
              && Collections.disjoint(x.wanted(), y.wanted());
      case SettingIs x ->
          b instanceof SettingIs y
              && x.setting() == y.setting()
              && Collections.disjoint(x.wanted(), y.wanted());
    };
  }

  /**
   * A list of things of which exactly one applies to any value in any context. The last one may
   * stand for all that the others leave.
   */
  static <T> T choose(List<Guarded<T>> choices, long value, Context context) {
    for (Guarded<T> choice : choices) {
      if (choice.otherwise() || choice.when().holds(value, context)) {
        return choice.what();
      }
    }
    throw new IllegalStateException("no layout covers " + Hex.full(value) + " with " + context);
  }

  /** One choice and when it applies. */
  record Guarded<T>(Condition when, boolean otherwise, T what) {}

  /** Why this is not a list of which exactly one always applies; null when it is. */
  static <T> @Nullable String flaw(List<Guarded<T>> choices) {
    long bits = 0;
    EnumSet<Setting> settings = EnumSet.noneOf(Setting.class);
    boolean rest = false;
    for (Guarded<T> choice : choices) {
      if (rest) {
        return "nothing may follow 'otherwise'";
      }
      rest = choice.otherwise();
      for (Term term : choice.when().terms()) {
        switch (term) {
          case BitsAre b -> bits |= Bits.mask(b.hi() - b.lo() + 1) << b.lo();
          case SettingIs s -> settings.add(s.setting());
        }
      }
    }
    for (Context context : contexts(settings)) {
      long value = 0;
      do {
        int holding = 0;
        for (Guarded<T> choice : choices) {
          if (!choice.otherwise() && choice.when().holds(value, context)) {
            holding++;
          }
        }
        if (holding > 1) {
          return "more than one condition holds for " + describe(value, bits, context);
        }
        if (holding == 0 && !rest) {
          return "no condition holds for " + describe(value, bits, context);
        }
        value = (value - bits) & bits; // the next combination of exactly these bits
      } while (value != 0);
    }
    return null;
  }

  private static List<Context> contexts(Set<Setting> settings) {
    List<Context> all = List.of(Context.PLAIN);
    for (Setting setting : settings) {
      List<Context> next = new ArrayList<>();
      for (Context context : all) {
        for (int value : setting.domain()) {
          next.add(context.with(setting, value));
        }
      }
      all = next;
    }
    return all;
  }

  private static String describe(long value, long bits, Context context) {
    return (bits == 0 ? "" : "value " + Bits.hex(value) + " ") + "with " + context;
  }
}
