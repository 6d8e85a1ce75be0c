package dev.stagewalk.arch;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * What is known beside a value when it is decoded. Immutable. A setting of which nothing was said
 * has the first value of its domain: 0, a 4 KiB granule, level -1.
 */
public final class Context {
  /** Nothing said. */
  public static final Context PLAIN = new Context(new EnumMap<>(Setting.class));

  private final Map<Setting, Integer> values;

  private Context(EnumMap<Setting, Integer> values) {
    this.values = values;
  }

  /**
   * This context with one setting changed.
   *
   * @throws IllegalArgumentException when the setting cannot have that value
   */
  public Context with(Setting setting, int value) {
    if (!setting.allows(value)) {
      throw new IllegalArgumentException(
          setting + " is one of " + Arrays.toString(setting.domain()) + ", not " + value);
    }
    EnumMap<Setting, Integer> next = new EnumMap<>(Setting.class);
    next.putAll(values);
    next.put(setting, value);
    return new Context(next);
  }

  /** The value of a setting. */
  public int get(Setting setting) {
    return values.getOrDefault(setting, setting.initial());
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
