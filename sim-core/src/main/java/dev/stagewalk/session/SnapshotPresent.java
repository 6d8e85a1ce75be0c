package dev.stagewalk.session;

import dev.stagewalk.ask.Present;
import dev.stagewalk.check.Observed;
import dev.stagewalk.check.Preview;
import dev.stagewalk.event.Moment;
import dev.stagewalk.mmu.TlbEntry;
import dev.stagewalk.time.Events;
import java.util.List;
import java.util.OptionalLong;

/**
 * The moment of a snapshot, to ask of it.
 *
 * @param now the snapshot
 */
record SnapshotPresent(Snapshot now) implements Present {

  @Override
  public Moment moment() {
    return now.moment();
  }

  @Override
  public boolean atExit() {
    return now.state() == RunState.AT_EXIT;
  }

  @Override
  public boolean ended() {
    return now.state() == RunState.ENDED;
  }

  @Override
  public int pe() {
    return now.pe().id();
  }

  @Override
  public int el() {
    return now.pe().el();
  }

  @Override
  public long pc() {
    return now.pe().pc();
  }

  @Override
  public long sp() {
    return now.pe().sp();
  }

  @Override
  public long pstate() {
    return now.pe().pstate();
  }

  @Override
  public long x(int number) {
    return now.pe().x(number);
  }

  @Override
  public long system(String name) {
    return now.pe().system(name);
  }

  @Override
  public boolean hasMemory(long pa, int bytes) {
    return now.memory().contains(pa, bytes);
  }

  @Override
  public long read(long pa, int bytes) {
    return now.memory().read(pa, bytes);
  }

  @Override
  public Observed observed() {
    return now.checks().observed();
  }

  @Override
  public List<TlbEntry> tlb() {
    return now.tlb();
  }

  @Override
  public long stale() {
    return now.checks().stale();
  }

  @Override
  public long violations() {
    return now.checks().judgement().violations().size();
  }

  @Override
  public Preview preview(Preview.Instruction instruction, long operand) {
    return now.checks().preview(instruction, operand);
  }

  @Override
  public Events events() {
    return now.events();
  }

  @Override
  public long eventCount() {
    return now.eventCount();
  }

  @Override
  public long exitCount() {
    return now.exitCount();
  }

  @Override
  public OptionalLong symbol(String name) {
    Long address = now.program().symbols().get(name);
    return address == null ? OptionalLong.empty() : OptionalLong.of(address);
  }

  @Override
  public String console() {
    return now.console();
  }
}
