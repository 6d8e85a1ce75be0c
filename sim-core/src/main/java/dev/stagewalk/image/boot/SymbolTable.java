package dev.stagewalk.image.boot;

import dev.stagewalk.arch.Hex;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What names addresses: the functions, variables and labels of a program. Immutable. */
public final class SymbolTable {
  /** Of a program without symbols. */
  public static final SymbolTable EMPTY = new SymbolTable(List.of(), 0, 0);

  /**
   * As {@link Hex#address} and {@link Hex#full} write one. What an entry or a register holds is no
   * address, unless the register is one of addresses.
   */
  private static final Pattern ADDRESS =
      Pattern.compile(
          "(?<!holds |held |descriptor |becomes |(?<!(?:FAR|ELR|VBAR)_EL[123]) = )"
              + "\\b0x[0-9a-f]{4}(?:_[0-9a-f]{4})+\\b");

  private final List<Symbol> symbols;
  private final long[] addresses;
  private final Map<String, Long> byName = new HashMap<>();
  private final long first;
  private final long end;

  /**
   * @param address of the first byte
   * @param size in bytes; 0 where it is not known
   */
  public record Symbol(String name, long address, long size) {}

  /**
   * @param symbols in any order; of several at one address that with a size is preferred, then the
   *     first
   * @param first first byte of the program
   * @param end byte after its last; a name reaches no further
   */
  public SymbolTable(List<Symbol> symbols, long first, long end) {
    this.first = first;
    this.end = end;
    this.symbols =
        symbols.stream()
            .sorted(
                Comparator.<Symbol>comparingLong(s -> s.address() ^ Long.MIN_VALUE)
                    .thenComparingInt(s -> s.size() > 0 ? 0 : 1))
            .toList();
    this.addresses = this.symbols.stream().mapToLong(s -> s.address() ^ Long.MIN_VALUE).toArray();
    for (Symbol symbol : symbols) {
      byName.putIfAbsent(symbol.name(), symbol.address());
    }
  }

  /** Of labels, as an assembler has them. */
  public static SymbolTable of(Map<String, Long> labels, long first, long end) {
    return new SymbolTable(
        labels.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(e -> new Symbol(e.getKey(), e.getValue(), 0))
            .toList(),
        first,
        end);
  }

  /** All, by address. */
  public List<Symbol> symbols() {
    return symbols;
  }

  public boolean isEmpty() {
    return symbols.isEmpty();
  }

  /** The address of a name. */
  public OptionalLong address(String name) {
    Long address = byName.get(name);
    return address == null ? OptionalLong.empty() : OptionalLong.of(address);
  }

  /** Address by name. */
  public Map<String, Long> addresses() {
    return Map.copyOf(byName);
  }

  /** The symbol an address belongs to. */
  public Optional<Symbol> at(long address) {
    if (Long.compareUnsigned(address, first) < 0 || Long.compareUnsigned(address, end) >= 0) {
      return Optional.empty();
    }
    int found = Arrays.binarySearch(addresses, address ^ Long.MIN_VALUE);
    int index = found >= 0 ? found : -found - 2;
    if (index < 0) {
      return Optional.empty();
    }
    long at = addresses[index];
    while (index > 0 && addresses[index - 1] == at) {
      index--;
    }
    Symbol symbol = symbols.get(index);
    boolean beyond = symbol.size() > 0 && address - symbol.address() >= symbol.size();
    return beyond ? Optional.empty() : Optional.of(symbol);
  }

  /** An address by name, as {@code main+0x1c}; empty where no name reaches. */
  public Optional<String> name(long address) {
    return at(address)
        .map(s ->
            address == s.address()
                ? s.name()
                : s.name() + "+0x" + Long.toHexString(address - s.address()));
  }

  /** An address as people read it, its name behind it: {@code 0x4008_0010 (main+0x10)}. */
  public String shown(long address) {
    return Hex.address(address) + name(address).map(name -> " (" + name + ")").orElse("");
  }

  /** A sentence with names behind its addresses; each is named where it stands first. */
  public String named(String sentence) {
    if (isEmpty() || !sentence.contains("0x")) {
      return sentence;
    }
    Set<Long> seen = new HashSet<>();
    return ADDRESS
        .matcher(sentence)
        .replaceAll(found -> {
          long address = Hex.parse(found.group());
          boolean again = !seen.add(address) || sentence.startsWith(" (", found.end());
          return Matcher.quoteReplacement(
              found.group()
                  + (again ? "" : name(address).map(name -> " (" + name + ")").orElse("")));
        });
  }

  /** The address of what {@link #name} writes: {@code main}, {@code main+0x1c}. */
  public OptionalLong parse(String text) {
    String typed = text.strip();
    int plus = typed.lastIndexOf('+');
    OptionalLong whole = address(typed);
    if (whole.isPresent() || plus < 0) {
      return whole;
    }
    OptionalLong from = address(typed.substring(0, plus).strip());
    try {
      long distance = Hex.parse(typed.substring(plus + 1));
      return from.isPresent() ? OptionalLong.of(from.getAsLong() + distance) : from;
    } catch (NumberFormatException _) {
      return OptionalLong.empty();
    }
  }
}
