package dev.stagewalk.cpu;

import dev.stagewalk.arch.RegisterTable;
import java.util.Map;
import java.util.TreeMap;

/** The values of a PE's System registers, by the dense index of the register table. */
public final class SystemRegisters {
  public static final int HCR_EL2 = index("HCR_EL2");
  public static final int VTCR_EL2 = index("VTCR_EL2");
  public static final int VTTBR_EL2 = index("VTTBR_EL2");
  public static final int VBAR_EL1 = index("VBAR_EL1");
  public static final int VBAR_EL2 = index("VBAR_EL2");
  public static final int ESR_EL1 = index("ESR_EL1");
  public static final int ESR_EL2 = index("ESR_EL2");
  public static final int FAR_EL1 = index("FAR_EL1");
  public static final int FAR_EL2 = index("FAR_EL2");
  public static final int HPFAR_EL2 = index("HPFAR_EL2");
  public static final int ELR_EL1 = index("ELR_EL1");
  public static final int ELR_EL2 = index("ELR_EL2");
  public static final int SPSR_EL1 = index("SPSR_EL1");
  public static final int SPSR_EL2 = index("SPSR_EL2");
  public static final int SP_EL0 = index("SP_EL0");
  public static final int SP_EL1 = index("SP_EL1");
  public static final int SP_EL2 = index("SP_EL2");
  public static final int SCTLR_EL1 = index("SCTLR_EL1");
  public static final int SCTLR_EL2 = index("SCTLR_EL2");
  static final int MIDR_EL1 = index("MIDR_EL1");
  static final int MPIDR_EL1 = index("MPIDR_EL1");
  static final int VPIDR_EL2 = index("VPIDR_EL2");
  static final int VMPIDR_EL2 = index("VMPIDR_EL2");
  static final int VSESR_EL2 = index("VSESR_EL2");
  static final int MDCR_EL2 = index("MDCR_EL2");
  static final int MDSCR_EL1 = index("MDSCR_EL1");

  /** MDCR_EL2.TDE: debug exceptions go to EL2. */
  static final long MDCR_TDE = 1L << 8;

  /**
   * HCR_EL2 bits the engine looks at. Source: Arm ARM, HCR_EL2, Hypervisor Configuration Register.
   */
  static final long HCR_VM = 1L;

  static final long HCR_DC = 1L << 12;
  static final long HCR_TWI = 1L << 13;
  static final long HCR_TWE = 1L << 14;
  static final long HCR_TSC = 1L << 19;
  static final long HCR_TGE = 1L << 27;
  static final long HCR_HCD = 1L << 29;
  static final long HCR_NV = 1L << 42;
  static final long HCR_NV1 = 1L << 43;
  static final long HCR_NV2 = 1L << 45;
  static final long HCR_E2H = 1L << 34;
  static final long HCR_TEA = 1L << 37;

  private static final Map<String, Integer> NAMES = names();

  private final long[] values = new long[RegisterTable.standard().size()];

  /**
   * The index of a register.
   *
   * @throws IllegalArgumentException if the table has no register of that name
   */
  public static int index(String name) {
    return RegisterTable.standard().require(name).index();
  }

  public long get(int index) {
    return values[index];
  }

  void set(int index, long value) {
    values[index] = value;
  }

  boolean hcr(long bit) {
    return (values[HCR_EL2] & bit) != 0;
  }

  long[] save() {
    return values.clone();
  }

  void restore(long[] state) {
    System.arraycopy(state, 0, values, 0, values.length);
  }

  /** Index of every register and alias by name. */
  public static Map<String, Integer> indices() {
    return NAMES;
  }

  private static Map<String, Integer> names() {
    Map<String, Integer> names = new TreeMap<>();
    RegisterTable.standard().names().forEach(r -> names.put(r.name(), r.index()));
    return Map.copyOf(names);
  }
}
