package dev.stagewalk.cpu;

import java.util.Map;
import java.util.Set;

/** An immutable copy of a PE's general and system registers. */
public final class RegisterFile {
  private final long[] general;
  private final Map<String, Integer> index;
  private final long[] system;

  /**
   * @param general x0 to x30
   * @param index place of each system register, by its architectural name
   * @param system their values
   */
  public RegisterFile(long[] general, Map<String, Integer> index, long[] system) {
    this.general = general.clone();
    this.index = index;
    this.system = system.clone();
  }

  /** General register 0 to 30; 31 reads as zero. */
  public long x(int number) {
    return number == 31 ? 0 : general[number];
  }

  /**
   * A system register by its architectural name.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public long system(String name) {
    Integer place = index.get(name);
    if (place == null) {
      throw new IllegalArgumentException("no system register " + name);
    }
    return system[place];
  }

  /** Names of the system registers. */
  public Set<String> systemNames() {
    return index.keySet();
  }
}
