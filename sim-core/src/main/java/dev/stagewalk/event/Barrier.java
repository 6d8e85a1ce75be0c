package dev.stagewalk.event;

/**
 * A barrier instruction.
 *
 * @param domain of a DSB or DMB; {@link Domain#NON_SHAREABLE} for an ISB
 * @param types which accesses it orders; {@link Types#ALL} for an ISB
 * @param nxs a DSB that does not wait for accesses with the XS attribute (FEAT_XS); of TLBIs it
 *     completes only those with nXS
 */
public record Barrier(Kind kind, Domain domain, Types types, boolean nxs) {
  public static final Barrier ISB = new Barrier(Kind.ISB, Domain.NON_SHAREABLE, Types.ALL, false);
  public static final Barrier DSB_ISH = dsb(Domain.INNER_SHAREABLE, Types.ALL);
  public static final Barrier DSB_ISHST = dsb(Domain.INNER_SHAREABLE, Types.STORES);

  /** Which instruction. */
  public enum Kind {
    /** Data Synchronization Barrier. */
    DSB,
    /** Data Memory Barrier. */
    DMB,
    /** Instruction Synchronization Barrier. */
    ISB
  }

  /** Which accesses before it must be complete (DSB) or ordered (DMB). */
  public enum Types {
    LOADS("ld"),
    STORES("st"),
    ALL("");

    private final String suffix;

    Types(String suffix) {
      this.suffix = suffix;
    }
  }

  /** A DSB without nXS. */
  public static Barrier dsb(Domain domain, Types types) {
    return new Barrier(Kind.DSB, domain, types, false);
  }

  /**
   * The barrier of an option of DSB or DMB; reserved ones are SY.
   *
   * @param option CRm, 0 to 15
   */
  public static Barrier ofOption(Kind kind, int option) {
    Types types =
        switch (option & 3) {
          case 1 -> Types.LOADS;
          case 2 -> Types.STORES;
          default -> Types.ALL;
        };
    Domain domain =
        (option & 3) == 0
            ? Domain.FULL_SYSTEM
            : switch (option >>> 2 & 3) {
              case 0 -> Domain.OUTER_SHAREABLE;
              case 1 -> Domain.NON_SHAREABLE;
              case 2 -> Domain.INNER_SHAREABLE;
              default -> Domain.FULL_SYSTEM;
            };
    return new Barrier(kind, domain, types, false);
  }

  /** Whether stores before it are complete after it, for this domain. */
  public boolean completesStores() {
    return kind == Kind.DSB && types != Types.LOADS;
  }

  /**
   * Whether a TLBI before it by the same PE is complete after it.
   *
   * <p>Source: Arm ARM, "Ordering and completion of TLB maintenance instructions": a DSB for reads
   * and writes, of the same domain or a wider one.
   */
  public boolean completes(TlbiScope tlbi) {
    return kind == Kind.DSB
        && types == Types.ALL
        && domain.covers(tlbi.domain())
        && (tlbi.nxs() || !nxs);
  }

  /** As assembly language writes it: {@code dsb ishst}, {@code isb}. */
  public String text() {
    return switch (kind) {
      case ISB -> "isb";
      case DSB -> "dsb " + option();
      case DMB -> "dmb " + option();
    };
  }

  private String option() {
    String of = domain == Domain.FULL_SYSTEM && types != Types.ALL ? "" : domain.text();
    return of + types.suffix + (nxs ? "nxs" : "");
  }
}
