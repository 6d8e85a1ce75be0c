package dev.stagewalk.session;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.arch.Size;
import dev.stagewalk.cpu.RegisterWatch;
import dev.stagewalk.cpu.WatchedRange.Space;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * Watches as they are typed on a command line and in the window: words between blanks, numbers
 * decimal or {@code 0x}-hexadecimal with underscores.
 *
 * <pre>
 *   watch  = [ "write" | "read" | "access" | "use" ] what | "fault" "ipa" range [ "vmid" N ]
 *   what   = ( "va" | "ipa" | "pa" ) range [ "el1&amp;0" | "el2" | "el2&amp;0" ] { "asid" N | "vmid" N | "pe" N }
 *          | "entry" ( PA | ( "ipa" | "va" ) ADDRESS [ "level" N ] ) [ "pe" N ]
 *          | "register" NAME [ "pe" N ]
 *   range  = ADDRESS [ "+" SIZE | "-" LAST ]
 *   search = [ "last" | "previous" | "next" ] watch
 * </pre>
 *
 * <p>A range without a size is of 8 bytes; of a fault it is the 4 KiB page of the address, and a
 * use of an address without a size is one of the descriptor that translates it.
 */
public final class WatchGrammar {
  private static final long PAGE = 4096;
  private static final List<String> USES = List.of("write", "read", "access", "use");
  private static final List<String> WHAT = List.of("va", "ipa", "pa", "entry", "register");

  private WatchGrammar() {}

  /** Where a search looks. */
  public enum Direction {
    LAST,
    NEXT
  }

  /** Something to search for. */
  public record Search(Direction direction, Watch watch) {
    /** As it is typed. */
    public String text() {
      return direction.name().toLowerCase(Locale.ROOT) + " " + watch.text();
    }
  }

  /** What may be typed, for help: each form with what it means. */
  public static List<String> forms() {
    return List.of(
        "[write|read|access] va|ipa|pa ADDRESS[+SIZE] [el1&0|el2|el2&0] [asid N] [vmid N] [pe N]",
        "[write|read|access|use] entry ipa|va ADDRESS [level N]  the descriptor that translates it",
        "[write|read|access|use] entry PA                        the descriptor at that address",
        "use ipa|va ADDRESS[+SIZE]                               accesses through a translation",
        "register NAME [pe N]                                    a register that changes",
        "fault ipa ADDRESS[+SIZE] [vmid N]                       faults of stage 2");
  }

  /**
   * Reads what to search for; without a direction it is the last before the present.
   *
   * @throws IllegalArgumentException with the place and what was expected
   */
  public static Search parseSearch(String text, Program program) {
    InjectionWords words = new InjectionWords(text);
    Direction direction = Direction.LAST;
    if (words.skip("next")) {
      direction = Direction.NEXT;
    } else if (!words.skip("last")) {
      words.skip("previous");
    }
    Watch watch = read(words, program);
    words.end();
    return new Search(direction, watch);
  }

  /** As {@link #parseSearch}, refusing what cannot be read. */
  static Search readSearch(String text, Program program) {
    try {
      return parseSearch(text, program);
    } catch (IllegalArgumentException e) {
      throw new Refused(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Reads what to watch.
   *
   * @throws IllegalArgumentException with the place and what was expected
   */
  public static Watch parse(String text, Program program) {
    InjectionWords words = new InjectionWords(text);
    Watch watch = read(words, program);
    words.end();
    return watch;
  }

  /** Reads what to watch, and leaves what follows it. */
  static Watch read(InjectionWords words, Program program) {
    if (words.skip("fault")) {
      words.expect("ipa");
      Range range = range(words, program, false);
      long first = range.sized ? range.first : range.first & -PAGE;
      long last = range.sized ? range.last : first + PAGE - 1;
      return new Watch.Fault(first, last, words.skip("vmid") ? vmid(words) : -1);
    }
    Watch.Use use = Watch.Use.WRITE;
    if (USES.contains(words.peek())) {
      use = Watch.Use.valueOf(words.oneOf("a use", USES).toUpperCase(Locale.ROOT));
    }
    return switch (words.oneOf("what is watched", WHAT)) {
      case "entry" -> entry(words, use, program);
      case "register" -> register(words);
      case "va" -> memory(words, use, Space.VA, program);
      case "ipa" -> memory(words, use, Space.IPA, program);
      default -> memory(words, use, Space.PA, program);
    };
  }

  private static Watch memory(InjectionWords words, Watch.Use use, Space space, Program program) {
    Range range = range(words, program, space == Space.VA);
    if (use == Watch.Use.USE && !range.sized && space != Space.PA) {
      return new Watch.Entry(use, space, range.first, Watch.Entry.DEEPEST, words.pe());
    }
    Regime regime = null;
    for (Regime each : Regime.values()) {
      if (space == Space.VA && words.skip(each.text().toLowerCase(Locale.ROOT))) {
        regime = each;
      }
    }
    int asid = space == Space.VA && words.skip("asid") ? vmid(words) : -1;
    int vmid = space != Space.PA && words.skip("vmid") ? vmid(words) : -1;
    return new Watch.Memory(use, space, range.first, range.last, regime, asid, vmid, words.pe());
  }

  private static int vmid(InjectionWords words) {
    return (int) words.number("a number of 16 bits", 0, 0xffff);
  }

  private static Watch entry(InjectionWords words, Watch.Use use, Program program) {
    Space space = words.skip("ipa") ? Space.IPA : words.skip("va") ? Space.VA : Space.PA;
    if (space == Space.PA) {
      words.skip("pa");
      long pa = words.value("the address of a descriptor");
      if ((pa & 7) != 0) {
        throw new IllegalArgumentException(
            Hex.address(pa) + " is no address of a descriptor: it must be a multiple of 8");
      }
      return new Watch.Entry(use, space, pa, Watch.Entry.DEEPEST, words.pe());
    }
    long address = words.read("an address", word -> address(word, program, space == Space.VA));
    int level = words.skip("level") ? (int) words.number("a level", -1, 3) : Watch.Entry.DEEPEST;
    return new Watch.Entry(use, space, address, level, words.pe());
  }

  private static Watch register(InjectionWords words) {
    return new Watch.Register(
        words.read("the name of a register", RegisterWatch::canonical), words.pe());
  }

  /**
   * @param sized whether its size was said
   */
  private record Range(long first, long last, boolean sized) {}

  private static Range range(InjectionWords words, Program program, boolean labels) {
    return words.read("ADDRESS, ADDRESS+SIZE or FIRST-LAST", word -> range(word, program, labels));
  }

  private static Range range(String word, Program program, boolean labels) {
    int plus = word.indexOf('+');
    int minus = word.indexOf('-');
    if (plus > 0) {
      long first = address(word.substring(0, plus), program, labels);
      long size = Size.parse(word.substring(plus + 1));
      if (size == 0 || Long.compareUnsigned(first + size - 1, first) < 0) {
        throw new IllegalArgumentException("no byte, or more than there are addresses");
      }
      return new Range(first, first + size - 1, true);
    }
    if (minus > 0) {
      long first = address(word.substring(0, minus), program, labels);
      long last = address(word.substring(minus + 1), program, labels);
      if (Long.compareUnsigned(last, first) < 0) {
        throw new IllegalArgumentException("the range ends before it begins");
      }
      return new Range(first, last, true);
    }
    long first = address(word, program, labels);
    return new Range(first, first + Long.BYTES - 1, false);
  }

  private static long address(String word, Program program, boolean labels) {
    OptionalLong label = labels ? program.names().parse(word) : OptionalLong.empty();
    return label.isPresent() ? label.getAsLong() : Hex.parse(word);
  }
}
