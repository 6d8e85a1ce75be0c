package dev.stagewalk.check;

import java.util.Locale;

/**
 * The rules that findings are about. The id of each is its name in lower case with hyphens, and
 * stays: scripts and samples name it.
 */
public enum FindingKind {
  // What software does to live tables and TLBs
  BBM_MISSING(
      Severity.ERROR,
      "A valid descriptor that TLBs may hold is replaced by another valid one only through an"
          + " invalid one, with the old one invalidated in between.",
      Source.BREAK),
  TLBI_MISSING(
      Severity.ERROR,
      "A descriptor that TLBs may hold has changed or gone: a TLBI that covers it must follow"
          + " before its memory or its address is used for anything else.",
      Source.MAINTENANCE),
  TLBI_SCOPE(
      Severity.ERROR,
      "A TLBI must be of a form that removes what the descriptor was cached as: of its stage, and"
          + " of table descriptors too where one changed.",
      Source.SCOPE),
  TLBI_REGIME(
      Severity.ERROR,
      "A TLBI acts on one translation regime, and must be one of the regime that the tables belong"
          + " to.",
      Source.SCOPE),
  TLBI_DOMAIN(
      Severity.ERROR,
      "A TLBI must reach every PE that may hold the entry: the forms without IS or OS reach their"
          + " own PE only.",
      Source.SCOPE),
  TLBI_VMID(
      Severity.ERROR,
      "A TLBI of EL1&0 acts on the VMID that VTTBR_EL2 holds when it is executed, which must be"
          + " that of the tables.",
      Source.SCOPE),
  TLBI_ASID(
      Severity.ERROR,
      "A TLBI by VA and ASID removes entries of that ASID, which must be the one of the tables.",
      Source.SCOPE),
  TLBI_OPERAND(
      Severity.ERROR,
      "The operand of a TLBI must name every address that the old descriptor translated, in the"
          + " encoding of that instruction.",
      Source.INSTRUCTIONS),
  TLBI_LEVEL(
      Severity.ERROR,
      "A TLBI with a level or granule hint (TTL, TG) need not remove entries of another level or"
          + " granule.",
      Source.TTL),
  TLBI_BEFORE_DSB(
      Severity.ERROR,
      "The store to the descriptor must be complete, by a DSB, before the TLBI: a walker may read"
          + " the old value again otherwise.",
      Source.ORDERING),
  TLBI_WRONG_DSB(
      Severity.ERROR,
      "A TLBI is complete after a DSB of the same PE, for loads and stores, whose domain is not"
          + " smaller than its own.",
      Source.ORDERING),
  TLBI_COMBINED(
      Severity.ERROR,
      "Entries that combine stage 1 and stage 2 need a TLBI by VA or of the whole VMID, after the"
          + " one of stage 2 and a DSB.",
      Source.SCOPE),
  ISB_MISSING(
      Severity.ERROR,
      "A PE sees what it changed in its own translation for certain only after a context"
          + " synchronisation: ISB, exception entry or return.",
      Source.ORDERING),
  STALE_ENTRY(
      Severity.ERROR,
      "A translation should not come from a TLB entry that the tables contradict.",
      Source.MAINTENANCE),
  HPFAR_UNKNOWN(
      Severity.ERROR,
      "HPFAR_EL2 is UNKNOWN after an exception that does not write it, a Permission fault outside"
          + " of a stage 1 walk among them: nothing may be decided by it.",
      Source.HPFAR),
  TABLE_FREED(
      Severity.ERROR,
      "The memory of a translation table may be given to others only once no walk can reach it.",
      Source.MAINTENANCE),
  VMID_REUSED(
      Severity.ERROR,
      "Before a VMID is given to other tables, everything held under it must be invalidated.",
      Source.MAINTENANCE),
  VTCR_OTHER_GUEST(
      Severity.ERROR,
      "While a guest runs VTCR_EL2 must be the one that its tables were built for.",
      Source.VTCR),
  EXPORTED_MORE(
      Severity.ERROR,
      "A mapping must not give a guest more memory than it was to have: with a granule larger than"
          + " the pages that memory is owned in, one entry exports the neighbours too.",
      Source.FORMATS),
  MEMORY_FREED(
      Severity.ERROR,
      "The memory behind a mapping may be given to others only once no table leads to it and no TLB"
          + " holds an entry for it.",
      Source.MAINTENANCE),
  MAP_NOT_AS_ASKED(
      Severity.ERROR,
      "When a function reports success, a walk of its tables must find what it was asked for: after"
          + " a map each address at its place, after an unmap none.",
      Source.PROCESS),
  MAP_FAILURE_IGNORED(
      Severity.ERROR,
      "Where a mapping could not be made a guest must not go on as if it were there: it reaches"
          + " whatever else lies at the address.",
      Source.PROCESS),
  CALL_HALF_DONE(
      Severity.WARNING,
      "A function that fails should leave the tables as they were, or say how far it came.",
      Source.PROCESS),
  HOST_STATE_KEPT(
      Severity.ERROR,
      "Once its guest has ended a host must have its own HCR_EL2, VBAR_EL2 and TPIDR_EL2 again: its"
          + " next exception is taken as an exit otherwise.",
      Source.HCR),
  HOST_DIED(
      Severity.ERROR,
      "A hypervisor must not fail for what it finds in its tables, its memory or its arguments.",
      Source.HOST),
  GUEST_INCOMPLETE(
      Severity.ERROR,
      "A guest may be run only if every step of making it succeeded: what it lacks it finds out in"
          + " an access that faults, or reaches something else.",
      Source.HOST),
  FAILURE_AS_SUCCESS(
      Severity.ERROR,
      "A run that ends with an abort which nobody mended has failed: it must not count as passed.",
      Source.HOST),
  VECTOR_FAULTS(
      Severity.ERROR,
      "The first instruction of a vector must not take an exception itself to the same Exception"
          + " level: ESR, ELR and SPSR of the exception before are overwritten, and nobody has read"
          + " them.",
      Source.ENTRY),
  MEMORY_LEAKED(
      Severity.WARNING,
      "What was allocated for a guest should be free again once no guest is left.",
      Source.HOST),
  NO_PROGRESS(
      Severity.ERROR,
      "A handler must mend what it is called for, or end the guest: the same exception from the"
          + " same instruction will otherwise come for ever.",
      Source.RETURN),
  // How tables are made
  TABLE_LOOP(
      Severity.ERROR,
      "A table must not be reached from itself: the same descriptors then mean one thing at one"
          + " level and another at the next.",
      Source.PROCESS),
  TABLE_SHARED(
      Severity.WARNING,
      "A table that two descriptors name is walked for two ranges of input addresses: what is"
          + " stored for one changes the other, and it may be freed twice.",
      Source.PROCESS),
  ORPHAN_TABLE(
      Severity.WARNING,
      "A page that was allocated for a table and that no table names is never read by a walk and"
          + " never freed.",
      Source.PROCESS),
  TABLE_UNREADABLE(
      Severity.ERROR,
      "A table must lie where there is memory: a walk that reads elsewhere ends in a synchronous"
          + " External abort.",
      Source.EXTERNAL),
  RESERVED_DESCRIPTOR(
      Severity.ERROR,
      "Bits [1:0] = 0b01 are reserved at level 3: such a descriptor counts as invalid.",
      Source.FORMATS),
  RESERVED_ATTRIBUTE(
      Severity.ERROR,
      "A memory attribute must not have a reserved encoding: what memory it gives is CONSTRAINED"
          + " UNPREDICTABLE.",
      Source.ATTRIBUTES),
  BLOCK_LEVEL(
      Severity.ERROR,
      "A block can stand at level 2, at level 1 with 4K (with 16K and DS, with 64K and 52-bit"
          + " addresses too), and at level 0 with 4K and DS; elsewhere the descriptor counts as"
          + " invalid.",
      Source.FORMATS),
  OUTPUT_MISALIGNED(
      Severity.ERROR, "Output address bits of a leaf below its size are RES0.", Source.FORMATS),
  TABLE_MISALIGNED(
      Severity.ERROR,
      "A table is aligned to its size: lower bits of a next-level table address are RES0.",
      Source.FORMATS),
  OUTPUT_BEYOND_PS(
      Severity.ERROR,
      "An output address beyond the output size gives an Address size fault.",
      Source.SIZE),
  TABLE_BEYOND_PS(
      Severity.ERROR,
      "A next-level table beyond the output size gives an Address size fault.",
      Source.SIZE),
  ADDRESS_BITS_IN_ATTRIBUTES(
      Severity.ERROR,
      "Bits [50:48] of a descriptor are no address bits in this format and RES0: an address of more"
          + " than 48 bits does not fit.",
      Source.FORMATS),
  CONTIGUOUS_MISUSE(
      Severity.ERROR,
      "All entries of an aligned run must have the Contiguous bit, the same attributes, and outputs"
          + " that follow each other from an aligned one.",
      Source.CONTIGUOUS),
  AF_CLEAR(
      Severity.WARNING,
      "A leaf with AF = 0 gives an Access flag fault unless the hardware sets it: somebody must"
          + " handle that fault.",
      Source.ACCESS_FLAG),
  DEVICE_EXECUTABLE(
      Severity.WARNING,
      "Device memory should be execute-never: speculative instruction fetches may read it"
          + " otherwise.",
      Source.PERMISSIONS),
  DEVICE_AS_NORMAL(
      Severity.WARNING,
      "Where a device answers the memory type should be Device: Normal memory may be read"
          + " speculatively, more than once, and be cached.",
      Source.TYPES),
  ATTRIBUTE_ALIAS(
      Severity.WARNING,
      "All mappings of a location should have the same memory type, shareability and cacheability.",
      Source.MISMATCHED),
  GUEST_MAPS_TABLES(
      Severity.ERROR, "A guest must not reach the tables that confine it.", Source.STAGE_2),
  GUEST_MAPS_HOST(
      Severity.ERROR,
      "A guest must reach no memory of its host or of another guest that it was not given.",
      Source.STAGE_2),
  // Controls
  GRANULE_ILLEGAL(
      Severity.ERROR, "TG0 and TG1 must name a granule that the PE has.", Source.CONTROLS),
  T0SZ_ILLEGAL(
      Severity.ERROR,
      "The size of input addresses must be one that the PE has with this granule.",
      Source.CONTROLS),
  START_LEVEL_ILLEGAL(
      Severity.ERROR,
      "SL0 and SL2 must name an initial level from which 1 to 16 concatenated tables resolve the"
          + " IPA size that T0SZ gives.",
      Source.CONTROLS),
  PARANGE_TOO_SMALL(
      Severity.ERROR,
      "Some initial levels are reserved where the PE implements fewer physical address bits than"
          + " they are for.",
      Source.CONTROLS),
  PS_ILLEGAL(
      Severity.ERROR,
      "The output size must not be reserved, nor larger than what the PE implements.",
      Source.CONTROLS),
  ROOT_MISALIGNED(
      Severity.ERROR,
      "The root is aligned to the size of all its concatenated tables.",
      Source.ROOT),
  ROOT_BEYOND_PS(
      Severity.ERROR,
      "A root beyond the output size makes every translation an Address size fault.",
      Source.SIZE),
  CONTROL_WITHOUT_EFFECT(
      Severity.WARNING,
      "A control that the PE has not, or that counts only together with another, does not do what"
          + " it asks for.",
      Source.CONTROLS),
  CONTROL_RESERVED(Severity.WARNING, "Bits that are RES1 are written as 1.", Source.CONTROLS),
  // For information
  NOT_JUDGED(Severity.INFO, "What could not be looked at is not judged.", Source.PROCESS),
  HARDWARE_UPDATE_ABSENT(
      Severity.INFO,
      "Where the PE makes no hardware updates of descriptors, HA and HD do nothing: software must"
          + " handle the Access flag and dirty state.",
      Source.ACCESS_FLAG),
  RECURSIVE_TABLE(
      Severity.INFO,
      "A stage 1 table that is reached from itself makes the tables visible as memory; that is"
          + " often meant.",
      Source.PROCESS),
  WRITABLE_EXECUTABLE(
      Severity.INFO,
      "Memory that can be written and executed lets a guest run what it stores.",
      Source.PERMISSIONS),
  SHARED_BETWEEN_VMIDS(
      Severity.INFO, "Memory that two VMIDs reach is shared between their guests.", Source.STAGE_2);

  /** Titles of sections of the Arm ARM. */
  private static final class Source {
    static final String BREAK = "Using break-before-make when updating translation table entries";
    static final String MAINTENANCE = "TLB maintenance";
    static final String SCOPE = "TLB maintenance instruction scope";
    static final String INSTRUCTIONS = "TLB maintenance instructions";
    static final String TTL = "Use of the TTL field";
    static final String ORDERING = "Ordering and completion of TLB maintenance instructions";
    static final String HPFAR = "HPFAR_EL2, Hypervisor IPA Fault Address Register";
    static final String HCR = "HCR_EL2, Hypervisor Configuration Register";
    static final String HOST = "none: a matter of the host program, not of the architecture";
    static final String VTCR = "VTCR_EL2, Virtualization Translation Control Register";
    static final String FORMATS = "VMSAv8-64 descriptor formats";
    static final String ENTRY = "Exception entry";
    static final String RETURN = "Exception return";
    static final String PROCESS = "Translation process";
    static final String EXTERNAL = "Synchronous External aborts";
    static final String ATTRIBUTES = "Stage 2 memory type and Cacheability attributes";
    static final String SIZE = "Address size fault";
    static final String CONTIGUOUS = "The Contiguous bit";
    static final String ACCESS_FLAG = "The Access flag";
    static final String PERMISSIONS = "Memory access control";
    static final String TYPES = "Memory types and attributes";
    static final String MISMATCHED = "Mismatched memory attributes";
    static final String STAGE_2 = "Translation regimes";
    static final String CONTROLS = "VTCR_EL2, Virtualization Translation Control Register";
    static final String ROOT = "VTTBR_EL2, Virtualization Translation Table Base Register";

    private Source() {}
  }

  private final Severity severity;
  private final String rule;
  private final String source;

  FindingKind(Severity severity, String rule, String source) {
    this.severity = severity;
    this.rule = rule;
    this.source = source;
  }

  /** Such as {@code bbm-missing}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public Severity severity() {
    return severity;
  }

  /** The rule, one sentence. */
  public String rule() {
    return rule;
  }

  /** Title of the section of the Arm ARM that the rule rests on. */
  public String source() {
    return source;
  }
}
