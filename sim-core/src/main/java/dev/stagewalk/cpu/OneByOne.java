package dev.stagewalk.cpu;

import dev.stagewalk.isa.Op;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The loop of {@link Engine#REFERENCE}, and of every engine during software step and while a
 * register is watched.
 */
final class OneByOne implements Execution {
  private final Pe pe;
  private @Nullable Op op;

  OneByOne(Pe pe) {
    this.pe = pe;
  }

  @Override
  public boolean execute(long until, @Nullable LongPredicate breakpoint, long first) {
    Pe p = pe;
    MemoryPort memory = p.memory();
    long executed = p.instructions;
    RegisterWatch watch = p.wiring().registerWatch();
    while (executed < until && !p.isHalted() && !p.stopAsked) {
      long pc = p.pc();
      if (breakpoint != null && executed != first && breakpoint.test(pc)) {
        return true;
      }
      p.instructionAddress = pc;
      op = null;
      if (p.interrupts.due()) {
        throw p.interrupts.take();
      }
      if (p.step.isActive()) {
        p.step.check();
      }
      DecodedPage.Decoded decoded = memory.fetch(pc).at(pc);
      p.checkState();
      op = decoded.op();
      p.branch(pc + 4);
      boolean steps = p.step.begins();
      decoded.semantics().execute(p, decoded.op());
      if (steps) {
        p.step.advance(decoded.op());
      }
      if (watch != null) {
        watch.look();
      }
      p.instructions = ++executed;
    }
    return false;
  }

  @Override
  public @Nullable Op op() {
    return op;
  }
}
