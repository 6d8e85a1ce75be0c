package dev.stagewalk.image.boot;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Which line of which source an instruction came from. Immutable. */
public final class SourceLines {
  /** Of a program without them. */
  public static final SourceLines EMPTY = new SourceLines(List.of());

  private final Row[] rows;
  private final long[] addresses;

  /**
   * A line of a source.
   *
   * @param file path as the compiler wrote it
   * @param line from 1
   */
  public record Place(String file, int line) {
    /** {@code main.c:12}. */
    public String text() {
      return file.substring(file.lastIndexOf('/') + 1) + ":" + line;
    }
  }

  /**
   * From an address on, up to the next row's.
   *
   * @param place empty where no line is known
   */
  record Row(long address, Optional<Place> place) {}

  /**
   * @param rows in any order; of several at one address the last that has a place counts
   */
  SourceLines(List<Row> rows) {
    this.rows =
        rows.stream()
            .sorted((a, b) -> {
              int byAddress = Long.compareUnsigned(a.address(), b.address());
              return byAddress != 0
                  ? byAddress
                  : Boolean.compare(a.place().isPresent(), b.place().isPresent());
            })
            .toArray(Row[]::new);
    this.addresses =
        Arrays.stream(this.rows).mapToLong(r -> r.address() ^ Long.MIN_VALUE).toArray();
  }

  public boolean isEmpty() {
    return rows.length == 0;
  }

  /** The line that the instruction at an address came from. */
  public Optional<Place> at(long address) {
    int found = Arrays.binarySearch(addresses, address ^ Long.MIN_VALUE);
    int index = found >= 0 ? found : -found - 2;
    while (index >= 0 && index + 1 < rows.length && addresses[index + 1] == addresses[index]) {
      index++;
    }
    return index < 0 ? Optional.empty() : rows[index].place();
  }

  /**
   * The first address of each line of a source that instructions came from.
   *
   * @param file its name, with or without its folder
   */
  public Map<Integer, Long> firstAddresses(String file) {
    Map<Integer, Long> first = new TreeMap<>();
    for (Row row : rows) {
      row.place()
          .filter(p -> p.file().equals(file) || p.file().endsWith("/" + file))
          .ifPresent(p -> first.putIfAbsent(p.line(), row.address()));
    }
    return first;
  }

  /** All sources, in order of their first address. */
  public Set<String> files() {
    Set<String> files = new LinkedHashSet<>();
    for (Row row : rows) {
      row.place().ifPresent(p -> files.add(p.file()));
    }
    return files;
  }
}
