package dev.stagewalk.hyp;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.cpu.El2;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The stage-2 table library: {@code s2mmu_init}, {@code _map}, {@code _unmap}, {@code _enable},
 * {@code _disable}, {@code _destroy}, {@code _print_fault_info}.
 *
 * <p>This is a handle: everything it is about lies in {@code struct s2_mmu} in simulated memory, so
 * any number of handles on one structure are the same object. Without defects an operation checks
 * its arguments first, and one that is refused has changed nothing.
 */
public final class Stage2Mmu {
  private static final long HCR_VM = 1;

  private final El2 el2;
  private final Defects defects;
  private final Stage2Struct struct;

  /**
   * A handle.
   *
   * @param struct physical address of the structure; 0 is the null that a failed init returned
   */
  public Stage2Mmu(El2 el2, Defects defects, long struct) {
    this.el2 = el2;
    this.defects = defects;
    this.struct = new Stage2Struct(struct);
  }

  /**
   * {@code s2mmu_init}: allocates the root and fills the structure.
   *
   * @param vmid 0 to 255, or to 65535 with FEAT_VMID16
   * @param ipaBits IPA size in bits, up to 48, no more than the PE's physical addresses
   * @param blocks whether blocks may be used
   */
  public Result init(int vmid, Granule granule, int ipaBits, boolean blocks) {
    String arguments = "VMID " + vmid + ", " + granule.text() + " granule, " + ipaBits + "-bit IPA";
    return call("s2mmu_init", arguments, () -> doInit(vmid, granule, ipaBits, blocks));
  }

  private Result doInit(int vmid, Granule granule, int ipaBits, boolean blocks) {
    Stage2Shape shape;
    try {
      shape = Stage2Shape.of(el2, defects, granule, ipaBits, blocks);
    } catch (IllegalArgumentException e) {
      return Result.refused(String.valueOf(e.getMessage()));
    }
    int vmidBits = Stage2Shape.vmidBits(el2);
    if (!defects.has(Defect.VMID_OVER_8BIT) && vmid >>> vmidBits != 0) {
      return Result.refused("VMID " + vmid + " does not fit into " + vmidBits + " bits");
    }
    long root = Stage2Tables.allocateRoot(el2, shape);
    if (root == 0) {
      return Result.refused("out of memory for the root");
    }
    struct.write(el2, root, vmid, shape);
    return Result.OK;
  }

  /**
   * {@code s2mmu_enable}: VTCR_EL2, VTTBR_EL2, and nothing left in a TLB of this VMID. It does not
   * touch HCR_EL2.VM.
   */
  public Result enable() {
    return call("s2mmu_enable", "", this::doEnable);
  }

  private Result doEnable() {
    Stage2Tables tables = tables();
    el2.writeRegister("VTCR_EL2", tables.shape.vtcr());
    el2.writeRegister("VTTBR_EL2", tables.vttbr());
    if (!defects.has(Defect.NO_ISB_BEFORE_TLBI)) {
      el2.isb();
    }
    tables.invalidate();
    return Result.OK;
  }

  /**
   * {@code s2mmu_disable}: leaves stage 2. If VTTBR_EL2 names another VMID by now, that one stays.
   */
  public Result disable() {
    return call("s2mmu_disable", "", this::doDisable);
  }

  private Result doDisable() {
    if (defects.has(Defect.NO_TLBI_ON_DESTROY)) {
      el2.writeRegister("VTTBR_EL2", 0);
      el2.isb();
      return Result.OK;
    }
    Stage2Tables tables = tables();
    tables.invalidate();
    if (el2.register("VTTBR_EL2") == tables.vttbr()) {
      long hcr = el2.register("HCR_EL2");
      if ((hcr & HCR_VM) != 0) {
        el2.writeRegister("HCR_EL2", hcr & ~HCR_VM);
      }
      el2.writeRegister("VTTBR_EL2", 0);
      el2.isb();
    }
    return Result.OK;
  }

  /** {@code s2mmu_destroy}: frees all tables, the root included; the structure is the caller's. */
  public Result destroy() {
    return call("s2mmu_destroy", "", this::doDestroy);
  }

  private Result doDestroy() {
    if (!defects.has(Defect.NO_TLBI_ON_DESTROY)) {
      doDisable();
    }
    Stage2Tables tables = tables();
    tables.freeSubtree(tables.pgd, tables.shape.rootLevel());
    return Result.OK;
  }

  /**
   * {@code s2mmu_map}: maps a range of IPAs to equally many PAs.
   *
   * @param ipa a multiple of the granule
   * @param pa a multiple of the granule
   * @param size bytes, a multiple of the granule
   * @param flags see {@link MapFlags}
   */
  public Result map(long ipa, long pa, long size, long flags) {
    String arguments =
        Words.address(ipa)
            + " → "
            + Words.address(pa)
            + " "
            + Words.size(size)
            + " "
            + MapFlags.words(flags);
    return call("s2mmu_map", arguments, () -> doMap(ipa, pa, size, flags));
  }

  private Result doMap(long ipa, long pa, long size, long flags) {
    Stage2Tables tables = tables();
    Optional<String> wrong = new Stage2Checks(tables).map(ipa, pa, size, flags);
    return wrong
        .map(Result::refused)
        .orElseGet(() -> new Stage2Map(tables, ipa, pa, size, flags).run());
  }

  /**
   * {@code s2mmu_unmap}: afterwards nothing in the range is mapped. What was not mapped before is
   * no error.
   *
   * @param ipa a multiple of the granule
   * @param size bytes, a multiple of the granule
   */
  public Result unmap(long ipa, long size) {
    String arguments = Words.address(ipa) + " " + Words.size(size);
    return call("s2mmu_unmap", arguments, () -> doUnmap(ipa, size));
  }

  private Result doUnmap(long ipa, long size) {
    Stage2Tables tables = tables();
    Optional<String> wrong = new Stage2Checks(tables).unmap(ipa, size);
    return wrong.map(Result::refused).orElseGet(() -> new Stage2Unmap(tables, ipa, size).run());
  }

  /** {@code s2mmu_print_fault_info}: prints the syndrome registers on the host's console. */
  public void printFaultInfo() {
    long esr = el2.register("ESR_EL2");
    long hpfar = el2.register("HPFAR_EL2");
    el2.print(
        "Stage-2 Fault Info: ESR="
            + Hex.plain(esr)
            + " FAR="
            + Hex.plain(el2.register("FAR_EL2"))
            + " HPFAR="
            + Hex.plain(hpfar));
    if (!defects.has(Defect.RAW_FAULT_INFO)) {
      el2.print("  " + Syndrome.words(esr, hpfar));
    }
  }

  /** What the tables say of an IPA, the offset kept; no micro-step. */
  public Optional<Mapping> query(long ipa) {
    return tables().find(ipa);
  }

  /** VTTBR_EL2 for this stage 2. */
  public long vttbr() {
    return tables().vttbr();
  }

  /** VTCR_EL2 for this stage 2. */
  public long vtcr() {
    return tables().shape.vtcr();
  }

  public Granule granule() {
    return tables().shape.granule();
  }

  /** IPA size in bits. */
  public int ipaBits() {
    return tables().shape.ipaBits();
  }

  /** Physical address of the root. */
  public long root() {
    return tables().pgd;
  }

  /** Initial lookup level of the tables. */
  public int rootLevel() {
    return tables().shape.rootLevel();
  }

  private Stage2Tables tables() {
    return new Stage2Tables(el2, defects, struct);
  }

  /** Runs a function between its two marks on the timeline. */
  private Result call(String name, String arguments, Supplier<Result> body) {
    el2.callBegan(name, arguments);
    Result result = struct.at() == 0 ? onNull() : body.get();
    el2.callEnded(name, result.words(), result.ok());
    return result;
  }

  private Result onNull() {
    if (defects.has(Defect.DESTROY_NULL)) {
      throw new HostFault("the library was called with a null object");
    }
    return Result.refused("there is no such stage 2: init failed");
  }
}
