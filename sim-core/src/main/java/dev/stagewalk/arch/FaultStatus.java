package dev.stagewalk.arch;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A fault status code, as DFSC, IFSC and PAR_EL1.FST hold it. Every code has words, also the
 * reserved ones and those the engine itself never reports.
 *
 * @param code six bits
 */
public record FaultStatus(int code) {
  public FaultStatus {
    if (code < 0 || code > 63) {
      throw new IllegalArgumentException("a fault status code has six bits, not " + code);
    }
  }

  /** In words: {@code Translation fault, level 3}. */
  public String words() {
    return ArchTables.standard().valueList("FAULT_STATUS").of(code);
  }

  /** Whether the architecture gives the code no meaning. */
  public boolean reserved() {
    return ArchTables.standard().valueList("FAULT_STATUS").isReserved(code);
  }

  /** The kind of fault, where it is one the engine reports. */
  public Optional<FaultKind> kind() {
    for (FaultKind kind : FaultKind.values()) {
      if (!kind.hasLevel() && kind.statusCode(0) == code) {
        return Optional.of(kind);
      }
      for (int level = -1; kind.hasLevel() && level <= 3; level++) {
        if (kind.statusCode(level) == code) {
          return Optional.of(kind);
        }
      }
    }
    return Optional.empty();
  }

  /** The level of lookup, -2 to 3, where the code has one. */
  public OptionalInt level() {
    String words = words();
    int at = words.lastIndexOf("level ");
    return at < 0
        ? OptionalInt.empty()
        : OptionalInt.of(Integer.parseInt(words.substring(at + "level ".length())));
  }
}
