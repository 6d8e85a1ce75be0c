package dev.stagewalk.cpu;

import java.util.Map;
import java.util.Set;

/** An immutable copy of a PE's general, system and vector registers. */
public final class RegisterFile {
  private final long[] general;
  private final Map<String, Integer> index;
  private final long[] system;
  private final long[] vectors;

  /** Of a PE whose vector registers are zero. */
  public RegisterFile(long[] general, Map<String, Integer> index, long[] system) {
    this(general, index, system, new long[2 * VectorRegisters.COUNT]);
  }

  /**
   * @param general x0 to x30
   * @param index place of each system register, by its architectural name
   * @param system their values
   * @param vectors of V0 to V31, bits 63 to 0 and then bits 127 to 64 of each
   */
  public RegisterFile(long[] general, Map<String, Integer> index, long[] system, long[] vectors) {
    this.general = general.clone();
    this.index = index;
    this.system = system.clone();
    this.vectors = vectors.clone();
  }

  /** General register 0 to 30; 31 reads as zero. */
  public long x(int number) {
    return number == 31 ? 0 : general[number];
  }

  /** Bits 63 to 0 of V0 to V31. */
  public long vectorLow(int number) {
    return vectors[2 * number];
  }

  /** Bits 127 to 64 of V0 to V31. */
  public long vectorHigh(int number) {
    return vectors[2 * number + 1];
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
