package dev.stagewalk.app.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.RegisterTable;
import dev.stagewalk.board.Machine;
import dev.stagewalk.board.Profile;
import dev.stagewalk.cpu.El2Software;
import dev.stagewalk.cpu.Engine;
import dev.stagewalk.cpu.Pe;
import dev.stagewalk.cpu.SystemRegisters;
import dev.stagewalk.event.SimEvent;
import dev.stagewalk.event.StopHere;
import dev.stagewalk.mmu.Tlb;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A machine like the one the vectors were recorded on: 8 GiB of RAM, one PE with the ID registers
 * of the recorded CPU, no code at EL2. A replay enters the guest with an exception return and gets
 * the PE back when it is at EL2 again.
 */
final class RecordedMachine {
  /** Where exceptions to EL2 go; nothing is executed there. */
  static final long VBAR_EL2 = 0x4000_0000L;

  private static final long RAM_BYTES = 0x2_0000_0000L;

  /**
   * What the recorded header leaves out of the emulator's CPU "max": ID_AA64PFR1_EL1 with FEAT_BTI,
   * FEAT_SSBS2 and FEAT_NMI.
   */
  private static final long MAX_PFR1 = 0x10_0000_0021L;

  private static final long MAX_MIDR = 0xf_0510;

  /** Stops the run where the PE has come to EL2. */
  private static final El2Software STOP_AT_EL2 =
      new El2Software() {
        @Override
        public void started(Pe pe) {
          throw StopHere.STOP;
        }

        @Override
        public void entered(Pe pe, int vector) {
          // The exception is complete only after this.
        }
      };

  private final Machine machine;
  private final Machine.State blank;
  private @Nullable String stopped;

  /**
   * @param idRegisters values by name, as a file's header lists them
   */
  RecordedMachine(JsonNode idRegisters, Engine engine) {
    this.machine =
        new Machine(
            new Profile("recorded", identification(idRegisters)),
            RAM_BYTES,
            4096,
            new Tlb(Tlb.Mode.REALISTIC, Tlb.USUAL_CAPACITY, 1),
            (_, event) -> watch(event));
    machine.use(engine);
    set("VBAR_EL2", VBAR_EL2);
    this.blank = machine.save();
  }

  private static Map<String, Long> identification(JsonNode idRegisters) {
    Map<String, Long> values = new TreeMap<>();
    idRegisters
        .properties()
        .forEach(entry -> {
          String name = entry.getKey();
          if (name.startsWith("ID_") || name.startsWith("MIDR")) {
            values.put(name, number(entry.getValue()));
          }
        });
    if (Objects.equals(values.get("MIDR_EL1"), MAX_MIDR)) {
      values.put("ID_AA64PFR1_EL1", MAX_PFR1);
    }
    values.keySet().removeIf(name -> RegisterTable.standard().register(name).isEmpty());
    return values;
  }

  private void watch(SimEvent event) {
    if (event instanceof SimEvent.GuestStopped stop) {
      stopped = stop.reason();
    }
  }

  /** Why the engine stopped a guest since the last entry; null if it did not. */
  @Nullable String unsimulated() {
    return stopped;
  }

  Pe pe() {
    return machine.pe();
  }

  Machine machine() {
    return machine;
  }

  /** Back to reset: memory of zeros, empty TLBs. */
  void clear() {
    machine.restore(blank);
  }

  /** Writes the words of a list of pairs of address and value. */
  void write(JsonNode words) {
    for (JsonNode word : words) {
      machine.ram().write(number(word.required(0)), 8, number(word.required(1)));
    }
  }

  /** Sets System registers by name. */
  void set(JsonNode registers) {
    registers.properties().forEach(entry -> set(entry.getKey(), number(entry.getValue())));
  }

  void set(String register, long value) {
    pe().setSystem(SystemRegisters.index(register), value);
  }

  long get(String register) {
    return pe().system(SystemRegisters.index(register));
  }

  /** Returns from EL2 to a PC and PSTATE. */
  void enter(long pc, long spsr) {
    stopped = null;
    set("ELR_EL2", pc);
    set("SPSR_EL2", spsr);
    pe().exceptionReturn();
  }

  /**
   * Executes until an exception is taken to EL2.
   *
   * @param limit instructions at most
   * @return whether EL2 was reached
   */
  boolean runToEl2(int limit) {
    if (pe().el() < 2) {
      machine.install(STOP_AT_EL2);
      try {
        machine.run(machine.instructions() + limit);
      } catch (StopHere _) {
        // There it is.
      } finally {
        machine.install(null);
      }
    }
    return pe().el() == 2;
  }

  /** Offset of the vector the last exception to EL2 was taken to. */
  long vector() {
    return pe().pc() - VBAR_EL2;
  }

  static long number(JsonNode value) {
    return Hex.parse(value.asText());
  }

  static long number(JsonNode node, String key) {
    return number(node.required(key));
  }

  /** As the vectors write numbers. */
  static String hex(long value) {
    return Hex.plain(value);
  }
}
