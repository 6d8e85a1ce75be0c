package dev.stagewalk.session;

import dev.stagewalk.arch.FaultKind;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Register;
import dev.stagewalk.arch.RegisterTable;
import dev.stagewalk.board.BoardPlan;
import dev.stagewalk.board.HostOperations;
import dev.stagewalk.board.Machine;
import dev.stagewalk.board.Profiles;
import dev.stagewalk.cpu.El2Software;
import dev.stagewalk.cpu.Engine;
import dev.stagewalk.cpu.Pe;
import dev.stagewalk.cpu.SystemRegisters;
import dev.stagewalk.event.EventSink;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.hyp.Defects;
import dev.stagewalk.hyp.Guest;
import dev.stagewalk.hyp.GuestPlan;
import dev.stagewalk.hyp.GuestRegion;
import dev.stagewalk.hyp.Hypervisor;
import dev.stagewalk.hyp.Instead;
import dev.stagewalk.image.boot.Boot;
import dev.stagewalk.isa.asm.Assembled;
import dev.stagewalk.isa.asm.Assembler;
import dev.stagewalk.mmu.Tlb;
import dev.stagewalk.time.History;
import dev.stagewalk.time.Input;
import dev.stagewalk.time.Run;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A scenario put to work: its program assembled, its hypervisor configured, its history begun. */
final class LoadedScenario {
  /** Host pages are 4 KiB whatever the granule of stage 2 is. */
  private static final int HOST_PAGE = 4096;

  private static final int VMID = 1;

  private final Scenario scenario;
  private final Program program;
  private final @Nullable Hypervisor hypervisor;
  private final History history;

  private LoadedScenario(
      Scenario scenario, Program program, @Nullable Hypervisor hypervisor, History history) {
    this.scenario = scenario;
    this.program = program;
    this.hypervisor = hypervisor;
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
      Run.Recipe recipe =
          new Run.Recipe(
              sink -> machine(scenario.board(), boot.memory(), sink, engine, boot::load));
      return new LoadedScenario(
          scenario, ImageProgram.of(boot.image()), null, new History(recipe, interrupted));
    }
    Assembled assembled =
        new Assembler().assemble(scenario.sourceName(), scenario.source(), scenario.loadAddress());
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
    Hypervisor hypervisor = hypervisor(scenario);
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
            scenario.bare() ? null : machine -> software(machine, hypervisor));
    return new LoadedScenario(scenario, program, hypervisor, new History(recipe, interrupted));
  }

  private static Hypervisor hypervisor(Scenario scenario) {
    List<GuestRegion> regions =
        scenario.regions().stream()
            .map(r -> GuestRegion.of(r.name(), kind(r.backing()), r.ipa(), r.size()))
            .toList();
    GuestPlan plan =
        GuestPlan.of(VMID, scenario.granule(), scenario.ipaBits(), scenario.loadAddress(), regions);
    return new Hypervisor(plan, Defects.parse(scenario.defects()));
  }

  private static GuestRegion.Kind kind(Scenario.Backing backing) {
    return switch (backing) {
      case CODE -> GuestRegion.Kind.CODE;
      case DATA -> GuestRegion.Kind.DATA;
      case READ_ONLY -> GuestRegion.Kind.READ_ONLY;
      case ON_DEMAND -> GuestRegion.Kind.ON_DEMAND;
      case DEVICE -> GuestRegion.Kind.DEVICE;
    };
  }

  private static Machine machine(
      BoardPlan board, long memory, EventSink sink, Engine engine, Consumer<Machine> loader) {
    Tlb tlb = new Tlb(board.tlb());
    Machine machine =
        new Machine(
            Profiles.standard().require(board.profile()), board, memory, HOST_PAGE, tlb, sink);
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
    if (history.machine().isHalted()) {
      throw new Refused("the guest has ended; go back to a moment where it runs");
    }
    switch (edit) {
      case Edit.Unmap e -> {
        checkRange(e.ipa(), e.size());
        checkGuest();
      }
      case Edit.MapFresh e -> {
        checkRange(e.ipa(), e.size());
        checkGuest();
      }
      case Edit.SetRegister e -> {
        checkRegister(e.register());
        checkPe(e.pe());
      }
      case Edit.Type e -> {
        if (e.text().isEmpty()) {
          throw new Refused("there is no text to type");
        }
      }
      case Edit.SetMemory e -> {
        if ((e.pa() & 7) != 0 || !history.machine().ram().contains(e.pa(), 8)) {
          throw new Refused(
              "PA "
                  + Hex.address(e.pa())
                  + " is no 8-byte aligned address in RAM ("
                  + Hex.address(Machine.RAM_BASE)
                  + " to "
                  + Hex.address(Machine.RAM_BASE + history.machine().ram().size() - 1)
                  + ")");
        }
      }
    }
  }

  private void checkGuest() {
    if (scenario.bare()) {
      throw new Refused("there is no hypervisor that could do it: the program itself is at EL2");
    }
    if (host(history.run()).register("TPIDR_EL2") == 0) {
      throw new Refused("the hypervisor has no guest at this moment: go to one where it runs");
    }
  }

  private void checkRange(long ipa, long size) {
    long granule = scenario.granule().bytes();
    if (size <= 0 || ((ipa | size) & (granule - 1)) != 0) {
      throw new Refused(
          "address and size must be multiples of the granule, "
              + scenario.granule().text()
              + ": "
              + Hex.address(ipa)
              + ", "
              + Hex.address(size));
    }
    if (Long.compareUnsigned(ipa + size - 1, (1L << scenario.ipaBits()) - 1) > 0
        || Long.compareUnsigned(ipa + size, ipa) < 0) {
      throw new Refused(
          "the range ends beyond the " + scenario.ipaBits() + "-bit input size of stage 2");
    }
  }

  private void checkPe(int number) {
    int pes = scenario.board().pes();
    if (number >= pes) {
      throw new Refused("there is no PE " + number + "; the last is PE " + (pes - 1));
    }
  }

  private static void checkRegister(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.equals("sp") || lower.equals("pc") || generalRegister(lower) >= 0) {
      return;
    }
    Register register;
    try {
      register = RegisterTable.standard().require(name);
    } catch (IllegalArgumentException e) {
      throw new Refused(String.valueOf(e.getMessage()));
    }
    if (!register.access().writable()) {
      throw new Refused(register.name() + " is read-only: it says what this PE is");
    }
  }

  /** 0 to 30 for x0 to x30, otherwise −1. */
  private static int generalRegister(String lower) {
    for (int i = 0; i < 31; i++) {
      if (lower.equals("x" + i)) {
        return i;
      }
    }
    return -1;
  }

  Input.Action actionOf(Edit edit) {
    return switch (edit) {
      case Edit.Unmap e -> run -> library().unmap(host(run), host(run), e.ipa(), e.size());
      case Edit.MapFresh e -> run -> library().mapFresh(host(run), host(run), e.ipa(), e.size());
      case Edit.SetRegister e ->
          Input.Action.atOnce(run -> setRegister(run, e.pe(), e.register(), e.value()));
      case Edit.Type e -> Input.Action.atOnce(run -> type(run, e.text()));
      case Edit.SetMemory e -> run -> host(run).storeDescriptor(e.pa(), e.value());
    };
  }

  /** The hypervisor, which edits ask for only where there is one. */
  private Hypervisor library() {
    return Objects.requireNonNull(hypervisor);
  }

  private static HostOperations host(Run run) {
    return run.machine().host();
  }

  private static void type(Run run, String text) {
    run.machine().receiveInTime(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void setRegister(Run run, int number, String name, long value) {
    Pe pe = number < 0 ? run.machine().pe() : run.machine().pes().get(number);
    String lower = name.toLowerCase(Locale.ROOT);
    int general = generalRegister(lower);
    if (general >= 0) {
      pe.setX(general, value);
    } else if (lower.equals("sp")) {
      pe.setSp(value);
    } else if (lower.equals("pc")) {
      pe.branch(value);
    } else {
      pe.setSystem(SystemRegisters.index(name), value);
    }
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
