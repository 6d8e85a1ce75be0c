package dev.stagewalk.time;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.cpu.WatchedAccess;
import dev.stagewalk.event.Instruction;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Translation;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Something sought that was found in a run.
 *
 * @param number of what was sought, from 0
 * @param moment the first at which it has happened: after the micro-step that was it or came next
 *     after it, otherwise after its instruction
 * @param pe on which it happened
 * @param what it is
 * @param author who did it
 */
public record Sighting(int number, Moment moment, int pe, What what, Author author) {

  /**
   * Who did it.
   *
   * @param instruction that was being executed; null where a hypervisor in Java or somebody outside
   *     acted
   * @param words who else acted, or how the instruction came to it; empty if it did it itself
   */
  public record Author(@Nullable Instruction instruction, String words) {
    /** "the instruction at 0x4008_0010 of EL1", "s2mmu_map", "you". */
    @Override
    public String toString() {
      Instruction by = instruction;
      return by == null ? words : words.isEmpty() ? by.words() : words + " " + by.words();
    }
  }

  /** The same with its moment named in a branch. */
  Sighting onBranch(int branch) {
    return new Sighting(number, moment.onBranch(branch), pe, what, author);
  }

  /** What was found. */
  public sealed interface What {}

  /** An access to watched memory. */
  public record Access(WatchedAccess access) implements What {}

  /**
   * A register got another value.
   *
   * @param name as the Arm ARM writes it
   */
  public record Change(String name, long old, long value) implements What {}

  /**
   * A walk read a descriptor, or took what the TLB held of it.
   *
   * @param pa where the descriptor is
   * @param ipa its address for stage 1 under stage 2, otherwise empty
   * @param held whether it was not read now
   */
  public record Walked(Translation walk, long pa, OptionalLong ipa, long descriptor, boolean held)
      implements What {}

  /**
   * An event.
   *
   * @param event its number
   */
  public record Happened(long event, SimEvent what) implements What {}

  /** "write of 8 bytes at PA 0x4820_1000 by s2mmu_map: 0x0 became 0x4800_07ff". */
  public String words() {
    return switch (what) {
      case Access a -> words(a.access());
      case Change c ->
          c.name()
              + " was changed from "
              + Hex.plain(c.old())
              + " to "
              + Hex.plain(c.value())
              + by();
      case Walked w ->
          "the descriptor "
              + Hex.plain(w.descriptor())
              + " at PA "
              + Hex.address(w.pa())
              + (w.held() ? " was taken from the TLB by a walk for " : " was read by a walk for ")
              + (w.walk().stage() == 2 ? "IPA " : "VA ")
              + Hex.address(w.walk().input())
              + by();
      case Happened h -> "event " + h.event() + by();
    };
  }

  private String words(WatchedAccess a) {
    StringBuilder text = new StringBuilder();
    text.append(
        switch (a.kind()) {
          case READ -> "read";
          case WRITE -> "write";
          case FETCH -> "instruction fetch";
        });
    text.append(" of ").append(a.bytes()).append(a.bytes() == 1 ? " byte at " : " bytes at ");
    a.va().ifPresent(va -> text.append("VA ").append(Hex.address(va)).append(", "));
    a.ipa().ifPresent(ipa -> text.append("IPA ").append(Hex.address(ipa)).append(", "));
    text.append("PA ").append(Hex.address(a.pa())).append(by());
    if (a.kind() != WatchedAccess.Kind.FETCH && a.value().isPresent()) {
      String value = Hex.plain(a.value().getAsLong());
      text.append(
          a.kind() == WatchedAccess.Kind.READ
              ? ": " + value
              : a.old().isPresent()
                  ? ": " + Hex.plain(a.old().getAsLong()) + " became " + value
                  : ": " + value);
    }
    return text.toString();
  }

  private String by() {
    return " by " + author;
  }
}
