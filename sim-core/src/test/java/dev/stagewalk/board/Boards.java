package dev.stagewalk.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.event.EventSink;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.isa.asm.Assembled;
import dev.stagewalk.isa.asm.Assembler;
import dev.stagewalk.mmu.Tlb;
import java.util.ArrayList;
import java.util.List;

/** A machine whose PEs execute a program in A64 from EL2 on. */
final class Boards {
  static final long CODE = Machine.RAM_BASE + 0x8_0000;

  /** What the program may use as it likes. */
  static final long DATA = Machine.RAM_BASE + 0x20_0000;

  final List<SimEvent> events = new ArrayList<>();
  final List<Integer> pes = new ArrayList<>();
  final Machine machine;
  final Assembled program;

  /** All PEs begin at the start of the program. */
  static Boards together(int pes, long quantum, String source) {
    return new Boards(BoardPlan.ofPes(pes, quantum).startingAt(CODE), Tlb.Mode.REALISTIC, source);
  }

  Boards(BoardPlan plan, Tlb.Mode mode, String source) {
    program = assemble(source);
    machine =
        machine(
            plan,
            mode,
            program,
            (pe, event) -> {
              events.add(event);
              pes.add(pe);
            });
  }

  static Assembled assemble(String source) {
    Assembled assembled = new Assembler().assemble("test.s", source, CODE);
    assertThat(assembled.errors()).isEmpty();
    return assembled;
  }

  static Machine machine(BoardPlan plan, Tlb.Mode mode, Assembled program, EventSink sink) {
    Machine machine =
        new Machine(
            Profile.NEOVERSE_N1,
            plan,
            Machine.RAM_SIZE,
            4096,
            new Tlb(mode, Tlb.USUAL_CAPACITY, 1),
            sink);
    machine.ram().write(CODE, program.image());
    machine.pes().getFirst().branch(CODE);
    return machine;
  }

  long label(String name) {
    Long address = program.symbols().get(name);
    assertThat(address).as(name).isNotNull();
    return address;
  }

  /** Runs until the machine stands still, within so many instructions. */
  Boards toEnd(long limit) {
    machine.run(machine.instructions() + limit);
    assertThat(machine.isHalted()).as("ended within %s instructions", limit).isTrue();
    return this;
  }

  long word(long address) {
    return machine.ram().read(address, 8);
  }

  SimEvent.GuestStopped end() {
    return (SimEvent.GuestStopped) events.getLast();
  }
}
