package dev.stagewalk.board;

import dev.stagewalk.cpu.Pe;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.mem.Device;
import dev.stagewalk.mem.Stateful;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The devices of the board, wired as on the usual virtual boards: UART and real-time clock on
 * shared interrupts, the timers of each PE on private ones.
 */
final class BoardDevices implements Turns.Devices {
  /** Shared interrupts, from INTID 32 on. */
  private static final int UART_SPI = 1;

  private static final int RTC_SPI = 2;

  private final List<Pe> pes;
  private final Gic gic;
  private final Pl011 uart;
  private final Pl031 rtc;
  private final List<GenericTimer> timers = new ArrayList<>();
  private final List<Device> windows;

  /** Everything that has a state. */
  private final List<Stateful> parts = new ArrayList<>();

  /** By PE: what is reset with it, and how it is then. */
  private final List<List<Stateful>> perPe = new ArrayList<>();

  private final List<List<long[]>> atReset = new ArrayList<>();

  /**
   * @param executing the PE that executes
   */
  BoardDevices(
      BoardPlan plan, List<Pe> pes, SystemCounter counter, long uartBase, Supplier<Pe> executing) {
    this.pes = pes;
    gic = new Gic(pes);
    uart =
        new Pl011(
            uartBase,
            b -> executing.get().report(new SimEvent.UartByte(b)),
            level -> gic.setSharedLine(UART_SPI, level));
    rtc = new Pl031(Machine.RTC, counter, plan.epoch(), level -> gic.setSharedLine(RTC_SPI, level));
    windows =
        List.of(
            uart,
            rtc,
            new Distributor(Machine.DISTRIBUTOR, gic),
            new Redistributors(Machine.REDISTRIBUTORS, pes.size(), gic),
            new VirtioSlots(Machine.VIRTIO));
    parts.addAll(windows);
    parts.addAll(gic.banks());
    for (Pe pe : pes) {
      GenericTimer timer = new GenericTimer(pe, counter, gic);
      timers.add(timer);
      CpuInterface cpuInterface = gic.cpuInterface(pe.id());
      List<Stateful> mine = List.of(timer, cpuInterface, cpuInterface.virtual());
      parts.addAll(mine);
      perPe.add(mine);
      atReset.add(mine.stream().map(Stateful::save).toList());
    }
  }

  /** What answers at physical addresses. */
  List<Device> windows() {
    return windows;
  }

  Gic gic() {
    return gic;
  }

  Pl011 uart() {
    return uart;
  }

  GenericTimer timer(int pe) {
    return timers.get(pe);
  }

  /** Resets what belongs to a PE. */
  void reset(int pe) {
    for (int i = 0; i < perPe.get(pe).size(); i++) {
      perPe.get(pe).get(i).restore(atReset.get(pe).get(i));
    }
    update();
    gic.changed();
  }

  @Override
  public void update() {
    for (int i = 0; i < timers.size(); i++) {
      timers.get(i).update();
    }
    rtc.update();
  }

  @Override
  public long nextChange() {
    long next = rtc.nextChange();
    for (int i = 0; i < timers.size(); i++) {
      next = Math.min(next, timers.get(i).nextChange());
    }
    return next;
  }

  @Override
  public boolean inputWouldBeNoticed() {
    if (!uart.interruptsOnInput()) {
      return false;
    }
    // Many things decide about it, in the UART, the distributor and each PE: it is tried out.
    List<long[]> before = save();
    while (uart.hasRoom()) {
      uart.receive(0);
    }
    boolean noticed = pes.stream().anyMatch(pe -> pe.waiting().noticesInterrupt());
    restore(before);
    return noticed;
  }

  List<long[]> save() {
    update();
    return parts.stream().map(Stateful::save).toList();
  }

  void restore(List<long[]> state) {
    for (int i = 0; i < parts.size(); i++) {
      parts.get(i).restore(state.get(i));
    }
    update();
    uart.update();
    for (int pe = 0; pe < timers.size(); pe++) {
      gic.cpuInterface(pe).virtual().update();
    }
    gic.changed();
  }
}
