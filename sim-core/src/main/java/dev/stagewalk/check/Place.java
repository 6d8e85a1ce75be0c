package dev.stagewalk.check;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.arch.Size;
import dev.stagewalk.event.Moment;
import org.jspecify.annotations.Nullable;

/** Where something was found. */
public sealed interface Place {

  /**
   * In words, such as "level 2 entry 5 of the table at 0x4820_1000 for IPA 0x40a0_0000 (2 MiB)".
   */
  String words();

  /**
   * Whose tables something stands in.
   *
   * @param stage 1 or 2
   * @param vmid VMID of the tables; −1 where the regime has none, or none is known
   */
  record Owner(int stage, Regime regime, int vmid) {

    /** The owner of stage-2 tables. */
    public static Owner ofStage2(int vmid) {
      return new Owner(2, Regime.EL1_0, vmid);
    }

    /** {@code IPA} or {@code VA}. */
    public String input() {
      return stage == 2 ? "IPA" : "VA";
    }

    /** "stage 2, VMID 1" or "stage 1 of EL2". */
    public String words() {
      String stages = "stage " + stage + (stage == 1 ? " of " + regime.text() : "");
      return vmid < 0 ? stages : stages + ", VMID " + vmid;
    }
  }

  /**
   * One descriptor.
   *
   * @param level level of lookup, −1 to 3
   * @param table physical address of the first descriptor of its table
   * @param index number of the descriptor in the table, from 0
   * @param input first input address it covers: IPA of stage 2, VA of stage 1
   * @param bytes how many it covers
   */
  record Entry(Owner owner, int level, long table, int index, long input, long bytes)
      implements Place {

    /** Physical address of the descriptor; of a table under stage 2 its IPA. */
    public long at() {
      return table + 8L * index;
    }

    @Override
    public String words() {
      return "level "
          + level
          + " entry "
          + index
          + " of the table at "
          + Hex.address(table)
          + ", "
          + owner.input()
          + " "
          + Hex.address(input)
          + " ("
          + Size.words(bytes)
          + "), "
          + owner.words();
    }
  }

  /**
   * A whole translation table.
   *
   * @param level level of lookup, −1 to 3
   * @param base physical address of its first descriptor
   * @param input first input address it covers
   * @param bytes how many input addresses it covers; 0 stands for 2^64
   */
  record Table(Owner owner, int level, long base, long input, long bytes) implements Place {
    @Override
    public String words() {
      return "level "
          + level
          + " table at "
          + Hex.address(base)
          + " from "
          + owner.input()
          + " "
          + Hex.address(input)
          + ", "
          + owner.words();
    }
  }

  /**
   * A range of input addresses that several descriptors translate.
   *
   * @param first the first address
   * @param bytes size of the range
   */
  record Input(Owner owner, long first, long bytes) implements Place {
    @Override
    public String words() {
      return owner.input()
          + " "
          + Hex.address(first)
          + " to "
          + Hex.address(first + bytes - 1)
          + " ("
          + Size.words(bytes)
          + "), "
          + owner.words();
    }
  }

  /**
   * A range of physical memory.
   *
   * @param first the first address
   * @param bytes size of the range
   */
  record Memory(long first, long bytes) implements Place {
    @Override
    public String words() {
      return "PA "
          + Hex.address(first)
          + " to "
          + Hex.address(first + bytes - 1)
          + " ("
          + Size.words(bytes)
          + ")";
    }
  }

  /**
   * A register that controls translation.
   *
   * @param register such as {@code VTCR_EL2}
   * @param value what it holds
   * @param pe PE whose register it is, from 0; −1 where it is that of a dump
   */
  record Controls(String register, long value, int pe) implements Place {
    @Override
    public String words() {
      return register + " = " + Hex.plain(value) + (pe <= 0 ? "" : " of PE " + pe);
    }
  }

  /**
   * Something that happened in a run.
   *
   * @param event its number, from 0
   * @param moment right after its effect
   * @param pe PE it happened on
   * @param what what it was, in words: "TLBI IPAS2E1IS"
   * @param about the descriptor or memory it concerns; null where none is
   */
  record Happened(long event, Moment moment, int pe, String what, @Nullable Place about)
      implements Place {
    @Override
    public String words() {
      Place other = about;
      return "event "
          + event
          + " at "
          + moment
          + (pe == 0 ? "" : " on PE " + pe)
          + ": "
          + what
          + (other == null ? "" : "; " + other.words());
    }
  }
}
