package dev.stagewalk.session;

import dev.stagewalk.cpu.RegisterFile;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.Translation;
import dev.stagewalk.explain.Scene;
import dev.stagewalk.isa.Disassembler;
import dev.stagewalk.isa.InstructionTable;
import dev.stagewalk.isa.SystemRegisterNames;
import dev.stagewalk.mmu.Features;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.time.Events;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Puts an event of a recording together with what a snapshot knows, so that it can be explained.
 */
public final class Scenes {
  /** Events of one exit or host call that are looked at. */
  private static final int MOST_FOLLOWING = 20_000;

  private Scenes() {}

  /** The scene of an event; of what followed, only what has happened up to the snapshot. */
  public static Scene of(Event event, Snapshot snapshot) {
    if (snapshot.recording().isPresent()) {
      return recorded(event, snapshot);
    }
    Scene scene = guests(event, snapshot);
    return snapshot.scenario().bare() ? scene.ofBareProgram() : scene;
  }

  /** Of a recording nothing is known but the event itself. */
  private static Scene recorded(Event event, Snapshot snapshot) {
    return new Scene(
        event,
        List.of(),
        snapshot.pe().registers(),
        Scene.readerOf(snapshot.memory()),
        0,
        stage2(0, 0, 0, snapshot),
        Optional.empty(),
        Optional.empty());
  }

  private static Scene guests(Event event, Snapshot snapshot) {
    OptionalLong address = addressOf(event.what());
    Program program = snapshot.program();
    RegisterFile registers = registersOf(event, snapshot);
    Scene scene =
        new Scene(
            event,
            following(event, snapshot),
            registers,
            Scene.readerOf(snapshot.memory()),
            snapshot.memory().base() + snapshot.memory().size(),
            stage2(
                registers.system("VTCR_EL2"),
                registers.system("VTTBR_EL2"),
                registers.system("HCR_EL2"),
                snapshot),
            address.isPresent() ? instruction(address.getAsLong(), snapshot) : Optional.empty(),
            address.isPresent()
                ? Optional.ofNullable(symbol(program, address.getAsLong()))
                : Optional.empty());
    Translation walk = walkOf(event.what());
    boolean right =
        walk == null || walk.lookups().isEmpty()
            ? scene.stage2().enabled() || (walk != null && scene.fits(walk))
            : scene.fits(walk);
    if (right) {
      return scene;
    }
    // Before the guest is entered and after its end the registers are the host's.
    return scene.with(stage2When(event, snapshot));
  }

  private static RegisterFile registersOf(Event event, Snapshot snapshot) {
    PeState pe =
        event.pe() < snapshot.pes().size() ? snapshot.pes().get(event.pe()) : snapshot.pe();
    return pe.registers();
  }

  private static @Nullable Translation walkOf(SimEvent event) {
    if (event instanceof SimEvent.Translated walked) {
      return walked.translation();
    }
    return event instanceof SimEvent.ExceptionTaken taken ? taken.cause() : null;
  }

  /**
   * Stage 2 as the writes up to an event left it, or if it was off then, as those after it turned
   * it on. Only the beginning of the run is looked at: that is where a guest's stage 2 is set up.
   */
  private static Stage2Parameters stage2When(Event event, Snapshot snapshot) {
    Events events = snapshot.events();
    long vtcr = 0;
    long vttbr = 0;
    long hcr = 0;
    for (long n = 0; n < Math.min(events.size(), MOST_FOLLOWING); n++) {
      if (n >= event.number() && (hcr & 1) != 0 && vttbr != 0) {
        break;
      }
      if (events.get(n).pe() == event.pe()
          && events.get(n).what() instanceof SimEvent.RegisterWritten written) {
        switch (written.register()) {
          case "VTCR_EL2" -> vtcr = written.value();
          case "VTTBR_EL2" -> vttbr = written.value();
          case "HCR_EL2" -> hcr = written.value();
          default -> {
            // No other register shapes stage 2.
          }
        }
      }
    }
    return stage2(vtcr, vttbr, hcr, snapshot);
  }

  private static Stage2Parameters stage2(long vtcr, long vttbr, long hcr, Snapshot snapshot) {
    return Stage2Parameters.decode(
        vtcr,
        vttbr,
        hcr,
        features(snapshot.pe().registers()),
        snapshot.scenario().board().tlb().choices());
  }

  static Features features(RegisterFile registers) {
    if (!registers.systemNames().contains("ID_AA64MMFR0_EL1")) {
      return Features.MAX;
    }
    return Features.of(
        register(registers, "ID_AA64MMFR0_EL1"),
        register(registers, "ID_AA64MMFR1_EL1"),
        register(registers, "ID_AA64MMFR2_EL1"));
  }

  /** A register, or 0 where the machine has none of that name. */
  private static long register(RegisterFile registers, String name) {
    return registers.systemNames().contains(name) ? registers.system(name) : 0;
  }

  /** The instruction an event happened in. */
  private static OptionalLong addressOf(SimEvent event) {
    if (event instanceof SimEvent.ExceptionTaken taken) {
      return OptionalLong.of(TrapRow.trapped(taken));
    }
    if (event instanceof SimEvent.Translated walk) {
      return OptionalLong.of(walk.pc());
    }
    return event instanceof SimEvent.ExceptionReturned back
        ? OptionalLong.of(back.pc())
        : OptionalLong.empty();
  }

  /** A guest's code lies at the same physical address. */
  private static Optional<String> instruction(long address, Snapshot snapshot) {
    Program program = snapshot.program();
    if (address < program.base()
        || address - program.base() >= program.size()
        || !snapshot.memory().contains(address, 4)) {
      return Optional.empty();
    }
    Disassembler disassembler =
        new Disassembler(
            InstructionTable.a64(), at -> symbol(program, at), SystemRegisterNames::name);
    return Optional.of(disassembler.text((int) snapshot.memory().read(address, 4), address));
  }

  /** The nearest label of the program at or before an address of it. */
  private static @Nullable String symbol(Program program, long address) {
    return program.names().name(address).orElse(null);
  }

  private static List<SimEvent> following(Event event, Snapshot snapshot) {
    List<SimEvent> found = new ArrayList<>();
    long end = Math.min(snapshot.eventCount(), event.number() + 1 + MOST_FOLLOWING);
    int depth = 0;
    for (long n = event.number() + 1; n < end; n++) {
      SimEvent next = snapshot.events().get(n).what();
      switch (event.what()) {
        case SimEvent.HostCallBegan _ -> {
          found.add(next);
          if (next instanceof SimEvent.HostCallBegan) {
            depth++;
          } else if (next instanceof SimEvent.HostCallEnded && depth-- == 0) {
            return found;
          }
        }
        case SimEvent.ExceptionTaken taken when taken.toEl() == 2 -> {
          found.add(next);
          if (next instanceof SimEvent.ExceptionReturned || next instanceof SimEvent.GuestStopped) {
            return found;
          }
        }
        case SimEvent.Edited _ -> {
          if (next.lane() != SimEvent.Lane.HOST && !(next instanceof SimEvent.Withheld)) {
            return found;
          }
          found.add(next);
        }
        case SimEvent _ -> {
          return found;
        }
      }
    }
    return found;
  }
}
