package dev.stagewalk.hyp;

/**
 * PSCI for the guest, by HVC #0 or a trapped SMC #0: the hypervisor stands where the firmware does
 * on a real machine. It switches the guest's PEs on and off, each on the PE of the machine with its
 * number, and ends the guest.
 *
 * <p>Source: Arm Power State Coordination Interface (DEN0022); SMC Calling Convention (DEN0028).
 */
public final class PsciCalls implements ExitHandler {
  private static final long SUCCESS = 0;
  private static final long NOT_SUPPORTED = -1;
  private static final long INVALID_PARAMETERS = -2;
  private static final long ALREADY_ON = -4;
  private static final long INVALID_ADDRESS = -9;
  private static final long VERSION_1_1 = 1 << 16 | 1;

  private static final long ON = 0;
  private static final long OFF = 1;

  /** MIGRATE_INFO_TYPE: there is no Trusted OS that would have to be migrated. */
  private static final long NO_TRUSTED_OS = 2;

  private static final int SMCCC_VERSION = 0x8000_0000;
  private static final int SMC64 = 1 << 30;
  private static final int PSCI = 0x8400_0000;

  /** The fields Aff3 to Aff0 of an MPIDR; the guest's PEs differ in Aff0. */
  private static final long AFFINITY = 0xff_00ff_ffffL;

  @Override
  public String name() {
    return "psci";
  }

  @Override
  public HandlerAnswer handle(GuestExit exit) {
    int ec = exit.exceptionClass();
    boolean call = ec == Syndrome.HVC64 || ec == Syndrome.SMC64;
    if (!call || (exit.esr() & 0xffff) != 0) {
      return HandlerAnswer.NOT_MINE;
    }
    int id = (int) exit.x(0);
    if (id == SMCCC_VERSION) {
      return result(exit, "SMCCC_VERSION", VERSION_1_1);
    }
    if ((id & ~(SMC64 | 0x1f)) != PSCI) {
      return HandlerAnswer.NOT_MINE;
    }
    return psci(exit, id);
  }

  private HandlerAnswer psci(GuestExit exit, int id) {
    boolean wide = (id & SMC64) != 0;
    long first = argument(exit, 1, wide);
    return switch (id & 0x1f) {
      case 0 -> result(exit, "PSCI_VERSION", VERSION_1_1);
      case 1 -> result(exit, "CPU_SUSPEND", SUCCESS);
      case 2 -> new HandlerAnswer.SwitchOff(name(), "CPU_OFF of PE " + exit.guest().number());
      case 3 -> cpuOn(exit, first, argument(exit, 2, wide), argument(exit, 3, wide));
      case 4 -> result(exit, "AFFINITY_INFO", affinityInfo(exit, first, argument(exit, 2, wide)));
      case 6 -> result(exit, "MIGRATE_INFO_TYPE", NO_TRUSTED_OS);
      case 8 -> new HandlerAnswer.Exit(name(), "PSCI SYSTEM_OFF", true);
      case 9 -> new HandlerAnswer.Exit(name(), "PSCI SYSTEM_RESET", true);
      case 10 -> result(exit, "PSCI_FEATURES", feature((int) first));
      default -> result(exit, "PSCI function " + Words.number(id & 0xffff_ffffL), NOT_SUPPORTED);
    };
  }

  private static long argument(GuestExit exit, int register, boolean wide) {
    return wide ? exit.x(register) : exit.x(register) & 0xffff_ffffL;
  }

  private static long feature(int id) {
    boolean known =
        id == SMCCC_VERSION
            || (id & ~(SMC64 | 0x1f)) == PSCI
                && switch (id & 0x1f) {
                  case 1, 3, 4 -> true;
                  case 0, 2, 6, 8, 9, 10 -> (id & SMC64) == 0;
                  default -> false;
                };
    return known ? SUCCESS : NOT_SUPPORTED;
  }

  /** Number of the guest's PE of an affinity; −1 if it has none. */
  private static int pe(GuestExit exit, long affinity) {
    long first = exit.el2().register("VMPIDR_EL2") & AFFINITY & ~0xffL;
    long number = (affinity & AFFINITY) - first;
    return number >= 0 && number < exit.guest().plan().pes() ? (int) number : -1;
  }

  private static long affinityInfo(GuestExit exit, long affinity, long lowestLevel) {
    int number = lowestLevel == 0 ? pe(exit, affinity) : -1;
    if (number < 0) {
      return INVALID_PARAMETERS;
    }
    return exit.guest().isOn(number) ? ON : OFF;
  }

  private HandlerAnswer cpuOn(GuestExit exit, long affinity, long entry, long context) {
    int number = pe(exit, affinity);
    String what = "CPU_ON of PE " + number + " at " + Words.address(entry);
    if (number < 0) {
      return result(exit, "CPU_ON", INVALID_PARAMETERS);
    }
    if (exit.guest().isOn(number)) {
      return result(exit, what, ALREADY_ON);
    }
    if ((entry & 3) != 0) {
      return result(exit, what, INVALID_ADDRESS);
    }
    exit.guest().prepareStart(number, entry, context);
    long done = exit.stub().powerOn(number, exit.guest().pe(number));
    return result(exit, what, done);
  }

  /** x0 holds the result; an SMC that trapped is still to be passed. */
  private HandlerAnswer result(GuestExit exit, String what, long value) {
    exit.setX(0, value);
    if (exit.exceptionClass() == Syndrome.SMC64) {
      exit.skipInstruction();
    }
    return new HandlerAnswer.Resume(name(), what + ": " + words(value));
  }

  private static String words(long value) {
    return switch ((int) value) {
      case (int) NOT_SUPPORTED -> "NOT_SUPPORTED";
      case (int) INVALID_PARAMETERS -> "INVALID_PARAMETERS";
      case (int) ALREADY_ON -> "ALREADY_ON";
      case (int) INVALID_ADDRESS -> "INVALID_ADDRESS";
      default -> Words.number(value);
    };
  }
}
