package dev.stagewalk.explain;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Syndrome;
import dev.stagewalk.event.SimEvent.ExceptionTaken;
import dev.stagewalk.explain.Explanation.Draft;

/** Exceptions that no memory access caused: calls, trapped instructions, interrupts. */
final class ExceptionStory {
  private static final String SKIP = "ELR_EL2 = ELR_EL2 + 4: it still names the instruction";

  private ExceptionStory() {}

  /** Whether the preferred return address is that of the next instruction (SVC, HVC, SMC). */
  static boolean returnsAfter(ExceptionTaken taken) {
    if ((taken.vector() & 3) != 0) {
      return false;
    }
    return switch (taken.exceptionClass()) {
      case 0x11, 0x12, 0x15, 0x16 -> true;
      // An SMC that HCR_EL2.TSC traps has not been executed.
      default -> false;
    };
  }

  static Explanation taken(Scene scene, ExceptionTaken taken) {
    String route = "EL" + taken.fromEl() + " → EL" + taken.toEl();
    Draft draft =
        SyndromeEvidence.isInterrupt(taken)
            ? interrupt(taken)
            : (taken.vector() & 3) == 3 ? serror(taken) : synchronous(scene, taken);
    draft.route(route).evidence(SyndromeEvidence.of(scene, taken));
    if (taken.toEl() == 1) {
      guestsOwn(draft, scene, taken);
    }
    return draft.steps(HostSteps.of(scene)).done();
  }

  private static Draft interrupt(ExceptionTaken taken) {
    String name = (taken.vector() & 3) == 1 ? "IRQ" : "FIQ";
    Draft draft =
        new Draft(name + " at EL" + taken.fromEl())
            .say(
                "A physical "
                    + name
                    + " arrived between two instructions. It has no syndrome: ESR, FAR and HPFAR"
                    + " keep what they held.")
            .rule(
                "HCR_EL2.IMO and FMO route physical interrupts to EL2 while a guest runs.",
                "Asynchronous exception routing");
    if (taken.toEl() == 2) {
      draft.may(
          "Handle the interrupt",
          "The guest's registers stay as they are.",
          "acknowledge it at the interrupt controller and handle it",
          "ERET with ELR_EL2 as it is");
    }
    return draft;
  }

  private static Draft serror(ExceptionTaken taken) {
    return new Draft("SError at EL" + taken.fromEl())
        .say(Syndrome.of(taken.esr()).sentence() + ".")
        .rule(
            "An SError is asynchronous: the instruction at ELR need not be its cause.",
            "Asynchronous exception types");
  }

  private static Draft synchronous(Scene scene, ExceptionTaken taken) {
    int immediate = (int) taken.esr() & 0xffff;
    String guest = taken.fromEl() == 2 ? "The hypervisor" : "Guest EL" + taken.fromEl();
    String text = scene.instruction().map(i -> "`" + i + "`").orElse("an instruction");
    boolean toEl2 = taken.toEl() == 2;
    return switch (taken.exceptionClass()) {
      case 0x16 -> {
        Draft draft =
            new Draft("Hypervisor call, HVC #" + Hex.plain(immediate))
                .say(
                    guest + " executed HVC #" + Hex.plain(immediate) + ". No memory access failed.")
                .rule(
                    "HVC is an exception to EL2; its preferred return address is the instruction"
                        + " after it.",
                    "HVC");
        draft.may(
            "Answer the call",
            "ELR_EL2 already names the next instruction. By the SMC Calling Convention results"
                + " are in x0 to x3.",
            "set the guest's x0 to the result",
            "ERET");
        draft.may("End the guest", "EXIT: this library's guests end with HVC #0.");
        yield draft;
      }
      case 0x17 -> {
        Draft draft =
            new Draft("Secure monitor call, SMC #" + Hex.plain(immediate))
                .say(guest + " executed SMC #" + Hex.plain(immediate) + "; EL2 traps it.")
                .rule(
                    "HCR_EL2.TSC = 1 traps SMC at EL1 to EL2. The trapped SMC was not executed, so"
                        + " ELR_EL2 names the SMC itself.",
                    "HCR_EL2, Hypervisor Configuration Register, field TSC");
        draft.may(
            "Answer the call",
            "If ELR_EL2 is left alone the guest repeats the SMC for ever.",
            "set the guest's x0 to the result; -1 is NOT_SUPPORTED",
            SKIP,
            "ERET");
        yield draft;
      }
      case 0x01 -> {
        String name = Syndrome.of(taken.esr()).sentence();
        String which = name.substring(name.lastIndexOf(' ') + 1);
        Draft draft =
            new Draft(which + " trapped")
                .say(guest + " executed " + which + ", to wait; EL2 traps it.")
                .rule(
                    "HCR_EL2.TWI and TWE trap WFI and WFE, so that another guest can run while this"
                        + " one waits.",
                    "HCR_EL2, Hypervisor Configuration Register, fields TWI and TWE");
        draft.may(
            "Let the guest wait, then go on",
            "To go on at once is always allowed: the wait may end at any time.",
            "run something else until there is an interrupt for the guest",
            SKIP,
            "ERET");
        yield draft;
      }
      case 0x18 -> systemAccess(taken, guest);
      case 0x15 ->
          new Draft("Supervisor call, SVC #" + Hex.plain(immediate))
              .say(guest + " executed SVC #" + Hex.plain(immediate) + ".")
              .rule(
                  "SVC is an exception to EL1 (to EL2 if HCR_EL2.TGE is 1); its preferred return"
                      + " address is the instruction after it.",
                  "SVC");
      case 0x3c ->
          new Draft("Breakpoint instruction, BRK #" + Hex.plain(immediate))
              .say(guest + " executed BRK #" + Hex.plain(immediate) + ".")
              .rule(
                  "BRK is an exception to EL1, or to EL2 if MDCR_EL2.TDE is 1.",
                  "Breakpoint Instruction exceptions");
      case 0x00 -> {
        Draft draft =
            new Draft("Unknown reason")
                .say(
                    guest
                        + " met "
                        + text
                        + ", which is UNDEFINED here: no such instruction, or not allowed at this"
                        + " Exception level.")
                .rule(
                    "An UNDEFINED instruction has exception class 0: nothing more is reported.",
                    "ISS encoding for exceptions with an unknown reason");
        if (toEl2) {
          draft.may("End the guest", "There is nothing to emulate that the syndrome names.");
        }
        yield draft;
      }
      case 0x0e ->
          new Draft("Illegal Execution state")
              .say(guest + " was about to execute with PSTATE.IL set, after an illegal return.")
              .rule(
                  "With PSTATE.IL set every instruction is an Illegal Execution state exception.",
                  "Illegal exception returns from AArch64 state");
      case 0x22 ->
          new Draft("PC alignment fault")
              .say(guest + " branched to " + Hex.address(taken.far()) + ", no multiple of 4.")
              .rule("Instructions stand at multiples of 4.", "PC alignment checking");
      case 0x26 ->
          new Draft("SP alignment fault")
              .say(guest + " used a stack pointer that is no multiple of 16.")
              .rule("SCTLR_ELx.SA checks SP when it is a base address.", "SP alignment checking");
      default -> {
        Syndrome syndrome = Syndrome.of(taken.esr());
        Draft draft =
            new Draft(Wording.capital(syndrome.classWords()))
                .say(guest + " met " + text + ": " + syndrome.sentence() + ".");
        if (toEl2) {
          draft.may("End the guest", "This hypervisor has no handler for this class.");
        }
        yield draft;
      }
    };
  }

  private static Draft systemAccess(ExceptionTaken taken, String guest) {
    String sentence = Syndrome.of(taken.esr()).sentence();
    String instruction = sentence.substring(sentence.lastIndexOf("·") + 1).strip();
    boolean read = (taken.esr() & 1) != 0;
    String rt = Wording.register((int) (taken.esr() >>> 5) & 31, true);
    Draft draft =
        new Draft("System register access trapped")
            .say(guest + " executed " + instruction + "; EL2 traps it.")
            .rule(
                "A trapped MRS, MSR or System instruction was not executed: ELR names it.",
                "ISS encoding for an exception from MSR, MRS, or System instruction execution in"
                    + " AArch64 state");
    if (taken.toEl() == 2) {
      draft.may(
          "Emulate it",
          "The syndrome names the register and the general register.",
          read ? rt + " = the value the guest shall see" : "take the value from " + rt,
          SKIP,
          "ERET");
      draft.may(
          "Make it UNDEFINED for the guest",
          "As on a PE that lacks the register.",
          "ESR_EL1 = 0x0200_0000, ELR_EL1 = ELR_EL2, SPSR_EL1 = SPSR_EL2",
          "ELR_EL2 = VBAR_EL1 + its vector",
          "ERET");
    }
    return draft;
  }

  /** An exception to EL1 is the guest's own: EL2 sees nothing of it. */
  static void guestsOwn(Draft draft, Scene scene, ExceptionTaken taken) {
    draft.say(
        "It is taken to EL1: the guest's own vector at VBAR_EL1 + "
            + Hex.plain(taken.vector() * 0x80L)
            + (scene.registers().systemNames().contains("VBAR_EL1")
                ? " = " + Hex.address(scene.system("VBAR_EL1") + taken.vector() * 0x80L)
                : "")
            + ". The hypervisor takes no part.");
  }
}
