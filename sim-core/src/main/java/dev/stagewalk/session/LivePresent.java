package dev.stagewalk.session;

import dev.stagewalk.arch.RegisterTable;
import dev.stagewalk.ask.Present;
import dev.stagewalk.check.Freshness;
import dev.stagewalk.check.Observed;
import dev.stagewalk.check.ObservedMachine;
import dev.stagewalk.check.Preview;
import dev.stagewalk.check.Staleness;
import dev.stagewalk.cpu.Pe;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.mmu.TlbEntry;
import dev.stagewalk.time.Events;
import dev.stagewalk.time.History;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The moment at which a machine is while it executes: right after an event, or between two. */
final class LivePresent implements Present {
  private final History history;
  private final Program program;
  private final @Nullable Event event;
  private final Pe pe;

  private LivePresent(History history, Program program, @Nullable Event event, Pe pe) {
    this.history = history;
    this.program = program;
    this.event = event;
    this.pe = pe;
  }

  /** Before the next instruction. */
  static LivePresent beforeInstruction(History history, Program program) {
    return new LivePresent(history, program, null, history.machine().pe());
  }

  /** Right after an event. */
  static LivePresent after(Event event, History history, Program program) {
    return new LivePresent(history, program, event, history.machine().pes().get(event.pe()));
  }

  /** Where a PE is now. */
  static LivePresent on(int pe, History history, Program program) {
    return new LivePresent(history, program, null, history.machine().pes().get(pe));
  }

  @Override
  public Moment moment() {
    return event != null ? event.moment() : Moment.at(history.machine().instructions());
  }

  @Override
  public boolean atExit() {
    return event != null
        && event.what() instanceof SimEvent.ExceptionTaken taken
        && taken.toEl() == 2
        && taken.fromEl() < 2;
  }

  @Override
  public boolean ended() {
    return history.machine().isHalted();
  }

  @Override
  public int pe() {
    return pe.id();
  }

  @Override
  public int el() {
    return pe.el();
  }

  @Override
  public long pc() {
    return pe.pc();
  }

  @Override
  public long sp() {
    return pe.sp();
  }

  @Override
  public long pstate() {
    return pe.pstate();
  }

  @Override
  public long x(int number) {
    return pe.x(number);
  }

  @Override
  public long system(String name) {
    return pe.system(RegisterTable.standard().require(name).index());
  }

  @Override
  public boolean hasMemory(long pa, int bytes) {
    return history.machine().ram().contains(pa, bytes);
  }

  @Override
  public long read(long pa, int bytes) {
    return history.machine().ram().read(pa, bytes);
  }

  @Override
  public Observed observed() {
    return new ObservedMachine(history.machine());
  }

  @Override
  public List<TlbEntry> tlb() {
    return history.machine().tlb().entries();
  }

  @Override
  public long stale() {
    return Staleness.of(observed(), tlb()).stream().filter(Freshness::isStale).count();
  }

  @Override
  public long violations() {
    throw new IllegalArgumentException(
        "violations are counted by judging the whole run, which no breakpoint does at each step;"
            + " stop 'on finding' instead");
  }

  @Override
  public Preview preview(Preview.Instruction instruction, long operand) {
    return Preview.of(observed(), pe.id(), instruction, operand, tlb());
  }

  @Override
  public Events events() {
    return history.events();
  }

  @Override
  public Optional<Event> lastEvent() {
    return event != null ? Optional.of(event) : Present.super.lastEvent();
  }

  @Override
  public long eventCount() {
    return event != null ? event.number() + 1 : history.run().events();
  }

  @Override
  public long exitCount() {
    return history.run().exits();
  }

  @Override
  public OptionalLong symbol(String name) {
    Long address = program.symbols().get(name);
    return address == null ? OptionalLong.empty() : OptionalLong.of(address);
  }

  @Override
  public String console() {
    return history.guestConsoleAt(moment());
  }
}
