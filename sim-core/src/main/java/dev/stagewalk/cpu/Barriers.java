package dev.stagewalk.cpu;

import dev.stagewalk.event.Barrier;
import dev.stagewalk.event.Domain;
import dev.stagewalk.event.Instruction;
import dev.stagewalk.event.SimEvent;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The barriers, whoever executes them.
 *
 * <p>Accesses need no ordering here: each is complete when the next begins. What a barrier
 * completes is what translation may lag behind with.
 *
 * <p>Source: Arm ARM, "Memory barriers".
 */
public final class Barriers {
  private static final int DSB_NXS = 1;
  private static final int DSB = 4;
  private static final int DMB = 5;
  private static final int ISB = 6;
  private static final int SSBB = 0;
  private static final int PSSBB = 4;
  private static final int BSU_SHIFT = 10;
  private static final int HCRX_EL2 = SystemRegisters.index("HCRX_EL2");
  private static final long HCRX_FNXS = 1L << 3;

  private Barriers() {}

  /** An instruction word: op2 in bits 7:5 says which barrier, CRm in bits 11:8 the option. */
  static void execute(Pe pe, int word) {
    int option = word >>> 8 & 15;
    Barrier barrier =
        switch (word >>> 5 & 7) {
          case DSB ->
              option == SSBB || option == PSSBB ? null : Barrier.ofOption(Barrier.Kind.DSB, option);
          case DSB_NXS -> {
            Barrier dsb = Barrier.ofOption(Barrier.Kind.DSB, (option & 12) | 3);
            yield new Barrier(dsb.kind(), dsb.domain(), dsb.types(), true);
          }
          case DMB -> Barrier.ofOption(Barrier.Kind.DMB, option);
          case ISB -> Barrier.ISB;
          default -> null;
        };
    if (barrier != null) {
      Barrier done = asNxs(pe, upgraded(pe, barrier));
      perform(pe, done, new Instruction(pe.instructionAddress, pe.el()));
    }
  }

  /** Does what a barrier would do that hypervisor code in Java executes at EL2. */
  public static void byHost(Pe pe, Barrier barrier) {
    perform(pe, barrier, null);
  }

  /** Completes what the barrier completes, and reports it; those of EL0 pass in silence. */
  private static void perform(Pe pe, Barrier barrier, @Nullable Instruction by) {
    boolean ofHypervisor = by == null || by.el() == 2;
    if (ofHypervisor && pe.wiring().interference().takesAway(barrier)) {
      pe.report(
          new SimEvent.Withheld(
              barrier.text().toUpperCase(Locale.ROOT), "you withheld it: it had no effect", by));
      return;
    }
    Barrier done = ofHypervisor ? pe.wiring().interference().narrowed(barrier) : barrier;
    if (!done.equals(barrier)) {
      pe.report(
          new SimEvent.Withheld(
              barrier.text().toUpperCase(Locale.ROOT),
              "you let it wait for its own PE only: it was " + done.text().toUpperCase(Locale.ROOT),
              by));
    }
    int removed = pe.memory().tlb().barrier(pe.id(), done);
    pe.memory().sync();
    if (by == null || by.el() > 0) {
      pe.report(new SimEvent.BarrierCompleted(done, removed, by));
    }
  }

  /**
   * Whether TLBIs at EL1, and DSBs for reads and writes at EL1 and EL0, act as their forms with
   * nXS.
   *
   * <p>Source: Arm ARM, HCRX_EL2, field FnXS.
   */
  static boolean actsAsNxs(Pe pe) {
    return (pe.system.get(HCRX_EL2) & HCRX_FNXS) != 0;
  }

  private static Barrier asNxs(Pe pe, Barrier barrier) {
    boolean forced =
        barrier.kind() == Barrier.Kind.DSB
            && barrier.types() == Barrier.Types.ALL
            && pe.el() < 2
            && actsAsNxs(pe);
    return forced ? new Barrier(barrier.kind(), barrier.domain(), barrier.types(), true) : barrier;
  }

  /** HCR_EL2.BSU: the least domain of a barrier at EL1 and EL0. */
  private static Barrier upgraded(Pe pe, Barrier barrier) {
    int least = (int) (pe.system.get(SystemRegisters.HCR_EL2) >>> BSU_SHIFT) & 3;
    if (least == 0 || pe.el() == 2 || barrier.kind() == Barrier.Kind.ISB) {
      return barrier;
    }
    Domain domain = Domain.values()[least];
    return barrier.domain().covers(domain)
        ? barrier
        : new Barrier(barrier.kind(), domain, barrier.types(), barrier.nxs());
  }
}
