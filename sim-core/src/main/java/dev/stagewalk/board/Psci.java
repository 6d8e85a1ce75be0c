package dev.stagewalk.board;

import dev.stagewalk.cpu.Activity;
import dev.stagewalk.cpu.Pe;
import dev.stagewalk.cpu.PeState;
import dev.stagewalk.cpu.SystemRegisters;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.mem.PhysicalMemory;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The firmware in EL3's place: it answers SMC with a function identifier of PSCI, and the two
 * functions of the SMC Calling Convention that say so.
 *
 * <p>Source: Arm Power State Coordination Interface (DEN0022); SMC Calling Convention (DEN0028).
 */
final class Psci {
  private static final long VERSION_1_1 = 1 << 16 | 1;
  private static final long SUCCESS = 0;
  private static final long NOT_SUPPORTED = -1;
  private static final long INVALID_PARAMETERS = -2;
  private static final long ALREADY_ON = -4;
  private static final long INVALID_ADDRESS = -9;

  private static final long ON = 0;
  private static final long OFF = 1;

  /** MIGRATE_INFO_TYPE: there is no Trusted OS that would have to be migrated. */
  private static final long NO_TRUSTED_OS = 2;

  private static final int SMC64 = 1 << 30;

  /** The fields Aff3 to Aff0 of an MPIDR. */
  private static final long AFFINITY = 0xff_00ff_ffffL;

  private static final int MPIDR_EL1 = SystemRegisters.index("MPIDR_EL1");

  /** The functions, by the number in the identifier's low bits. */
  private enum Function {
    VERSION(0, false),
    CPU_SUSPEND(1, true),
    CPU_OFF(2, false),
    CPU_ON(3, true),
    AFFINITY_INFO(4, true),
    MIGRATE_INFO_TYPE(6, false),
    SYSTEM_OFF(8, false),
    SYSTEM_RESET(9, false),
    FEATURES(10, false);

    private final int number;
    private final boolean also64;

    Function(int number, boolean also64) {
      this.number = number;
      this.also64 = also64;
    }
  }

  private final List<Pe> pes;
  private final PhysicalMemory ram;
  private final List<PeState> atReset;
  private final IntConsumer resetDevices;
  private final Predicate<Pe> resetBoard;

  /**
   * @param atReset how each PE begins that is switched on
   * @param resetDevices resets the timers and the CPU interface of a PE
   * @param resetBoard lets all begin anew that began with the caller's board; false if it cannot
   */
  Psci(
      List<Pe> pes,
      PhysicalMemory ram,
      List<PeState> atReset,
      IntConsumer resetDevices,
      Predicate<Pe> resetBoard) {
    this.pes = pes;
    this.ram = ram;
    this.atReset = atReset;
    this.resetDevices = resetDevices;
    this.resetBoard = resetBoard;
  }

  /** Answers a call; false where it is UNDEFINED: it is none of PSCI's, and not from EL2. */
  boolean answers(Pe caller) {
    int id = (int) caller.x(0);
    if (id == 0x8000_0000) {
      answer(caller, "SMCCC_VERSION", "", VERSION_1_1);
      return true;
    }
    if (id == 0x8000_0001) {
      answer(caller, "SMCCC_ARCH_FEATURES", Long.toHexString(caller.w(1)), archFeature(caller));
      return true;
    }
    if ((id & ~(SMC64 | 0x1f)) != 0x8400_0000) {
      return answersUnknown(caller, id);
    }
    boolean wide = (id & SMC64) != 0;
    Function function = function(id);
    if (function == null) {
      answer(caller, "PSCI function 0x" + Integer.toHexString(id), "", NOT_SUPPORTED);
      return true;
    }
    perform(
        caller,
        function,
        wide ? caller.x(1) : caller.w(1),
        wide ? caller.x(2) : caller.w(2),
        wide ? caller.x(3) : caller.w(3));
    return true;
  }

  /**
   * Firmware says of a function that it does not have it. That there is no EL3 shows at EL1 alone.
   *
   * <p>Source: SMC Calling Convention (DEN0028), "Unknown Function Identifier".
   */
  private static boolean answersUnknown(Pe caller, int id) {
    if (caller.el() < 2) {
      return false;
    }
    answer(caller, "SMC function 0x" + Integer.toHexString(id), "", NOT_SUPPORTED);
    return true;
  }

  private static @Nullable Function function(int id) {
    for (Function function : Function.values()) {
      if (function.number == (id & 0x1f) && (function.also64 || (id & SMC64) == 0)) {
        return function;
      }
    }
    return null;
  }

  private static long archFeature(Pe caller) {
    int asked = (int) caller.x(1);
    return asked == 0x8000_0000 || asked == 0x8000_0001 ? SUCCESS : NOT_SUPPORTED;
  }

  private void perform(Pe caller, Function function, long first, long second, long third) {
    String name = "PSCI " + function.name();
    switch (function) {
      case VERSION -> answer(caller, name, "", VERSION_1_1);
      case MIGRATE_INFO_TYPE -> answer(caller, name, "", NO_TRUSTED_OS);
      case FEATURES -> answer(caller, name, "0x" + Long.toHexString(first), feature((int) first));
      case AFFINITY_INFO ->
          answer(caller, name, "0x" + Long.toHexString(first), affinityInfo(first, second));
      case CPU_ON ->
          answer(
              caller,
              name,
              "PE 0x" + Long.toHexString(first) + " at 0x" + Long.toHexString(second),
              cpuOn(first, second, third));
      case CPU_SUSPEND -> {
        boolean powerDown = (first & 1 << 16) != 0;
        if (!powerDown) {
          caller.waiting().standBy();
        }
        answer(
            caller, name, "0x" + Long.toHexString(first), powerDown ? INVALID_PARAMETERS : SUCCESS);
      }
      case CPU_OFF -> switchOff(caller);
      case SYSTEM_OFF -> {
        caller.report(new SimEvent.FirmwareCalled(name, "", SUCCESS));
        stop(caller, name);
      }
      case SYSTEM_RESET -> {
        caller.report(new SimEvent.FirmwareCalled(name, "", SUCCESS));
        if (!resetBoard.test(caller)) {
          stop(caller, name);
        }
      }
    }
  }

  /** CPU_ON as a hypervisor in Java calls it. */
  long switchOn(Pe caller, Pe target, long entry, long context) {
    long affinity = target.system(MPIDR_EL1) & AFFINITY;
    long result = cpuOn(affinity, entry, context);
    caller.report(
        new SimEvent.FirmwareCalled(
            "PSCI CPU_ON", "PE " + target.id() + " at 0x" + Long.toHexString(entry), result));
    return result;
  }

  /** CPU_OFF as a hypervisor in Java calls it. */
  static void switchOff(Pe caller) {
    caller.waiting().powerOff();
    caller.report(new SimEvent.FirmwareCalled("PSCI CPU_OFF", "PE " + caller.id(), SUCCESS));
  }

  private static void stop(Pe caller, String name) {
    caller.halt();
    caller.wiring().giveWay();
    caller.report(new SimEvent.GuestStopped(name, true));
  }

  private static void answer(Pe caller, String function, String arguments, long result) {
    caller.setX(0, result);
    caller.report(new SimEvent.FirmwareCalled(function, arguments, result));
  }

  private static long feature(int id) {
    boolean known =
        id == 0x8000_0000 || ((id & ~(SMC64 | 0x1f)) == 0x8400_0000 && function(id) != null);
    return known ? SUCCESS : NOT_SUPPORTED;
  }

  private long affinityInfo(long affinity, long lowestLevel) {
    Pe pe = lowestLevel == 0 ? byAffinity(affinity) : null;
    if (pe == null) {
      return INVALID_PARAMETERS;
    }
    return pe.waiting().activity() == Activity.OFF ? OFF : ON;
  }

  /** A PE begins at the highest exception level there is, EL2. */
  private long cpuOn(long affinity, long entry, long context) {
    Pe pe = byAffinity(affinity);
    if (pe == null) {
      return INVALID_PARAMETERS;
    }
    if (pe.waiting().activity() != Activity.OFF) {
      return ALREADY_ON;
    }
    if ((entry & 3) != 0 || !ram.contains(entry, 4)) {
      return INVALID_ADDRESS;
    }
    resetDevices.accept(pe.id());
    pe.waiting().powerOn(atReset.get(pe.id()), entry, context);
    return SUCCESS;
  }

  private @Nullable Pe byAffinity(long affinity) {
    for (Pe pe : pes) {
      if ((pe.system(MPIDR_EL1) & AFFINITY) == affinity) {
        return pe;
      }
    }
    return null;
  }
}
