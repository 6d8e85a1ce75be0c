package dev.stagewalk.explain;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Size;
import dev.stagewalk.event.Access;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.StageOutput;
import dev.stagewalk.event.Stages;
import dev.stagewalk.event.Translation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Phrases that every explanation uses in the same form. */
final class Wording {
  private Wording() {}

  /** "8 bytes", "1 byte". */
  static String bytes(long count) {
    return count == 1 ? "1 byte" : count + " bytes";
  }

  /** "1 entry", "3 entries". */
  static String entries(long count) {
    return count == 1 ? "1 entry" : count + " entries";
  }

  static String capital(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  /** Instruction names as the Arm ARM writes them: "DSB ISH". */
  static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }

  /** A descriptor: all its digits, but a plain 0x0. */
  static String descriptor(long value) {
    return value == 0 ? "0x0" : Hex.full(value);
  }

  /** "0b000111": every bit of a short field. */
  static String binary(long value, int width) {
    String digits = Long.toBinaryString(value);
    return "0b" + "0".repeat(Math.max(0, width - digits.length())) + digits;
  }

  /** "x2", "w2", "xzr". */
  static String register(int number, boolean wide) {
    String letter = wide ? "x" : "w";
    return number == 31 ? letter + "zr" : letter + number;
  }

  /** "IPA bits [20:12]". */
  static String indexBits(Lookup lookup) {
    return "[" + lookup.indexHigh() + ":" + lookup.indexLow() + "]";
  }

  /** What was asked for: "a read of 8 bytes", "an instruction fetch". */
  static String request(Access access) {
    return switch (access.kind()) {
      case READ -> "a read of " + bytes(access.size());
      case WRITE -> "a write of " + bytes(access.size());
      case FETCH -> "an instruction fetch";
      case ATOMIC -> "an atomic read and write of " + bytes(access.size());
    };
  }

  /** How a walk ended: "output 0x4820_3018, read-write, Normal Write-Back". */
  static String outcome(Translation walk) {
    return switch (walk.outcome()) {
      case Translation.Output output ->
          "output "
              + Hex.address(output.address())
              + ", "
              + permissions(output)
              + ", "
              + output.memoryType().words()
              + " ("
              + leaves(walk, output)
              + ")";
      case Translation.Fault fault -> "still a fault: " + fault.kind().at(fault.level());
    };
  }

  /** "4 KiB, level 3"; of a VA by the stages that were walked: "stage 1: …; stage 2: …". */
  private static String leaves(Translation walk, Translation.Output output) {
    Stages stages = walk.stages();
    List<String> each = new ArrayList<>();
    if (stages != null) {
      add(each, 1, stages.stage1());
      add(each, 2, stages.stage2());
    }
    return each.isEmpty() ? leaf(output.leafShift(), output.level()) : String.join("; ", each);
  }

  private static void add(List<String> each, int stage, @Nullable StageOutput leaf) {
    if (leaf != null && leaf.walked()) {
      each.add("stage " + stage + ": " + leaf(leaf.shift(), leaf.level()));
    }
  }

  private static String leaf(int shift, int level) {
    return Size.words(1L << shift) + ", level " + level;
  }

  /** "read-write", "read-only, executable". */
  static String permissions(Translation.Output output) {
    List<String> words = new ArrayList<>();
    if (output.readable()) {
      words.add(output.writable() ? "read-write" : "read-only");
    } else {
      words.add(output.writable() ? "write-only" : "no data access");
    }
    if (output.executableAtEl1() && output.executableAtEl0()) {
      words.add("executable");
    } else if (output.executableAtEl1()) {
      words.add("executable at EL1 only");
    } else if (output.executableAtEl0()) {
      words.add("executable at EL0 only");
    }
    return String.join(", ", words);
  }
}
