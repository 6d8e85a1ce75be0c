package dev.stagewalk.app.tables;

import dev.stagewalk.arch.Alike;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Translation;
import dev.stagewalk.guests.Catalogue;
import dev.stagewalk.image.boot.SymbolTable;
import dev.stagewalk.mem.MemoryImage;
import dev.stagewalk.mmu.DescriptorReader;
import dev.stagewalk.mmu.ExternalAbort;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.session.Command;
import dev.stagewalk.session.RunState;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Session;
import dev.stagewalk.session.Snapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A sample at a moment of its run.
 *
 * @param name of the sample
 * @param registers of its PE
 * @param memory physical memory
 * @param fault the stage-2 fault it stands at; empty if it stands elsewhere
 * @param moment where it stands
 * @param names what names addresses of its program
 */
record SampleState(
    String name,
    Map<String, Long> registers,
    MemoryImage memory,
    Optional<World.Faulted> fault,
    String moment,
    SymbolTable names) {
  /** Exits before the first stage-2 fault that are passed over at most. */
  private static final int MOST_EXITS = 64;

  /**
   * Runs a sample up to a moment.
   *
   * @param at as it is typed; null for the first stage-2 fault, or the last exit if there is none
   * @throws IllegalArgumentException if there is no such sample or moment
   */
  static SampleState of(String name, @Nullable String at) {
    Catalogue catalogue = Catalogue.standard();
    Scenario scenario =
        catalogue
            .find(name)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "there is no sample '" + name + "'" + Alike.choice(name, catalogue.names())));
    try (Session session = Session.open(scenario)) {
      Snapshot there = at == null ? firstFault(session) : SampleMoment.go(session, at);
      Map<String, Long> registers = new HashMap<>();
      for (String register : there.pe().registers().systemNames()) {
        registers.put(register, there.pe().system(register));
      }
      if (there.pe().system("VTTBR_EL2") == 0) {
        throw new IllegalArgumentException(
            "stage 2 of '"
                + name
                + "' has no tables at "
                + there.moment()
                + ": choose another --at");
      }
      return new SampleState(
          name,
          registers,
          there.memory(),
          faultOf(there),
          there.moment().toString(),
          there.program().names());
    }
  }

  /** The first stage-2 fault; without one the last exit, because at the end the tables are gone. */
  private static Snapshot firstFault(Session session) {
    Snapshot exit = session.snapshot();
    for (int exits = 0; exits < MOST_EXITS && faultOf(exit).isEmpty(); exits++) {
      Snapshot there = session.submit(new Command.NextExit()).join();
      if (there.state() != RunState.AT_EXIT) {
        break;
      }
      exit = there;
    }
    return exit;
  }

  private static Optional<World.Faulted> faultOf(Snapshot snapshot) {
    if (snapshot.exit().isPresent()
        && snapshot.exit().get().what() instanceof SimEvent.ExceptionTaken taken
        && taken.cause() instanceof Translation walk
        && walk.outcome() instanceof Translation.Fault refused
        && refused.stage() == 2) {
      return Optional.of(
          new World.Faulted(taken.far(), refused.ipa(), walk.access(), walk.stage() == 1));
    }
    return Optional.empty();
  }

  List<String> notes() {
    return List.of(
        "registers and memory of the sample '"
            + name
            + "' at "
            + moment
            + (fault.isPresent() ? ", at a stage-2 fault" : ""));
  }

  World world(Map<String, Long> known, Features features, List<String> notes) {
    DescriptorReader reader =
        pa -> {
          if (!memory.contains(pa, 8)) {
            throw ExternalAbort.ABORT;
          }
          return memory.read(pa, 8);
        };
    return new World(
        known,
        features,
        reader,
        pa -> "PA " + Hex.address(pa) + " is no memory of this machine",
        false,
        notes,
        fault,
        names,
        () -> {});
  }
}
