package dev.stagewalk.app.boot;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.board.Machine;
import dev.stagewalk.check.FaultLoop;
import dev.stagewalk.check.Standstill;
import dev.stagewalk.event.Event;
import dev.stagewalk.event.EventSink;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.image.boot.SymbolTable;
import dev.stagewalk.session.Edit;
import dev.stagewalk.time.Unrecorded;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

/** One run of an image from its entry to its end, or to where it gets no further. */
final class BootRun {
  /** Instructions between two looks at the keyboard and at whether to stop. */
  private static final long SLICE = 1 << 19;

  /** Instructions without a byte sent after which it is asked whether anything changes. */
  private static final long SILENCE = 1 << 22;

  /** Instructions to find out whether the machine goes round in a circle. */
  private static final long LOOK = 1 << 18;

  private static final long WAIT_MILLIS = 100;

  private final Unrecorded run;
  private final FaultLoop faults;
  private final SymbolTable names;
  private final GuestConsole console;
  private final Keyboard keyboard;
  private Optional<SimEvent.GuestStopped> stop = Optional.empty();
  private boolean inputAsked;

  /**
   * @param machine builds the machine
   * @param events gets every event
   * @param names what names addresses of the image
   */
  BootRun(
      Function<EventSink, Machine> machine,
      Consumer<Event> events,
      GuestConsole console,
      Keyboard keyboard,
      int pes,
      SymbolTable names) {
    this.names = names;
    this.console = console;
    this.keyboard = keyboard;
    this.faults = new FaultLoop(pes);
    this.run =
        new Unrecorded(
            machine,
            event -> {
              events.accept(event);
              happened(event);
            });
  }

  private void happened(Event event) {
    switch (event.what()) {
      case SimEvent.UartByte(int value) -> {
        console.sent(value);
        faults.saw(event);
      }
      case SimEvent.GuestStopped stopped -> stop = Optional.of(stopped);
      case SimEvent.ExceptionTaken _, SimEvent.ExceptionReturned _ ->
          faults.saw(event).ifPresent(this::stuck);
      default -> {
        // Seen by others.
      }
    }
  }

  private void stuck(String reason) {
    if (stop.isEmpty()) {
      stop = Optional.of(new SimEvent.GuestStopped(names.named(reason), false));
    }
  }

  /**
   * Runs it.
   *
   * @param most instructions after which it is stopped
   * @param interrupted asked every now and then; true ends the run
   * @return how it ended; empty if it was interrupted
   */
  Optional<SimEvent.GuestStopped> toTheEnd(long most, BooleanSupplier interrupted) {
    Machine machine = run.machine();
    long sent = 0;
    long silentSince = 0;
    while (stop.isEmpty()) {
      long now = machine.instructions();
      if (interrupted.getAsBoolean()) {
        console.show();
        return Optional.empty();
      }
      if (now >= most) {
        stuck("it has not ended after " + now + " instructions (--max-instructions)");
        break;
      }
      feed(machine, 0);
      run.runTo(Math.min(most, now + SLICE));
      console.show();
      if (machine.awaitsInput()) {
        waitForInput(machine, interrupted);
      } else if (console.count() != sent) {
        sent = console.count();
        silentSince = machine.instructions();
      } else if (machine.instructions() - silentSince >= SILENCE) {
        look(machine, interrupted);
        silentSince = machine.instructions();
      }
      if (machine.isHalted()) {
        break;
      }
    }
    console.show();
    return Optional.of(stop.orElse(new SimEvent.GuestStopped("the machine stands still", false)));
  }

  private void look(Machine machine, BooleanSupplier interrupted) {
    switch (Standstill.look(machine, LOOK)) {
      case GOES_ON -> {
        // So does this run.
      }
      case STANDS_STILL ->
          stuck(
              "it makes no progress: it goes round in a circle at "
                  + "PC %s and no timer is set".formatted(Hex.address(machine.executing().pc())));
      case WAITS_FOR_INPUT -> waitForInput(machine, interrupted);
    }
  }

  /** Stops the clock until something is typed: the image would do nothing. */
  private void waitForInput(Machine machine, BooleanSupplier interrupted) {
    inputAsked = true;
    while (!interrupted.getAsBoolean() && machine.canReceive()) {
      int next = feed(machine, WAIT_MILLIS);
      if (next == Keyboard.ENDED) {
        stuck("it waits for input at the UART, and the standard input has ended");
        return;
      }
      if (next >= 0) {
        return;
      }
    }
  }

  /**
   * Gives the UART what has been typed, as far as there is room for it and somebody wants it.
   *
   * @param millis how long to wait for the first byte
   * @return the last byte, or what the keyboard says in the place of the first
   */
  private int feed(Machine machine, long millis) {
    inputAsked |= machine.uartPolls() > 0 || machine.inputWouldBeNoticed();
    StringBuilder typed = new StringBuilder();
    int last = Keyboard.NOTHING_YET;
    while (inputAsked && machine.canReceive()) {
      int next = keyboard.next(typed.isEmpty() ? millis : 0);
      if (next < 0) {
        last = typed.isEmpty() ? next : last;
        break;
      }
      last = next;
      machine.receive(next);
      typed.append((char) next);
    }
    if (!typed.isEmpty()) {
      run.report(new SimEvent.Edited(new Edit.Type(typed.toString()).words()));
    }
    return last;
  }
}
