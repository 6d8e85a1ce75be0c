package dev.stagewalk.time;

import dev.stagewalk.board.Machine;
import dev.stagewalk.cpu.DataWatch;
import dev.stagewalk.cpu.Pe;
import dev.stagewalk.cpu.RegisterWatch;
import dev.stagewalk.cpu.WatchedAccess;
import dev.stagewalk.cpu.WatchedRange;
import dev.stagewalk.event.Instruction;
import dev.stagewalk.event.Lookup;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Translation;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Watches one execution for what is {@linkplain Sought sought}, and finds the moment of each {@link
 * Sighting}: the first at which it has happened.
 */
final class Lookout {
  private final List<Sought> sought;
  private final boolean stops;
  private final Moment after;
  private final Consumer<Sighting> seen;

  private final List<WatchedRange> ranges = new ArrayList<>();
  private final List<Integer> rangeOf = new ArrayList<>();
  private final List<Sought.Register> registers = new ArrayList<>();
  private final List<Integer> registerOf = new ArrayList<>();

  /** What has been seen since the last micro-step, in an instruction that is not over yet. */
  private final List<Pending> pending = new ArrayList<>();

  private @Nullable Machine machine;
  private @Nullable RegisterWatch registerWatch;
  private Supplier<String> host = () -> "";

  /** The exception that the latest micro-step has taken; null if it was none. */
  private SimEvent.@Nullable ExceptionTaken entry;

  private record Pending(
      int number, long instruction, int pe, Sighting.What what, Sighting.Author author) {}

  /**
   * @param stops whether the execution is to stop at the first sighting
   * @param after the moment up to which nothing counts
   * @param seen gets every sighting after that in order
   */
  Lookout(List<Sought> sought, boolean stops, Moment after, Consumer<Sighting> seen) {
    this.sought = List.copyOf(sought);
    this.stops = stops;
    this.after = after;
    this.seen = seen;
    for (int i = 0; i < sought.size(); i++) {
      for (WatchedRange range : sought.get(i).ranges()) {
        ranges.add(range);
        rangeOf.add(i);
      }
      Sought.Register register = sought.get(i).register().orElse(null);
      if (register != null) {
        registers.add(register);
        registerOf.add(i);
      }
    }
  }

  /**
   * Begins to watch a machine.
   *
   * @param hostWords who acts now if it is no instruction
   */
  void install(Machine on, Supplier<String> hostWords) {
    machine = on;
    host = hostWords;
    on.watch(ranges.isEmpty() ? null : new DataWatch(ranges, this::touched));
    registerWatch =
        registers.isEmpty()
            ? null
            : new RegisterWatch(
                registers.stream().map(Sought.Register::name).toList(),
                registers.stream().map(Sought.Register::pe).toList(),
                on.pes(),
                this::changed);
    on.watch(registerWatch);
  }

  /** Ends watching. */
  static void remove(Machine from) {
    from.watch((DataWatch) null);
    from.watch((RegisterWatch) null);
  }

  /** Execution goes on from another state. */
  void restored() {
    pending.clear();
    RegisterWatch watch = registerWatch;
    if (watch != null) {
      watch.beginAgain();
    }
  }

  private void touched(WatchedAccess access) {
    Instruction instruction = new Instruction(access.pc(), access.el());
    Sighting.Author author =
        switch (access.by()) {
          case INSTRUCTION -> new Sighting.Author(instruction, "");
          case WALK -> new Sighting.Author(instruction, "a table walk for");
          case HOST -> new Sighting.Author(null, host.get());
          case RESET -> new Sighting.Author(instruction, "a reset of the board, asked for by");
        };
    note(rangeOf.get(access.range()), access.pe(), new Sighting.Access(access), author);
  }

  private void changed(int number, Pe pe, long old, long value) {
    Machine watched = machine;
    Pe acts = watched == null ? pe : watched.executing();
    String name = RegisterWatch.canonical(registers.get(number).name());
    note(registerOf.get(number), pe.id(), new Sighting.Change(name, old, value), author(acts));
  }

  /** Who acts now on a PE. */
  private Sighting.Author author(Pe pe) {
    SimEvent.ExceptionTaken taken = entry;
    if (taken != null) {
      return new Sighting.Author(
          new Instruction(pe.instructionAddress(), taken.fromEl()),
          "an exception to EL" + taken.toEl() + " at");
    }
    String acts = host.get();
    return acts.isEmpty()
        ? new Sighting.Author(new Instruction(pe.instructionAddress(), pe.el()), "")
        : new Sighting.Author(null, acts);
  }

  private void note(int number, int pe, Sighting.What what, Sighting.Author author) {
    Machine watched = machine;
    if (watched == null) {
      return;
    }
    long now = watched.instructions();
    if (!pending.isEmpty() && pending.getFirst().instruction() != now) {
      settle(Moment.at(pending.getFirst().instruction() + 1));
    }
    pending.add(new Pending(number, now, pe, what, author));
    if (stops || sought.get(number).condition().isPresent()) {
      watched.stopAfterThisInstruction();
    }
  }

  /** An event is on record. */
  void happened(int pe, SimEvent event, long number) {
    entry = event instanceof SimEvent.ExceptionTaken taken ? taken : null;
    Machine watched = machine;
    for (int i = 0; i < sought.size(); i++) {
      boolean wanted = sought.get(i).event().filter(e -> e.test(event)).isPresent();
      if (wanted && watched != null) {
        note(i, pe, new Sighting.Happened(number, event), author(watched.pes().get(pe)));
      }
    }
  }

  /** A walk has made a step. */
  void walked(int pe, SimEvent.Translated walk, int step) {
    Lookup lookup = step(walk.translation(), step);
    if (lookup == null) {
      return;
    }
    Translation translation = walk.translation();
    boolean underStage2 = lookup.stage() == 1 && !lookup.nested().isEmpty();
    OptionalLong ipa =
        underStage2 ? OptionalLong.of(lookup.table() + 8L * lookup.index()) : OptionalLong.empty();
    long pa = lookup.descriptorAddress();
    for (int i = 0; i < sought.size(); i++) {
      OptionalLong descriptor = sought.get(i).walked();
      boolean used = descriptor.isPresent() && descriptor.getAsLong() == pa;
      for (WatchedRange range : sought.get(i).ranges()) {
        used |=
            range.reads()
                && !lookup.held()
                && (range.pe() < 0 || range.pe() == pe)
                && switch (range.space()) {
                  case VA -> false;
                  case IPA ->
                      ipa.isPresent()
                          && (range.vmid() < 0 || range.vmid() == translation.vmid())
                          && range.meets(ipa.getAsLong(), Long.BYTES);
                  case PA -> range.meets(pa, Long.BYTES);
                };
      }
      if (used) {
        Pe self = machine == null ? null : machine.pes().get(pe);
        note(
            i,
            pe,
            new Sighting.Walked(translation, pa, ipa, lookup.descriptor(), lookup.held()),
            new Sighting.Author(self == null ? null : new Instruction(walk.pc(), self.el()), ""));
      }
    }
  }

  /** The descriptor of a step of a walk, from 1: those of stage 2 come before what they lead to. */
  private static @Nullable Lookup step(Translation walk, int wanted) {
    int step = wanted;
    for (Lookup lookup : walk.lookups()) {
      if (step <= lookup.nested().size()) {
        return lookup.nested().get(step - 1);
      }
      step -= lookup.nested().size();
      if (lookup.verdict() != Lookup.Verdict.UNREACHED && --step == 0) {
        return lookup;
      }
    }
    return null;
  }

  /**
   * A micro-step is over.
   *
   * @return whether to stop here
   */
  boolean stepped(long instruction, long micro) {
    RegisterWatch watch = registerWatch;
    if (watch != null) {
      watch.look();
    }
    entry = null;
    if (pending.isEmpty()) {
      return false;
    }
    long began = pending.getFirst().instruction();
    return settle(began == instruction ? Moment.at(instruction, micro) : Moment.at(began + 1));
  }

  /**
   * Execution is between two instructions.
   *
   * @return whether to stop here
   */
  boolean between() {
    return !pending.isEmpty() && settle(Moment.at(pending.getFirst().instruction() + 1));
  }

  private boolean settle(Moment moment) {
    boolean any = false;
    if (after.isBefore(moment)) {
      for (Pending p : pending) {
        Sighting sighting = new Sighting(p.number(), moment, p.pe(), p.what(), p.author());
        if (sought.get(p.number()).condition().filter(c -> !c.test(sighting)).isEmpty()) {
          any = true;
          seen.accept(sighting);
        }
      }
    }
    pending.clear();
    return any && stops;
  }
}
