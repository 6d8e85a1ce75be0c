package dev.stagewalk.session;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.board.BoardPlan;
import dev.stagewalk.board.HostOperations;
import dev.stagewalk.board.Machine;
import dev.stagewalk.board.Profiles;
import dev.stagewalk.cpu.El2Software;
import dev.stagewalk.cpu.Engine;
import dev.stagewalk.cpu.Pe;
import dev.stagewalk.event.EventSink;
import dev.stagewalk.event.Moment;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.hyp.Defects;
import dev.stagewalk.hyp.Guest;
import dev.stagewalk.hyp.Hypervisor;
import dev.stagewalk.hyp.Instead;
import dev.stagewalk.image.boot.Boot;
import dev.stagewalk.isa.asm.Assembled;
import dev.stagewalk.isa.asm.Assembler;
import dev.stagewalk.mmu.Tlb;
import dev.stagewalk.time.History;
import dev.stagewalk.time.Input;
import dev.stagewalk.time.Planned;
import dev.stagewalk.time.Run;
import dev.stagewalk.trace.RecordedRun;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A scenario put to work: its program assembled, its hypervisor configured, its history begun. */
final class LoadedScenario {
  private final Scenario scenario;
  private final Program program;
  private final @Nullable Hypervisor hypervisor;
  private final Interventions interventions;
  private final History history;

  private LoadedScenario(
      Scenario scenario,
      Program program,
      @Nullable Hypervisor hypervisor,
      Interventions interventions,
      History history) {
    this.scenario = scenario;
    this.program = program;
    this.hypervisor = hypervisor;
    this.interventions = interventions;
    this.history = history;
  }

  /**
   * Loads a scenario.
   *
   * @param engine executes the guest
   * @param interrupted asked after every micro-step; true stops what runs
   * @throws IllegalArgumentException if its source does not assemble (every error is named) or its
   *     hypervisor cannot be configured so
   */
  static LoadedScenario load(Scenario scenario, Engine engine, BooleanSupplier interrupted) {
    Boot boot = scenario.boot().orElse(null);
    if (boot != null) {
      Interventions interventions = new Interventions(scenario, null);
      Run.Recipe recipe =
          new Run.Recipe(
              sink -> machine(scenario.board(), boot.memory(), sink, engine, boot::load),
              null,
              planned(scenario, interventions));
      return new LoadedScenario(
          scenario,
          ImageProgram.of(boot.image()),
          null,
          interventions,
          new History(recipe, interrupted));
    }
    Assembled assembled =
        new Assembler()
            .assemble(
                scenario.sourceName(),
                scenario.source(),
                scenario.loadAddress(),
                scenario.includes());
    if (!assembled.errors().isEmpty()) {
      throw new IllegalArgumentException(
          assembled.errors().stream().map(Object::toString).collect(Collectors.joining("\n")));
    }
    byte[] code = assembled.image();
    Program program =
        new Program(
            scenario.sourceName(),
            scenario.source(),
            scenario.loadAddress(),
            code.length,
            assembled.lines(),
            assembled.symbols());
    Hypervisor hypervisor =
        new Hypervisor(GuestPlans.of(scenario, program), Defects.parse(scenario.defects()));
    Interventions interventions = new Interventions(scenario, hypervisor);
    Run.Recipe recipe =
        new Run.Recipe(
            sink ->
                machine(
                    scenario.board(),
                    Machine.RAM_SIZE,
                    sink,
                    engine,
                    machine -> {
                      machine.ram().write(program.base(), code);
                      machine.pes().getFirst().branch(program.base());
                    }),
            scenario.bare() ? null : machine -> software(machine, hypervisor),
            planned(scenario, interventions));
    return new LoadedScenario(
        scenario, program, hypervisor, interventions, new History(recipe, interrupted));
  }

  private static List<Planned> planned(Scenario scenario, Interventions interventions) {
    return scenario.injections().stream().map(interventions::planned).toList();
  }

  private static Machine machine(
      BoardPlan board, long memory, EventSink sink, Engine engine, Consumer<Machine> loader) {
    Tlb tlb = new Tlb(board.tlb());
    Machine machine =
        new Machine(
            Profiles.standard().require(board.profile()),
            board,
            memory,
            board.hostPage(),
            tlb,
            sink);
    machine.use(engine);
    loader.accept(machine);
    return machine;
  }

  private static El2Software software(Machine machine, Hypervisor hypervisor) {
    return new El2Software() {
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
    };
  }

  /**
   * Loads a recorded run, at its start.
   *
   * @throws IllegalArgumentException likewise, or if an input of it cannot be read
   */
  static LoadedScenario load(OpenedRun run, Engine engine, BooleanSupplier interrupted) {
    LoadedScenario loaded = load(run.scenario(), engine, interrupted);
    loaded.history().adopt(run.run(), run.run().inputs().stream().map(loaded::input).toList());
    return loaded;
  }

  /**
   * Executes the further branches of a recorded run again, from where each leaves another, and goes
   * back to the start.
   *
   * @throws Refused if one cannot be reached
   */
  void addBranches(List<OpenedBranch> branches) {
    for (OpenedBranch branch : branches) {
      history.goTo(branch.parting(), () -> true);
      if (!history.moment().equals(branch.parting())) {
        throw new Refused(
            "branch "
                + branch.number()
                + " of the recording leaves the run at "
                + branch.parting()
                + ", and the run comes to "
                + history.moment());
      }
      history.branchOff(branch.without());
      for (RecordedRun.Given given : branch.inputs()) {
        Input input = input(given);
        history.goTo(given.moment(), () -> true);
        history.apply(input.words(), input.action());
      }
      history.goTo(branch.end(), () -> true);
    }
    history.goTo(Moment.START, () -> true);
  }

  private Input input(RecordedRun.Given given) {
    if (given.kind().equals("answer")) {
      Answer answer = Answer.valueOf(given.text());
      return new Input(
          given.moment(),
          answer.words(),
          new TypedAction(given.kind(), given.text(), actionOf(answer)));
    }
    Edit edit = InjectionGrammar.parse(given.text());
    return new Input(
        given.moment(), edit.words(), new TypedAction(given.kind(), given.text(), actionOf(edit)));
  }

  Scenario scenario() {
    return scenario;
  }

  Program program() {
    return program;
  }

  History history() {
    return history;
  }

  /**
   * Refuses an edit that cannot be done now.
   *
   * @throws Refused with the reason and the next step
   */
  void check(Edit edit) {
    interventions.check(history.machine(), edit);
  }

  Input.Action actionOf(Edit edit) {
    return interventions.actionOf(edit);
  }

  /** The hypervisor, which edits ask for only where there is one. */
  private Hypervisor library() {
    return Objects.requireNonNull(hypervisor);
  }

  /**
   * Refuses an answer that does not fit the exit.
   *
   * @throws Refused with the reason
   */
  void check(Answer answer, SimEvent.ExceptionTaken exit) {
    if (scenario.bare()) {
      throw new Refused("the program at EL2 answers: step on to see how");
    }
    boolean mendable =
        exit.vector() == Guest.VECTOR_SYNC_LOWER_64
            && exit.fault()
                .filter(f -> f.kind() == FaultKind.TRANSLATION && f.givesHpfar())
                .isPresent();
    if (answer == Answer.MAP_PAGE && !mendable) {
      throw new Refused("there is no page to map: this exit is no stage-2 Translation fault");
    }
  }

  Input.Action actionOf(Answer answer) {
    Instead instead =
        switch (answer) {
          case MAP_PAGE -> Instead.MAP_PAGE;
          case KILL -> Instead.KILL;
        };
    return run ->
        run.atThisExit((machine, vector) -> {
          HostOperations host = machine.host(machine.executing());
          library().onExit(host, host, vector, instead);
        });
  }
}
