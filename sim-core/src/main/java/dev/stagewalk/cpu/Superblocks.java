package dev.stagewalk.cpu;

import dev.stagewalk.cpu.DecodedPage.Decoded;
import dev.stagewalk.isa.Op;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The loop of {@link Engine#SUPERBLOCK} and {@link Engine#COMPILED}. Interrupts, the translation of
 * the program counter and PSTATE.IL are looked at when a page of code is entered, and again after
 * an instruction that may have changed one of them ({@link Pe#attention}). In between, instructions
 * of one page follow one another across branches, and program counter and instruction count are
 * brought up to date only before those that can see them.
 */
final class Superblocks implements Execution {
  private static final long PAGE_MASK = -4096L;

  private final Pe pe;
  private final int threshold;

  /** Of the instructions being executed; null while the next one is being fetched. */
  private @Nullable DecodedPage current;

  /**
   * @param threshold how often execution must come to a place before it is compiled; 0 for never
   */
  Superblocks(Pe pe, int threshold) {
    this.pe = pe;
    this.threshold = threshold;
  }

  @Override
  public boolean execute(long until, @Nullable LongPredicate breakpoint, long first) {
    Pe p = pe;
    MemoryPort memory = p.memory();
    while (p.instructions < until && !p.isHalted() && !p.stopAsked && !p.step.isActive()) {
      long pc = p.pc();
      if (breakpoint != null && p.instructions != first && breakpoint.test(pc)) {
        return true;
      }
      p.instructionAddress = pc;
      current = null;
      if (p.interrupts.due()) {
        throw p.interrupts.take();
      }
      DecodedPage page = memory.fetch(pc);
      p.checkState();
      current = page;
      p.attention = p.interrupts.due();
      // Without a TLB, or with an interrupt that came while fetching, the next one is looked at
      // anew.
      boolean alone = p.attention || !memory.holds(page);
      if (alone || breakpoint != null || threshold == 0) {
        inPage(page, pc, alone ? p.instructions + 1 : until, breakpoint);
      } else {
        inRegions(page, pc, until);
      }
    }
    return false;
  }

  /** Executes instructions of one page of code; at least one. */
  private void inRegions(DecodedPage page, long pc, long until) {
    Pe p = pe;
    long base = pc & PAGE_MASK;
    long at = pc;
    do {
      int slot = (int) (at - base) >>> 2;
      Region region = page.region(slot);
      long before = p.instructions;
      if (region != null) {
        region.run(p, base, until);
      } else {
        page.warm(slot, threshold);
      }
      if (p.instructions == before) {
        toNextPlace(page, at, until);
      }
      at = p.pc();
    } while (!p.attention && p.instructions < until && ((at ^ base) & (PAGE_MASK | 3)) == 0);
  }

  /** Executes up to a place where a region may begin: behind a branch that was taken. */
  private void toNextPlace(DecodedPage page, long pc, long until) {
    Pe p = pe;
    long at = pc;
    int slot = (int) (at & ~PAGE_MASK) >>> 2;
    long next;
    do {
      Decoded decoded = page.at(slot);
      next = at + 4;
      p.begins(at, p.instructions);
      decoded.semantics().execute(p, decoded.op());
      p.instructions++;
      slot++;
      at = next;
    } while (p.pc() == next
        && !p.attention
        && p.instructions < until
        && slot < DecodedPage.SLOTS
        && page.region(slot) == null);
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
          p.begins(address, executed);
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
          p.begins(address, executed);
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
    p.goesOnAt(base + 4L * slot, executed);
  }

  @Override
  public @Nullable Op op() {
    DecodedPage page = current;
    return page == null ? null : page.at(pe.instructionAddress).op();
  }
}
