package dev.stagewalk.time;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.board.Machine;
import dev.stagewalk.board.Profile;
import dev.stagewalk.cpu.El2Software;
import dev.stagewalk.cpu.Engine;
import dev.stagewalk.cpu.Pe;
import dev.stagewalk.hyp.Defects;
import dev.stagewalk.hyp.GuestPlan;
import dev.stagewalk.hyp.GuestRegion;
import dev.stagewalk.hyp.Hypervisor;
import dev.stagewalk.hyp.Instead;
import dev.stagewalk.isa.asm.Assembled;
import dev.stagewalk.isa.asm.Assembler;
import dev.stagewalk.mmu.Tlb;
import java.util.List;

/** Guests of a few lines under the corrected hypervisor, with a heap that is mapped on demand. */
final class SmallGuest {
  static final long CODE = 0x4000_0000L;
  static final long HEAP = 0x5000_0000L;

  /** Stores to one page after the other, and calls the hypervisor now and then. */
  static final String PAGES =
      """
          ldr   x0, =0x50000000
          mov   x1, #120
      next:
          str   x1, [x0]
          ldr   x2, [x0]
          add   x0, x0, #1, lsl #12
          tst   x1, #7
          b.ne  quiet
          hvc   #1
      quiet:
          subs  x1, x1, #1
          b.ne  next
          hvc   #0
      """;

  /** Calls the hypervisor for ever. */
  static final String CALLS =
      """
      again:
          hvc   #1
          b     again
      """;

  /** Computes for ever. */
  static final String LOOP =
      """
      again:
          add   x0, x0, #1
          b     again
      """;

  private final GuestPlan plan =
      GuestPlan.of(
          1,
          Granule.K4,
          48,
          CODE,
          List.of(
              GuestRegion.of("code", GuestRegion.Kind.CODE, CODE, 2 << 20),
              GuestRegion.of("heap", GuestRegion.Kind.ON_DEMAND, HEAP, 8 << 20)));
  private final Hypervisor hypervisor = new Hypervisor(plan, Defects.parse("none"));
  private final byte[] code;

  SmallGuest(String source) {
    Assembled assembled = new Assembler().assemble("test.s", source, CODE);
    assertThat(assembled.errors()).isEmpty();
    code = assembled.image();
  }

  Run.Recipe recipe() {
    return recipe(Engine.USUAL);
  }

  Run.Recipe recipe(Engine engine) {
    return new Run.Recipe(
        sink -> {
          Tlb tlb = new Tlb(Tlb.Mode.REALISTIC, 16, 1);
          Machine machine = new Machine(Profile.NEOVERSE_N1, 4096, tlb, sink);
          machine.ram().write(CODE, code);
          machine.use(engine);
          return machine;
        },
        machine ->
            new El2Software() {
              @Override
              public void started(Pe pe) {
                hypervisor.boot(machine.host(), machine.host());
              }

              @Override
              public void entered(Pe pe, int vector) {
                hypervisor.onExit(machine.host(), machine.host(), vector, Instead.HANDLER);
              }
            });
  }

  History history() {
    return new History(recipe(), () -> false);
  }

  History history(Engine engine) {
    return new History(recipe(engine), () -> false);
  }

  /** The hypervisor unmaps a page of the heap. */
  Input.Action unmap(int page) {
    long ipa = HEAP + 0x1000L * page;
    return run -> hypervisor.unmap(run.machine().host(), run.machine().host(), ipa, 0x1000);
  }

  /** The hypervisor maps pages of the heap. */
  Input.Action map(int page, int pages) {
    long ipa = HEAP + 0x1000L * page;
    return run ->
        hypervisor.mapFresh(run.machine().host(), run.machine().host(), ipa, 0x1000L * pages);
  }

  static void toEnd(History history) {
    history.advance(Long.MAX_VALUE, () -> Stops.NONE, () -> true);
    assertThat(history.machine().isHalted()).isTrue();
  }
}
