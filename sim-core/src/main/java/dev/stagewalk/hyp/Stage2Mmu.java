package dev.stagewalk.hyp;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.cpu.El2;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
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

  /**
   * {@code s2mmu_destroy}: frees all tables, the root included; the structure is the caller's. Of
   * the null that a failed init returned there is nothing to free.
   */
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
    return call("s2mmu_map", arguments, operands(ipa, pa, size), () -> doMap(ipa, pa, size, flags));
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
    return call("s2mmu_unmap", arguments, operands(ipa, size), () -> doUnmap(ipa, size));
  }

  private Result doUnmap(long ipa, long size) {
    Stage2Tables tables = tables();
    Optional<String> wrong = new Stage2Checks(tables).unmap(ipa, size);
    return wrong.map(Result::refused).orElseGet(() -> new Stage2Unmap(tables, ipa, size).run());
  }

  // Beyond the posted library

  /**
   * {@code s2mmu_query}: where an IPA leads, with what size and attributes.
   *
   * @return {@link Result.Leads}; its IPA and PA keep the offset
   */
  public Result translate(long ipa) {
    return checked(
        "s2mmu_query",
        Words.address(ipa),
        tables -> new Stage2Checks(tables).address(ipa),
        tables ->
            tables
                .find(ipa)
                .<Result>map(Result.Leads::new)
                .orElseGet(() -> Result.refused("nothing maps " + Words.address(ipa))));
  }

  /**
   * {@code s2mmu_protect}: gives everything mapped in a range other permissions. What is not mapped
   * stays so; a block that the range covers in part is split.
   *
   * @param ipa a multiple of the granule
   * @param size bytes, a multiple of the granule
   * @param permissions {@link MapFlags#READ}, {@link MapFlags#WRITE}, {@link MapFlags#XN}
   * @return {@link Result.Changed}
   */
  public Result protect(long ipa, long size, long permissions) {
    String arguments = range(ipa, size) + " " + MapFlags.permissionWords(permissions);
    return checked(
        "s2mmu_protect",
        arguments,
        tables -> {
          if ((permissions & ~MapFlags.PERMISSIONS) != 0) {
            return Optional.of("the permissions have bits that are none: S2AP and XN only");
          }
          return onPages(tables, ipa, size)
              .or(() ->
                  tables.logs(ipa, ipa + size)
                      ? Optional.of("writes to part of the range are logged: end that first")
                      : Optional.empty());
        },
        tables -> new Stage2Protect(tables, ipa, size, permissions).run());
  }

  /**
   * {@code s2mmu_accessed}: the blocks and pages of a range that were touched since their Access
   * flag was cleared.
   *
   * @return {@link Result.Found}
   */
  public Result accessed(long ipa, long size) {
    return checked(
        "s2mmu_accessed",
        range(ipa, size),
        tables -> onPages(tables, ipa, size),
        tables -> new Stage2Access(tables).accessed(ipa, size));
  }

  /**
   * {@code s2mmu_clear_access}: clears the Access flags of a range.
   *
   * @param invalidate whether TLBs forget what they hold; if not, accesses that they still answer
   *     go unseen, which the architecture allows
   * @return {@link Result.Found} with those that had the flag set
   */
  public Result clearAccess(long ipa, long size, boolean invalidate) {
    return checked(
        "s2mmu_clear_access",
        range(ipa, size) + (invalidate ? "" : " without TLBI"),
        tables -> onPages(tables, ipa, size),
        tables -> new Stage2Access(tables).clear(ipa, size, invalidate));
  }

  /**
   * {@code s2mmu_set_access}: sets the Access flag of the block or page that translates an IPA, the
   * answer to an Access flag fault.
   *
   * @return {@link Result.Changed}, with 0 if it was set already
   */
  public Result setAccess(long ipa) {
    return checked(
        "s2mmu_set_access",
        Words.address(ipa),
        tables -> new Stage2Checks(tables).address(ipa),
        tables -> new Stage2Access(tables).set(ipa));
  }

  /**
   * {@code s2mmu_log_start}: from now on the pages that are written in a range are logged. Blocks
   * are split into pages; Device memory and what may not be written is not logged; what is mapped
   * later counts as written.
   *
   * @return {@link Result.Changed} with the pages under the log
   */
  public Result startLog(long ipa, long size) {
    return checked(
        "s2mmu_log_start",
        range(ipa, size),
        tables -> onPages(tables, ipa, size),
        tables -> new Stage2DirtyLog(tables).start(struct, ipa, size));
  }

  /**
   * {@code s2mmu_log_write}: lets the guest write a page under the log, which is dirty from now on:
   * the answer to the Permission fault of its first write.
   *
   * @return {@link Result.Changed}, with 0 if it is dirty already; refused if its writes are not
   *     logged
   */
  public Result logWrite(long ipa) {
    return checked(
        "s2mmu_log_write",
        Words.address(ipa),
        tables -> new Stage2Checks(tables).address(ipa),
        tables -> new Stage2DirtyLog(tables).written(ipa));
  }

  /**
   * {@code s2mmu_log_collect}: the pages of a range under the log that were written since it was
   * collected last. They are clean afterwards.
   *
   * @return {@link Result.Found}
   */
  public Result collectLog(long ipa, long size) {
    return checked(
        "s2mmu_log_collect",
        range(ipa, size),
        tables -> onPages(tables, ipa, size),
        tables -> new Stage2DirtyLog(tables).collect(ipa, size));
  }

  /**
   * {@code s2mmu_log_stop}: ends the log; pages stay pages.
   *
   * @return {@link Result.Changed} with the pages that were under it
   */
  public Result stopLog() {
    return checked(
        "s2mmu_log_stop",
        "",
        _ -> Optional.empty(),
        tables -> new Stage2DirtyLog(tables).stop(struct));
  }

  /**
   * {@code s2mmu_split}: replaces the block that translates an IPA by the next level's entries.
   *
   * @return {@link Result.Changed}
   */
  public Result split(long ipa) {
    return checked(
        "s2mmu_split",
        Words.address(ipa),
        tables -> new Stage2Checks(tables).address(ipa),
        tables -> new Stage2Resize(tables).split(ipa));
  }

  /**
   * {@code s2mmu_merge}: replaces everything below a table by one block, if it maps what the block
   * would: all of it, one output address following on the other, with equal attributes.
   *
   * @param ipa any in the block
   * @param level of the block
   * @return {@link Result.Changed} with the blocks and pages that were merged
   */
  public Result merge(long ipa, int level) {
    return checked(
        "s2mmu_merge",
        Words.address(ipa) + " into a level " + level + " block",
        tables -> new Stage2Checks(tables).address(ipa),
        tables -> new Stage2Resize(tables).merge(ipa, level));
  }

  /**
   * {@code s2mmu_hardware_updates}: lets the walker set Access flags, and make pages with DBM
   * writable, by itself; or no longer. Effective at once if this stage 2 is enabled.
   *
   * @param accessFlag VTCR_EL2.HA
   * @param dirtyState VTCR_EL2.HD, which needs HA
   */
  public Result hardwareUpdates(boolean accessFlag, boolean dirtyState) {
    String arguments = "HA " + (accessFlag ? 1 : 0) + ", HD " + (dirtyState ? 1 : 0);
    return call(
        "s2mmu_hardware_updates", arguments, () -> doHardwareUpdates(accessFlag, dirtyState));
  }

  private Result doHardwareUpdates(boolean accessFlag, boolean dirtyState) {
    long vtcr;
    try {
      vtcr = tables().shape.vtcrWith(el2, accessFlag, dirtyState);
    } catch (IllegalArgumentException e) {
      return Result.refused(String.valueOf(e.getMessage()));
    }
    boolean live = el2.register("VTTBR_EL2") == vttbr();
    struct.setVtcr(el2, vtcr);
    if (live) {
      el2.writeRegister("VTCR_EL2", vtcr);
      el2.isb();
      tables().invalidate();
    }
    return Result.OK;
  }

  private static Optional<String> onPages(Stage2Tables tables, long ipa, long size) {
    return new Stage2Checks(tables).pages(ipa, size);
  }

  private static String range(long ipa, long size) {
    return Words.address(ipa) + " " + Words.size(size);
  }

  private Result checked(
      String name,
      String arguments,
      Function<Stage2Tables, Optional<String>> wrong,
      Function<Stage2Tables, Result> body) {
    return call(
        name,
        arguments,
        () -> {
          Stage2Tables tables = tables();
          return wrong.apply(tables).map(Result::refused).orElseGet(() -> body.apply(tables));
        });
  }

  /** {@code s2mmu_print_fault_info}: prints the syndrome registers on the host's console. */
  public void printFaultInfo() {
    long esr = el2.register("ESR_EL2");
    boolean raw = defects.has(Defect.RAW_FAULT_INFO);
    // What is UNKNOWN is read as posted only.
    boolean known = raw || Syndrome.hpfarValid(esr);
    long hpfar = known ? el2.register("HPFAR_EL2") : 0;
    el2.print(
        "Stage-2 Fault Info: ESR="
            + Hex.plain(esr)
            + " FAR="
            + Hex.plain(el2.register("FAR_EL2"))
            + (known ? " HPFAR=" + Hex.plain(hpfar) : " HPFAR UNKNOWN"));
    if (!raw) {
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

  /** Entries of the root: those of all its concatenated tables. */
  public int rootEntries() {
    Stage2Tables tables = tables();
    return tables.shape.entries(tables.shape.rootLevel());
  }

  private Stage2Tables tables() {
    return new Stage2Tables(el2, defects, struct);
  }

  /** Runs a function between its two marks on the timeline. */
  private Result call(String name, String arguments, Supplier<Result> body) {
    return call(name, arguments, List.of(), body);
  }

  /** Which tables a function is about, and what it is to do with them. */
  private List<Long> operands(long... values) {
    if (struct.at() == 0) {
      return List.of();
    }
    List<Long> all = new ArrayList<>(List.of(vttbr(), vtcr()));
    for (long value : values) {
      all.add(value);
    }
    return all;
  }

  private Result call(String name, String arguments, List<Long> operands, Supplier<Result> body) {
    el2.callBegan(name, arguments, operands);
    Result result = struct.at() == 0 ? onNull(name) : body.get();
    el2.callEnded(name, result.words(), result.ok());
    return result;
  }

  private Result onNull(String name) {
    if (defects.has(Defect.DESTROY_NULL)) {
      throw new HostFault("the library was called with a null object");
    }
    if (name.equals("s2mmu_destroy")) {
      return Result.OK;
    }
    return Result.refused("there is no such stage 2: init failed");
  }
}
