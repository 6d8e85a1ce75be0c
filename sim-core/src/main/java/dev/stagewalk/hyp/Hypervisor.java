package dev.stagewalk.hyp;

import dev.stagewalk.arch.Pa;
import dev.stagewalk.cpu.El2;
import dev.stagewalk.cpu.GuestRegisters;
import java.util.List;
import java.util.function.Function;

/**
 * The host program: makes its guests, runs them, answers their exits, ends them. Immutable: the
 * plans, the defects and the handlers' code. What changes lies in simulated memory and system
 * registers; the guest that a PE runs is the one its TPIDR_EL2 names.
 *
 * <p>Several guests take turns on the first PE: the next one is entered when a handler says so, or
 * when one has ended. A guest with several PEs has each on the PE of the machine with that number.
 *
 * <p>The machine calls {@link #boot} once, {@link #started} on each further PE, and {@link #onExit}
 * at each exception taken to EL2. After any of them, the guest runs if {@link
 * GuestRegisters#exceptionReturn} was called, and stands still if {@link
 * GuestRegisters#guestStopped} was.
 */
public final class Hypervisor {
  /** VBAR_EL2 while a guest runs: where the vectors of a host in A64 would stand. */
  public static final long HYP_EL2_VECTORS = 0x4000_0800L;

  private final List<GuestPlan> plans;
  private final Defects defects;

  public Hypervisor(GuestPlan plan, Defects defects) {
    this(List.of(plan), defects);
  }

  /**
   * A hypervisor with several guests.
   *
   * @param plans in the order in which they are made and run; at least one
   */
  public Hypervisor(List<GuestPlan> plans, Defects defects) {
    this.plans = List.copyOf(plans);
    this.defects = defects;
  }

  /** The plan of the first guest. */
  public GuestPlan plan() {
    return plans.getFirst();
  }

  /** The plan of the guest that runs; of the first if none does. */
  public GuestPlan plan(El2 el2) {
    long struct = el2.register("TPIDR_EL2");
    return struct == 0 ? plan() : planOf(el2, new GuestStruct(struct));
  }

  private GuestPlan planOf(El2 el2, GuestStruct struct) {
    return plans.size() == 1 ? plan() : plans.get((int) struct.get(el2, GuestStruct.PLAN));
  }

  public Defects defects() {
    return defects;
  }

  private GuestRun run(El2 el2, GuestRegisters stub) {
    return new GuestRun(el2, stub, defects, plans.size() > 1);
  }

  /** Makes the guests and enters the first: the host's {@code main} up to its first ERET. */
  public void boot(El2 el2, GuestRegisters stub) {
    protect(el2, stub, () -> create(el2, stub));
  }

  private void create(El2 el2, GuestRegisters stub) {
    long first = 0;
    long last = 0;
    for (int i = 0; i < plans.size(); i++) {
      long made = create(el2, stub, i);
      if (made == 0) {
        return;
      }
      first = first == 0 ? made : first;
      if (last != 0) {
        new GuestStruct(last).set(el2, GuestStruct.NEXT, made);
      }
      last = made;
    }
    if (last != first) {
      new GuestStruct(last).set(el2, GuestStruct.NEXT, first);
    }
    run(el2, stub).enter(guest(el2, first), "entry " + Words.address(plan().entry()));
  }

  /** Makes one guest; 0, and the machine stands still, if that fails. */
  private long create(El2 el2, GuestRegisters stub, int number) {
    GuestPlan plan = plans.get(number);
    String who = plans.size() == 1 ? "" : plan.name() + ", ";
    el2.callBegan(
        "guest_create", who + "VMID " + plan.vmid() + ", entry " + Words.address(plan.entry()));
    long page = el2.allocate(0).value();
    if (page == 0 && defects.has(Defect.CALLOC_UNCHECKED)) {
      throw new HostFault("guest_create used the null pointer calloc returned");
    }
    Result made;
    if (page == 0) {
      made = Result.refused("out of memory for the guest's structure");
    } else {
      el2.clear(page, el2.hostPageSize());
      if (number > 0) {
        new GuestStruct(page).set(el2, GuestStruct.PLAN, number);
      }
      made = new Guest(el2, defects, plan, page).create();
      if (!made.ok()) {
        el2.free(new Pa(page));
      }
    }
    el2.callEnded("guest_create", made.words(), made.ok());
    if (!made.ok()) {
      stub.guestStopped("the guest could not be made: " + made.words(), false);
      return 0;
    }
    return page;
  }

  /**
   * A PE has been switched on and is at EL2, for one of the guest's.
   *
   * @param struct what the firmware was told to hand over: the structure of the guest's PE
   */
  public void started(El2 el2, GuestRegisters stub, long struct) {
    if (struct == 0) {
      stub.powerOff();
      return;
    }
    protect(
        el2,
        stub,
        () -> {
          Guest guest = guest(el2, struct);
          long entry = guest.struct().get(el2, GuestStruct.ELR);
          run(el2, stub).enter(guest, "PE " + guest.number() + ", entry " + Words.address(entry));
        });
  }

  /**
   * Answers an exception that was taken to EL2.
   *
   * @param vector 0 to 15: offset from VBAR_EL2 divided by 0x80
   * @param instead what a person chose in place of the handler
   */
  public void onExit(El2 el2, GuestRegisters stub, int vector, Instead instead) {
    protect(el2, stub, () -> answer(el2, stub, vector, instead));
  }

  private void answer(El2 el2, GuestRegisters stub, int vector, Instead instead) {
    Guest guest = current(el2);
    if (guest.address() == 0) {
      throw new HostFault("an exception was taken to EL2 while no guest runs");
    }
    GuestRun run = run(el2, stub);
    run.save(guest, vector);
    GuestEnd end = new GuestEnd(el2, stub, run, guest);
    if (end.isUnderWay()) {
      stub.acknowledge();
      stub.handlerAnswered(false, "end", "the guest ends: this PE leaves it");
      leave(el2, stub, end);
      return;
    }
    switch (decide(new GuestExit(el2, stub, guest, vector), instead)) {
      case HandlerAnswer.Resume(String handler, String what) -> {
        stub.handlerAnswered(true, handler, what);
        run.resume(guest);
      }
      case HandlerAnswer.Yield(String handler, String what) -> {
        GuestStruct next = next(el2, guest);
        if (next.equals(guest.owner())) {
          stub.handlerAnswered(true, handler, what);
          run.resume(guest);
        } else {
          stub.handlerAnswered(true, handler, what + "; " + planOf(el2, next).name() + " goes on");
          run.switchOut(guest, vector);
          enterNext(el2, run, next);
        }
      }
      case HandlerAnswer.SwitchOff(String handler, String what) -> {
        if (guest.othersAreOn()) {
          stub.handlerAnswered(false, handler, what);
          end.switchOff();
        } else {
          String why = what + ": it was the last that was on";
          stub.handlerAnswered(false, handler, why);
          end.begin(why, true);
          leave(el2, stub, end);
        }
      }
      case HandlerAnswer.Exit(String handler, String why, boolean wished) -> {
        stub.handlerAnswered(false, handler, why);
        // As posted the exit code is compared with a value that it never has.
        end.begin(why, wished || defects.has(Defect.STAGE_1_TEST));
        leave(el2, stub, end);
      }
      case HandlerAnswer.NotMine _ -> throw new IllegalStateException("nobody decided");
    }
  }

  private static GuestStruct next(El2 el2, Guest guest) {
    long next = guest.owner().get(el2, GuestStruct.NEXT);
    return next == 0 ? guest.owner() : new GuestStruct(next);
  }

  /** Another guest has its turn on this PE. */
  private void enterNext(El2 el2, GuestRun run, GuestStruct next) {
    Guest guest = guest(el2, next.at());
    String who = guest.plan().name() + ", VMID " + guest.plan().vmid();
    el2.callBegan("guest_switch", "to " + who);
    run.load(guest, who);
    el2.callEnded(
        "guest_switch",
        guest.plan().granule().text()
            + " granule, "
            + guest.plan().ipaBits()
            + "-bit IPA, VTCR_EL2 "
            + Words.number(el2.register("VTCR_EL2")),
        true);
    run.exceptionReturn(guest.struct());
  }

  /** This PE leaves an ending guest; behind the last that does, the next guest runs. */
  private void leave(El2 el2, GuestRegisters stub, GuestEnd end) {
    Guest guest = end.guest();
    GuestStruct next = next(el2, guest);
    if (!end.leave()) {
      return;
    }
    if (next.equals(guest.owner())) {
      end.destroy();
      stub.guestStopped(end.reason(), end.wished());
      return;
    }
    String line = "guest " + guest.plan().name() + " has ended: " + end.reason();
    unlink(el2, guest.owner(), next);
    end.destroy();
    el2.print(line);
    enterNext(el2, run(el2, stub), next);
  }

  /** Takes a guest out of the ring. */
  private static void unlink(El2 el2, GuestStruct gone, GuestStruct next) {
    GuestStruct before = next;
    while (before.get(el2, GuestStruct.NEXT) != gone.at()) {
      before = new GuestStruct(before.get(el2, GuestStruct.NEXT));
    }
    before.set(el2, GuestStruct.NEXT, before.equals(next) ? 0 : next.at());
  }

  private HandlerAnswer decide(GuestExit exit, Instead instead) {
    switch (instead) {
      case KILL -> {
        return new HandlerAnswer.Exit("you", "ended by you at " + exit.words(), false);
      }
      case MAP_PAGE -> {
        if (exit.vector() == Guest.VECTOR_SYNC_LOWER_64
            && Syndrome.translationFault(exit.esr())
            && Syndrome.hpfarValid(exit.esr())) {
          long ipa = Syndrome.ipaPage(exit.hpfar());
          Result mapped = exit.guest().provide(ipa);
          return mapped.ok()
              ? new HandlerAnswer.Resume("you", "mapped " + Words.address(ipa))
              : new HandlerAnswer.Exit("you", "the page was not mapped: " + mapped.words(), false);
        }
      }
      case HANDLER -> {}
    }
    return handled(exit);
  }

  private HandlerAnswer handled(GuestExit exit) {
    int number = exit.guest().handler(exit.vector());
    List<GuestPlan.VectorHandler> handlers = exit.guest().plan().handlers();
    if (number < 1 || number > handlers.size()) {
      return new HandlerAnswer.Exit(
          "none", "no handler for vector " + exit.vector() + ": " + vectorWords(exit), false);
    }
    ExitHandler handler = handlers.get(number - 1).handler();
    HandlerAnswer answer = handler.handle(exit);
    if (!(answer instanceof HandlerAnswer.NotMine)) {
      return answer;
    }
    return defects.has(Defect.RESUME_ALWAYS)
        ? new HandlerAnswer.Resume(handler.name(), "unexpected, and resumed: " + exit.words())
        : new HandlerAnswer.Exit(handler.name(), "unexpected exit: " + exit.words(), false);
  }

  private static String vectorWords(GuestExit exit) {
    return switch (exit.vector() % 4) {
      case 0 -> exit.words();
      case 1 -> "IRQ";
      case 2 -> "FIQ";
      default -> "SError";
    };
  }

  /**
   * The hypervisor unmaps a range of the running guest, with the maintenance it always does.
   *
   * @param ipa a multiple of the granule
   * @param size bytes, a multiple of the granule
   */
  public Result unmap(El2 el2, GuestRegisters stub, long ipa, long size) {
    return onRunning(el2, stub, guest -> guest.stage2().unmap(ipa, size));
  }

  /**
   * The hypervisor maps the memory of a range of the running guest: what a region already has, or
   * fresh zeroed frames.
   */
  public Result mapFresh(El2 el2, GuestRegisters stub, long ipa, long size) {
    return onRunning(el2, stub, guest -> provideAll(guest, ipa, size));
  }

  private Result provideAll(Guest guest, long ipa, long size) {
    long granule = guest.plan().granule().bytes();
    for (long at = ipa & -granule; at - ipa < size; at += granule) {
      Result mapped = guest.provide(at);
      if (!mapped.ok()) {
        return mapped;
      }
    }
    return Result.OK;
  }

  /**
   * The hypervisor calls its library for the running guest.
   *
   * @param call one or more functions of the library
   */
  public Result call(El2 el2, GuestRegisters stub, Function<Stage2Mmu, Result> call) {
    return onRunning(el2, stub, guest -> call.apply(guest.stage2()));
  }

  /** Stage 2 of the guest that runs: to ask it something, without a micro-step. */
  public Stage2Mmu stage2(El2 el2) {
    return current(el2).stage2();
  }

  private Guest current(El2 el2) {
    return guest(el2, el2.register("TPIDR_EL2"));
  }

  private Guest guest(El2 el2, long struct) {
    GuestPlan plan = struct == 0 ? plan() : planOf(el2, new GuestStruct(struct));
    return new Guest(el2, defects, plan, struct);
  }

  private Result onRunning(El2 el2, GuestRegisters stub, Function<Guest, Result> action) {
    Guest guest = current(el2);
    if (guest.address() == 0) {
      return Result.refused("no guest runs");
    }
    Result[] result = {Result.refused("the hypervisor died")};
    protect(el2, stub, () -> result[0] = action.apply(guest));
    return result[0];
  }

  /** A defect can kill the host itself; then the guest runs no further. */
  private static void protect(El2 el2, GuestRegisters stub, Runnable action) {
    try {
      action.run();
    } catch (HostFault fault) {
      String reason = "the hypervisor died: " + fault.getMessage();
      el2.print(reason);
      stub.guestStopped(reason, false);
    }
  }
}
