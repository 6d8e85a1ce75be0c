package dev.stagewalk.session;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.cpu.WatchedRange.Space;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What can be watched in a run and searched for in it, as it is typed. */
public sealed interface Watch {

  /** As it is typed. */
  String text();

  /** What is done to it. */
  Use use();

  /** What is done to memory or to a translation. */
  enum Use {
    /** Stores, and updates of descriptors by table walks. */
    WRITE,
    /** Loads, and reads of descriptors by table walks. */
    READ,
    /** Either. */
    ACCESS,
    /** Loads, stores and fetches of instructions through a translation. */
    USE;

    /** "write". */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Accesses to memory.
   *
   * @param first address
   * @param last address, included
   * @param regime whose VAs they are; null for any
   * @param asid −1 for any
   * @param vmid −1 for any
   * @param pe that makes the access; −1 for any
   */
  record Memory(
      Use use,
      Space space,
      long first,
      long last,
      @Nullable Regime regime,
      int asid,
      int vmid,
      int pe)
      implements Watch {
    @Override
    public String text() {
      return use.word()
          + " "
          + space.name().toLowerCase(Locale.ROOT)
          + " "
          + Hex.address(first)
          + "+"
          + Hex.plain(last - first + 1)
          + (regime == null ? "" : " " + regime.text().toLowerCase(Locale.ROOT))
          + (asid < 0 ? "" : " asid " + asid)
          + (vmid < 0 ? "" : " vmid " + vmid)
          + (pe < 0 ? "" : " pe " + pe);
    }
  }

  /**
   * A descriptor in a table: by its own address, or as the one that translates an address at the
   * moment at which the watch is set or the search begins.
   *
   * @param space of what address the descriptor is; PA for that of the descriptor itself
   * @param level of lookup, −1 to 3; {@link #DEEPEST} for the last of the walk
   * @param pe whose tables are meant; −1 for the one that executes next
   */
  record Entry(Use use, Space space, long address, int level, int pe) implements Watch {
    /** The descriptor that the walk ends with. */
    static final int DEEPEST = 4;

    @Override
    public String text() {
      return use.word()
          + " entry "
          + (space == Space.PA ? "" : space.name().toLowerCase(Locale.ROOT) + " ")
          + Hex.address(address)
          + (level == DEEPEST ? "" : " level " + level)
          + (pe < 0 ? "" : " pe " + pe);
    }
  }

  /**
   * Changes of a register.
   *
   * @param name as the Arm ARM writes it
   * @param pe whose it is; −1 for any
   */
  record Register(String name, int pe) implements Watch {
    @Override
    public Use use() {
      return Use.WRITE;
    }

    @Override
    public String text() {
      return "write register " + name + (pe < 0 ? "" : " pe " + pe);
    }
  }

  /**
   * Faults of stage 2.
   *
   * @param first IPA
   * @param last IPA, included
   * @param vmid −1 for any
   */
  record Fault(long first, long last, int vmid) implements Watch {
    @Override
    public Use use() {
      return Use.ACCESS;
    }

    @Override
    public String text() {
      return "fault ipa "
          + Hex.address(first)
          + "+"
          + Hex.plain(last - first + 1)
          + (vmid < 0 ? "" : " vmid " + vmid);
    }
  }
}
