package dev.stagewalk.cpu;

import dev.stagewalk.cpu.DecodedPage.Decoded;
import dev.stagewalk.isa.Op;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The loop of {@link Engine#SUPERBLOCK}. Interrupts, the translation of the program counter and
 * PSTATE.IL are looked at when a page of code is entered, and again after an instruction that may
 * have changed one of them ({@link Pe#attention}). In between, instructions of one page follow one
 * another across branches, and program counter and instruction count are brought up to date only
 * before those that can see them.
 */
final class Superblocks implements Execution {
  private static final long PAGE_MASK = -4096L;

  private final Pe pe;
  private @Nullable Op op;

  Superblocks(Pe pe) {
    this.pe = pe;
  }

  @Override
  public boolean execute(long until, @Nullable LongPredicate breakpoint, long first) {
    Pe p = pe;
    MemoryPort memory = p.memory();
    while (p.instructions < until && !p.isHalted()) {
      long pc = p.pc();
      if (breakpoint != null && p.instructions != first && breakpoint.test(pc)) {
        return true;
      }
      p.instructionAddress = pc;
      op = null;
      if (p.interrupts.due()) {
        throw p.interrupts.take();
      }
      DecodedPage page = memory.fetch(pc);
      p.checkState();
      p.attention = p.interrupts.due();
      // Without a TLB, or with an interrupt that came while fetching, the next one is looked at
      // anew.
      boolean alone = p.attention || !memory.holds(page);
      inPage(page, pc, alone ? p.instructions + 1 : until, breakpoint);
    }
    return false;
  }

  /** Executes instructions of one page of code; at least one. */
  private void inPage(DecodedPage page, long pc, long until, @Nullable LongPredicate breakpoint) {
    Pe p = pe;
    long base = pc & PAGE_MASK;
    int slot = (int) (pc - base) >>> 2;
    long executed = p.instructions;
    do {
      Decoded decoded = page.at(slot);
      switch (decoded.reach()) {
        case REGISTERS -> {
          decoded.semantics().execute(p, decoded.op());
          slot++;
          executed++;
        }
        case NEAR -> {
          long address = base + 4L * slot;
          p.instructionAddress = address;
          p.branch(address + 4);
          decoded.semantics().execute(p, decoded.op());
          executed++;
          long target = p.pc();
          if (((target ^ base) & PAGE_MASK) != 0) {
            p.instructions = executed;
            return;
          }
          slot = (int) (target - base) >>> 2;
        }
        case ANYTHING -> {
          long address = base + 4L * slot;
          p.instructionAddress = address;
          p.instructions = executed;
          p.branch(address + 4);
          op = decoded.op();
          decoded.semantics().execute(p, decoded.op());
          p.instructions = ++executed;
          long target = p.pc();
          if (p.attention || ((target ^ base) & (PAGE_MASK | 3)) != 0) {
            return;
          }
          slot = (int) (target - base) >>> 2;
        }
      }
    } while (executed < until
        && slot < DecodedPage.SLOTS
        && (breakpoint == null || !breakpoint.test(base + 4L * slot)));
    p.instructions = executed;
    p.branch(base + 4L * slot);
  }

  @Override
  public @Nullable Op op() {
    return op;
  }
}
