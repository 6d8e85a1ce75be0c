package dev.stagewalk.hyp;

import dev.stagewalk.cpu.El2;
import dev.stagewalk.cpu.GuestRegisters;
import java.util.List;

/**
 * The registers that each guest has of its own, beyond what RESUME reloads: those of EL1 and EL0,
 * and at EL2 the offset of its virtual counter and its virtual interrupts. They are kept in its
 * structure while another guest has the PE.
 */
final class GuestRegisterSet {
  /** In the order in which they are kept. SCTLR_EL1, ELR and SPSR have places as posted. */
  static final List<String> NAMES =
      List.of(
          "SP_EL0",
          "TPIDR_EL0",
          "TPIDRRO_EL0",
          "TPIDR_EL1",
          "VBAR_EL1",
          "TTBR0_EL1",
          "TTBR1_EL1",
          "TCR_EL1",
          "MAIR_EL1",
          "AMAIR_EL1",
          "CONTEXTIDR_EL1",
          "CPACR_EL1",
          "ELR_EL1",
          "SPSR_EL1",
          "ESR_EL1",
          "FAR_EL1",
          "AFSR0_EL1",
          "AFSR1_EL1",
          "PAR_EL1",
          "CNTKCTL_EL1",
          "CNTV_CVAL_EL0",
          "CNTVOFF_EL2",
          "CNTV_CTL_EL0",
          "FPCR",
          "FPSR",
          "ICH_VMCR_EL2",
          "ICH_AP0R0_EL2",
          "ICH_AP1R0_EL2",
          "ICH_LR0_EL2",
          "ICH_LR1_EL2",
          "ICH_LR2_EL2",
          "ICH_LR3_EL2",
          // The last, so that the interface looks at list registers that are the guest's.
          "ICH_HCR_EL2");

  private static final int VECTOR_HALVES = 64;

  private GuestRegisterSet() {}

  /** Where a register is kept. */
  static int offset(String name) {
    return GuestStruct.EL1_REGISTERS + 8 * NAMES.indexOf(name);
  }

  /** Stores what the guest has, in one micro-step a kind of registers. */
  static void save(El2 el2, GuestRegisters stub, int vector, GuestStruct struct) {
    long[] words = new long[NAMES.size()];
    for (int i = 0; i < words.length; i++) {
      words[i] = el2.register(NAMES.get(i));
    }
    stub.saveContext(vector, struct.at() + GuestStruct.EL1_REGISTERS, words);
    long[] halves = new long[VECTOR_HALVES];
    for (int i = 0; i < halves.length; i++) {
      halves[i] = stub.vector(i / 2, i % 2);
    }
    stub.saveContext(vector, struct.at() + GuestStruct.VECTORS, halves);
  }

  /** Loads what the guest had; a register that holds it already is left alone. */
  static void load(El2 el2, GuestRegisters stub, GuestStruct struct) {
    for (String name : NAMES) {
      load(el2, struct, name);
    }
    long[] halves = new long[VECTOR_HALVES];
    for (int i = 0; i < halves.length; i++) {
      halves[i] = struct.get(el2, GuestStruct.VECTORS + 8 * i);
    }
    stub.loadVectors(struct.at() + GuestStruct.VECTORS, halves);
  }

  /** Loads one of them. */
  static void load(El2 el2, GuestStruct struct, String name) {
    long value = struct.get(el2, offset(name));
    if (el2.register(name) != value) {
      el2.writeRegister(name, value);
    }
  }
}
