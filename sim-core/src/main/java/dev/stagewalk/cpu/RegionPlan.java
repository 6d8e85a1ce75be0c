package dev.stagewalk.cpu;

import dev.stagewalk.cpu.DecodedPage.Decoded;
import java.util.BitSet;
import java.util.Set;

/**
 * Which instructions make a region: those that can be reached from an entry within its page, until
 * they weigh too much.
 */
final class RegionPlan {
  /**
   * Bytecodes that HotSpot will inline into one method at most, with a margin: what goes beyond
   * would be called, and be slow.
   */
  private static final int MOST_WEIGHT = 6500;

  private static final Set<String> LEAVING =
      Set.of("br", "blr", "ret", "eret", "svc", "hvc", "smc", "brk", "undefined", "wfi", "wfe");

  private final DecodedPage page;
  private final BitSet members = new BitSet();
  private final BitSet leaders = new BitSet();
  private int weight;

  RegionPlan(DecodedPage page, int entry) {
    this.page = page;
    leaders.set(entry);
    follow(entry);
    leaders.and(members);
  }

  /** Places of its instructions in the page. */
  BitSet members() {
    return members;
  }

  /** The members that something besides the instruction before may lead to. */
  BitSet leaders() {
    return leaders;
  }

  private void follow(int entry) {
    BitSet open = new BitSet();
    open.set(entry);
    while (!open.isEmpty()) {
      int slot = open.nextSetBit(0);
      open.clear(slot);
      while (slot < DecodedPage.SLOTS && !members.get(slot)) {
        Decoded decoded = page.at(slot);
        weight += weightOf(decoded.reach());
        if (weight > MOST_WEIGHT) {
          return;
        }
        members.set(slot);
        int target = target(slot, decoded);
        if (target >= 0) {
          leaders.set(target);
          open.set(target);
        }
        if (!goesOn(decoded)) {
          break;
        }
        slot++;
      }
    }
  }

  private static int weightOf(Reach reach) {
    return switch (reach) {
      case REGISTERS -> 110;
      case NEAR -> 50;
      case ANYTHING -> 320;
    };
  }

  /** Where a branch in the page goes; −1 for none. */
  static int target(int slot, Decoded decoded) {
    if (decoded.reach() != Reach.NEAR || !BranchCondition.isBranch(decoded.op())) {
      return -1;
    }
    long target = slot + (decoded.op().imm() >> 2);
    return target >= 0 && target < DecodedPage.SLOTS ? (int) target : -1;
  }

  /** Whether the next instruction in the page may follow. */
  static boolean goesOn(Decoded decoded) {
    return switch (decoded.reach()) {
      case REGISTERS -> true;
      case NEAR -> !BranchCondition.isAlwaysTaken(decoded.op());
      case ANYTHING -> !LEAVING.contains(decoded.op().row().semantics());
    };
  }
}
