package dev.stagewalk.check;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.event.Permissions;
import dev.stagewalk.mmu.EntryFormat;
import dev.stagewalk.mmu.TableScan;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is said of the attributes of leaves, a range of equal ones at a time. */
final class RangeRules {
  private static final long XN = 1L << 54;
  private static final long STAGE_1_XN = 3L << 53;

  private final AccessFaults accessFaults;
  private final Findings findings;
  private long leaves;
  private long notAccessed;
  private @Nullable Finding firstNotAccessed;

  RangeRules(AccessFaults accessFaults, Findings findings) {
    this.accessFaults = accessFaults;
    this.findings = findings;
  }

  /**
   * Looks at a range.
   *
   * @param limits of the tables above it, for what it allows
   */
  void judge(EntryFormat format, TableScan.Range range, long limits, Place place) {
    long leaf = range.leaf();
    leaves += range.leaves();
    format
        .reserved(leaf)
        .ifPresent(words ->
            add(
                range,
                FindingKind.RESERVED_ATTRIBUTE,
                () ->
                    new Finding(
                        FindingKind.RESERVED_ATTRIBUTE,
                        place,
                        found(range) + words + " is reserved.",
                        "Choose an encoding that names a memory type: with MemAttr = 0b1111 and SH"
                            + " = 0b11 memory is Normal Write-Back, Inner Shareable.")));
    accessFlag(format, range, place);
    Permissions allowed = format.permissions(leaf, limits);
    boolean executable = allowed.executable(true) || allowed.executable(false);
    if (!executable) {
      return;
    }
    if (format.memoryType(leaf).isDevice()) {
      add(
          range,
          FindingKind.DEVICE_EXECUTABLE,
          () ->
              new Finding(
                  FindingKind.DEVICE_EXECUTABLE,
                  place,
                  found(range)
                      + format.memoryType(leaf).words()
                      + ", and may be executed ("
                      + allowed.text()
                      + ").",
                  neverExecute(format, leaf)));
    } else if (allowed.writable(true) || allowed.writable(false)) {
      add(
          range,
          FindingKind.WRITABLE_EXECUTABLE,
          () ->
              new Finding(
                  FindingKind.WRITABLE_EXECUTABLE,
                  place,
                  found(range) + "it may be written and executed (" + allowed.text() + ").",
                  neverExecute(format, leaf)
                      + " Where it is code, take the right to write away instead."));
    }
  }

  private static String neverExecute(EntryFormat format, long leaf) {
    return format.stage() == 2
        ? "Set XN: bits [54:53] = 0b10, as in " + Hex.plain(leaf & ~STAGE_1_XN | XN) + "."
        : "Set UXN and PXN, bits 54 and 53, as in " + Hex.plain(leaf | STAGE_1_XN) + ".";
  }

  private static String found(TableScan.Range range) {
    return (range.leaves() == 1
            ? "The leaf is "
            : range.leaves() + " leaves of level " + range.level() + ", the first is ")
        + Hex.plain(range.leaf())
        + ": ";
  }

  private void accessFlag(EntryFormat format, TableScan.Range range, Place place) {
    if (format.accessFlag(range.leaf())
        || format.accessFlagByHardware()
        || accessFaults == AccessFaults.HANDLED) {
      return;
    }
    notAccessed += range.leaves();
    if (accessFaults == AccessFaults.NOT_HANDLED) {
      add(range, FindingKind.AF_CLEAR, () -> notAccessed(format, range, place));
    } else if (firstNotAccessed == null) {
      firstNotAccessed = notAccessed(format, range, place);
    }
  }

  private Finding notAccessed(EntryFormat format, TableScan.Range range, Place place) {
    return new Finding(
        FindingKind.AF_CLEAR,
        place,
        found(range)
            + "AF is 0, and the hardware does not set it"
            + (accessFaults == AccessFaults.NOT_HANDLED
                ? "; no handler answers an Access flag fault."
                : "; no leaf of these tables has AF = 1."),
        "Store "
            + Hex.plain(format.withAccessFlag(range.leaf()))
            + ", with AF = 1, or handle Access flag faults, or let the hardware set AF (HA) if"
            + " the PE can.");
  }

  private void add(TableScan.Range range, FindingKind kind, Supplier<Finding> finding) {
    findings.add(kind, range.leaves(), finding);
  }

  /** Says what can be said only of all leaves. */
  void finish() {
    Finding first = firstNotAccessed;
    if (first != null && notAccessed == leaves) {
      findings.add(FindingKind.AF_CLEAR, notAccessed, () -> first);
    }
  }
}
