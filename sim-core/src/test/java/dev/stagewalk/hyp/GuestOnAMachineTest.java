package dev.stagewalk.hyp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.board.BoardPlan;
import dev.stagewalk.board.HostOperations;
import dev.stagewalk.board.Machine;
import dev.stagewalk.board.Profiles;
import dev.stagewalk.check.ObservedMachine;
import dev.stagewalk.check.Referee;
import dev.stagewalk.check.Ruling;
import dev.stagewalk.cpu.El2Software;
import dev.stagewalk.cpu.Pe;
import dev.stagewalk.event.EventSink;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.hyp.GuestRegion.Kind;
import dev.stagewalk.isa.asm.Assembled;
import dev.stagewalk.isa.asm.Assembler;
import dev.stagewalk.mmu.Tlb;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Guests whose walks and PEs matter, on a real machine with a referee beside it. */
final class GuestOnAMachineTest {
  private static final long CODE = 0x4000_0000L;
  private static final long LATE = 0x4060_0000L;
  private static final long HEAP = 0x4080_0000L;

  /** A page of the heap, Access flag clear: a walk that sets it has to write. */
  private static final long PAGE_NOT_ACCESSED = HEAP | 0x303;

  private static final long ACCESS_FLAG = 1 << 10;

  private final List<String> answers = new ArrayList<>();
  private final List<Ruling> violations = new ArrayList<>();
  private final List<SimEvent> events = new ArrayList<>();

  private Machine run(String source, GuestBuilder guest, Defects defects, int pes, Tlb.Mode mode) {
    Assembled assembled = new Assembler().assemble("test.s", source, CODE);
    assertThat(assembled.errors()).isEmpty();
    Hypervisor hypervisor = new Hypervisor(guest.pes(pes).build(), defects);
    List<Referee> watching = new ArrayList<>();
    EventSink sink =
        (pe, event) -> {
          events.add(event);
          if (event instanceof SimEvent.HandlerAnswered answered) {
            answers.add(answered.reason());
          }
          watching.forEach(referee ->
              referee.happened(pe, event).stream()
                  .filter(r -> r.verdict() == Ruling.Verdict.VIOLATION)
                  .forEach(violations::add));
        };
    Machine machine =
        new Machine(
            Profiles.standard().require("max"),
            BoardPlan.ofPes(pes, 10),
            Machine.RAM_SIZE,
            4096,
            new Tlb(mode, 64, 1),
            sink);
    machine.ram().write(CODE, assembled.image());
    machine.install(
        new El2Software() {
          @Override
          public void started(Pe pe) {
            HostOperations host = machine.host(pe);
            if (pe.id() == 0) {
              hypervisor.boot(host, host);
            } else {
              hypervisor.started(host, host, pe.x(0));
            }
          }

          @Override
          public void entered(Pe pe, int vector) {
            HostOperations host = machine.host(pe);
            hypervisor.onExit(host, host, vector, Instead.HANDLER);
          }
        });
    watching.add(new Referee(new ObservedMachine(machine)));
    machine.run(20_000);
    assertThat(machine.isHalted()).isTrue();
    return machine;
  }

  private String stopped() {
    return events.reversed().stream()
        .filter(SimEvent.GuestStopped.class::isInstance)
        .map(event -> ((SimEvent.GuestStopped) event).reason())
        .findFirst()
        .orElse("");
  }

  private static GuestBuilder guest(String handlers) {
    return Guest.builder("guest")
        .geometry(Granule.K4, 40)
        .image(CODE)
        .region(GuestRegion.of("code", Kind.CODE, CODE, 2L << 20))
        .handler(Guest.VECTOR_SYNC_LOWER_64, ExitHandlers.parse(handlers));
  }

  private static final String STAGE_1_WITH_HARDWARE_ACCESS_FLAG =
      """
          ldr   x0, =0x40400000         // L1, then L2
          ldr   x1, =0x40401003
          str   x1, [x0, #8]
          add   x2, x0, #0x1000
          ldr   x1, =0x40000701         // blocks: code, tables
          str   x1, [x2]
          ldr   x1, =0x40400701
          str   x1, [x2, #16]
          ldr   x1, =0x40600003         // the L3 table that is not written here
          str   x1, [x2, #0x400]        // VA 0x50000000
          mov   x1, #0xff
          msr   mair_el1, x1
          ldr   x1, =0x8200803519       // HA, 40-bit IPAs, EPD1, T0SZ 25
          msr   tcr_el1, x1
          msr   ttbr0_el1, x0
          dsb   ish
          isb
          mrs   x1, sctlr_el1
          orr   x1, x1, #1
          msr   sctlr_el1, x1
          isb
          ldr   x0, =0x50000000
          ldr   x3, [x0, #8]            // a load, and the walk of it writes
          mov   x2, #0x77
          str   x2, [x0, #8]
          ldr   x4, [x0, #8]
          hvc   #0
      """;

  /** The faulting access is a load; what is denied is the walk's own write. */
  @ParameterizedTest
  @EnumSource(
      value = Tlb.Mode.class,
      names = {"REALISTIC", "ADVERSARIAL"})
  void aSharedStage1TableIsCopiedWhenTheWalkSetsAnAccessFlag(Tlb.Mode mode) {
    Machine machine =
        run(
            STAGE_1_WITH_HARDWARE_ACCESS_FLAG,
            guest("copy-on-write, demand-paging, calls, kill")
                .region(GuestRegion.of("tables", Kind.DATA, 0x4040_0000L, 0x1_0000))
                .region(
                    new GuestRegion("late", Kind.COPY_ON_WRITE, LATE, 0x2000, PAGE_NOT_ACCESSED))
                .region(GuestRegion.of("heap", Kind.ON_DEMAND, HEAP, 0x1_0000)),
            Defects.of(Defect.STAGE_1_OFF_DEVICE),
            1,
            mode);
    assertThat(stopped()).isEqualTo("HVC #0: the guest has finished");
    assertThat(answers)
        .contains("copied the page of 0x4060_0000 in late, for a walk of stage 1 that writes");
    assertThat(machine.pe().x(4)).isEqualTo(0x77);
    SimEvent.MemoryCopied copied =
        (SimEvent.MemoryCopied)
            events.stream()
                .filter(SimEvent.MemoryCopied.class::isInstance)
                .findFirst()
                .orElseThrow();
    assertThat(machine.ram().read(copied.from(), 8)).isEqualTo(PAGE_NOT_ACCESSED);
    assertThat(machine.ram().read(copied.to(), 8)).isEqualTo(PAGE_NOT_ACCESSED | ACCESS_FLAG);
    assertThat(violations).isEmpty();
  }

  /** What the second PE does while the first ends the guest. */
  @ParameterizedTest
  @ValueSource(strings = {"b second", "wfi\n b second", "hvc #1\n b second", "nop\n b second"})
  void theEndOfAGuestGetsItsOtherPeOutOfIt(String loop) {
    Machine machine =
        run(
            """
                ldr   x0, =0xc4000003         // CPU_ON
                mov   x1, #1
                adr   x2, second
                hvc   #0
                mov   x20, #40
            wait:
                subs  x20, x20, #1
                b.ne  wait
                ldr   x0, =0x84000008         // SYSTEM_OFF
                hvc   #0
            second:
            """
                + loop
                + "\n",
            guest("psci, calls, wait, kill"),
            Defects.NONE,
            2,
            Tlb.Mode.ADVERSARIAL);
    assertThat(stopped()).isEqualTo("PSCI SYSTEM_OFF");
    assertThat(answers).endsWith("PSCI SYSTEM_OFF", "the guest ends: this PE leaves it");
    assertThat(events.stream().filter(SimEvent.HostCallBegan.class::isInstance))
        .filteredOn(call -> ((SimEvent.HostCallBegan) call).name().equals("guest_destroy"))
        .hasSize(1);
    assertThat(machine.allocator().pagesUsed()).isZero();
    assertThat(violations).isEmpty();
  }

  @Test
  void twoPesThatFaultOnOnePageBothGoOn() {
    Machine machine =
        run(
            """
                ldr   x0, =0xc4000003
                mov   x1, #1
                adr   x2, second
                hvc   #0
                mov   x19, #1
                b     touch
            second:
                mov   x19, #2
            touch:
                ldr   x0, =0x40800000
                mov   x1, #16
            next:
                str   x19, [x0, x19, lsl #3]
                add   x0, x0, #0x1000
                subs  x1, x1, #1
                b.ne  next
                ldr   x0, =0x84000002         // CPU_OFF
                hvc   #0
            """,
            guest("demand-paging, psci, calls, kill")
                .region(GuestRegion.of("heap", Kind.ON_DEMAND, HEAP, 0x1_0000)),
            Defects.NONE,
            2,
            Tlb.Mode.ADVERSARIAL);
    assertThat(stopped()).endsWith("it was the last that was on");
    assertThat(machine.allocator().pagesUsed()).isZero();
    assertThat(violations).isEmpty();
  }
}
