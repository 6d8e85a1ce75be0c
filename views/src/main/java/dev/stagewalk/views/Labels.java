package dev.stagewalk.views;

import dev.stagewalk.session.Program;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The labels of a program, to name addresses by. */
public final class Labels {
  private final TreeMap<Long, String> names = new TreeMap<>(Long::compareUnsigned);
  private final long base;
  private final long size;

  public Labels(Program program) {
    base = program.base();
    size = program.size();
    program
        .symbols()
        .forEach((name, at) -> names.merge(at, name, (a, b) -> a.compareTo(b) <= 0 ? a : b));
  }

  /** {@code touch_pages}, or {@code touch_pages+0x4}; empty outside the program. */
  public Optional<String> at(long address) {
    Map.Entry<Long, String> label = names.floorEntry(address);
    if (label == null || Long.compareUnsigned(address - base, size) >= 0) {
      return Optional.empty();
    }
    long distance = address - label.getKey();
    return Optional.of(
        distance == 0 ? label.getValue() : label.getValue() + "+0x" + Long.toHexString(distance));
  }
}
