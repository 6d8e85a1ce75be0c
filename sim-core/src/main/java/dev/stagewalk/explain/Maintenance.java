package dev.stagewalk.explain;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.check.Mend;
import java.util.ArrayList;
import java.util.List;

/**
 * The sequences by which a hypervisor changes an entry that a TLB may hold: a store and the {@link
 * Mend} that makes TLBs forget what it replaces.
 *
 * <p>Source: Arm ARM, "TLB maintenance instructions"; "Using break-before-make when updating
 * translation table entries".
 */
final class Maintenance {
  private Maintenance() {}

  /** A store, then what makes every PE forget the old translation of an IPA. */
  static List<String> changeInPlace(long entry, long value, int vmid, long ipa) {
    List<String> operations = new ArrayList<>();
    operations.add(store(entry, value));
    operations.addAll(Mend.ofStage2(vmid, ipa).steps());
    return operations;
  }

  /** Break-before-make: invalid, forgotten everywhere, and only then the new value. */
  static List<String> breakBeforeMake(long entry, String newValue, int vmid, long ipa) {
    List<String> operations = new ArrayList<>();
    operations.add(store(entry, 0) + " (break)");
    operations.addAll(Mend.ofStage2(vmid, ipa).steps());
    operations.add(store(entry, newValue) + " (make)");
    operations.add("DSB ISHST");
    return operations;
  }

  static String store(long entry, long value) {
    return "store [" + Hex.address(entry) + "] = " + Wording.descriptor(value);
  }

  static String store(long entry, String value) {
    return "store [" + Hex.address(entry) + "] = " + value;
  }
}
