package dev.stagewalk.cpu;

import java.util.Map;

/**
 * The IC and DC instructions. Caches are not modelled: maintenance has no effect but its faults.
 *
 * <p>Source: Arm ARM, "Cache maintenance instructions"; DC ZVA, DCZID_EL0.
 */
final class CacheMaintenance implements SystemRegisterDevice {
  /** Bytes that DC ZVA clears: DCZID_EL0.BS = 4. */
  private static final int ZVA_BYTES = 64;

  private static final long DCZID_DZP = 1L << 4;

  /** What an operation does here. */
  private enum Effect {
    NONE,
    READS,
    WRITES,
    ZEROES
  }

  /** An operation, and the value that ID_AA64ISAR1_EL1.DPB must have at least. */
  private record Operation(Effect effect, int dpb) {}

  private static final int DC_ZVA = encoding(3, 4, 1);

  private static final Map<Integer, Operation> OPERATIONS =
      Map.ofEntries(
          Map.entry(encoding(0, 1, 0), new Operation(Effect.NONE, 0)), // IC IALLUIS
          Map.entry(encoding(0, 5, 0), new Operation(Effect.NONE, 0)), // IC IALLU
          Map.entry(encoding(3, 5, 1), new Operation(Effect.READS, 0)), // IC IVAU
          Map.entry(encoding(0, 6, 1), new Operation(Effect.WRITES, 0)), // DC IVAC
          Map.entry(encoding(0, 6, 2), new Operation(Effect.NONE, 0)), // DC ISW
          Map.entry(encoding(0, 10, 2), new Operation(Effect.NONE, 0)), // DC CSW
          Map.entry(encoding(0, 14, 2), new Operation(Effect.NONE, 0)), // DC CISW
          Map.entry(DC_ZVA, new Operation(Effect.ZEROES, 0)),
          Map.entry(encoding(3, 10, 1), new Operation(Effect.READS, 0)), // DC CVAC
          Map.entry(encoding(3, 11, 1), new Operation(Effect.READS, 0)), // DC CVAU
          Map.entry(encoding(3, 12, 1), new Operation(Effect.READS, 1)), // DC CVAP
          Map.entry(encoding(3, 13, 1), new Operation(Effect.READS, 2)), // DC CVADP
          Map.entry(encoding(3, 14, 1), new Operation(Effect.READS, 0))); // DC CIVAC

  private final Pe pe;

  CacheMaintenance(Pe pe) {
    this.pe = pe;
  }

  private static int encoding(int op1, int crm, int op2) {
    return 1 << 14 | op1 << 11 | 7 << 7 | crm << 3 | op2;
  }

  /** Whether a PE has this operation (op0:op1:CRn:CRm:op2). */
  static boolean has(Pe pe, int encoding) {
    Operation operation = OPERATIONS.get(encoding);
    return operation != null
        && (operation.dpb == 0
            || !pe.lacks(
                operation.dpb == 1 ? OptionalFeature.FEAT_DPB : OptionalFeature.FEAT_DPB2));
  }

  /** Executes one that the PE has; EL0 and traps are out of the way. */
  static void execute(Pe pe, int encoding, long va) {
    Operation operation = OPERATIONS.get(encoding);
    switch (operation == null ? Effect.NONE : operation.effect) {
      case NONE -> {}
      case READS -> pe.memory().maintain(va);
      case WRITES -> pe.memory().invalidate(va);
      case ZEROES -> zero(pe, va);
    }
  }

  /** A fault names the address as it was given, not the block's. */
  private static void zero(Pe pe, long va) {
    pe.memory().probeZero(va, ZVA_BYTES);
    for (int offset = 0; offset < ZVA_BYTES; offset += 8) {
      pe.store((va & -ZVA_BYTES) + offset, 8, 0);
    }
  }

  /** DCZID_EL0: DZP says whether DC ZVA would be trapped here and now. */
  @Override
  public long read(int register) {
    long blockSize = 4;
    return TrapTable.target(pe, DC_ZVA, false) != 0 ? blockSize | DCZID_DZP : blockSize;
  }

  @Override
  public void write(int register, long value) {
    throw pe.undefined();
  }
}
