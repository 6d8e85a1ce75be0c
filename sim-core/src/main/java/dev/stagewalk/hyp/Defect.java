package dev.stagewalk.hyp;

import static dev.stagewalk.hyp.Defect.Shown.GUEST_SAMPLE;
import static dev.stagewalk.hyp.Defect.Shown.HOST_SAMPLE;
import static dev.stagewalk.hyp.Defect.Shown.NEVER;
import static dev.stagewalk.hyp.Defect.Shown.SWITCH;

import java.util.Locale;

/**
 * What is wrong with the posted library and guest framework, D1 to D52 in order: the number of a
 * defect is its place in this table. Each says how it can be watched here.
 */
public enum Defect {
  TLBI_OTHER_VMID(
      SWITCH,
      "TLBI VMALLS12E1IS acts on the VMID that VTTBR_EL2 names at the moment, which need not be the"
          + " one whose tables changed.",
      "maintenance does not switch VTTBR_EL2"),
  REMAP_NO_BBM(
      SWITCH,
      "A valid descriptor is overwritten with a different valid one, without break-before-make.",
      "the new leaf is stored over the old one"),
  OOM_NULL_TABLE(
      SWITCH,
      "When a table cannot be allocated, a table descriptor with address 0 is stored all the same.",
      "0x3 is stored when the allocation fails"),
  NULL_TABLE_FOLLOWED(
      SWITCH,
      "Unmap and destroy follow a table descriptor with address 0 and the host faults.",
      "following such a descriptor ends the host; otherwise it counts as invalid"),
  PARTIAL_LEAF_KEPT(
      SWITCH,
      "Unmap silently keeps a block or page that the range covers only in part.",
      "such a leaf is kept instead of split, and alignment is not checked"),
  BLOCK_OVER_TABLE(
      SWITCH,
      "A block is stored over a live table: the tables below leak and no break-before-make.",
      "the block is stored over the table"),
  CONFLICT_STOP(
      SWITCH,
      "Mapping small pages below an existing block fails with one ambiguous message and no result.",
      "the block is not split, a message is printed, and the caller is told nothing"),
  NO_TLBI_ON_ERROR(
      SWITCH,
      "A map that fails leaves its first part mapped and skips the maintenance.",
      "nothing is checked beforehand, and the failure returns at once"),
  NO_DSB_BEFORE_TLBI(
      SWITCH,
      "There is no DSB between descriptor stores and the TLBI.",
      "the DSB ISHST is left out"),
  FREED_BEFORE_TLBI(
      SWITCH,
      "Unmap frees tables while the entry above and cached walks still point at them.",
      "tables are freed before the entry above is cleared"),
  NO_TLBI_ON_DESTROY(
      SWITCH,
      "Disable and destroy invalidate nothing, and HCR_EL2.VM stays set.",
      "neither invalidates, and disable only clears VTTBR_EL2"),
  ONE_ROOT_TABLE(
      SWITCH,
      "The root is one table even where the start level needs concatenated, aligned ones.",
      "one granule is allocated for the root, aligned to itself"),
  IPA_ALIAS(
      SWITCH,
      "The root index is masked to one table, so a legal IPA lands in another one's entry.",
      "the index is masked instead of checked"),
  IPA_OUT_OF_RANGE(
      SWITCH, "Nothing checks that a range ends within the IPA size.", "the check is left out"),
  START_LEVEL_NEEDS_WIDER_PA(
      SWITCH,
      "The start level follows from the IPA size alone; some are reserved for small PA sizes.",
      "the start level is taken from the IPA size only, never from PARange"),
  PS_HARD_WIRED(
      SWITCH,
      "PS is 48 bits for an IPA above 40 bits and T0SZ is never held against PARange.",
      "PARange is not read for PS and T0SZ"),
  PA_OVER_PS(
      SWITCH,
      "PS is 40 bits for small IPA sizes and map does not hold output addresses against it.",
      "PS is 40 bits up to an IPA of 40 bits, and output addresses are not checked"),
  VTCR_RES1(SWITCH, "VTCR_EL2 bit 31 is RES1 and is written 0.", "the bit is written 0"),
  VMID_OVER_8BIT(
      SWITCH,
      "A VMID of more than 8 bits aliases another one, and a negative one fills VTTBR_EL2[63:48].",
      "the VMID is neither checked nor masked, and VTCR_EL2.VS stays 0"),
  NO_ISB_BEFORE_TLBI(
      SWITCH,
      "VTTBR_EL2 is written and the TLBI issued without an ISB between.",
      "enable leaves the ISB out"),
  MISALIGNED(
      SWITCH,
      "Map never checks alignment: addresses are rounded and ends exceeded or missed.",
      "the alignment checks are left out"),
  EXPORTS_NEIGHBOURS(
      SWITCH,
      "With a granule larger than the host page, mapping one host page exposes its neighbours.",
      "addresses and sizes need only be multiples of the host page"),
  RANGE_WRAP(
      SWITCH,
      "IPA plus size may pass 2^64: the loop does nothing, or the wrong range is unmapped.",
      "the check is left out"),
  PA_OVER_48(
      SWITCH,
      "Output address bits from 48 up fall into the attribute bits of the descriptor.",
      "the check is left out"),
  FLAGS_UNMASKED(
      SWITCH,
      "Flags are not masked: bit 1 turns a block into a table, reserved bits pass.",
      "the check is left out"),
  MEMORY_EXECUTABLE(
      SWITCH,
      "The flags for data and for devices leave XN clear, so all guest memory can be executed.",
      "the flag sets have XN clear"),
  CALLOC_UNCHECKED(
      SWITCH,
      "The allocation of the library's own object is not checked.",
      "a failed allocation of the guest's and library's structures is used as address 0"),
  TABLE_PAGE_WASTE(
      SWITCH,
      "A table smaller than the host page still takes a whole host page.",
      "each table is a host page; otherwise a larger host page is cut into tables. Seen where the"
          + " host's pages are larger than the granule, as in the zoo's a-page-for-each-table"),
  WHOLE_VM_FLUSH(
      SWITCH,
      "Unmap visits every entry of every table, and each map flushes the whole VM even when no"
          + " valid entry changed.",
      "every map ends with a TLBI, and unmap does no index arithmetic"),
  DESTROY_NULL(
      SWITCH,
      "Functions called with the null object of a failed init crash.",
      "a null object ends the host"),
  STYLE(
      NEVER,
      "Constants in headers, shifts instead of field macros, a useless S2AP_NONE.",
      "a matter of C source that no run can show"),
  RAW_FAULT_INFO(
      SWITCH,
      "Fault info prints raw registers only; there is no locking and no way to read a mapping"
          + " back.",
      "the line is not followed by words; one host thread means that locking cannot be shown"),
  EXIT_KEEPS_GUEST_REGISTERS(
      SWITCH,
      "EXIT leaves the guest's HCR_EL2, VBAR_EL2, VTTBR_EL2, VTCR_EL2 and TPIDR_EL2 in place.",
      "the host's values are neither saved nor restored"),
  HOST_EXCEPTION_AS_GUEST_EXIT(
      HOST_SAMPLE,
      "The next exception of the host itself is taken as an exit of the guest.",
      "a host at EL2 with a stack to pop from and a vector table: POSTED 1 in its source",
      "host-exception"),
  VECTOR_HOLES(
      HOST_SAMPLE,
      "Vectors 0 to 3 are zero bytes and 12 to 15 slide into the common exit.",
      "a host at EL2 that takes an exception while it uses SP_EL0: POSTED 1 in its source. 12 to 15"
          + " would need AArch32 below EL2, which no PE here has",
      "vector-holes"),
  STALE_FAR(
      SWITCH,
      "FAR_EL2 and HPFAR_EL2 are stored for every exit, although an HVC leaves them stale.",
      "they are stored whether or not the exit wrote them; otherwise 0 stands for not valid"),
  TPIDR_KEEPS_GUEST(
      SWITCH,
      "The pointer to the guest stays in TPIDR_EL2 after the guest was freed.",
      "TPIDR_EL2 is not cleared"),
  STAGE_1_OFF_DEVICE(
      SWITCH,
      "With stage 1 off and HCR_EL2.DC clear the guest's data accesses are Device memory.",
      "HCR_EL2.DC stays clear; no caches are modelled, so only the combined type shows it"),
  SCTLR_FROM_HOST(
      SWITCH,
      "The guest's SCTLR_EL1 is made from the host's SCTLR_EL2.",
      "it is; otherwise it is the architectural reset value with I set"),
  REGISTERS_NOT_SWITCHED(
      SWITCH,
      "SP_EL0, TPIDR, TTBR, TCR, MAIR, FP and timer registers are not saved or restored.",
      "guests that take turns share them, and RESUME takes no edit of HCR, VTTBR, VTCR or SCTLR"),
  TRAPS_MISSING(
      SWITCH,
      "HCR_EL2 leaves TSC, TWI, TIDCP, FB, SWIO, API and APK clear.",
      "HCR_EL2 is 0x4_8000_0039 without them"),
  CREATE_UNCHECKED(
      SWITCH,
      "guest_create goes on when a step of it failed.",
      "results are ignored while the guest is made"),
  CODE_WINDOW(
      SWITCH,
      "The guest's code is one writable 2 MiB window around its entry; anything outside aborts.",
      "the declared regions of the image are not mapped, only that window"),
  DESTROY_LEAKS(
      SWITCH,
      "guest_destroy leaks the stack and every page a handler added.",
      "the guest's frames are not remembered, so they are not freed, and a page that was unmapped"
          + " comes back empty"),
  VACUOUS_TEST_PAGE(
      GUEST_SAMPLE,
      "The test page's IPA lies in the code block: mapping it fails unnoticed and the test passes"
          + " without testing.",
      "a guest whose test page lies inside the code window, under the posted hypervisor",
      "as-posted"),
  RESUME_ALWAYS(
      SWITCH,
      "The handler resumes on faults it did not mend, for ever.",
      "an exit that no handler mended is answered with RESUME"),
  FAR_NOT_HPFAR(
      SWITCH,
      "The handler compares FAR instead of HPFAR, does not mask EC, and trusts pages to be zero.",
      "demand paging takes FAR_EL2 for the IPA and does not clear the page"),
  EL1_STUB_FRAME(
      SWITCH,
      "The guest's own exception stub misaligns SP and puts x30 into slot 29.",
      "the frame is 264 bytes, x30 stands in the place of x29, and there are vectors 4 to 7 only"),
  VBAR_LINK_ADDRESS(
      SWITCH,
      "The guest's VBAR_EL1 is a link-time address that must lie in the code window.",
      "VBAR_EL1 names the vectors, and nothing maps them"),
  STAGE_1_TEST(
      SWITCH,
      "The stage-1 test takes aborts for success, and stage 2 is freed before stage 1.",
      "whatever ends a guest counts as success. The second half is not simulated: guests build"
          + " their own stage 1, the host has no tables of it to free"),
  VTCR_NOT_IN_GUEST(
      SWITCH,
      "The guest holds no VTCR_EL2, so it runs with whichever was enabled last.",
      "VTCR_EL2 is not loaded when the guest is entered"),
  WRONG_COMMENT(
      NEVER,
      "A comment calls SL0 = 0 reserved for 16K and 64K; it is a legal start at level 3.",
      "a comment has no behaviour");

  /** How a defect is shown. */
  public enum Shown {
    /** A switch of the Java hypervisor. */
    SWITCH("Java switch"),
    /** A guest and its plan, under the posted hypervisor. */
    GUEST_SAMPLE("guest sample"),
    /** A program at EL2 in A64: it needs a stack or a vector table of the host. */
    HOST_SAMPLE("A64 host sample"),
    /** Cannot be simulated. */
    NEVER("not simulated");

    private final String words;

    Shown(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }
  }

  private final Shown shown;
  private final String sentence;
  private final String how;
  private final String sample;

  Defect(Shown shown, String sentence, String how) {
    this(shown, sentence, how, "");
  }

  Defect(Shown shown, String sentence, String how, String sample) {
    this.shown = shown;
    this.sentence = sentence;
    this.how = how;
    this.sample = sample;
  }

  /** 1 to 52. */
  public int number() {
    return ordinal() + 1;
  }

  /** {@code D1} to {@code D52}. */
  public String id() {
    return "D" + number();
  }

  /** Short stable name, such as {@code tlbi-other-vmid}. */
  public String shortName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What is wrong, in one sentence. */
  public String sentence() {
    return sentence;
  }

  public Shown shown() {
    return shown;
  }

  /** What the switch does, what the sample is, or why there is neither. */
  public String how() {
    return how;
  }

  /** Name of the sample that shows it; empty if a switch does, or nothing. */
  public String sample() {
    return sample;
  }
}
